"""Rows of code values and cost-centre maps for tests of service classes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl
from hypothesis import strategies as st

from aspa_resources.rule_book import InferenceRule, RuleBook
from aspa_resources.rule_book.condition_checks import codes_of

MONTH = "2025-03"
DAY = date(2025, 3, 1)
INPUTS = (
    "cost_centre",
    "delivered_service_class",
    "service_form",
    "contact_mode",
    "profession",
    "specialty",
    "service_area",
    "urgency",
    "unit_type",
    "age_group",
)

Row = Mapping[str, str | None]
Entry = tuple[str, str, date | None, date | None]


def cost_centres(*entries: Entry) -> pl.DataFrame:
    columns = ("cost_centre", "service_class", "valid_from", "valid_to")
    schema = {name: pl.Date if name.startswith("valid") else pl.String for name in columns}
    return pl.DataFrame(entries, schema=schema, orient="row")


MAP = cost_centres(
    ("41001", "2536", None, None),
    ("41002", "2602", None, None),
    ("41003", "2561", date(2023, 1, 1), date(2025, 2, 28)),
)


def frame(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(
        [{name: row.get(name) for name in INPUTS} for row in rows],
        schema=dict.fromkeys(INPUTS, pl.String),
    )


def with_rules(book: RuleBook, rules: Sequence[InferenceRule]) -> RuleBook:
    return replace(book, inference=book.inference.model_copy(update={"rules": tuple(rules)}))


def rows(book: RuleBook, least: int = 1, most: int = 40) -> st.SearchStrategy[list[Row]]:
    """Rows of any codes of the code sets, strangers and missing values."""
    codes = codes_of(book.contract, book.code_sets)
    values = {name: [None, "zzz", *codes.get(name, ())] for name in INPUTS}
    values["cost_centre"] += MAP["cost_centre"].to_list()
    # Missing values often: else the first rules would decide nearly every row.
    row = st.fixed_dictionaries(
        {name: st.none() | st.none() | st.sampled_from(known) for name, known in values.items()}
    )
    return st.lists(row, min_size=least, max_size=most)
