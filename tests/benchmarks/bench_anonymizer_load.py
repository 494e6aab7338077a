"""Measure the anonymiser under load: memory over many texts, speed by length of text.

python tests/benchmarks/bench_anonymizer_load.py [--texts 1000000] [--every 100000]
The texts are made here: sentences of the demo's grammar cut into words and mixed with words and
numbers that nobody has written before, so that no cache can hold them all.
"""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import click

from aspa_resources.anonymizer import Anonymizer
from aspa_resources.demo.catalogue import counties, services
from aspa_resources.demo.feedback_text import FeedbackWriter

AT_ONCE = 1_000
LENGTHS = (5, 20, 100, 500, 2_000, 20_000)  # words
SYLLABLES = (
    "ka",
    "ko",
    "ri",
    "la",
    "mi",
    "nu",
    "ta",
    "vä",
    "sö",
    "ly",
    "pe",
    "hu",
    "ja",
    "ro",
    "si",
)
MOODS = ("positive", "negative", "neutral", "mixed")


def words(rng: random.Random, amount: int) -> list[str]:
    """Return words of demo feedbacks in three languages, in their order."""
    writers = [FeedbackWriter(lang, counties()[0], "utf-8") for lang in ("fi", "fi", "sv", "en")]
    found: list[str] = []
    while len(found) < amount:
        writer = rng.choice(writers)
        found += writer.write(rng, rng.choice(services()), rng.choice(MOODS)).text.split(" ")
    return found


def texts(rng: random.Random, source: list[str], length: int) -> Iterator[str]:
    """Yield texts without end: a stretch of the source, an unheard-of word, a number."""
    while True:
        at = rng.randrange(len(source) - length)
        unheard = "".join(rng.choices(SYLLABLES, k=5))
        yield " ".join([*source[at : at + length - 2], unheard, str(rng.randrange(10**6))])


def resident() -> int:
    """Return the memory that this process holds, MB (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def by_length(anonymizer: Anonymizer, rng: random.Random, source: list[str]) -> dict[int, float]:
    """Return texts a second of processor time by words a text."""
    speeds = {}
    for length in LENGTHS:
        many = texts(rng, source, length)
        batch = [next(many) for _ in range(max(3, 20_000 // length))]
        began = time.process_time()
        anonymizer.anonymize(batch)
        speeds[length] = round(len(batch) / (time.process_time() - began), 1)
    return speeds


@click.command()
@click.option("--texts", "amount", default=1_000_000, show_default=True)
@click.option("--every", default=100_000, show_default=True)
@click.option("--words", "length", default=8, show_default=True, help="Words a text.")
def main(amount: int, every: int, length: int) -> None:
    """Print speed by length, then memory every so many texts, a JSON object a line."""
    rng = random.Random(1)  # texts, not secrets
    source = words(rng, 60_000)
    anonymizer = Anonymizer()
    click.echo(json.dumps({"texts_per_second_by_words": by_length(anonymizer, rng, source)}))
    many = texts(rng, source, length)
    began, first = time.process_time(), 0
    for done in range(AT_ONCE, amount + 1, AT_ONCE):
        anonymizer.anonymize([next(many) for _ in range(AT_ONCE)])
        if done % every == 0:
            now = resident()
            first = first or now
            speed = round(done / (time.process_time() - began), 1)
            click.echo(
                json.dumps(
                    {"texts": done, "mb": now, "to_first": round(now / first, 3), "speed": speed}
                )
            )


if __name__ == "__main__":
    main()
