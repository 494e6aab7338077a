"""An attacker who knows nothing but the published tables, against the protection.

Written apart from the product: the sums are read off the published rows, unique answers are found
by the null space of the dense system, intervals by one linear program an end and cell.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import ceil, floor
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from aspa_resources.audit import audit_months, audit_periods
from aspa_resources.disclosure import protect, protect_period
from aspa_resources.indicators import coverage_mart, indicator_mart, theme_mart
from aspa_resources.periods import periods_ending
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import NATION
from aspa_resources.service_groups import contact_modes_by_group
from aspa_resources.trends import published_series, shown_trend
from expectations.columns import STATEMENT_NAMES as STATEMENTS

BOOK = RuleBook.load()
WIDTH = BOOK.disclosure.complementary.width
INDICATORS = {
    "indicators_by_service_class": ("service_class",),
    "indicators_by_contact_mode": ("contact_mode",),
    "indicators_by_contact_mode_group": ("contact_mode_group",),
    "indicators_by_profession_group": ("profession_group",),
    "indicators_by_mode_of_production": ("mode_of_production",),
    "indicators_by_specialty": ("service_class", "service_specialty"),
    "indicators_by_age_group": ("age_group",),
    "indicators_by_respondent_role": ("respondent_role",),
    "indicators_by_channel": ("channel",),
    "indicators_by_cooperation_area": ("cooperation_area", "service_class"),
}
THEMES = {
    "themes_by_sentiment": ("theme", "sentiment"),
    "themes_by_service_class": ("service_class", "theme"),
    "themes_by_contact_mode_group": ("contact_mode_group", "theme"),
    "themes_by_profession_group": ("profession_group", "theme"),
    "sentiment_by_service_class": ("service_class", "sentiment"),
}
# No table tells a specialty's total over the service classes.
NEVER_TOTALLED: defaultdict[str, tuple[str, ...]] = defaultdict(
    tuple, {"indicators_by_specialty": ("service_class",)}
)
GROUP_OF = {
    code: group
    for code, group in contact_modes_by_group(BOOK, date(2025, 3, 1)).items()
    if code in {"R10", "R80", "R20", "R52", "R56", "R60", "R72"}
}
AREA_OF = {"05": "4", "06": "4", "90": "1", "01": "1"}
CLASSES = ["2536", "2612", "2545", "2601", "2235", "2538", "2561", "2532", "2531"]
SHARES = ("promoters_share", "passives_share", "detractors_share")
SOME = {"service_events", "surveys_sent", "responses", "response_rate", "nps", *SHARES}
FEW = {
    name: table.model_copy(update={"measures": tuple(m for m in table.measures if m in SOME)})
    for name, table in BOOK.published_tables.items()
}
SMALL_BOOK = replace(BOOK, published_tables={name: FEW[name] for name in (*INDICATORS, "coverage")})
PERIOD_BOOK = replace(
    BOOK,
    published_tables={
        name: FEW[name] for name in ("indicators_by_service_class", "indicators_by_period")
    },
)

Floats = NDArray[np.float64]


class Knowledge:
    """What an attacker puts together: cells, the counts shown, the sums between cells.

    A rounded share of more than a thousand answers tells its count only within bounds (`near`).
    """

    def __init__(self) -> None:
        self.cells: dict[frozenset[tuple[str, str]], int] = {}
        self.shown: dict[int, int] = {}
        self.near: dict[int, tuple[int, int]] = {}
        self.sums: list[tuple[int, list[int]]] = []

    def learn(
        self,
        table: pl.DataFrame,
        dimensions: tuple[str, ...],
        measure: str,
        *,
        unsummed: tuple[str, ...] = (),
    ) -> None:
        groups = defaultdict(list)
        for row in table.filter(measure=measure).iter_rows(named=True):
            place = {"county": row["county"], **{d: row[d] for d in dimensions}}
            cell = self._cell(place)
            if row["status"] == "published":
                share = measure.endswith("_share")
                low, high = _counts_of_share(row) if share else (row["n"], row["n"])
                if low == high:
                    assert self.shown.setdefault(cell, low) == low
                else:
                    assert self.near.setdefault(cell, (low, high)) == (low, high)
            for axis, total in [("county", "FI"), *((d, "ALL") for d in dimensions)]:
                if place[axis] != total and axis not in unsummed:
                    groups[self._cell(place | {axis: total})].append((axis, cell))
        for total, parts in groups.items():
            for axis in {axis for axis, _ in parts}:
                self.sums.append((total, [cell for a, cell in parts if a == axis]))

    def learn_groups(self) -> None:
        """Know from the rules which contact modes make up each of their groups."""
        parts = defaultdict(list)
        for key, cell in self.cells.items():
            place = dict(key)
            if place.keys() == {"county", "contact_mode"}:
                parts[place["county"], GROUP_OF[place["contact_mode"]]].append(cell)
        for (county, group), cells in parts.items():
            self.sums.append((self._cell({"county": county, "contact_mode_group": group}), cells))

    def learn_areas(self) -> None:
        """Know which counties make up each co-operation area."""
        parts = defaultdict(list)
        for key, cell in self.cells.items():
            place = dict(key)
            if place["county"] != "FI" and place.keys() <= {"county", "service_class"}:
                parts[AREA_OF[place["county"]], place.get("service_class", "ALL")].append(cell)
        for (area, service_class), cells in parts.items():
            place = {"county": "FI", "cooperation_area": area, "service_class": service_class}
            self.sums.append((self._cell(place), cells))

    def _cell(self, place: dict[str, str]) -> int:
        key = frozenset((k, v) for k, v in place.items() if v != "ALL")
        return self.cells.setdefault(key, len(self.cells))

    def unknown(self) -> list[int]:
        return [cell for cell in self.cells.values() if cell not in self.shown]

    def hidden(self) -> list[int]:
        return [cell for cell in self.unknown() if cell not in self.near]

    def equations(self) -> tuple[Floats, Floats]:
        unknown = {cell: i for i, cell in enumerate(self.unknown())}
        left = np.zeros((len(self.sums), len(unknown)))
        right = np.zeros(len(self.sums))
        for i, (total, parts) in enumerate(self.sums):
            for cell, sign in [(total, -1.0), *((part, 1.0) for part in parts)]:
                if cell in unknown:
                    left[i, unknown[cell]] += sign
                else:
                    right[i] -= sign * self.shown[cell]
        return left, right

    def determined(self) -> set[int]:
        """Hidden cells that elimination alone gives away."""
        left, _ = self.equations()
        if not left.size:
            return set()
        _, singular, basis = np.linalg.svd(left)
        null = basis[int((singular > 1e-9).sum()) :]
        free = np.abs(null).max(axis=0) > 1e-9 if null.size else np.zeros(left.shape[1], bool)
        found = {cell for cell, f in zip(self.unknown(), free, strict=True) if not f}
        return found - self.near.keys()

    def intervals(self) -> dict[int, tuple[float, float]]:
        left, right = self.equations()
        bounds = [self.near.get(cell, (0, None)) for cell in self.unknown()]
        found = {}
        for i, cell in enumerate(self.unknown()):
            if cell in self.near:
                continue
            weights = np.eye(left.shape[1])[i]
            ends = [linprog(s * weights, A_eq=left, b_eq=right, bounds=bounds) for s in (1.0, -1.0)]
            assert ends[0].status == 0
            found[cell] = (ends[0].fun, np.inf if ends[1].status == 3 else -ends[1].fun)
        return found


def _counts_of_share(row: Mapping[str, Any]) -> tuple[int, int]:
    """Return the least and the largest count that a rounded share of n answers can stand for."""
    near = 0.5 * 10.0**-BOOK.disclosure.decimals.share + 1e-9
    return ceil((row["value"] - near) * row["n"]), floor((row["value"] + near) * row["n"])


def _assert_safe(knowledge: Knowledge) -> None:
    intervals = knowledge.intervals()
    # An empty cell may be recognised as empty: there is nobody to protect.
    open_cells = {cell: (a, b) for cell, (a, b) in intervals.items() if b > 1e-6}
    assert not knowledge.determined() & open_cells.keys()
    assert [b - a for a, b in open_cells.values() if b - a < WIDTH - 1e-4] == []


def _responses(rng: np.random.Generator, rows: int, counties: int, categories: int) -> pl.DataFrame:
    def draw(count: int, prefix: str) -> list[str]:
        weights = rng.dirichlet(np.full(count, 0.5))
        return [f"{prefix}{i}" for i in rng.choice(count, rows, p=weights)]

    modes = rng.choice(list(GROUP_OF)[: categories + 1], rows)
    classes = rng.choice(CLASSES[: categories + 1], rows)
    return pl.DataFrame(
        {
            "response_id": [f"{i:032x}" for i in range(rows)],
            "month": ["2025-03"] * rows,
            "county": rng.choice(list(AREA_OF)[:counties], rows),
            "service_class": classes,
            "service_specialty": [
                s if c.startswith("26") else None
                for c, s in zip(classes, draw(2, "1"), strict=True)
            ],
            "contact_mode": modes,
            "contact_mode_group": [GROUP_OF[mode] for mode in modes],
            "profession_group": draw(2, "p"),
            "mode_of_production": draw(2, "m"),
            "age_group": draw(3, "a"),
            "respondent_role": draw(2, "r"),
            "channel": draw(3, "c"),
            "nps": [
                None if s < 0 else int(s)
                for s in rng.choice([-1, 2, 7, 10], rows, p=[0.1, 0.15, 0.25, 0.5])
            ],
            **{s: rng.integers(0, 6, rows) for s in STATEMENTS},
        },
        schema_overrides={"nps": pl.Int8, "service_specialty": pl.String}
        | dict.fromkeys(STATEMENTS, pl.Int8),
    )


def _texts(rng: np.random.Generator, responses: pl.DataFrame) -> pl.DataFrame:
    rows, themes = responses.height, ["access", "contact", "fees"]
    return pl.DataFrame(
        {
            "response_id": responses["response_id"],
            "sentiment": rng.choice(["positive", "negative", "neutral"], rows, p=[0.7, 0.2, 0.1]),
            "themes": [
                list(rng.choice(themes, rng.integers(1, 3), replace=False)) for _ in range(rows)
            ],
            "words": [[] for _ in range(rows)],
        },
        schema_overrides={"words": pl.List(pl.String)},
    )


cubes = {
    "seed": st.integers(0, 2**32 - 1),
    "rows": st.integers(1, 600),
    "counties": st.integers(1, 4),
    "categories": st.integers(1, 5),
}


@settings(max_examples=12, deadline=None)
@given(**cubes)
def test_no_hidden_count_can_be_narrowed(
    seed: int, rows: int, counties: int, categories: int
) -> None:
    responses = _responses(np.random.default_rng(seed), rows, counties, categories)
    published = _released(responses)
    for measure in ("responses", "nps", *SHARES):
        knowledge = Knowledge()
        for name, dimensions in INDICATORS.items():
            knowledge.learn(published[name], dimensions, measure, unsummed=NEVER_TOTALLED[name])
        knowledge.learn_groups()
        knowledge.learn_areas()
        _assert_safe(knowledge)


@settings(max_examples=8, deadline=None)
@given(**cubes)
def test_no_figure_stands_on_too_few(seed: int, rows: int, counties: int, categories: int) -> None:
    responses = _responses(np.random.default_rng(seed), rows, counties, categories)
    published = protect({"indicator_mart": indicator_mart(responses, BOOK)}, BOOK)
    for table in published.values():
        shown = table.filter(status="published")
        assert shown["n"].min() is None or shown["n"].min() >= BOOK.disclosure.threshold
        assert shown.select(pl.any_horizontal("value", "n").is_null()).sum().item() == 0
        suppressed = table.filter(status="suppressed")
        assert suppressed["value"].null_count() == suppressed["n"].null_count() == suppressed.height
        counts = shown.filter(pl.col("measure").is_in(SHARES)).select(pl.col("value") * pl.col("n"))
        assert counts.filter(pl.col("value") < BOOK.disclosure.threshold - 0.5).is_empty()


@settings(max_examples=8, deadline=None)
@given(**cubes)
def test_no_hidden_theme_count_can_be_narrowed(
    seed: int, rows: int, counties: int, categories: int
) -> None:
    rng = np.random.default_rng(seed)
    responses = _responses(rng, rows, counties, categories)
    marts = {"theme_mart": theme_mart(responses, _texts(rng, responses), BOOK)}
    knowledge = Knowledge()
    published = protect(marts, BOOK)
    for name, dimensions in THEMES.items():
        knowledge.learn(published[name], dimensions, "responses", unsummed=("theme",))
    _assert_safe(knowledge)


@settings(max_examples=8, deadline=None)
@given(**cubes, writing=st.floats(0.2, 1.0))
def test_the_auditor_finds_nothing_in_all_tables_together(
    seed: int, rows: int, counties: int, categories: int, writing: float
) -> None:
    rng = np.random.default_rng(seed)
    responses = _responses(rng, rows, counties, categories)
    texts = _texts(rng, responses).filter(pl.Series(rng.random(rows) < writing))
    marts = {
        "indicator_mart": indicator_mart(responses, BOOK),
        "theme_mart": theme_mart(responses, texts, BOOK),
    }
    (found,) = audit_months(protect(marts, BOOK), BOOK).values()
    assert (found.derivable, found.narrow, found.told) == (0, 0, 0)


def _released(
    responses: pl.DataFrame,
    earlier: Sequence[Mapping[str, pl.DataFrame]] = (),
    *,
    may_hold: bool = True,
) -> Mapping[str, pl.DataFrame]:
    mart = indicator_mart(responses, SMALL_BOOK)
    return protect({"indicator_mart": mart}, SMALL_BOOK, earlier, may_hold=may_hold)


def _assert_nothing_betrayed(
    published: Mapping[str, pl.DataFrame], earlier: Sequence[Mapping[str, pl.DataFrame]]
) -> None:
    (found,) = audit_months(published, SMALL_BOOK, earlier).values()
    assert (found.derivable, found.narrow, found.told, found.betrayed) == (0, 0, 0, 0)


def _redelivered(rng: np.random.Generator, rows: pl.DataFrame, changed: int) -> pl.DataFrame:
    """Return the responses after one county has left some out, added some and mended some."""
    county = rng.choice(rows["county"].unique(maintain_order=True).to_list())
    own, others = rows.filter(county=county), rows.filter(pl.col("county") != county)
    left = own.sample(max(own.height - int(rng.integers(0, changed + 1)), 0), seed=1)
    more = own.sample(int(rng.integers(0, changed + 1)), with_replacement=True, seed=2)
    mended = (pl.int_range(pl.len()) < rng.integers(0, 3)) & pl.col("nps").is_not_null()
    left = left.with_columns(nps=pl.when(mended).then(pl.lit(0, pl.Int8)).otherwise("nps"))
    return pl.concat([others, left, more])


@settings(max_examples=12, deadline=None)
@given(**cubes, changed=st.integers(0, 200), may_hold=st.booleans())
def test_releases_betray_no_change_of_few_responses(
    *, seed: int, rows: int, counties: int, categories: int, changed: int, may_hold: bool
) -> None:
    rng = np.random.default_rng(seed)
    responses = _responses(rng, rows, counties, categories)
    earlier: list[Mapping[str, pl.DataFrame]] = []
    for _ in range(3):
        published = _released(responses, earlier, may_hold=may_hold)
        _assert_nothing_betrayed(published, earlier)
        earlier.append(published)
        responses = _redelivered(rng, responses, changed)


def test_the_auditor_finds_the_three_responses_that_came_later() -> None:
    rng = np.random.default_rng(5)
    responses = _responses(rng, 600, 3, 2)
    later = pl.concat([responses, responses.head(3)])
    first, second = (_released(rows) for rows in (responses, later))
    (found,) = audit_months(second, SMALL_BOOK, [first]).values()
    assert found.betrayed > 0
    held = _released(later, [first])
    assert held is first


@pytest.mark.parametrize(("mended", "stays"), [(3, True), (60, False)])
def test_a_release_stays_only_while_no_more_than_a_few_answers_of_it_are_wrong(
    mended: int,
    stays: bool,  # noqa: FBT001 (a case's outcome)
) -> None:
    responses = _responses(np.random.default_rng(5), 600, 3, 2)
    first = _released(responses)
    nps = pl.when((pl.col("nps") > 8).cum_sum() <= mended).then(pl.lit(0, pl.Int8)).otherwise("nps")
    second = _released(responses.with_columns(nps=nps), [first])
    assert (second is first) == stays
    _assert_nothing_betrayed(second, [first])


@pytest.mark.parametrize("seed", range(4))
def test_a_county_that_goes_betrays_no_correction_of_another(seed: int) -> None:
    responses = _responses(np.random.default_rng(seed), 900, 3, 3)
    first = _released(responses)
    goes, mends, *_ = responses["county"].unique().sort().to_list()
    of_one = (pl.col("county") == mends) & (pl.col("nps") > 8)
    nps = pl.when(of_one & (of_one.cum_sum() <= 4)).then(pl.lit(0, pl.Int8)).otherwise("nps")
    stays = responses.with_columns(nps=nps).filter(pl.col("county") != goes)
    second = _released(stays, [first], may_hold=False)
    _assert_nothing_betrayed(second, [first])


@pytest.mark.parametrize("seed", [0, 5, 12, 13, 31])
def test_counties_that_go_one_after_another_betray_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    responses = _responses(rng, int(rng.integers(300, 2000)), 4, 3)
    stays = rng.permutation(responses["county"].unique().sort()).tolist()
    earlier: list[Mapping[str, pl.DataFrame]] = []
    for _ in range(3):
        published = _released(responses, earlier, may_hold=False)
        _assert_nothing_betrayed(published, earlier)
        earlier.append(published)
        stays.pop()
        responses = responses.filter(pl.col("county").is_in(stays))
        for changed in (5, 60):
            responses = _redelivered(rng, responses, changed)


def test_a_county_that_goes_takes_no_total_of_the_others_along() -> None:
    responses = _responses(np.random.default_rng(0), 900, 3, 3)
    first = _released(responses)
    goes = responses["county"].sort()[0]
    second = _released(responses.filter(pl.col("county") != goes), [first], may_hold=False)
    totals = second["indicators_by_service_class"].filter(service_class="ALL", measure="responses")
    assert totals["status"].to_list() == ["published"] * 3


@pytest.mark.parametrize("seed", range(4))
def test_where_another_county_changed_much_the_nations_total_stays(seed: int) -> None:
    responses = _responses(np.random.default_rng(seed), 1500, 5, 3)
    first = _released(responses)
    goes, adds_few, adds_many, *_ = responses["county"].unique().sort().to_list()
    later = [
        responses.filter(pl.col("county") != goes),
        responses.filter(county=adds_few).head(4),
        responses.filter(county=adds_many).head(60),
    ]
    second = _released(pl.concat(later), [first], may_hold=False)
    _assert_nothing_betrayed(second, [first])
    nation = second["indicators_by_service_class"].filter(county=NATION, service_class="ALL")
    assert nation.filter(measure="responses")["status"].to_list() == ["published"]


@pytest.mark.parametrize("seed", range(4))
def test_a_county_that_goes_betrays_none_of_its_cooperation_area(seed: int) -> None:
    rng = np.random.default_rng(seed)
    of_one_area = {"05": "02", "06": "03"}  # beside 01 and 90
    inside = _responses(rng, 1800, 4, 3).with_columns(pl.col("county").replace(of_one_area))
    responses = pl.concat([inside, _responses(rng, 600, 1, 3)])
    first = _released(responses)
    stays = responses.filter(pl.col("county") != "01")
    second = _released(
        pl.concat([stays, stays.filter(county="02").head(4)]), [first], may_hold=False
    )
    _assert_nothing_betrayed(second, [first])


@pytest.mark.parametrize("seed", range(3))
def test_tables_together_give_no_more_than_each(seed: int) -> None:
    rng = np.random.default_rng(seed)
    responses = _responses(rng, 400, 5, 6)
    sampling = responses.group_by("month", "county", "age_group").agg(
        surveys_sent=4 * pl.len().cast(pl.Int64), service_events=9 * pl.len().cast(pl.Int64)
    )
    mart = indicator_mart(responses, SMALL_BOOK)
    marts = {
        "indicator_mart": mart,
        "coverage_mart": coverage_mart(responses, sampling, SMALL_BOOK),
    }
    published = protect(marts, SMALL_BOOK)
    knowledge = Knowledge()
    for name, dimensions in INDICATORS.items():
        unsummed = NEVER_TOTALLED[name]
        knowledge.learn(published[name], dimensions, "responses", unsummed=unsummed)
    alone = len(knowledge.shown)
    coverage = published["coverage"]
    knowledge.learn(coverage, ("age_group",), "responses")
    assert len(knowledge.shown) == alone
    _assert_safe(knowledge)
    keys = ["county", "age_group"]
    hidden = coverage.filter(measure="responses", status="suppressed").select(keys)
    rates = coverage.filter(measure="response_rate", status="published")
    assert rates.join(hidden, on=keys).is_empty()


@pytest.mark.parametrize("seed", range(2))
def test_the_trend_shows_a_month_as_it_was_published(seed: int) -> None:
    name = "indicators_by_service_class"
    released = {
        month: protect(
            {
                "indicator_mart": indicator_mart(
                    _responses(np.random.default_rng([seed, i]), 300, 4, 6).with_columns(
                        month=pl.lit(month)
                    ),
                    SMALL_BOOK,
                )
            },
            SMALL_BOOK,
        )
        for i, month in enumerate(("2025-01", "2025-02"))
    }
    trend = shown_trend(published_series(released, "2025-02", BOOK), "2025-02", BOOK)
    columns = ["county", "service_class", "measure", "value", "n", "status"]
    again = trend.filter(period="2025-01").select(columns)
    then = released["2025-01"][name].filter(pl.col("measure").is_in(again["measure"].to_list()))
    assert again.height > 0
    assert again.sort(columns).equals(then.select(columns).sort(columns))


def test_attacker_finds_what_naive_suppression_gives_away() -> None:
    rows = [("01", 5), ("02", 30), ("03", 30), ("FI", 65)]
    naive = pl.DataFrame(
        {
            "county": [county for county, _ in rows],
            "measure": ["responses"] * 4,
            "n": [n if n >= 10 else None for _, n in rows],
            "status": ["published" if n >= 10 else "suppressed" for _, n in rows],
        }
    )
    knowledge = Knowledge()
    knowledge.learn(naive, (), "responses")
    assert knowledge.determined() == set(knowledge.hidden())
    assert list(knowledge.intervals().values()) == [(5.0, 5.0)]


@settings(max_examples=4, deadline=None)
@given(**cubes)
def test_no_hidden_month_can_be_narrowed_by_its_quarter(
    seed: int, rows: int, counties: int, categories: int
) -> None:
    rng = np.random.default_rng(seed)
    (quarter,) = periods_ending("2025-03")
    responses = {
        month: _responses(rng, rows, counties, categories).with_columns(month=pl.lit(month))
        for month in quarter.months
    }
    marts = {month: indicator_mart(own, PERIOD_BOOK) for month, own in responses.items()}
    released = {m: protect({"indicator_mart": mart}, PERIOD_BOOK) for m, mart in marts.items()}
    shown = protect_period(quarter, marts, released, PERIOD_BOOK)["indicators_by_period"]
    for measure in ("responses", "nps", *SHARES):
        knowledge = Knowledge()
        parts = [
            released[month]["indicators_by_service_class"].with_columns(month_of=pl.lit(month))
            for month in quarter.months
        ]
        in_all = shown.drop("period").with_columns(month_of=pl.lit("ALL"))
        together = pl.concat([*parts, in_all], how="diagonal")
        knowledge.learn(together, ("month_of", "service_class"), measure)
        _assert_safe(knowledge)
    tables = {
        "indicators_by_period": shown,
        **{n: pl.concat(r[n] for r in released.values()) for n in released["2025-01"]},
    }
    (found,) = audit_periods(tables, PERIOD_BOOK).values()
    assert found.derivable == found.narrow == found.told == 0


def test_a_small_class_that_months_hide_shows_in_its_quarter() -> None:
    (quarter,) = periods_ending("2025-03")
    rng = np.random.default_rng(3)
    marts = {}
    for month in quarter.months:
        often = _responses(rng, 300, 1, 1).with_columns(
            county=pl.lit("05"), service_class=pl.lit("2538")
        )
        rare = often.head(8).with_columns(service_class=pl.lit("2536"))
        too = often.head(9).with_columns(service_class=pl.lit("2531"))
        rows = pl.concat([often, rare, too]).with_columns(month=pl.lit(month))
        marts[month] = indicator_mart(rows, PERIOD_BOOK)
    released = {m: protect({"indicator_mart": mart}, PERIOD_BOOK) for m, mart in marts.items()}
    shown = protect_period(quarter, marts, released, PERIOD_BOOK)["indicators_by_period"]
    counts = shown.filter(measure="responses", county="05", period="2025-Q1")
    assert dict(counts.select("service_class", "n").iter_rows()) == {
        "2531": 27,
        "2536": 24,
        "2538": 900,
        "ALL": 951,
    }
    by_month = released["2025-02"]["indicators_by_service_class"]
    assert (
        by_month.filter(measure="responses", county="05", service_class="2536")["n"].item() is None
    )
