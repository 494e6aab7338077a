"""Judging a feedback delivery row by row against the contract: every row accepted or rejected.

Belongs here: the contract's rules over the rows of a file, and the account of what came of them.
Does not belong here: how single values are spelled (`values`), rules between the columns of a row
(`cross_field`), the words of a receipt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from aspa_resources.delivery.cross_field import cross_field_faults, without_unknown_versions
from aspa_resources.delivery.fault_tables import (
    FAULT_SCHEMA,
    as_faults,
    fault_records,
    of_file,
    sort_faults,
    told,
    without_rows,
)
from aspa_resources.delivery.faults import Fault, Level
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
    texts = [column.name for column in rules.contract.columns if column.type == "text"]
    cells = clean(read.frame, rules.contract.missing_values, texts)
    whole = without_rows(cells, read.broken)
    parsed = parse_columns(whole, rules.contract.columns, profile, rules)
    values = _with_unit_types(parsed_values(whole, parsed), profile)
    completeness = {
        column.name: 1 - cells[column.name].null_count() / cells.height
        for column in rules.contract.columns
    }
    found = pl.concat(
        [
            _missing_columns(read, rules),
            read.broken.select(as_faults("row", None)),
            *column_faults(whole, parsed, rules.contract.columns, read.missing),
            _incomplete(completeness, read, profile, rules),
            *_row_faults(values, month, rules),
            *_code_warnings(values, rules),
            *cross_field_faults(values, whole, rules.contract.feedback, rules),
        ]
    )
    found = pl.concat([found, _duplicates(values, found)])
    rejected_rows = found.filter(pl.col("level") == "row")["row_number"].n_unique()
    refused = rejected_rows > profile.rejected_share_at_most * cells.height
    if refused:
        found = pl.concat([of_file("too_many_rows_rejected"), found])
    faults = sort_faults(found, rules.contract.columns)
    rejected = faults.filter(pl.col("level") == "row").drop("level")
    accepted = without_unknown_versions(without_rows(values, rejected), rules)
    return Judged(
        accepted=accepted.with_columns(pl.col(_small(rules)).cast(pl.Int8)),
        rejected=rejected,
        fault_table=faults,
        rows_delivered=cells.height,
        rows_accepted=accepted.height,
        rows_rejected=cells.height - accepted.height,
        completeness=completeness,
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
        elif column.type in {"time", "day"}:
            one = check_times(series, forms)
        elif column.pattern is not None:
            one = check_pattern(series, column.pattern)
        else:
            never = pl.repeat(None, series.len(), dtype=pl.String(), eager=True)
            one = Parsed(series, never)
        parsed[column.name] = one
    return parsed


def parsed_values(cells: pl.DataFrame, parsed: Mapping[str, Parsed]) -> pl.DataFrame:
    """Return row_number and the parsed columns."""
    return cells.select("row_number", *(one.values.alias(name) for name, one in parsed.items()))


def column_faults(
    cells: pl.DataFrame,
    parsed: Mapping[str, Parsed],
    columns: tuple[Column, ...],
    absent: tuple[str, ...],
) -> Iterator[pl.DataFrame]:
    """Give the faults of single cells: not what the column holds, or missing."""
    for column in columns:
        level: Level = "row" if column.on_invalid == "reject" else "field"
        invalid = cells.select("row_number", code=parsed[column.name].faults)
        yield invalid.drop_nulls().select(as_faults(level, column.name))
        if column.required == "optional" or (
            column.required == "expected" and column.name in absent
        ):
            continue
        empty = pl.all_horizontal(pl.col(column.name, *column.unless).is_null())
        severity: Level = "field" if column.required == "expected" else "row"
        code = column.missing_code or f"missing_{_strictness(column)}"
        yield told(cells.filter(empty), severity, column.name, code)


def _strictness(column: Column) -> str:
    return "expected" if column.required == "expected" else "required"


def _missing_columns(read: ReadDelivery, rules: RuleBook) -> pl.DataFrame:
    """Tell once for the file what every row lacks."""
    lacking = [
        of_file("expected_column_missing", column.name)
        for column in rules.contract.columns
        if column.required == "expected" and column.name in read.missing
    ]
    return pl.concat(lacking) if lacking else pl.DataFrame(schema=FAULT_SCHEMA)


def _incomplete(
    completeness: Mapping[str, float], read: ReadDelivery, profile: CountyProfile, rules: RuleBook
) -> pl.DataFrame:
    """Tell the county which columns too few rows have; that one is missing altogether is told."""
    scarce = [
        of_file("completeness_below_threshold", name)
        for name in rules.contract.completeness_of
        if completeness[name] < profile.completeness_at_least and name not in read.missing
    ]
    return pl.concat(scarce) if scarce else pl.DataFrame(schema=FAULT_SCHEMA)


def _row_faults(values: pl.DataFrame, month: str, rules: RuleBook) -> Iterator[pl.DataFrame]:
    """Give the faults between a row and its delivery."""
    other = _event().dt.strftime("%Y-%m") != month
    yield told(values.filter(other), "row", "event_time", "other_month")
    silent = pl.all_horizontal(pl.col("nps", *rules.statements, "text").is_null())
    yield told(values.filter(silent), "row", None, "nothing_answered")


def _duplicates(values: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Give the rows whose id an earlier row has that is itself taken in.

    A row sent again because its first writing was faulty is no duplicate.
    """
    standing = without_rows(values, found.filter(pl.col("level") == "row"))
    again = pl.col("feedback_id").is_not_null() & ~pl.col("feedback_id").is_first_distinct()
    return told(standing.filter(again), "row", "feedback_id", "duplicate_feedback_id")


def _code_warnings(values: pl.DataFrame, rules: RuleBook) -> Iterator[pl.DataFrame]:
    """Tell about codes that are taken in but were not valid on the day, or should not be used."""
    dated = values.with_columns(day=_event().dt.date())
    for column in rules.contract.columns:
        if column.code_set is None:
            continue
        used = dated.select("row_number", "day", code=column.name)
        valid = rules.code_sets[column.code_set].codes.select("code", "begin", "end")
        fits = pl.col("day").is_between(
            pl.col("begin").fill_null(pl.col("day")), pl.col("end").fill_null(pl.col("day"))
        )
        met = used.select("code", "day").drop_nulls().unique()  # few, whatever the rows
        judged = met.join(valid, on="code").group_by("code", "day").agg(fits=fits.any())
        unfit = judged.filter(~pl.col("fits"))
        if not unfit.is_empty():
            ended = used.join(unfit, on=["code", "day"], how="semi")
            yield told(ended, "field", column.name, "code_not_valid_then")
        for code, fault in column.warn_on.items():
            yield told(values.filter(pl.col(column.name) == code), "field", column.name, fault)


def _with_unit_types(values: pl.DataFrame, profile: CountyProfile) -> pl.DataFrame:
    """Add what the county's profile knows of each row's unit: unit_type String|null."""
    units = pl.col("service_unit_oid").replace_strict(
        dict(profile.units), default=None, return_dtype=pl.String
    )
    return values.with_columns(unit_type=units)


def _small(rules: RuleBook) -> list[str]:
    return [column.name for column in rules.contract.columns if column.type == "integer"]


def _event() -> pl.Expr:
    """The time an event is dated by: its own, else the answer's."""
    return pl.coalesce(pl.col("event_time"), pl.col("answered_time")).cast(TIME)
