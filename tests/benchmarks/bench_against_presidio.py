"""The anonymiser beside a plain Presidio with spaCy-fi, in one run on the same marked texts.

python tests/benchmarks/bench_against_presidio.py GOLD.jsonl
GOLD.jsonl holds {"text", "lang"} a line, the text with {{LABEL:surface}} marks. Plain means what
anybody sets up in an afternoon: Presidio's recognisers and the entities of the Finnish model. The
model is no part of this project: pip install spacy_fi_experimental_web_md (its lemmatiser, which
needs Voikko, is left out).
"""

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from bench_anonymizer import quality, unmarked

from aspa_resources.anonymizer import Anonymizer

MODEL = "spacy_fi_experimental_web_md"
# What a plain set-up is asked for, and our name of it. Places are not: a municipality may stay.
ASKED = {
    "PERSON": "PERSON",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "IP_ADDRESS": "IP",
    "FI_PERSONAL_IDENTITY_CODE": "HETU",
    "DATE_TIME": "NUMBER",
}
Clean = Callable[[list[str]], list[str]]


def plain_presidio() -> Clean:
    """Return the plain set-up, which never asks the network for anything."""
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

    sys.modules.setdefault("libvoikko", ModuleType("libvoikko"))  # imported, used by lemmas alone
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    engine = SpacyNlpEngine(models=[{"lang_code": "fi", "model_name": MODEL}])
    engine.nlp = {"fi": spacy.load(MODEL, exclude=["lemmatizer"])}
    registry = RecognizerRegistry(supported_languages=["fi"])
    registry.load_predefined_recognizers(languages=["fi"], nlp_engine=engine)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["fi"])
    known = set(analyzer.get_supported_entities("fi"))
    replacer = AnonymizerEngine()
    operators = {
        theirs: OperatorConfig("replace", {"new_value": f"<{ours}>"})
        for theirs, ours in ASKED.items()
    }

    def clean(texts: list[str]) -> list[str]:
        cleaned = []
        for text in texts:
            found = analyzer.analyze(text, "fi", entities=[e for e in ASKED if e in known])
            results = [RecognizerResult(r.entity_type, r.start, r.end, r.score) for r in found]
            cleaned.append(replacer.anonymize(text, results, operators).text)
        return cleaned

    return clean


def ours() -> Clean:
    """Return this project's anonymiser."""
    anonymizer = Anonymizer()
    return lambda texts: [one.text for one in anonymizer.anonymize(texts)]


def measured(clean: Clean, records: list[dict[str, Any]]) -> dict[str, Any]:
    """Return scores of all and by language, digits left, and texts a second of processor time."""
    golds = [record["text"] for record in records]
    plain = [unmarked(gold)[0] for gold in golds]
    clean(plain[:20])
    began = time.process_time()
    cleaned = clean(plain)
    speed = len(plain) / (time.process_time() - began)
    scores = {"all": quality(golds, cleaned)}
    for lang in sorted({record["lang"] for record in records}):
        own = [i for i, record in enumerate(records) if record["lang"] == lang]
        scores[lang] = quality([golds[i] for i in own], [cleaned[i] for i in own])
    digits = sum(c.isdigit() for text in cleaned for c in text)
    return {"texts_per_second": round(speed, 1), "digits_left": digits, **scores}


@click.command()
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
def main(gold: Path) -> None:
    """Print both and the ratio of their speeds as JSON."""
    if importlib.util.find_spec(MODEL) is None:
        raise click.UsageError(f"the model to compare with is missing: pip install {MODEL}")
    with gold.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    figures = {"plain": measured(plain_presidio(), records), "ours": measured(ours(), records)}
    ratio = figures["ours"]["texts_per_second"] / figures["plain"]["texts_per_second"]
    click.echo(json.dumps({**figures, "times_as_fast": round(ratio, 1)}, indent=1))


if __name__ == "__main__":
    main()
