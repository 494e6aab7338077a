"""The first screen's cards: the score beside earlier months, the nation and comparable counties."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from aspa_resources.reporting.blocks import Card
from aspa_resources.reporting.figures import PublishedView
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.reporting.sections.standing import cards, peers
from aspa_resources.reporting.wording import wording

MONTH = "2025-03"
TABLE = "indicators_by_service_class"
LABEL = "NPS, comparable counties (median)"


@pytest.fixture
def peer_card(published, rules):
    """Return a function from the peers' scores (None = hidden) to the card on them."""

    def card(scores: Mapping[str, float | None]) -> Card:
        own = published[TABLE].filter(county="10", service_class="ALL")
        score, hidden = pl.col("measure") == "nps", pl.lit("suppressed")
        beside = [
            own.with_columns(
                county=pl.lit(county),
                value=pl.when(score).then(pl.lit(nps)).otherwise("value"),
                status=pl.col("status") if nps is not None else hidden,
            )
            for county, nps in scores.items()
        ]
        tables = {
            **published,
            TABLE: pl.concat([published[TABLE], *beside], how="vertical_relaxed"),
        }
        names = Names(rules, wording("en", rules.disclosure.threshold))
        listed = rules.comparable_counties.of("10", rules.counties)
        view = PublishedView(tables, MONTH, {"10", "FI"}, listed)
        brief = Brief(view, names, names.voice, "10", MONTH, {})
        (found,) = [one for one in cards(brief) if one.label == LABEL]
        assert peers(brief) == listed
        return found

    return card


def test_the_median_and_range_are_of_the_scores_that_are_shown(peer_card, rules):
    one, two, three, four, *_ = rules.comparable_counties.of("10", rules.counties)
    card = peer_card({one: 10.0, two: 61.0, three: 99.0, four: None})
    assert card.value == "61"
    assert card.basis.startswith("lowest 10, highest 99, 3 of ")
    assert card.remark == "higher than in 1, lower than in 1, within chance of 1"
    assert card.tone == "even"


@pytest.mark.parametrize(("score", "tone"), [(10.0, "better"), (99.0, "worse"), (61.0, "even")])
def test_the_tone_says_which_way_all_sure_differences_go(peer_card, rules, score, tone):
    one, two, *_ = rules.comparable_counties.of("10", rules.counties)
    assert peer_card({one: score, two: 62.0}).tone == tone


def test_peers_that_are_all_hidden_are_said_to_be(peer_card, rules):
    one, *_ = rules.comparable_counties.of("10", rules.counties)
    card = peer_card({one: None})
    assert (card.value, card.shown) == ("no published figures", False)
