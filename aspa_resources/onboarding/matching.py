"""What a sample's columns mean: by known headers, else by likeness and content.

A header that the contract or the county's file knows decides. For the others every pair of a
header and a column of the contract is scored, and the pairs are chosen together, so that no column
of the contract is given twice (the linear sum assignment problem). What then still lacks a column
without which a sample tells little is asked about by the look of its content alone.

Belongs here: which column means what, and how sure that is. Does not belong here: reading the
sample (`sample`), the words for it (`pages`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import polars as pl

from aspa_resources.delivery.header import known_headers
from aspa_resources.delivery.shown_names import shown_header
from aspa_resources.delivery.values import (
    check_pattern,
    parse_codes,
    parse_integers,
    parse_times,
)
from aspa_resources.onboarding.sample import SampleColumn
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.contract import Column
from aspa_resources.rule_book.words import fold_header

Standing = Literal["known", "proposed", "unsure", "unknown"]
Kind = Literal["empty", "time", "person", "scale", "number", "code", "text", "identifier"]

ALIKE: Final = 0.85  # likeness of headers from which a match may be proposed
_RESEMBLES: Final = 0.6  # likeness below which the header says nothing
_HOLDS: Final = 0.7  # likeness of a header that holds a known one among other words
_FITS: Final = 0.8  # share of values that must be valid
_TELLING: Final = 3  # distinct codes that tell a list by themselves
_FEW_CODES: Final = 40  # distinct values that a list of codes may have in a sample
_MOST: Final = 0.9  # share of values that tells what they look like: samples have faults
_HALF: Final = 0.5
_SPACES: Final = 3  # in most of what people write
_SAMPLED: Final = 2_000  # values looked at
_SAMPLED_FOR_PEOPLE: Final = 50  # as above, where looking takes long
_NPS: Final = 10
_STATEMENT: Final = 5
_SLASHED: Final = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y")
_TIMES: Final = (
    "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M",
    "%d.%m.%Y", *_SLASHED,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Match:
    """What one column of a sample means.

    Attributes:
        sample: the column.
        column: the contract's; None where nothing comes near.
        standing: `known` by its header; `proposed` where header and content agree; `unsure` where
            only one of them does; `unknown` where neither does.
        fit: share of its values that are valid there, 0 to 1; None where it is empty.
        named: whether its header speaks for the column: any other header may be content.
    """

    sample: SampleColumn
    column: Column | None
    standing: Standing
    fit: float | None
    named: bool

    @property
    def header(self) -> str | None:
        """The header as it may be shown; None where it may not, and its place stands for it."""
        return shown_header(self.sample.header) if self.named else None

    @cached_property
    def kind(self) -> Kind:
        """What its values look like."""
        return _kind(self.sample.cells)


def match_columns(
    columns: Sequence[SampleColumn], county: str, rules: RuleBook
) -> tuple[Match, ...]:
    """Return what each column means, in the sample's order.

    Several open texts are one column of the contract, as the reader joins them; any other column
    is given once.

    Args:
        columns: the sample's columns.
        county: the county's code.
        rules: the rule book.
    """
    profile = rules.profile(county)
    words = known_headers(rules.contract, profile).words["feedback"]
    contract = {column.name: column for column in rules.contract.columns}
    judge = _Judge(rules, profile.values, (*profile.time_forms, *rules.contract.time_forms))
    found: dict[int, Match] = {}
    for one in columns:
        if name := words.get(one.folded):
            column = contract[name]
            found[one.place] = Match(one, column, "known", judge.fit(one, column), named=True)
    taken = {m.column.name for m in found.values() if m.column and m.column.type != "text"}
    left = [one for one in columns if one.place not in found]
    free = [column for column in rules.contract.columns if column.name not in taken]
    for one, column in _assigned(left, free, judge):
        found[one.place] = _judged(one, column, judge)
    had = {match.column.name for match in found.values() if match.column}
    for one, name in _looking_like([one for one in columns if one.place not in found], had):
        column = contract[name]
        found[one.place] = Match(one, column, "unsure", judge.fit(one, column), named=False)
    return tuple(
        found.get(one.place, Match(one, None, "unknown", None, named=False)) for one in columns
    )


class _Judge:
    """How well a column of a sample would do as one of the contract."""

    def __init__(
        self,
        rules: RuleBook,
        wordings: Mapping[str, Mapping[str, str]],
        time_forms: Sequence[str],
    ) -> None:
        self._code_sets = rules.code_sets
        self._wordings = wordings
        self._forms = (*time_forms, *_SLASHED)

    def likeness(self, sample: SampleColumn, column: Column) -> float:
        """Return how alike the headers are, 0 to 1."""
        from rapidfuzz import fuzz

        names = {fold_header(n) for n in (column.header, column.name, *column.synonyms)}
        words = set(sample.folded.split())
        holds = any(words.issuperset(name.split()) for name in names)
        alike = max(fuzz.token_sort_ratio(sample.folded, name) for name in names) / 100
        return max(alike, _HOLDS if holds else 0.0)

    def fit(self, sample: SampleColumn, column: Column) -> float | None:
        """Return the share of values that are valid there; None where there is none."""
        values = _values(sample.cells)
        return None if values.is_empty() else _share(self._valid(values, column))

    def tells(self, sample: SampleColumn, column: Column) -> bool:
        """Tell whether the content alone speaks for a column: several codes of its own list."""
        return (
            column.type == "code"
            and sample.cells.n_unique() > _TELLING
            and (self.fit(sample, column) or 0) >= _FITS
            and _kind(sample.cells) != "scale"
        )

    def _valid(self, values: pl.Series, column: Column) -> pl.Series:
        if column.type == "code":
            own = self._wordings.get(column.name, {})
            code_set = self._code_sets[str(column.code_set)]
            return parse_codes(values, column, code_set, own).faults.is_null()
        if column.type == "integer":
            return parse_integers(values, column).faults.is_null()
        if column.type in {"time", "day"}:
            return parse_times(values, self._forms).is_not_null()
        if column.pattern:
            return check_pattern(values, column.pattern).faults.is_null()
        kind = _kind(values)
        fits = kind == "text" if column.type == "text" else kind in {"identifier", "code", "number"}
        return pl.repeat(fits, values.len(), eager=True)


def _assigned(
    left: Sequence[SampleColumn], free: Sequence[Column], judge: _Judge
) -> list[tuple[SampleColumn, Column]]:
    """Choose the pairs whose scores are the greatest together."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not left or not free:
        return []
    scores = np.array([[_score(one, column, judge) for column in free] for one in left])
    rows, places = linear_sum_assignment(scores, maximize=True)
    return [
        (left[row], free[place])
        for row, place in zip(rows, places, strict=True)
        if scores[row, place] > 0
    ]


def _score(sample: SampleColumn, column: Column, judge: _Judge) -> float:
    """Return how much speaks for a pair; 0 where its content speaks against it."""
    fit = judge.fit(sample, column)
    if fit is not None and (fit < _FITS or _kind(sample.cells) == "person"):
        return 0.0
    likeness = judge.likeness(sample, column)
    resembles = likeness if likeness >= _RESEMBLES else 0.0
    return resembles + (0.5 if judge.tells(sample, column) else 0.0)


def _judged(sample: SampleColumn, column: Column, judge: _Judge) -> Match:
    fit = judge.fit(sample, column)
    alike = judge.likeness(sample, column)
    sure = fit is not None and (
        alike >= ALIKE or (alike >= _RESEMBLES and judge.tells(sample, column))
    )
    standing: Standing = "proposed" if sure else "unsure"
    return Match(sample, column, standing, fit, named=alike >= _RESEMBLES)


def _looking_like(
    left: Sequence[SampleColumn], had: Collection[str]
) -> Iterator[tuple[SampleColumn, str]]:
    """Give columns that look like what no header names: an id, a time, an NPS, open texts."""
    free = {"feedback_id", "event_time", "nps", "text"}.difference(had)
    if "answered_time" in had:
        free.discard("event_time")
    for one in left:
        name = _look(one.cells)
        if name in free:
            yield one, name
            if name != "text":
                free.remove(name)


def _look(cells: pl.Series) -> str | None:
    kind = _kind(cells)
    if kind in {"number", "identifier"}:
        return "feedback_id" if cells.null_count() == 0 and cells.is_unique().all() else None
    if kind == "scale":
        above = _values(cells).cast(pl.Int64, strict=False) > _STATEMENT
        return "nps" if above.any() else None
    return {"time": "event_time", "text": "text"}.get(kind)


def _kind(cells: pl.Series) -> Kind:
    """Tell what values look like, from a sample of them."""
    values = _values(cells)
    if values.is_empty():
        return "empty"
    if _share(parse_times(values, _TIMES).is_not_null()) >= _MOST:
        return "time"
    if _share(_tells_person(values.head(_SAMPLED_FOR_PEOPLE))) >= _MOST:
        return "person"
    numbers = values.cast(pl.Int64, strict=False)
    if _share(numbers.is_not_null()) >= _MOST:
        return "scale" if _share(numbers.is_between(0, _NPS)) >= _MOST else "number"
    if values.n_unique() <= min(_FEW_CODES, values.len() // 2):
        return "code"
    return "text" if _share(values.str.count_matches(r"\s") >= _SPACES) >= _HALF else "identifier"


def _tells_person(values: pl.Series) -> pl.Series:
    """Tell which values are an identity code, a telephone number or an e-mail address."""
    from aspa_resources.anonymizer.recognizers.email import EmailRecognizer
    from aspa_resources.anonymizer.recognizers.identity_code import IdentityCodeRecognizer
    from aspa_resources.anonymizer.recognizers.phone import PhoneRecognizer

    finders = (IdentityCodeRecognizer(), EmailRecognizer(), PhoneRecognizer())
    return pl.Series(
        [
            any(end - start == len(value) for one in finders for start, end, _ in one.spans(value))
            for value in values
        ],
        dtype=pl.Boolean,
    )


def _values(cells: pl.Series) -> pl.Series:
    return cells.drop_nulls().head(_SAMPLED)


def _share(holds: pl.Series) -> float:
    return int(holds.sum()) / holds.len()
