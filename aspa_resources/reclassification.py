"""What other rules would do to the service classes of rows that have one: from -> to, counted.

Belongs here: comparing two classifications of the same rows, and telling it. Does not belong here:
classifying (`service_classifier`), which months are compared and computed anew (the steps).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import polars as pl

if TYPE_CHECKING:
    from aspa_resources.rule_book import RuleBook

MOVES: Final = pl.Schema(
    {
        "from_class": pl.String(),
        "to_class": pl.String(),
        "from_rule": pl.String(),
        "to_rule": pl.String(),
        "rows": pl.Int64(),
    }
)
_OTHER_CLASS: Final = pl.col("from_class") != pl.col("to_class")
_KEYS: Final = ("from_class", "to_class", "from_rule", "to_rule")


def moves(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Count the rows that another class or another rule would have.

    Args:
        before: The rows with service_class and service_class_rule.
        after: The same rows in the same order, classified by other rules.

    Returns:
        from_class, to_class, from_rule, to_rule and rows, the most rows first; a row whose class
        and rule stay is in none.

    Raises:
        ValueError: The frames differ in length: they are not of the same rows.
    """
    if before.height != after.height:
        raise ValueError("Two classifications of the same rows are compared; these differ in rows.")
    paired = pl.DataFrame(
        [
            before["service_class"].alias("from_class"),
            after["service_class"].alias("to_class"),
            before["service_class_rule"].alias("from_rule"),
            after["service_class_rule"].alias("to_rule"),
        ]
    )
    changed = paired.filter(_OTHER_CLASS | (pl.col("from_rule") != pl.col("to_rule")))
    return _sorted(changed.group_by(_KEYS).agg(rows=pl.len().cast(pl.Int64)))


def added_up(moved: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return several `moves` as one, the most rows first."""
    return _sorted(pl.concat(moved).group_by(_KEYS).agg(pl.col("rows").sum()))


def _sorted(counted: pl.DataFrame) -> pl.DataFrame:
    ordered = counted.sort("rows", *_KEYS, descending=[True, *(False for _ in _KEYS)])
    return ordered.match_to_schema(MOVES)


@dataclass(frozen=True, eq=False)
class Comparison:
    """What other rules would do to rows of one county's month.

    Attributes:
        county: the county's code.
        month: as `2025-03`.
        stands_on: version of the rules that the rows have their classes by; empty: not known.
        compared: version of the rules they are compared with.
        rows: rows compared.
        moves: from_class, to_class, from_rule, to_rule, rows.
    """

    county: str
    month: str
    stands_on: str
    compared: str
    rows: int
    moves: pl.DataFrame

    @property
    def rows_moved(self) -> int:
        """Rows that would have another class, not only another rule."""
        return int(self.moves.filter(_OTHER_CLASS)["rows"].sum())

    def as_dict(self) -> dict[str, Any]:
        """Return it as data for scripts."""
        parts = {name: getattr(self, name) for name in ("county", "month", "stands_on", "compared")}
        return {
            **parts,
            "rows": self.rows,
            "rows_moved": self.rows_moved,
            "moves": self.moves.to_dicts(),
        }


@dataclass(frozen=True)
class Told:
    """Comparisons as they are told.

    Attributes:
        comparisons: one a county's month.
        names: the name of every service class.
    """

    comparisons: Sequence[Comparison]
    names: Mapping[str, str]

    @classmethod
    def of(cls, comparisons: Sequence[Comparison], rules: RuleBook) -> Self:
        """Return comparisons with the English names that classes have in some rules."""
        classes = rules.code_sets["service_classes"]
        return cls(comparisons, {c: classes.name(c, "en") for c in classes.codes["code"]})

    def as_dict(self) -> dict[str, Any]:
        """Return it as data for scripts."""
        return {
            "rows": sum(one.rows for one in self.comparisons),
            "rows_moved": sum(one.rows_moved for one in self.comparisons),
            "moves": self._class_moves().to_dicts(),
            "months": [one.as_dict() for one in self.comparisons],
        }

    def as_lines(self) -> list[str]:
        """Return it as lines for people: the moves of all months together, then each month."""
        if not self.comparisons:
            return ["No month has been classified yet."]
        lines = [
            f"{rows:>7} rows  {self._named(before)} -> {self._named(after)}"
            for before, after, rows in self._class_moves().iter_rows()
        ] or ["No row would have another class."]
        return lines + [
            f"{one.rows_moved:>7} of {one.rows} rows  county {one.county}, {one.month}: "
            f"stands on {one.stands_on or 'unknown rules'}, compared with {one.compared}"
            for one in self.comparisons
        ]

    def _class_moves(self) -> pl.DataFrame:
        """Return from_class, to_class and rows of all months together, the most rows first."""
        classes = ("from_class", "to_class")
        every = pl.concat([MOVES.to_frame(), *(one.moves for one in self.comparisons)])
        counted = every.filter(_OTHER_CLASS).group_by(classes).agg(pl.col("rows").sum())
        return counted.sort("rows", *classes, descending=[True, False, False])

    def _named(self, code: str) -> str:
        name = self.names.get(code)
        return f"{code} {name}" if name else code
