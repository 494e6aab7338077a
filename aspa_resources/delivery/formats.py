"""How a county writes its files, and what differs from how it wrote the one before.

Belongs here: the form of a file, as kept from one delivery to the next. Does not belong here:
whether that form is right (`reading`, `judging`), how a change is worded (`notes`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal, Self

import polars as pl
from pydantic import BaseModel, ConfigDict

from aspa_resources.delivery.reading import ReadDelivery
from aspa_resources.delivery.shown_names import shown_header
from aspa_resources.delivery.values import clean, parse_times
from aspa_resources.rule_book import Column, RuleBook
from aspa_resources.rule_book.words import fold_header, fold_value

CodeStyle = Literal["codes", "names"]

_WRITING: Final = (
    "format", "container", "encoding", "separator", "quote", "escape", "line_end",
)  # fmt: skip
_AS_NEEDED: Final = frozenset({"quote", "escape"})  # a file may simply have nothing to quote
_SAMPLE: Final = 500  # rows that tell how a column's values are written
# A file without € or long dashes reads the same in both: telling them apart would cry wolf.
_SAME_ENCODING: Final = {"iso-8859-1": "cp1252"}


class FileFormat(BaseModel):
    """The form of one delivered file. It holds headers and forms, never a value.

    Attributes:
        kind: feedback, sampling_counts or cost_centre_map.
        writing: By what of the dialect it is (encoding, separator...), how; only what the file has.
        headers: By column, the header as it may be shown, in the file's order.
        ignored: Headers that no column knows.
        time_forms: By column of times, the form most of them are in.
        code_styles: By column of codes, whether most are given as codes or by their names.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str
    writing: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    ignored: tuple[str, ...] = ()
    time_forms: Mapping[str, str] = {}
    code_styles: Mapping[str, CodeStyle] = {}

    def as_json(self) -> str:
        """Return the form as one line of JSON."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, written: str) -> Self:
        """Return the form that `as_json` wrote, also by an older version of the platform."""
        return cls.model_validate_json(written)


@dataclass(frozen=True)
class FormatChange:
    """One thing that a county's file has otherwise than the one before.

    Attributes:
        what: `format`, `container`, `encoding`, `separator`, `quote`, `escape`, `line_end`,
            `column_gone`, `column_new`, `column_renamed`, `column_order`, `unknown_column_gone`,
            `unknown_column_new`, `time_form` or `code_style`.
        before: How it was; None where there was nothing.
        now: How it is; None where there is nothing.
        field: The column's name in the contract, where one column changed.
    """

    what: str
    before: str | None
    now: str | None
    field: str | None = None


def file_format(read: ReadDelivery, county: str, rules: RuleBook) -> FileFormat:
    """Return the form of a file that was read.

    Args:
        read: The file as it was understood.
        county: The county's code, for its own forms of times.
        rules: The rule book.
    """
    dialect = asdict(read.dialect)
    columns = [c for c in rules.contract.tables[read.kind].columns if c.name in read.understood]
    cells = clean(
        read.frame.head(_SAMPLE).select(pl.col(c.name) for c in columns),
        rules.contract.missing_values,
    )
    forms = (*rules.profile(county).time_forms, *rules.contract.time_forms)
    return FileFormat(
        kind=read.kind,
        writing={name: str(dialect[name]) for name in _WRITING if dialect.get(name) is not None},
        headers={name: shown_header(header) for name, header in read.understood.items()},
        ignored=tuple(dict.fromkeys(map(shown_header, read.ignored))),
        time_forms=dict(_time_forms(cells, columns, forms)),
        code_styles=dict(_code_styles(cells, columns, rules)),
    )


def format_changes(former: FileFormat, now: FileFormat) -> tuple[FormatChange, ...]:
    """Say in which ways a file is written otherwise than the county's one before it.

    Args:
        former: The form of the delivery before, of the same kind.
        now: The form of this one.

    Returns:
        The changes, the whole file's first; none when the files are of different kinds.
    """
    if former.kind != now.kind:
        return ()
    return (
        *_writing_changes(former, now),
        *_column_changes(former, now),
        *_value_changes("time_form", former.time_forms, now.time_forms),
        *_value_changes("code_style", former.code_styles, now.code_styles),
    )


def _time_forms(
    cells: pl.DataFrame, columns: list[Column], forms: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for column in columns:
        if column.type == "time" and (form := _commonest(cells[column.name].drop_nulls(), forms)):
            yield column.name, form


def _commonest(times: pl.Series, forms: tuple[str, ...]) -> str | None:
    """Return the form that most times are in; None where they are in none."""
    best, most = None, 0
    for form in forms:
        fitting = parse_times(times, [form]).count()
        if fitting > most:
            best, most = form, fitting
        if most == times.len():
            break
    return best


def _code_styles(
    cells: pl.DataFrame, columns: list[Column], rules: RuleBook
) -> Iterator[tuple[str, CodeStyle]]:
    for column in columns:
        given = Counter(cells[column.name].drop_nulls())
        if column.code_set is None or not given:
            continue
        codes = {fold_value(code) for code in rules.code_sets[column.code_set].codes["code"]}
        as_codes = sum(count for spelling, count in given.items() if fold_value(spelling) in codes)
        yield column.name, "codes" if 2 * as_codes >= given.total() else "names"


def _writing_changes(former: FileFormat, now: FileFormat) -> Iterator[FormatChange]:
    other_format = former.writing.get("format") != now.writing.get("format")
    for what in _WRITING:
        before, after = former.writing.get(what), now.writing.get(what)
        if _SAME_ENCODING.get(before or "", before) == _SAME_ENCODING.get(after or "", after):
            continue
        if other_format and what not in {"format", "container"}:
            continue  # an XLSX has no separator: that goes without saying
        if what in _AS_NEEDED and None in (before, after):
            continue
        yield FormatChange(what, before, after)


def _column_changes(former: FileFormat, now: FileFormat) -> Iterator[FormatChange]:
    before, after = _shown(former), _shown(now)
    for name in [*before, *(name for name in after if name not in before)]:
        was, is_now = before.get(name), after.get(name)
        if was is None or is_now is None:
            yield FormatChange("column_new" if was is None else "column_gone", was, is_now, name)
        elif fold_header(was) != fold_header(is_now):
            yield FormatChange("column_renamed", was, is_now, name)
    if [n for n in before if n in after] != [n for n in after if n in before]:
        yield FormatChange("column_order", None, None)
    was_ignored, is_ignored = ({*map(shown_header, one.ignored)} for one in (former, now))
    # Told by place, so one that only moved has another name: what counts is how many there are.
    fewer, more = (len(was_ignored) - len(is_ignored)), (len(is_ignored) - len(was_ignored))
    for header in sorted(was_ignored - is_ignored)[: max(fewer, 0)]:
        yield FormatChange("unknown_column_gone", header, None)
    for header in sorted(is_ignored - was_ignored)[: max(more, 0)]:
        yield FormatChange("unknown_column_new", None, header)


def _shown(one: FileFormat) -> dict[str, str]:
    """Return headers as they may be shown, also of a format kept by an older version."""
    return {name: shown_header(header) for name, header in one.headers.items()}


def _value_changes(
    what: str, before: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[FormatChange]:
    """Give the columns whose values are written otherwise; a column empty in either tells none."""
    for name in before:
        if name in now and before[name] != now[name]:
            yield FormatChange(what, before[name], now[name], name)
