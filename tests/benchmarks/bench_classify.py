"""How long a million rows take to get their service class, rule, specialty and fingerprint.

Run: `python tests/benchmarks/bench_classify.py [rows]`. Two kinds of rows: a month's, of some
thousands of kinds of service events, with values missing; and hostile ones in which every value is
drawn by itself, so that hardly two rows agree. The limit holds for a month's. Prints the seconds,
how many different inputs there are, and the shares of rows by where their class comes from.
"""

import random
import sys
import time

import polars as pl

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.condition_checks import codes_of
from aspa_resources.service_classifier import classify, first_day, missing_inputs

ROWS = 1_000_000
LIMIT_S = 2.0
MONTH = "2025-03"
COST_CENTRES = 3_000
SERVICES = 5_000  # kinds of service events, each with its own codes
LACKING = {"age_group": 0.03, "specialty": 0.02, "profession": 0.05, "urgency": 0.1}


def rows(count: int, rules: RuleBook, kinds: int | None) -> pl.DataFrame:
    """Return rows of as many kinds of service events, or each of its own where kinds is None."""
    rng = random.Random(5)
    codes = codes_of(rules.contract, rules.code_sets)
    columns = ("service_form", "contact_mode", "profession", "specialty", "service_area", "urgency")
    given = {
        name: [*codes[name], *[None] * len(codes[name])] for name in (*columns, "unit_type")
    } | {
        "delivered_service_class": [*codes["delivered_service_class"], *[None] * 600],
    }
    number = kinds or count
    drawn = pl.DataFrame(
        {name: rng.choices(values, k=number) for name, values in given.items()},
        schema=dict.fromkeys(given, pl.String),
    )
    frame = drawn if kinds is None else drawn[rng.choices(range(kinds), k=count)]
    ages = rng.choices(codes["age_group"], k=count)
    centres = [f"4{n:04}" for n in rng.choices(range(COST_CENTRES), k=count)]
    frame = frame.with_columns(pl.Series("age_group", ages), pl.Series("cost_centre", centres))
    lost = [
        pl.when(pl.Series(rng.random() < share for _ in range(count))).then(None).otherwise(name)
        for name, share in LACKING.items()
    ]
    return frame.with_columns(lost[n].alias(name) for n, name in enumerate(LACKING))


def cost_centre_map(rules: RuleBook) -> pl.DataFrame:
    """Return a map that knows a fifth of the cost centres."""
    classes = rules.code_sets["service_classes"].valid_on(first_day(MONTH))["code"]
    entries = range(0, COST_CENTRES, 5)
    return pl.DataFrame(
        {
            "cost_centre": [f"4{n:04}" for n in entries],
            "service_class": [classes[n % classes.len()] for n in entries],
            "valid_from": None,
            "valid_to": None,
        },
        schema_overrides={"valid_from": pl.Date, "valid_to": pl.Date},
    )


def main() -> int:
    """Measure both kinds of rows; 1 where a month's take longer than the limit."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    rules = RuleBook.load()
    centres = cost_centre_map(rules)
    seconds = {}
    for kind, kinds in (("month", SERVICES), ("hostile", None)):
        frame = rows(count, rules, kinds)
        began = time.perf_counter()
        decided = classify(frame, centres, MONTH, rules)
        seconds[kind] = time.perf_counter() - began
        began = time.perf_counter()
        unclassified = decided.filter(pl.col("service_class") == "unclassified")
        missing_inputs(unclassified, rules, first_day(MONTH), centres)
        counting = time.perf_counter() - began
        shares = {
            source: round(n / count, 3)
            for source, n in decided["service_class_source"].value_counts(sort=True).iter_rows()
        }
        sys.stdout.write(
            f"{kind}: {seconds[kind]:.2f} s for {count} rows, "
            f"{decided['inputs_fingerprint'].n_unique()} fingerprints; "
            f"missing inputs of {unclassified.height} rows {counting:.2f} s; {shares}\n"
        )
    return int(seconds["month"] > LIMIT_S)


if __name__ == "__main__":
    sys.exit(main())
