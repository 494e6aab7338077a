"""Every other number written in digits; the words around it stay.

Runs of digits with their inner signs make one number: `12.3.2025`, `14.30`, `3 120`, `8–10`. The
digit-like characters of all scripts count (see `text_form.digit_class`).
"""

import re
from collections.abc import Iterable

from aspa_resources.anonymizer.recognizers.base import Span, SpanRecognizer
from aspa_resources.anonymizer.text_form import digit_class


class NumberRecognizer(SpanRecognizer):
    """Finds all digits that nothing more telling has found."""

    ENTITY = "NUMBER"

    def __init__(self) -> None:
        super().__init__()
        digit = f"[{digit_class()}]"
        self.GATE = re.compile(digit)
        self._number = re.compile(
            rf"{digit}+(?:(?:[.,:/–-]|[ \u00a0\u202f](?=\d{{3}}(?!\d))){digit}+)*"
        )

    def spans(self, text: str) -> Iterable[Span]:
        """Yield numbers."""
        for match in self._number.finditer(text):
            yield match.start(), match.end(), 0.3
