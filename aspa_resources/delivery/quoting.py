"""Quoting: from the text of one record to its cells, or the plain word that it cannot be told.

Belongs here: what quote and escape characters mean, and which cells could be read in two ways.
Does not belong here: which lines are records and how many cells they should have (`records`).
"""

import re
from dataclasses import dataclass
from functools import cached_property

QUOTES = ('"', "'")
ESCAPE = "\\"
_BLANK = r"[ \t]*+"


@dataclass(frozen=True)
class Quoting:
    """How the cells of a separated text are told apart.

    Attributes:
        separator: Between cells.
        quote: Around cells; doubled inside them.
        escape: May stand before a quote inside a quoted cell; None: no such character.
    """

    separator: str
    quote: str = '"'
    escape: str | None = None

    @property
    def marks(self) -> tuple[str, ...]:
        """The characters without which a line is split at its separators and nothing else."""
        return (*QUOTES, self.escape) if self.escape else QUOTES

    def cells(self, text: str, start: int, limit: int) -> tuple[list[str], int] | None:
        """Read one record.

        Args:
            text: The text it stands in.
            start: Where it begins.
            limit: Where it must have ended: the start of a line, or the end of the text.

        Returns:
            Its cells and where the next record begins; None when its quotes do not close, stand in
            the wrong place, or leave two readings.
        """
        found: list[str] = []
        at = start
        while True:
            stop = self._unmarked.match(text, at, limit).end()  # type: ignore[union-attr]  # fits all
            if stop == limit or text[stop] in "\r\n":
                found += text[at:stop].split(self.separator)
                return found, self._next_line(text, stop, limit)
            if (last := text.rfind(self.separator, at, stop)) >= 0:
                found += text[at:last].split(self.separator)
                at = last + 1
            match = self._cell.match(text, at, limit)
            if match is None or (match[1] is None and self._doubtful(match[2])):
                return None
            found.append(match[2] if match[1] is None else self._meant(match[1]))
            at = match.end()
            if match[3] != self.separator:
                return found, at

    @staticmethod
    def _next_line(text: str, stop: int, limit: int) -> int:
        return min(stop + (2 if text.startswith("\r\n", stop) else 1), limit)

    @cached_property
    def _unmarked(self) -> re.Pattern[str]:
        """A part of a line that is split at its separators and nothing else."""
        return re.compile(f"[^{re.escape(''.join(self.marks))}\r\n]*+")

    @cached_property
    def _cell(self) -> re.Pattern[str]:
        """One cell and what ends it; spaces around a quoted cell are not of it."""
        separator, quote = re.escape(self.separator), self.quote
        blank = _BLANK.replace(r"\t", "") if self.separator == "\t" else _BLANK
        plain, inner = f"[^{quote}]*+", f"{quote}{quote}"
        if self.escape:
            escape = re.escape(self.escape)
            plain, inner = f"[^{quote}{escape}]*+", f"{inner}|{escape}[{quote}{escape}]"
        return re.compile(
            f"(?:{blank}{quote}({plain}(?:(?:{inner}){plain})*+){quote}{blank}"
            f"|(?!{blank}{quote})([^{separator}\r\n]*+))"
            f"({separator}|\r\n|\r|\n|\\Z)"
        )

    @cached_property
    def _pair(self) -> re.Pattern[str]:
        escaped = f"|{re.escape(self.escape)}(.)" if self.escape else ""
        return re.compile(f"{self.quote}({self.quote}){escaped}", re.DOTALL)

    def _meant(self, quoted: str) -> str:
        """Return what stands between quotes with its doubled and escaped characters made single."""
        if self.escape and self.escape in quoted:
            return self._pair.sub(lambda match: match[1] or match[2], quoted)
        return quoted.replace(self.quote * 2, self.quote)

    def _doubtful(self, bare: str) -> bool:
        """Tell whether a cell without quotes may have lost them, or has those of another dialect.

        Quotes in pairs inside a cell are read as they stand; a doubled one, an odd one, a cell
        wrapped in the other quote character and an escape that escapes nothing are not.
        """
        marks = bare.count(self.quote)
        if marks and (marks % 2 or self.quote * 2 in bare):
            return True
        if self.escape and self.escape in bare:
            return True
        word = bare.strip()
        return len(word) > 1 and word[0] == word[-1] and word[0] in QUOTES
