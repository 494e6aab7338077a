"""Judging a feedback delivery row by row against the contract: every row accepted or rejected.

Belongs here: the contract's rules over the rows of a file, and the account of what came of them.
Does not belong here: how single values are spelled (`values`), the words of a receipt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property

import polars as pl

from aspa_resources.delivery.faults import Fault
from aspa_resources.delivery.reading import ReadDelivery
from aspa_resources.delivery.values import (
    TIME,
    Parsed,
    check_pattern,
    check_times,
    clean,
    parse_codes,
    parse_integers,
)
from aspa_resources.rule_book import Column, CountyProfile, RuleBook

FAULT_SCHEMA = {
    "level": pl.String(), "row_number": pl.Int32(), "field": pl.String(), "code": pl.String(),
}  # fmt: skip
_REFUSAL = pl.DataFrame(
    [{"level": "file", "row_number": None, "field": None, "code": "too_many_rows_rejected"}],
    schema=FAULT_SCHEMA,
)
_BEFORE = "before "  # begins the key of a time column's warning; the other column's name follows
_ANSWERS = ("nps", "s1_got_help", "s2_cared_for", "s3_decisions_together", "s4_felt_safe",
            "s5_knows_next_steps", "s6_information_clear", "s7_was_useful", "text")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Judged:
    """What came of a feedback delivery. rows_delivered = rows_accepted + rows_rejected.

    Attributes:
        accepted: The `validated_feedback` frame, in the order delivered.
        rejected: row_number Int32, field String|null, code String: why each rejected row was, a
            row per reason; no values.
        fault_table: level, row_number, field, code: every fault, file first, then by row.
        rows_delivered: Data rows of the file.
        rows_accepted: Rows taken in.
        rows_rejected: Rows not taken in.
        completeness: By column, the share of delivered rows (0..1) that have a value there.
        refused: Whether the delivery as a whole is refused, since too many rows are rejected.
    """

    accepted: pl.DataFrame = field(repr=False)
    rejected: pl.DataFrame = field(repr=False)
    fault_table: pl.DataFrame = field(repr=False)
    rows_delivered: int
    rows_accepted: int
    rows_rejected: int
    completeness: Mapping[str, float]
    refused: bool

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault, file level first, then by row and column."""
        return fault_records(self.fault_table)


def judge(read: ReadDelivery, county: str, month: str, rules: RuleBook) -> Judged:
    """Judge every row of a feedback file.

    Args:
        read: The file as it was understood; of kind feedback.
        county: The county's code.
        month: The month delivered ("2025-03"): rows of events of another month are rejected.
        rules: The rule book.

    Returns:
        Accepted and rejected rows and every fault.
    """
    profile = rules.profile(county)
    cells = clean(read.frame, rules.contract.missing_values)
    whole = without_rows(cells, read.broken)
    parsed = parse_columns(whole, rules.contract.columns, profile, rules)
    values = whole.select("row_number", *(one.values.alias(name) for name, one in parsed.items()))
    found = pl.concat(
        [
            _missing_columns(read, rules),
            read.broken.select(as_faults("row", None)),
            *column_faults(whole, parsed, rules.contract.columns, read.missing),
            *_row_faults(values, month),
            *_code_warnings(values, rules),
            *_order_warnings(values, rules.contract.columns),
        ]
    )
    rejected_rows = found.filter(pl.col("level") == "row")["row_number"].n_unique()
    refused = rejected_rows > profile.rejected_share_at_most * cells.height
    if refused:
        found = pl.concat([_REFUSAL, found])
    faults = sort_faults(found, rules.contract.columns)
    rejected = faults.filter(pl.col("level") == "row").drop("level")
    accepted = without_rows(values, rejected)
    return Judged(
        accepted=_validated(accepted, profile, rules),
        rejected=rejected,
        fault_table=faults,
        rows_delivered=cells.height,
        rows_accepted=accepted.height,
        rows_rejected=cells.height - accepted.height,
        completeness={
            column.name: 1 - cells[column.name].null_count() / cells.height
            for column in rules.contract.columns
        },
        refused=refused,
    )


def parse_columns(
    cells: pl.DataFrame, columns: tuple[Column, ...], profile: CountyProfile, rules: RuleBook
) -> dict[str, Parsed]:
    """Parse each column of cleaned cells by its type."""
    forms = (*profile.time_forms, *rules.contract.time_forms)
    parsed = {}
    for column in columns:
        series = cells[column.name]
        if column.code_set is not None:
            own = profile.values.get(column.name, {})
            one = parse_codes(series, column, rules.code_sets[column.code_set], own)
        elif column.type == "integer":
            one = parse_integers(series, column)
        elif column.type == "time":
            one = check_times(series, forms)
        elif column.pattern is not None:
            one = check_pattern(series, column.pattern)
        else:
            never = pl.repeat(None, series.len(), dtype=pl.String(), eager=True)
            one = Parsed(series, never)
        parsed[column.name] = one
    return parsed


def column_faults(
    cells: pl.DataFrame,
    parsed: Mapping[str, Parsed],
    columns: tuple[Column, ...],
    absent: tuple[str, ...],
) -> Iterator[pl.DataFrame]:
    """Give the faults of single cells: not what the column holds, or missing."""
    for column in columns:
        level = "row" if column.on_invalid == "reject" else "field"
        told = cells.select("row_number", code=parsed[column.name].faults)
        yield told.drop_nulls().select(as_faults(level, column.name))
        if column.required == "optional" or (
            column.required == "expected" and column.name in absent
        ):
            continue
        empty = pl.all_horizontal(pl.col(column.name, *column.unless).is_null())
        severity = "field" if column.required == "expected" else "row"
        yield _told(cells.filter(empty), severity, column.name, f"missing_{_strictness(column)}")


def sort_faults(faults: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """Order faults by row, then as the contract orders columns; each once."""
    order = {column.name: place for place, column in enumerate(columns)}
    place = pl.col("field").replace_strict(order, default=-1, return_dtype=pl.Int32)
    return faults.unique(maintain_order=True).sort(
        "row_number", place, nulls_last=False, maintain_order=True
    )


def without_rows(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose number is not among the others'."""
    return rows.filter(~pl.col("row_number").is_in(others["row_number"].implode()))


def fault_records(faults: pl.DataFrame) -> tuple[Fault, ...]:
    """Turn a fault table into records."""
    names = ("level", "code", "row_number", "field")
    return tuple(Fault(*row) for row in faults.select(names).iter_rows())


def _strictness(column: Column) -> str:
    return "expected" if column.required == "expected" else "required"


def _missing_columns(read: ReadDelivery, rules: RuleBook) -> pl.DataFrame:
    """Tell once for the file what every row lacks."""
    rows = [
        {
            "level": "file",
            "row_number": None,
            "field": column.name,
            "code": "expected_column_missing",
        }
        for column in rules.contract.columns
        if column.required == "expected" and column.name in read.missing
    ]
    return pl.DataFrame(rows, schema=FAULT_SCHEMA)


def _row_faults(values: pl.DataFrame, month: str) -> Iterator[pl.DataFrame]:
    """Give the faults between a row and its delivery."""
    again = pl.col("feedback_id").is_not_null() & ~pl.col("feedback_id").is_first_distinct()
    yield _told(values.filter(again), "row", "feedback_id", "duplicate_feedback_id")
    other = _event().dt.strftime("%Y-%m") != month
    yield _told(values.filter(other), "row", "event_time", "other_month")
    silent = pl.all_horizontal(pl.col(_ANSWERS).is_null())
    yield _told(values.filter(silent), "row", None, "nothing_answered")


def _code_warnings(values: pl.DataFrame, rules: RuleBook) -> Iterator[pl.DataFrame]:
    """Tell about codes that are taken in but were not valid on the day, or should not be used."""
    day = _event().dt.date()
    for column in rules.contract.columns:
        if column.code_set is None:
            continue
        used = values.select("row_number", code=pl.col(column.name), day=day).drop_nulls()
        valid = rules.code_sets[column.code_set].codes.select("code", "begin", "end").unique()
        fits = pl.col("day").is_between(
            pl.col("begin").fill_null(pl.col("day")), pl.col("end").fill_null(pl.col("day"))
        )
        judged = used.join(valid, on="code").group_by("row_number").agg(fits.any())
        yield _told(judged.filter(~pl.col("day")), "field", column.name, "code_not_valid_then")
        for code, fault in column.warn_on.items():
            yield _told(values.filter(pl.col(column.name) == code), "field", column.name, fault)


def _order_warnings(values: pl.DataFrame, columns: tuple[Column, ...]) -> Iterator[pl.DataFrame]:
    """Tell about times that stand before the one they should follow."""
    for column in columns:
        if column.type != "time":
            continue
        for key, fault in column.warn_on.items():
            early = _earlier(column.name, key.removeprefix(_BEFORE))
            yield _told(values.filter(early), "field", column.name, fault)


def _earlier(one: str, other: str) -> pl.Expr:
    """Tell whether a time is before another; by days where either gives no time of day."""
    days = [pl.col(name).dt.date() for name in (one, other)]
    day_alone = pl.any_horizontal(pl.col(one, other).dt.time() == time(0))
    return pl.when(day_alone).then(days[0] < days[1]).otherwise(pl.col(one) < pl.col(other))


def _validated(values: pl.DataFrame, profile: CountyProfile, rules: RuleBook) -> pl.DataFrame:
    """Give accepted values the types of `validated_feedback` and what is known of their unit."""
    small = [c.name for c in rules.contract.columns if c.type == "integer"]
    units = pl.col("service_unit_oid").replace_strict(
        dict(profile.units), default=None, return_dtype=pl.String
    )
    return values.with_columns(pl.col(small).cast(pl.Int8), unit_type=units)


def _event() -> pl.Expr:
    """The time an event is dated by: its own, else the answer's."""
    return pl.coalesce(pl.col("event_time"), pl.col("answered_time")).cast(TIME)


def _told(rows: pl.DataFrame, level: str, field: str | None, code: str) -> pl.DataFrame:
    return rows.select("row_number", code=pl.lit(code)).select(as_faults(level, field))


def as_faults(level: str, field: str | None) -> list[pl.Expr]:
    """Expressions that turn row_number and code into rows of a fault table."""
    return [
        pl.lit(level).alias("level"),
        pl.col("row_number"),
        pl.lit(field, pl.String).alias("field"),
        pl.col("code"),
    ]
