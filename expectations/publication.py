"""What must hold of everything a reader may see."""

from __future__ import annotations

from typing import Final

from expectations.columns import names
from expectations.expectation import (
    Suite,
    between,
    columns,
    figure,
    in_set,
    matches,
    parameter,
    some_rows,
    unique,
)


def _pages(asset: str) -> Suite:
    return Suite(
        asset,
        "1",
        (
            columns(names(asset)),
            some_rows(),
            matches("sha256", "^[0-9a-f]{64}$", "hash_form", "Every file has its SHA-256."),
            between("bytes", 1, 1_500_000),
            figure("outside_references", "The page loads nothing from outside itself.", most=0),
        ),
    )


_ATTACKED: Final = (
    figure("suppressed_with_figure", "A suppressed cell shows no figure.", most=0),
    figure(
        "published_below_threshold",
        "Nothing published is computed from fewer responses than allowed.",
        most=0,
    ),
    figure(
        "derivable_counts",
        "An attacker who knows all the tables can work out no suppressed count.",
        most=0,
    ),
    figure(
        "too_narrow_counts",
        "No suppressed count can be narrowed down further than the rules allow.",
        most=0,
    ),
    figure(
        "telling_figures",
        "No published figure tells by itself what people answered.",
        most=0,
    ),
)

SUITES: Final = (
    Suite(
        "published_tables",
        "2",
        (
            columns(names("published_tables")),
            some_rows(),
            in_set("status", ["published", "suppressed"]),
            in_set("table", parameter("declared_tables")),
            unique(*(c for c in names("published_tables") if c not in ("value", "n", "status"))),
            *_ATTACKED,
            figure(
                "betrayed_changes",
                "Nothing that changed since an earlier release tells of too few responses.",
                most=0,
            ),
        ),
    ),
    Suite(
        "published_periods",
        "1",
        (
            columns(names("published_periods")),
            in_set("status", ["published", "suppressed"]),
            in_set("table", parameter("declared_tables")),
            unique(*(c for c in names("published_periods") if c not in ("value", "n", "status"))),
            *_ATTACKED,
        ),
    ),
    Suite(
        "published_trends",
        "1",
        (
            columns(names("published_trends")),
            in_set("status", ["published", "suppressed"]),
            in_set("table", parameter("declared_tables")),
            unique(*(c for c in names("published_trends") if c not in ("value", "n", "status"))),
            figure(
                "figures_not_published",
                "Every figure of the trend is published in its own month's tables.",
                most=0,
            ),
            figure(
                "below_threshold",
                "Nothing is made from figures on fewer responses than allowed.",
                most=0,
            ),
        ),
    ),
    _pages("county_report"),
    _pages("national_report"),
    Suite(
        "thl_delivery",
        "1",
        (
            columns(names("thl_delivery")),
            some_rows(),
            unique("file_name"),
            matches("sha256", "^[0-9a-f]{64}$", "hash_form", "Every file has its SHA-256."),
        ),
    ),
)
