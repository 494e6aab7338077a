"""How long a month's exact marts take.

Run: `python tests/benchmarks/bench_marts.py [rows]`; rows as in bench_dimensions, every second with
a text of up to three themes and twelve words.
"""

import sys
import time

import numpy as np
import polars as pl
from bench_dimensions import MONTH, responses

from aspa_resources.indicators import coverage_mart, indicator_mart, theme_mart, word_mart
from aspa_resources.rule_book import RuleBook

COUNTIES, VOCABULARY = 23, 4000


def texts(rules: RuleBook, rows: int) -> pl.DataFrame:
    random = np.random.default_rng(3)
    common = 1.0 / np.arange(1, VOCABULARY + 1)
    words = random.choice(VOCABULARY, (rows, 12), p=common / common.sum())
    themes = random.choice(list(rules.themes), (rows, 3))
    return pl.DataFrame(
        {
            "sentiment": random.choice(["positive", "negative", "neutral", "mixed"], rows),
            "themes": pl.Series(themes).arr.to_list(),
            "words": pl.Series(words).cast(pl.Array(pl.String, 12)).arr.to_list(),
        }
    )


def main() -> None:
    rows = int(next(iter(sys.argv[1:]), "1000000"))
    rules = RuleBook.load()
    classified = responses(rules, rows, COUNTIES).with_columns(
        response_id=pl.int_range(rows).cast(pl.String)
    )
    with_text = classified["response_id"].gather_every(2)
    analyzed = texts(rules, len(with_text)).with_columns(response_id=with_text)
    sampling = classified.group_by("county", "month", "age_group", "service_form", "specialty").agg(
        service_events=5 * pl.len().cast(pl.Int64), surveys_sent=3 * pl.len().cast(pl.Int64)
    )
    whole = 0.0
    for name, mart in (
        ("indicator_mart", lambda: indicator_mart(classified, rules)),
        ("theme_mart", lambda: theme_mart(classified, analyzed, rules)),
        ("word_mart", lambda: word_mart(classified, analyzed, rules)),
        ("coverage_mart", lambda: coverage_mart(classified, sampling, rules)),
    ):
        started = time.perf_counter()
        cells = mart().height
        took = time.perf_counter() - started
        whole += took
        sys.stdout.write(f"{name:15} {took:6.1f} s, {cells} figures\n")
    sys.stdout.write(f"{rows} responses of {MONTH}: {whole:.1f} s\n")


if __name__ == "__main__":
    main()
