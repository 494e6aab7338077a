"""The tables that come beside the feedback: sampling counts and the cost-centre map.

Belongs here: turning them into their frames, or refusing the whole file: a half table would give
wrong figures. Does not belong here: feedback rows (`judging`).
"""

from datetime import date

import polars as pl

from aspa_resources.delivery.cross_field import cross_field_faults
from aspa_resources.delivery.fault_tables import (
    as_faults,
    fault_records,
    sort_faults,
    told,
    without_rows,
)
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.judging import column_faults, parse_columns, parsed_values
from aspa_resources.delivery.reading import ReadDelivery
from aspa_resources.delivery.values import clean
from aspa_resources.rule_book import RuleBook


def parse_sampling_counts(
    read: ReadDelivery, county: str, month: str, rules: RuleBook
) -> pl.DataFrame:
    """Turn a file of sampling counts into its frame.

    Args:
        read: The file as it was understood; of kind sampling_counts.
        county: The county's code.
        month: The month the counts are of.
        rules: The rule book.

    Returns:
        county, month, age_group, service_form, specialty (String), service_events, surveys_sent
        (Int64); counts that a file splits further are added up.

    Raises:
        UnreadableDelivery: `companion_rows_invalid`, then the fault of each row; the same row
            twice is a fault, unless columns that the contract does not know tell the two apart.
    """
    values = _values(read, county, rules)
    keys = ["age_group", "service_form", "specialty"]
    return (
        values.group_by(keys, maintain_order=True)
        .agg(pl.col("service_events", "surveys_sent").sum())
        .select(pl.lit(county).alias("county"), pl.lit(month).alias("month"), pl.all())
    )


def parse_cost_centre_map(read: ReadDelivery, county: str, rules: RuleBook) -> pl.DataFrame:
    """Turn a county's map from cost centres to service classes into its frame.

    Args:
        read: The file as it was understood; of kind cost_centre_map.
        county: The county's code.
        rules: The rule book.

    Returns:
        cost_centre, name, service_class (String), valid_from, valid_to (Date, null = open). A
        cost centre without a class says nothing and is left out.

    Raises:
        UnreadableDelivery: `companion_rows_invalid`, then the fault of each row.
    """
    values = _values(read, county, rules).filter(pl.col("service_class").is_not_null())
    return values.with_columns(pl.col("valid_from", "valid_to").cast(pl.Date)).drop("row_number")


def _values(read: ReadDelivery, county: str, rules: RuleBook) -> pl.DataFrame:
    """Parse the table's columns; refuse the file when any row is faulty."""
    table = rules.contract.tables[read.kind]
    columns = table.columns
    cells = clean(read.frame, rules.contract.missing_values)
    whole = without_rows(cells, read.broken)
    parsed = parse_columns(whole, columns, rules.profile(county), rules)
    values = parsed_values(whole, parsed)
    between = _repeated(values, read) if read.kind == "sampling_counts" else _overlapping(values)
    found = pl.concat(
        [
            read.broken.select(as_faults("row", None)),
            *column_faults(whole, parsed, columns, read.missing),
            *cross_field_faults(values, whole, table, rules),
            between,
        ]
    )
    if faults := fault_records(sort_faults(found.filter(pl.col("level") == "row"), columns)):
        raise UnreadableDelivery(Fault("file", "companion_rows_invalid"), faults)
    return values


def _repeated(values: pl.DataFrame, read: ReadDelivery) -> pl.DataFrame:
    """Tell about rows that stand in the file already: their events would count twice."""
    if read.ignored:
        return told(values.clear(), "row", None, "duplicate_row")
    again = ~pl.struct(pl.exclude("row_number")).is_first_distinct()
    return told(values.filter(again), "row", None, "duplicate_row")


def _overlapping(values: pl.DataFrame) -> pl.DataFrame:
    """Tell about rows that give a cost centre another class while a former row still holds."""
    latest: dict[str, tuple[date, str]] = {}
    told_of = []
    days = pl.col("valid_from", "valid_to").cast(pl.Date)
    mapped = values.drop_nulls(["cost_centre", "service_class"]).with_columns(days)
    for row in mapped.sort("valid_from", maintain_order=True).iter_rows(named=True):
        begin, end = row["valid_from"] or date.min, row["valid_to"] or date.max
        until, given = latest.get(row["cost_centre"], (date.min, row["service_class"]))
        if given != row["service_class"] and begin <= until:
            told_of.append(row["row_number"])
        if row["cost_centre"] not in latest or end > until:
            latest[row["cost_centre"]] = (end, row["service_class"])
    rows = values.filter(pl.col("row_number").is_in(told_of))
    return told(rows, "row", "cost_centre", "overlapping_validity")
