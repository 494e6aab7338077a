"""Measure the anonymiser: recall per label, over-redaction, the verifier, texts a second.

python tests/benchmarks/bench_anonymizer.py GOLD.jsonl [--speed-texts N]
GOLD.jsonl holds {"text", "lang"} a line, the text with {{LABEL:surface}} marks.
"""

import json
import re
import time
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import click

from aspa_resources.anonymizer import Anonymizer, Verifier

MARK = re.compile(r"\{\{([A-Z]+):(.*?)\}\}", re.DOTALL)
TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
PLACEHOLDER = re.compile(r"<[A-Z]+>")
Span = tuple[int, int, str]


def unmarked(marked: str) -> tuple[str, list[Span]]:
    """Return the plain text and the spans of its marks."""
    plain, spans, last = "", [], 0
    for mark in MARK.finditer(marked):
        plain += marked[last : mark.start()]
        spans.append((len(plain), len(plain) + len(mark[2]), mark[1]))
        plain += mark[2]
        last = mark.end()
    return plain + marked[last:], spans


def survivors(plain: str, cleaned: str) -> list[tuple[int, int, str, bool]]:
    """Return start, end, form and whether it is still there, for every token of the plain text."""
    before = [(m.start(), m.end(), m.group().casefold()) for m in TOKEN.finditer(plain)]
    after = [m.group().casefold() for m in TOKEN.finditer(PLACEHOLDER.sub(" \u241f ", cleaned))]
    blocks = SequenceMatcher(None, [t[2] for t in before], after, autojunk=False)
    kept = {i for b in blocks.get_matching_blocks() for i in range(b.a, b.a + b.size)}
    return [(s, e, form, i in kept) for i, (s, e, form) in enumerate(before)]


def quality(golds: list[str], cleaned: list[str]) -> dict[str, object]:
    """Return recall per label and the share of unmarked words lost."""
    total, removed, words, lost = Counter[str](), Counter[str](), 0, 0
    for gold, text in zip(golds, cleaned, strict=True):
        plain, spans = unmarked(gold)
        tokens = survivors(plain, text)
        for start, end, label in spans:
            inside = [t for t in tokens if t[0] < end and t[1] > start and t[2][0].isalnum()]
            total[label] += 1
            removed[label] += not any(t[3] and (len(t[2]) > 1 or t[2].isdigit()) for t in inside)
        outside = [t for t in tokens if not any(t[0] < e and t[1] > s for s, e, _ in spans)]
        words += sum(t[2][0].isalpha() for t in outside)
        lost += sum(t[2][0].isalpha() and not t[3] for t in outside)
    recall = {label: round(removed[label] / total[label], 4) for label in sorted(total)}
    return {"recall": recall, "over_redaction": round(lost / max(1, words), 5)}


def verification(golds: list[str], cleaned: list[str]) -> dict[str, float]:
    """Return false alarms on perfectly cleaned text, alarms on ours, and power on planted leaks.

    A planted leak is a perfectly cleaned text with one name put back.
    """
    verifier = Verifier()
    perfect = [MARK.sub(r"<\1>", gold) for gold in golds]
    planted = [
        MARK.sub(lambda m, keep=keep: m[2] if m.start() == keep else f"<{m[1]}>", gold)
        for gold in golds
        for keep in [m.start() for m in MARK.finditer(gold) if m[1] == "PERSON"]
    ]

    def share(texts: list[str]) -> float:
        return round(sum(map(bool, verifier.verify(texts))) / max(1, len(texts)), 4)

    return {"false_alarms": share(perfect), "alarms": share(cleaned), "power": share(planted)}


def speed(texts: list[str], amount: int, anonymizer: Anonymizer) -> float:
    """Return texts cleaned per second of processor time; every text is another one."""
    many = [
        f"{texts[i % len(texts)]} {'abcdefghij'[i // len(texts) % 10] * (i % 7)}"
        for i in range(amount)
    ]
    start = time.process_time()
    anonymizer.anonymize(many)
    return round(len(set(many)) / (time.process_time() - start), 1)


@click.command()
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.option("--speed-texts", default=2000)
def main(gold: Path, speed_texts: int) -> None:
    """Print the figures as JSON."""
    with gold.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    anonymizer = Anonymizer()
    golds = [r["text"] for r in records]
    plain = [unmarked(g)[0] for g in golds]
    cleaned = [a.text for a in anonymizer.anonymize(plain)]
    figures: dict[str, object] = {"all": quality(golds, cleaned)}
    for lang in sorted({r["lang"] for r in records}):
        chosen = [i for i, r in enumerate(records) if r["lang"] == lang]
        figures[lang] = quality([golds[i] for i in chosen], [cleaned[i] for i in chosen])
    figures["verification"] = verification(golds, cleaned)
    figures["words_per_text"] = round(sum(len(p.split()) for p in plain) / len(plain), 1)
    figures["texts_per_second"] = speed(plain, speed_texts, anonymizer)
    click.echo(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
