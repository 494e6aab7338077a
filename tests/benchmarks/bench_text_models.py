"""Speed and scores of the text models: `bench_text_models.py MODEL_FOLDER [GOLD.jsonl [MODEL]]`.

GOLD has `lang`, `sentiment`, `themes` and `text` a line; marks `{{LABEL:surface}}` in the text
become placeholders, as the anonymiser would leave them. Without GOLD, only speed is told. MODEL is
an embedding model in place of the shipped reader.
"""

import json
import re
import sys
import time
from pathlib import Path

from aspa_resources.text_models import TextModels
from aspa_resources.text_models.heads import THEMES
from aspa_resources.text_models.training.labelled import labelled_sentences

_MARK = re.compile(r"\{\{(\w+):(.*?)\}\}")
_MERGED = {"neutral": "neutral or mixed", "mixed": "neutral or mixed"}


def f1(hits: int, found: int, wanted: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * hits / (found + wanted) if hits else 0.0


def main(folder: str, gold_file: str | None = None, model: str | None = None) -> None:
    """Analyse, and print one JSON object a language."""
    models = TextModels(Path(folder), model)
    if gold_file is None:
        gold = [
            {"lang": e.language, "sentiment": e.sentiment, "themes": e.themes, "text": e.text}
            for e in labelled_sentences()
        ]
    else:
        gold = [
            json.loads(line) for line in Path(gold_file).read_text(encoding="utf-8").splitlines()
        ]
    texts = [_MARK.sub(r"<\1>", row["text"]) for row in gold]
    models.analyze(["lämmittely"])
    begin = time.perf_counter()
    found = models.analyze(texts)
    speed = len(texts) / (time.perf_counter() - begin)
    _tell({"texts": len(texts), "texts_per_second": round(speed, 1), "version": models.version})
    if gold_file is None:
        return
    for language in ("all", "fi", "sv", "en"):
        rows = [(g, f) for g, f in zip(gold, found, strict=True) if language in {"all", g["lang"]}]
        _tell({"language": language, "texts": len(rows), **scores(rows)})


def _tell(row: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")


def scores(rows: list) -> dict[str, float]:
    """Accuracy and F1 of sentiment, themes and language."""
    wanted = [_MERGED.get(g["sentiment"], g["sentiment"]) for g, _ in rows]
    said = [_MERGED.get(f.sentiment, f.sentiment) for _, f in rows]
    per_class = [
        f1(
            sum(w == s == c for w, s in zip(wanted, said, strict=True)),
            said.count(c),
            wanted.count(c),
        )
        for c in sorted(set(wanted))
    ]
    counts = {
        t: (
            sum(t in g["themes"] and t in f.themes for g, f in rows),
            sum(t in f.themes for _, f in rows),
            sum(t in g["themes"] for g, _ in rows),
        )
        for t in THEMES
    }
    told = [(g, f) for g, f in rows if len(g["text"].split()) >= 3]
    known = {"fi", "sv", "en", "mixed"}
    return {
        "sentiment_accuracy": round(sum(map(str.__eq__, wanted, said)) / len(rows), 3),
        "sentiment_macro_f1": round(sum(per_class) / len(per_class), 3),
        "theme_micro_f1": round(
            f1(*(sum(column) for column in zip(*counts.values(), strict=True))), 3
        ),
        "theme_macro_f1": round(sum(f1(*c) for c in counts.values()) / len(counts), 3),
        "language_accuracy": round(
            sum(f.language == (g["lang"] if g["lang"] in known else "other") for g, f in told)
            / len(told),
            3,
        ),
    }


if __name__ == "__main__":
    main(*sys.argv[1:4])
