"""Training text read from public corpora: tokens and labels, in the model's own cut of tokens.

Belongs here: reading the Turku NER, Swedish NER and XED files. Does not belong here: features and
training. Labels: 0 no name, 1 person, 2 other name, -1 not told (left out of the loss).
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from aspa_resources.anonymizer.name_model.features import Token, tokenize

Example = tuple[str, list[Token], list[int]]
_NO_SPACE_BEFORE = set(".,!?:;)%'’”")
_NO_SPACE_AFTER = set("(“")


def labelled(text: str, spans: list[tuple[int, int, int]]) -> Example:
    """Return tokens with the label of the span they begin in; signs are not told within spans."""
    tokens, labels, at = tokenize(text), [], 0
    for token in tokens:
        while at < len(spans) and spans[at][1] <= token.start:
            at += 1
        inside = at < len(spans) and spans[at][0] <= token.start
        labels.append(spans[at][2] if inside else 0)
        if not token.text[0].isalpha():
            labels[-1] = -1 if inside else 0
    return text, tokens, labels


def conll(path: Path, outside: str, most: int = 3, *, spaced: bool = False) -> Iterator[Example]:
    """Yield the sentences of a two-column file (token, white space, tag).

    Args:
        path: The file.
        outside: The tag of tokens that are no name.
        most: Sentences to a text.
        spaced: Whether a space parts all tokens, signs too.
    """
    words: list[tuple[str, int]] = []
    sentences = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("-DOCSTART-"):
            sentences += 1
            if words and (sentences % most == 0 or line.startswith("-DOCSTART-")):
                yield _joined(words, spaced=spaced)
                words = []
            continue
        cells = line.split()
        word, tag = cells[0].replace("\u00ad", ""), cells[-1]
        kind = 0 if tag == outside or "DATE" in tag else 1 if "PER" in tag else 2
        if word:
            words.append((word, kind))
    if words:
        yield _joined(words, spaced=spaced)


def _joined(words: list[tuple[str, int]], *, spaced: bool) -> Example:
    text, spans = "", []
    for word, kind in words:
        glued = not text or (
            not spaced and (word[0] in _NO_SPACE_BEFORE or text[-1] in _NO_SPACE_AFTER)
        )
        text += word if glued else " " + word
        if kind:
            spans.append((len(text) - len(word), len(text), kind))
    return labelled(text, spans)


def plain_lines(path: Path, column: int, is_everyday: Callable[[str], bool]) -> Iterator[Example]:
    """Yield lines that nobody has labelled: what may be a name is not told, the rest is none.

    Args:
        path: A tab-separated file.
        column: The column of the text.
        is_everyday: Whether a lower-case word is in the lexicon.
    """
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        text = re.sub(r"^\s*-\s*", "", cells[column]) if len(cells) > column else ""
        tokens = tokenize(text)
        labels = []
        for index, token in enumerate(tokens):
            word = token.text
            first = index == 0 or tokens[index - 1].text in ".!?-:"
            name_like = word[0].isupper() and not (
                first and is_everyday(word.lower()) and len(word) > 1
            )
            labels.append(-1 if name_like else 0)
        if tokens:
            yield text, tokens, labels


def lower_cased(example: Example) -> Example:
    """Return the example written without capitals."""
    text, tokens, labels = example
    return text.lower(), [Token(t.text.lower(), t.start, t.end) for t in tokens], labels


def upper_cased(example: Example) -> Example:
    """Return the example written in capitals alone."""
    text, tokens, labels = example
    return text.upper(), [Token(t.text.upper(), t.start, t.end) for t in tokens], labels


def renamed(example: Example, rename: Callable[[list[str]], list[str]]) -> Example:
    """Return the example with other people's names: `rename` gives as many parts as it gets."""
    text, tokens, labels = example
    new = [token.text for token in tokens]
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and labels[end] == 1:
            end += 1
        if end > at:
            new[at:end] = rename(new[at:end])
        at = max(end, at + 1)
    made, spans, last = "", [], 0
    for token, word, label in zip(tokens, new, labels, strict=True):
        made += text[last : token.start]
        if label in {1, 2}:
            spans.append((len(made), len(made) + len(word), label))
        made += word
        last = token.end
    return labelled(made, spans)
