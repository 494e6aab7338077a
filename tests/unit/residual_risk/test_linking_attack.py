"""The attack finds what there is to find: rows by their answers, order and ids where they leak."""

from __future__ import annotations

import polars as pl

from aspa_resources.residual_risk.linking import link
from aspa_resources.rule_book import RuleBook

RULES = RuleBook.load().disclosure.residual_risk
ANSWERS = ["age_group", "gender", "language", "nps"]
AGES = ["0-6", "7-12", "65-74", "75-84"]


def delivered(count: int = 40) -> pl.DataFrame:
    """Return rows that no two agree in: every age and gender with its own score."""
    rows = [
        {
            "feedback_id": f"a-{i}",
            "age_group": AGES[i % 4],
            "gender": "female",
            "language": "fi",
            "nps": i,
        }
        for i in range(count)
    ]
    return pl.DataFrame(rows)


def anonymous(rows: pl.DataFrame, *, shuffled: bool = True) -> pl.DataFrame:
    ids = [f"{i:032x}" for i in range(rows.height)]
    if shuffled:
        rows = rows.sample(fraction=1, shuffle=True, seed=3)
    return rows.with_columns(pl.Series("response_id", ids)).drop("feedback_id")


def test_the_county_finds_rows_that_are_like_no_other() -> None:
    rows = delivered()
    found = link(rows, anonymous(rows), ANSWERS, ["feedback_id"], RULES)
    assert found.rows == rows.height
    assert found.ids_shared == 0
    assert found.order_correlation is not None
    assert abs(found.order_correlation) < 0.6


def test_rows_that_are_alike_fit_several() -> None:
    rows = delivered().with_columns(nps=pl.col("nps") // 20)
    assert link(rows, anonymous(rows), ANSWERS, ["feedback_id"], RULES).rows == 0


def test_what_a_row_lost_fits_anything_and_a_coarse_age_its_members() -> None:
    rows = delivered(8).with_columns(nps=pl.lit(1, pl.Int64))
    coarse = pl.DataFrame(
        {
            "age_group": ["0-24", None, "7-12"],
            "gender": "female",
            "language": None,
            "nps": pl.Series([1, 1, 1], dtype=pl.Int64),
            "response_id": ["a", "b", "c"],
        },
        schema_overrides={"language": pl.String},
    )
    assert link(rows, coarse, ANSWERS, ["feedback_id"], RULES).rows == 0
    one_child = rows.filter(pl.col("age_group") != "7-12")[[0, 1, 2]]
    assert one_child["age_group"].to_list() == ["0-6", "65-74", "75-84"]
    assert link(one_child, coarse[:1], ANSWERS, ["feedback_id"], RULES).rows == 1
    assert link(one_child, coarse[1:2], ANSWERS, ["feedback_id"], RULES).rows == 0


def test_an_order_that_was_kept_and_an_id_that_was_kept_are_found() -> None:
    rows = delivered()
    kept = anonymous(rows, shuffled=False)
    assert link(rows, kept, ANSWERS, ["feedback_id"], RULES).order_correlation == 1
    leaking = kept.with_columns(response_id=rows["feedback_id"])
    assert link(rows, leaking, ANSWERS, ["feedback_id"], RULES).ids_shared == rows.height


def test_few_rows_tell_nothing_of_the_order() -> None:
    rows = delivered(5)
    assert link(rows, anonymous(rows), ANSWERS, ["feedback_id"], RULES).order_correlation is None
