"""The quality index: marks of rows, steps that keep counts uncertain, means of rounded figures."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources.disclosure import protect
from aspa_resources.indicators import indicator_mart, quality_index_mart
from aspa_resources.quality_index import (
    Tally,
    county_figures,
    nation_figures,
    step_for,
    tallies,
)
from aspa_resources.rule_book import RuleBook, RuleError
from aspa_resources.rule_book.published import dimensions_of

BOOK = RuleBook.load()
RULES = BOOK.quality_index
WIDTH = BOOK.disclosure.complementary.width
MONTH = "2025-03"
SHIPPED = Path(__file__).parents[3] / "rules"

RECORDED = {
    "county": "10",
    "contact_mode": "R10",
    "profession": "22211",
    "service_form": "T11",
    "service_area": None,
    "specialty": None,
    "mode_of_production": "own",
    "service_class": "2536",
    "service_class_source": "cost_centre_map",
}
SCHEMA = dict.fromkeys(RECORDED, pl.String)


def rows(*changes: Mapping[str, str | None], of_each: int = 1) -> pl.DataFrame:
    made = [{**RECORDED, **change} for change in changes for _ in range(of_each)]
    return pl.DataFrame(made, schema=SCHEMA)


def share(item: str, *changes: Mapping[str, str | None], month: str = MONTH) -> float | None:
    return tallies(rows(*changes), month, BOOK)["10"][item].share


@pytest.mark.parametrize(
    ("item", "change", "mark"),
    [
        ("contact_mode_recorded", {}, 1.0),
        ("contact_mode_recorded", {"contact_mode": None}, 0.0),
        ("contact_mode_recorded", {"contact_mode": "R90"}, 0.5),
        # R40 ended with 2018.
        ("contact_mode_recorded", {"contact_mode": "R40"}, 0.0),
        ("profession_recorded", {"profession": "22"}, 0.5),
        ("service_recorded", {"service_form": None}, 0.0),
        ("service_recorded", {"service_form": "T90"}, 0.5),
        ("service_recorded", {"service_form": "T90", "service_area": "31"}, 1.0),
        ("specialty_recorded", {"service_class": "2612"}, 0.0),
        ("specialty_recorded", {"service_class": "2612", "specialty": "20"}, 1.0),
        ("class_source", {"service_class_source": "delivered"}, 1.0),
        ("class_source", {"service_class_source": "inferred"}, 0.6),
        ("class_source", {"service_class_source": "none"}, 0.0),
        ("mode_of_production_known", {"mode_of_production": None}, 0.0),
    ],
)
def test_marks_of_a_row(item: str, change: dict[str, str | None], mark: float) -> None:
    assert share(item, change) == mark


def test_a_code_counts_in_the_months_it_is_valid() -> None:
    assert share("contact_mode_recorded", {"contact_mode": "R40"}, month="2015-03") == 1.0


def test_a_row_is_asked_for_its_service_or_its_specialty_never_both() -> None:
    found = tallies(rows({}, {"service_class": "2612"}, {"service_class": "2601"}), MONTH, BOOK)
    assert found["10"]["service_recorded"].asked == 1
    assert found["10"]["specialty_recorded"].asked == 2


def test_an_item_that_no_row_is_asked_for_is_not_counted() -> None:
    figures = county_figures(tallies(rows({}, of_each=400), MONTH, BOOK)["10"], RULES, WIDTH)
    assert figures["specialty_recorded"] is None
    assert figures["recording_practice"] == 1.0
    assert figures["quality_index"] == 100.0


def test_the_index_is_the_weighted_mean_of_its_components() -> None:
    inferred = {"service_class_source": "inferred", "mode_of_production": None}
    found = tallies(rows({}, inferred, of_each=1000), MONTH, BOOK)["10"]
    figures = county_figures(found, RULES, WIDTH)
    assert figures["own_classifications"] == 0.8
    assert figures["production_mode"] == 0.5
    assert figures["quality_index"] == pytest.approx(100 * (0.4 * 1 + 0.4 * 0.8 + 0.2 * 0.5))


def test_too_few_rows_are_told_nothing() -> None:
    figures = county_figures(tallies(rows({}, of_each=79), MONTH, BOOK)["10"], RULES, WIDTH)
    assert set(figures.values()) == {None}


@given(asked=st.integers(1, 5000), data=st.data())
def test_a_told_share_leaves_its_count_uncertain_over_the_width(
    asked: int, data: st.DataObject
) -> None:
    """Whoever knows the rows asked, the step and the share still has `width` + 1 counts to choose.

    Counts are tried one by one, so that the property does not rest on the formula of the step.
    """
    count = data.draw(st.integers(0, asked))
    item = RULES.components[-1].items[0].id

    def told(known: int) -> float | None:
        found = {one.id: Tally(asked, known / asked) for one in RULES.items}
        return county_figures(found, RULES, WIDTH)[item]

    shown = told(count)
    if step_for(asked, RULES.steps, WIDTH) is None:
        assert shown is None
        return
    near = range(max(0, count - 2 * WIDTH), min(asked, count + 2 * WIDTH) + 1)
    fitting = [known for known in near if told(known) == shown]
    assert max(fitting) - min(fitting) >= WIDTH - 1


@given(
    st.lists(
        st.tuples(st.integers(80, 3000), st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=5
    )
)
def test_the_nation_tells_nothing_that_the_counties_do_not(
    found: list[tuple[int, float, float]],
) -> None:
    """Counties that are told alike give the same nation, whatever their exact shares are."""
    item = "mode_of_production_known"

    def nation(shares: list[tuple[int, float]]) -> float | None:
        counties = [{one.id: Tally(*pair) for one in RULES.items} for pair in shares]
        return nation_figures(counties, RULES, WIDTH)[item]

    def as_told(asked: int, exact: float) -> float:
        told = county_figures({one.id: Tally(asked, exact) for one in RULES.items}, RULES, WIDTH)
        assert told[item] is not None
        return told[item] or 0.0

    exact = [(asked, one) for asked, one, _ in found]
    rounded = [(asked, as_told(asked, one)) for asked, one, _ in found]
    assert nation(exact) == nation(rounded)


@settings(max_examples=25)
@given(
    st.lists(
        st.sampled_from(["cost_centre_map", "delivered", "inferred", "none"]),
        min_size=1,
        max_size=6,
    )
)
def test_a_better_source_never_lowers_the_share(sources: list[str]) -> None:
    order = ["none", "inferred", "delivered", "cost_centre_map"]
    better = [order[min(order.index(s) + 1, 3)] for s in sources]
    before, after = (
        share("class_source", *({"service_class_source": s} for s in some))
        for some in (sources, better)
    )
    assert before is not None
    assert after is not None
    assert after >= before - 1e-12


def test_the_index_is_hidden_where_the_responses_are() -> None:
    counts = {"01": 6, "02": 900, "03": 800, "04": 40}
    frame = pl.concat(
        [
            pl.concat([rows({"county": county})] * n).with_columns(
                month=pl.lit(MONTH), age_group=pl.lit("0-6")
            )
            for county, n in counts.items()
        ]
    )
    few = {"indicators_by_service_class", "quality_index"}
    book = RuleBook.load()
    tables = {n: t for n, t in book.published_tables.items() if n in few}
    small = _with_tables(book, tables)
    marts = {
        "indicator_mart": indicator_mart(_with_answers(frame), small),
        "quality_mart": quality_index_mart(frame, MONTH, small),
    }
    published = protect(marts, small)
    totals = published["indicators_by_service_class"].filter(
        measure="responses", service_class="ALL"
    )
    hidden = set(totals.filter(status="suppressed")["county"])
    assert "01" in hidden
    index = published["quality_index"]
    for county, status in index.filter(measure="quality_index").select("county", "status").rows():
        # County 04 has too few rows for any step, though its responses may be shown.
        assert status == ("suppressed" if county in {*hidden, "04"} else "published")
    assert (
        index.filter(status="suppressed")["value"].null_count()
        == index.filter(status="suppressed").height
    )


def _with_tables(book: RuleBook, tables: Mapping[str, object]) -> RuleBook:
    from dataclasses import replace

    return replace(book, published_tables=tables)  # type: ignore[arg-type]  # a part of its own


def _with_answers(frame: pl.DataFrame) -> pl.DataFrame:
    names = ["nps", *BOOK.statements]
    dimensions = dimensions_of(BOOK.published_tables.values(), "indicator_mart")
    return frame.with_columns(
        *(pl.lit(None, pl.Int8).alias(name) for name in names),
        *(pl.lit(None, pl.String).alias(name) for name in dimensions if name not in frame.columns),
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("recorded: [mode_of_production]", "recorded: [nonesuch]", "nonesuch"),
        ("steps: [0.01, 0.02,", "steps: [0.01, 0.03,", "a step does not divide 1"),
        ("id: production_mode", "id: class_source", "two figures have the same id"),
        ("weight: 0.2", "weight: 0", "greater than 0"),
        ("id: profession_recorded", "id: profession_told", "profession_recorded"),
    ],
)
def test_a_wrong_edit_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "rules"))
    path = folder / "quality_index.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        RuleBook.load(folder)
    assert told in str(caught.value)


def test_every_figure_of_the_index_is_published() -> None:
    table = BOOK.published_tables["quality_index"]
    assert list(table.measures) == list(RULES.measures)
    assert list(itertools.chain(table.same_as)) == list(RULES.measures)
