"""Beside its text nothing of a row leads back: not ids, not times, not order, not columns."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import polars as pl

from aspa_resources.anonymizer.rows import anonymize_rows
from aspa_resources.rule_book import RuleBook
from expectations.columns import COLUMNS, names

RULES = RuleBook.load()
ROWS = 400
SATURDAY = datetime.fromisoformat("2025-03-08T23:59")
IDS = ("feedback_id", "service_event_id")


def delivered() -> pl.DataFrame:
    """Return rows whose every delivered value is unlike any other row's."""
    filled = {
        column.name: [f"{column.name}-{row}" for row in range(ROWS)]
        for column in COLUMNS["validated_feedback"]
        if column.type == "String"
    }
    times = [SATURDAY + timedelta(minutes=row) for row in range(ROWS)]
    of_time = [c.name for c in COLUMNS["validated_feedback"] if c.type == "Datetime"]
    whole = [c.name for c in COLUMNS["validated_feedback"] if c.type in {"Int8", "Int32"}]
    frame = pl.DataFrame({**filled, **dict.fromkeys(of_time, times)})
    return frame.with_columns(pl.lit(5, pl.Int8).alias(name) for name in whole)


def anonymous() -> pl.DataFrame:
    return anonymize_rows(delivered(), "10", "2025-03", RULES.contract)


def test_only_what_the_contract_lets_through_is_left() -> None:
    gone = {c.name for c in RULES.contract.columns if not c.survives_anonymisation}
    assert {*IDS, "site", "place_of_performance", "service_unit_oid", "answered_time"} <= gone
    assert set(anonymous().columns) == set(names("anonymized_feedback"))
    assert not gone & set(anonymous().columns)


def test_ids_are_random_and_no_hash_of_what_was_delivered() -> None:
    first, second = anonymous()["response_id"], anonymous()["response_id"]
    assert first.n_unique() == ROWS
    assert not set(first) & set(second)  # the same delivery, yet no id again
    assert first.str.contains("^[0-9a-f]{32}$").all()
    hashes = {
        hashlib.new(kind, value.encode()).hexdigest()[:32]
        for kind in ("md5", "sha1", "sha256", "blake2b", "blake2s")
        for name in IDS
        for value in delivered()[name]
    }
    assert not hashes & set(first)


def test_the_order_owes_nothing_to_the_delivery() -> None:
    orders = [anonymous()["cost_centre"].to_list() for _ in range(2)]
    assert orders[0] != orders[1]
    for order in orders:
        places = pl.DataFrame({"came": [int(value.split("-")[1]) for value in order]})
        told = places.with_row_index("stands").select(pl.corr("came", "stands")).item()
        assert abs(told) < 6 / ROWS**0.5  # six standard errors
        assert order != sorted(order)


def test_of_all_times_the_month_and_the_kind_of_day_are_left() -> None:
    rows = anonymous()
    assert rows.schema.dtypes().count(pl.Datetime) == 0
    assert rows["month"].unique().to_list() == ["2025-03"]
    days = dict(rows["weekday_class"].value_counts().iter_rows())
    assert days == {"weekend": ROWS}
    monday = delivered().with_columns(event_time=pl.lit(datetime.fromisoformat("2025-03-10")))
    after = anonymize_rows(monday, "10", "2025-03", RULES.contract)
    assert after["weekday_class"].unique().to_list() == ["weekday"]


def test_the_day_is_that_of_the_answer_where_no_event_is_known() -> None:
    rows = delivered().with_columns(
        event_time=pl.lit(None, pl.Datetime),
        answered_time=pl.lit(datetime.fromisoformat("2025-03-12")),
    )
    after = anonymize_rows(rows, "10", "2025-03", RULES.contract)
    assert after["weekday_class"].unique().to_list() == ["weekday"]
