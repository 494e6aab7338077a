"""Print what the verification run finds: python -m ...training.measure_verifier.

Power: of marked feedback that is cleaned but for one name, the share in which it finds a name, by
whether that name is written small. Alarms: the share of perfectly cleaned texts, and of texts as
the first pass in place leaves them, in which it finds anything. On marked news text: the share with
a finding of the texts in which the first pass left a name, and of the others.

Belongs here: these figures. Not here: those of the first pass.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from aspa_resources.anonymizer import Anonymizer, Verifier
from aspa_resources.anonymizer.text_form import visible
from aspa_resources.anonymizer.training.cleaned_forms import as_first_pass_leaves_it
from aspa_resources.anonymizer.training.corpora import conll

_MARK = re.compile(r"\{\{([A-Z]+):(.*?)\}\}", re.DOTALL)
_NEWS = (("turku-ner/test.tsv", "O"), ("swedish-ner/test.txt", "0"))


def names_put_back(marked: str) -> Iterator[tuple[str, str]]:
    """Yield each name of a marked text, and the text cleaned but for that name."""
    for name in _MARK.finditer(marked):
        if name[1] == "PERSON":
            before, after = marked[: name.start()], marked[name.end() :]
            yield name[2], _perfect(before) + name[2] + _perfect(after)


def _perfect(marked: str) -> str:
    return _MARK.sub(r"<\1>", marked)


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits)}/{len(hits)} = {sum(hits) / max(len(hits), 1):.3f}"


def _names_found(verifier: Verifier, texts: Iterable[str]) -> list[bool]:
    return [any(f.entity_type == "PERSON" for f in found) for found in verifier.verify([*texts])]


def _on_feedback(verifier: Verifier, anonymizer: Anonymizer, path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    marked = [json.loads(line)["text"] for line in lines if line.strip()]
    back = [pair for text in marked for pair in names_put_back(text)]
    found = _names_found(verifier, (text for _, text in back))
    small = [hit for (name, _), hit in zip(back, found, strict=True) if name[0].islower()]
    perfect = verifier.verify([_perfect(text) for text in marked])
    first = anonymizer.anonymize([_MARK.sub(r"\2", text) for text in marked])
    after = verifier.verify([cleaned.text for cleaned in first])
    click.echo(f"{path.name}")
    click.echo(f"  names put back, found       {_share(found)}; written small {_share(small)}")
    click.echo(f"  alarms, perfectly cleaned   {_share([bool(f) for f in perfect])}")
    click.echo(f"  alarms, after first pass    {_share([bool(f) for f in after])}")


def _on_news(verifier: Verifier, anonymizer: Anonymizer, path: Path, outside: str) -> None:
    texts = [*conll(path, outside)]
    cleaned = [one.text for one in anonymizer.anonymize([text for text, _, _ in texts])]
    left = [
        bool(laid and 1 in laid.labels)
        for laid in (
            as_first_pass_leaves_it(example, visible(example[0]), text)
            for example, text in zip(texts, cleaned, strict=True)
        )
    ]
    found = _names_found(verifier, cleaned)
    pairs = [*zip(found, left, strict=True)]
    click.echo(f"{path.name}")
    click.echo(f"  first pass left a name, found {_share([f for f, leaking in pairs if leaking])}")
    click.echo(
        f"  others, found                 {_share([f for f, leaking in pairs if not leaking])}"
    )


@click.command()
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
@click.option(
    "--marked", type=click.Path(path_type=Path, exists=True), multiple=True,
    help="Marked feedback, JSON Lines with `text`.",
)  # fmt: skip
def main(*, corpora: Path, marked: Sequence[Path]) -> None:
    """Print the figures of the verifier and the first pass in place."""
    verifier, anonymizer = Verifier(), Anonymizer()
    click.echo(f"verifier {verifier.version}, first pass {anonymizer.version}")
    for path in marked:
        _on_feedback(verifier, anonymizer, path)
    for file, outside in _NEWS:
        _on_news(verifier, anonymizer, corpora / file, outside)


if __name__ == "__main__":
    main()
