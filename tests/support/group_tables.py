"""Published tables of few groups in every grouping, each figure with a value of its own."""

from __future__ import annotations

import random
from collections.abc import Iterator

import polars as pl

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import ALL, PublishedTable, table_crossings

MONTH = "2025-03"
CATEGORIES = {
    "service_class": ("2612", "2235"),
    "service_specialty": ("20", "75"),
    "contact_mode": ("R10", "unknown"),
    "contact_mode_group": ("on_site", "at_home"),
    "profession_group": ("dental", "nurses"),
    "age_group": ("7-12", "85+"),
    "mode_of_production": ("own", "bought"),
    "respondent_role": ("customer", "relative"),
    "channel": ("sms", "paper"),
    "cooperation_area": ("1", "2"),
    "theme": ("access", "encounter", "fees"),
    "sentiment": ("positive", "negative"),
}
NATION_ALONE = "cooperation_area"


def group_tables(rules: RuleBook, seed: int, suppressed: float) -> dict[str, pl.DataFrame]:
    """Return the tables that groups are told of in, for counties 08 and 10 and the nation.

    A suppressed row carries a value and an n all the same, as a fault elsewhere might leave them.

    Args:
        rules: What is published.
        seed: Of values and of what is suppressed.
        suppressed: How likely a row is suppressed.
    """
    chance = random.Random(seed)
    marts = ("indicator_mart", "theme_mart", "coverage_mart")
    return {
        table.name: pl.DataFrame(
            [_row(cell, chance, suppressed) for cell in _cells(table)], infer_schema_length=None
        )
        for table in rules.published_tables.values()
        if table.mart in marts
    }


def _cells(table: PublishedTable) -> Iterator[dict[str, str]]:
    for county in ("08", "10", "FI"):
        if county != "FI" and NATION_ALONE in table.dimensions:
            continue
        for crossing in table_crossings(table):
            cells = [{"month": MONTH, "county": county, **dict.fromkeys(table.dimensions, ALL)}]
            for dimension in crossing:
                cells = [{**c, dimension: of} for c in cells for of in CATEGORIES[dimension]]
            yield from ({**cell, "measure": m} for cell in cells for m in table.measures)


def _row(cell: dict[str, str], chance: random.Random, suppressed: float) -> dict[str, object]:
    """Return a row whose value and n hardly any other row has."""
    measure, draw = cell["measure"], chance.random()
    value: float = chance.randint(11, 99_999)
    if measure == "nps":
        value = round(200 * draw - 100, 6)
    elif measure.endswith("_mean"):
        value = round(1 + 4 * draw, 6)
    elif measure.endswith(("share", "rate")):
        value = round(draw, 6)
    n = int(value) if measure == "responses" else chance.randint(100_000, 9_999_999)
    hidden = chance.random() < suppressed
    return {
        **cell,
        "value": float(value),
        "n": n,
        "status": "suppressed" if hidden else "published",
    }
