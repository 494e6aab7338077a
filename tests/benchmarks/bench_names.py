"""Measure the name model on the test parts of the two public news corpora, word by word.

python tests/benchmarks/bench_names.py CORPORA
CORPORA holds turku-ner/test.tsv and swedish-ner/test.txt: a word and its tag a line, an empty line
between sentences. A name word is found when all its letters are, another word lost when any is.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from aspa_resources.anonymizer.name_model import NameModel

NEWS = ("turku-ner/test.tsv", "swedish-ner/test.txt")
Word = tuple[str, str]


def sentences(path: Path) -> Iterator[list[Word]]:
    """Yield the sentences of a file as words with their tags."""
    sentence: list[Word] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split()
        if cells and cells[0] != "-DOCSTART-":
            sentence.append((cells[0], cells[-1]))
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def figures(model: NameModel, read: list[list[Word]], *, lower: bool) -> str:
    """Return recall and precision over name words and the share of other words lost."""
    texts = [" ".join(word for word, _ in sentence) for sentence in read]
    texts = [text.lower() for text in texts] if lower else texts
    hit = missed = lost = others = 0
    for sentence, text, names in zip(read, texts, model.names(texts), strict=True):
        gone = {i for name in names for i in range(name.start, name.end)}
        at = 0
        for word, tag in sentence:
            letters = [i for i in range(at, at + len(word)) if text[i].isalpha()]
            at += len(word) + 1
            if "PER" in tag:
                hit += gone.issuperset(letters)
                missed += not gone.issuperset(letters)
            elif letters:
                others += 1
                lost += not gone.isdisjoint(letters)
    return (
        f"recall {hit / (hit + missed):.3f} of {hit + missed} name words, "
        f"precision {hit / (hit + lost):.2f}, other words lost {lost / others:.4f}"
    )


@click.command()
@click.argument("corpora", type=click.Path(exists=True, path_type=Path))
def main(corpora: Path) -> None:
    """Print the figures of each corpus as written and in small letters."""
    model = NameModel.load()
    for name in NEWS:
        read = list(sentences(corpora / name))
        for lower in (False, True):
            told = "lower-cased" if lower else "as written"
            click.echo(f"{name}, {told}: {figures(model, read, lower=lower)}")


if __name__ == "__main__":
    main()
