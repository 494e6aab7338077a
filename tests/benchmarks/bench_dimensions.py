"""How long protecting the indicators of a month takes with each dimension that is published.

Run: `python tests/benchmarks/bench_dimensions.py [rows] [counties]`. Rows are made up: the biggest
counties have about eight times the responses of the smallest, codes are drawn with long tails.
"""

import sys
import time
from dataclasses import replace

import numpy as np
import polars as pl

from aspa_resources.disclosure import protect
from aspa_resources.indicators import indicator_mart
from aspa_resources.rule_book import RuleBook
from aspa_resources.service_classifier import first_day
from aspa_resources.service_groups import contact_mode_group, profession_group

MONTH = "2025-03"
CODED = {
    "service_class": "service_classes",
    "contact_mode": "contact_modes",
    "age_group": "age_groups",
    "mode_of_production": "modes_of_production",
    "profession": "professions",
    "specialty": "specialties",
    "service_form": "service_forms",
    "respondent_role": "respondent_roles",
    "channel": "channels",
}
LIKELY_CLASSES = ["2536", "2545", "2612", "2607", "2601", "2606", "2235", "2535", "2538", "2561"]
STEPS = {
    "as before": ("service_class", "contact_mode", "age_group"),
    "and contact-mode groups": ("contact_mode_group",),
    "and profession groups": ("profession_group",),
    "and modes of production": ("mode_of_production",),
    "and specialties": ("specialty",),
    "and roles and channels": ("respondent_role", "channel"),
    "and co-operation areas": ("cooperation_area",),
}


def draw(random: np.random.Generator, codes: list[str], rows: int) -> np.ndarray:
    weights = 1.0 / np.arange(1, len(codes) + 1) ** 1.3
    return random.choice(codes, rows, p=weights / weights.sum())


def responses(rules: RuleBook, rows: int, counties: int) -> pl.DataFrame:
    random = np.random.default_rng(7)
    chosen = list(rules.counties)[:counties]
    sizes = np.linspace(1, 8, counties)
    columns = {
        name: draw(
            random, rules.code_sets[of].codes["code"].unique(maintain_order=True).to_list(), rows
        )
        for name, of in CODED.items()
    }
    columns["service_class"] = draw(random, LIKELY_CLASSES, rows)
    answers = {code: random.integers(0, 6, rows).astype(np.int8) for code in rules.statements}
    day = first_day(MONTH)
    frame = pl.DataFrame(
        {
            "month": [MONTH] * rows,
            "county": random.choice(chosen, rows, p=sizes / sizes.sum()),
            **columns,
            "nps": random.choice([10, 9, 8, 5], rows, p=[0.5, 0.3, 0.1, 0.1]).astype(np.int8),
            **answers,
        }
    )
    carried = pl.col("service_class").is_in(rules.inference.specialty_carried_for)
    return frame.with_columns(
        contact_mode_group(rules, day),
        profession_group(rules, day),
        service_specialty=pl.when(carried).then("specialty"),
    )


def main() -> None:
    rows, counties = (int(a) for a in (*sys.argv[1:], "40000", "23")[:2])
    rules = RuleBook.load()
    frame = responses(rules, rows, counties)
    kept: set[str] = set()
    for step, names in STEPS.items():
        kept |= {f"indicators_by_{name}" for name in names}
        tables = {n: t for n, t in rules.published_tables.items() if n in kept}
        book = replace(rules, published_tables=tables)
        started = time.perf_counter()
        mart = indicator_mart(frame, book)
        counted = time.perf_counter()
        published = protect({"indicator_mart": mart}, book)
        done = time.perf_counter()
        cells = pl.concat(
            [t.filter(measure="responses") for t in published.values()], how="diagonal"
        )
        hidden = cells.filter(pl.col("status") == "suppressed").height
        sys.stdout.write(
            f"{step:26} mart {counted - started:5.1f} s, protect {done - counted:6.1f} s, "
            f"{cells.height} cells, {hidden} hidden\n"
        )


if __name__ == "__main__":
    main()
