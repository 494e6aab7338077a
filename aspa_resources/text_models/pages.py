"""Texts as the reader takes them: pieces of words, each with its place in its sentence.

Belongs here: tokens and where they stand. Does not belong here: vectors and layers (`reader`), how
sentences are found (`sentences`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from aspa_resources.text_models.reading import Spans

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MOST_PIECES = 256
"""A feedback longer than this (about 130 words) is cut: attention grows with the square."""

_UNKNOWN = 3
"""The piece that stands for a text without any (the vocabulary's own `<unk>`)."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Page:
    """One text's pieces in order.

    `pieces` (t): their ids; `places` (t): place in the sentence; `sentences` (t): number of the
    sentence. `count`: how many sentences the text has, also those beyond the cut; at least one.
    """

    pieces: Numbers
    places: Numbers
    sentences: Numbers
    count: int


def pages(tokenizer: "Tokenizer", texts: Sequence[str], spans: Spans) -> list[Page]:
    """Lay texts out.

    Args:
        tokenizer: of the embedded model.
        texts: readable texts.
        spans: begin and end of each sentence in its text. What stands between two sentences
            belongs to the former.
    """
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [
        _page(encoding.ids, [end for _, end in encoding.offsets], own)
        for encoding, own in zip(encodings, spans, strict=True)
    ]


def _page(ids: Sequence[int], ends: Sequence[int], spans: Sequence[tuple[int, int]]) -> Page:
    pieces = np.array(ids[:MOST_PIECES] or [_UNKNOWN], dtype=np.int64)
    last = np.array(ends[:MOST_PIECES] or [0], dtype=np.int64)
    begins = np.array([begin for begin, _ in spans] or [0], dtype=np.int64)
    # By its end: a piece may begin with the blank before its sentence.
    sentences = np.maximum(np.searchsorted(begins, last, side="left") - 1, 0)
    at = np.arange(len(pieces))
    opens = np.append(True, sentences[1:] != sentences[:-1])
    return Page(pieces, at - np.maximum.accumulate(at * opens), sentences, len(begins))
