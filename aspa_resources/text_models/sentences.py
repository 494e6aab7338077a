"""A cleaned text's parts: placeholders, sentences. No language, no meaning."""

import re

PLACEHOLDER = re.compile(r"<[A-Z]+>\w*")
"""What the anonymiser leaves, with a case ending that may cling to it."""

_DIGITS = re.compile(r"\d+(?:[.,:/–-]\d+)*")
_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=\S)|\s*\n+\s*")
_ABBREVIATION = re.compile(
    r"(?:^|\s)(?:esim|ym|yms|jne|mm|ns|klo|nro|puh|os|tri|dos|prof|bl\.?a|t\.?ex|d\.?v\.?s|m\.?m"
    r"|ca|dr|mr|mrs|ms|e\.?g|i\.?e|etc|approx|\w)\.$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


def readable(text: str) -> str:
    """The text as a reader's eye would pass what says nothing, for the models.

    Numbers become `0`, whether the anonymiser left a placeholder or nobody has cleaned the text
    yet; other placeholders become `X`.
    """
    clear = PLACEHOLDER.sub(lambda found: "0" if found[0].startswith("<NUMBER>") else "X", text)
    return _DIGITS.sub("0", clear)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Begin and end of each sentence in order, each with at least one letter.

    A sentence ends at `.`, `!`, `?` or `…` before a space, or at a line end; abbreviations do not
    end one. A text without letters has none.
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for end, following in [
        *((gap.start(), gap.end()) for gap in _END.finditer(text)),
        (len(text),) * 2,
    ]:
        part = text[begin:end]
        last = following == len(text)
        if _LETTER.search(part) and (last or not _ABBREVIATION.search(part)):
            spans.append((begin, end))
            begin = following
    return spans
