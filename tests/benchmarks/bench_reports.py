"""How long the report pages take and how heavy they are, at full size.

Run: `python tests/benchmarks/bench_reports.py [folder]`: every published table of a month with
every category of every dimension for 23 counties and the nation, a tenth of it suppressed, then a
page for each; prints seconds and bytes a page with the limits' ratios. With a folder, the pages are
written there.
"""

from __future__ import annotations

import sys
import time
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from aspa_resources.reporting import county_report, national_report
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.wording import wording
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import ALL, NATION, PublishedTable, table_crossings
from aspa_resources.trends.series import months_back

MONTH: Final = "2025-03"
PROVENANCE: Final = {"release": "2025-03-r1", "rules": "0123456789ab", "text_models": "2025.2"}
LEAST_PAGE_S, LEAST_ALL_S, MOST_BYTES = 2.0, 60.0, 1_500_000
COUNTS: Final = (
    "responses", "surveys_sent", "service_events", "rows_delivered", "rows_accepted",
    "rows_rejected", "quarantined", "unclassified",
)  # fmt: skip
HIDDEN_SHARE: Final = 0.1
WORDS, SPLIT_WORDS = 200, 40
SPECIALISED: Final = ("2601", "2606", "2607", "2612")
CROSSED: Final = {
    "words": [("word",), ("theme", "word"), ("sentiment", "word")],
    "trend": [
        ("period",),
        ("period", "service_class"),
        ("period", "theme"),
        ("period", "sentiment"),
    ],
    "forecast": [("period", "indicator"), ("period", "service_class", "indicator")],
    "alerts": [
        ("indicator", "against"),
        ("service_class", "indicator", "against"),
        ("theme", "indicator", "against"),
        ("sentiment", "indicator", "against"),
    ],
    "indicators_by_period": [("period",), ("period", "service_class")],
}
"""The crossings that hold figures, of tables whose rules name more."""


def categories(rules: RuleBook, dimension: str) -> list[str]:
    """Return the categories of a dimension, as many as a full month has."""
    names = Names(rules, wording("fi", rules.disclosure.threshold))
    match dimension:
        case "theme":
            return list(rules.themes)
        case "sentiment":
            return ["positive", "negative", "neutral", "mixed"]
        case "word":
            return [f"sana{i}" for i in range(WORDS)]
        case "indicator":
            return ["nps", "share"]
        case "against":
            return list(rules.trends.alerts.against)
        case _:
            return list(dict.fromkeys(names.in_order(dimension)(names._listed(dimension))))


def periods(table: str, rules: RuleBook) -> list[str]:
    """Return the periods that a table of the month tells of."""
    if table == "trend":
        return [months_back(MONTH, i) for i in range(rules.trends.months_shown)]
    if table == "forecast":
        return [months_back(MONTH, -i) for i in range(1, rules.trends.forecast.months_ahead + 1)]
    return [f"{MONTH[:4]}-Q1"]


def cells(table: PublishedTable, rules: RuleBook) -> list[dict[str, str]]:
    """Return every cell of a table for one county."""
    found = []
    for crossing in CROSSED.get(table.name, table_crossings(table)):
        lists = [
            periods(table.name, rules) if d == "period" else categories(rules, d) for d in crossing
        ]
        if table.name == "indicators_by_specialty":
            lists[0] = list(SPECIALISED)
        if table.name == "words" and len(crossing) > 1:
            lists[-1] = lists[-1][:SPLIT_WORDS]
        found += [dict(zip(crossing, one, strict=True)) for one in product(*lists)]
    return found


def value_of(measure: str, random: np.random.Generator, size: int) -> np.ndarray:
    """Return likely values of a measure."""
    if measure in {"nps", "expected", "low", "high"}:
        return random.normal({"low": 55, "high": 72}.get(measure, 64), 9, size).clip(-100, 100)
    if measure.endswith("_mean"):
        return random.normal(4.3, 0.2, size).clip(1, 5)
    if measure == "quality_index":
        return random.uniform(60, 95, size)
    if measure.startswith("change"):
        return {"change": 0.05, "change_low": 0.01, "change_high": 0.09}[measure] * np.ones(size)
    if measure in COUNTS:
        return random.integers(10, 3000, size).astype(float)
    low, high = {"promoters_share": (0.7, 0.8), "detractors_share": (0.05, 0.12)}.get(
        measure, (0.05, 0.4)
    )
    return random.uniform(low, high, size)


def full_table(table: PublishedTable, rules: RuleBook, random: np.random.Generator) -> pl.DataFrame:
    """Return a published table with every cell of every county and the nation."""
    areas = [NATION] if "cooperation_area" in table.dimensions else [*rules.counties, NATION]
    every = [
        (
            area,
            *(cell.get(d, ALL) for d in table.dimensions),
            measure,
            measure in table.open_measures,
        )
        for area in areas
        for cell in cells(table, rules)
        for measure in table.measures
    ]
    columns = ["county", *table.dimensions, "measure", "open"]
    frame = pl.DataFrame(every, schema=columns, orient="row")
    size = frame.height
    totals = [pl.col(d) == ALL for d in table.dimensions if d != "period"]
    shown = pl.col("open") | pl.all_horizontal(pl.lit(value=True), *totals)
    hidden = pl.Series(random.random(size) < HIDDEN_SHARE) & ~shown
    frame = frame.with_columns(month=pl.lit(MONTH), hidden=hidden, n=random.integers(10, 900, size))
    measured = pl.concat(
        part.with_columns(value=pl.Series(value_of(str(name), random, part.height)).round(3))
        for (name,), part in frame.partition_by(
            "measure", as_dict=True, maintain_order=True
        ).items()
    )
    return measured.select(
        "month",
        *columns[:-1],
        *(pl.when(~pl.col("hidden")).then(pl.col(name)).alias(name) for name in ("value", "n")),
        status=pl.when("hidden").then(pl.lit("suppressed")).otherwise(pl.lit("published")),
    )


def main() -> None:
    rules = RuleBook.load()
    random = np.random.default_rng(3)
    tables = {n: full_table(t, rules, random) for n, t in rules.published_tables.items()}
    rows = sum(table.height for table in tables.values())
    sys.stdout.write(f"{rows} rows in {len(tables)} tables\n")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    taken, sizes = [], []
    for area in [*rules.counties, NATION]:
        started = time.perf_counter()
        if area == NATION:
            page = national_report(tables, MONTH, rules, PROVENANCE)
        else:
            page = county_report(tables, area, MONTH, rules, PROVENANCE)
        taken.append(time.perf_counter() - started)
        sizes.append(len(page.encode()))
        if folder:
            (folder / f"{area}.html").write_text(page, encoding="utf-8")
        sys.stdout.write(f"{area}  {taken[-1]:5.2f} s  {sizes[-1] / 1000:6.0f} kB\n")
    slowest, heaviest, whole = max(taken), max(sizes), sum(taken)
    sys.stdout.write(
        f"slowest page {slowest:.2f} s ({slowest / LEAST_PAGE_S:.2f} of {LEAST_PAGE_S:.0f} s), "
        f"heaviest {heaviest / 1000:.0f} kB ({heaviest / MOST_BYTES:.2f} of 1.5 MB), "
        f"all {len(taken)} pages {whole:.1f} s ({whole / LEAST_ALL_S:.2f} of {LEAST_ALL_S:.0f} s)\n"
    )


if __name__ == "__main__":
    main()
