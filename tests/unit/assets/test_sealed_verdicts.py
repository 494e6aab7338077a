"""Verdicts are sealed by their suite, belong to a queue, and go where its delivery goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from landing_folder import Landing, feedback

from aspa_assets.retention import DAYS, purge_outlived
from aspa_assets.retraction import retract
from aspa_assets.verdicts import NoSuchItemError, Review, UnfitVerdictsError, leaks_known
from aspa_assets.withdrawal import purge_former_versions, withdraw_retracted
from aspa_resources.home import AspaHome
from aspa_resources.review import Verdict, draw
from aspa_resources.review.verdicts import Said
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NotSealedError, PurgedError, Storage
from aspa_resources.zones import ZoneKeys

KEY, COUNTY, MONTH = "10|2025-03", "10", "2025-03"
DAY = date(2025, 4, 1)


class Drawn:
    """A home in which a queue of three texts has been drawn from a delivery."""

    def __init__(self, root: Path) -> None:
        self.landing = Landing(root)
        self.landing.drop("a.csv", feedback("some"))
        self.landing.look()
        self.home = AspaHome(root)
        self.storage = Storage(self.home.storage, ZoneKeys(self.home.keys))
        (drop,) = self.landing.zone.stock().months[COUNTY, MONTH]
        self.seal("raw_delivery", pl.DataFrame({"a": [1]}), [drop.content_hash])
        self.draw(["first text", "second text", "third text"])

    def seal(self, asset: str, frame: pl.DataFrame, hashes: list[str]) -> None:
        candidate = self.storage.write_candidate(
            asset, KEY, frame, inputs={}, statistics={"content_hashes": hashes}, versions={}
        )
        self.storage.seal(candidate, asset, "1", [])

    def draw(self, texts: list[str]) -> None:
        self.seal("review_queue", draw(texts, RuleBook.load().review), [])

    def review(self) -> Review:
        return Review(self.home, COUNTY, MONTH)

    def left(self) -> set[str]:
        files = self.home.storage.rglob("*.parquet")
        return {path.relative_to(self.home.storage).parts[1] for path in files}


@pytest.fixture
def drawn(tmp_path: Path) -> Drawn:
    return Drawn(tmp_path)


def said(review: Review, item: int, verdict: Said, *types: str) -> Verdict:
    return Verdict(review.hash_of(item), verdict, types, DAY)


def test_the_manifest_tells_the_figures_of_the_queue_that_was_drawn(drawn: Drawn) -> None:
    review = drawn.review()
    review.add([said(review, 1, "leak", "PERSON"), said(review, 2, "too_much")])
    manifest = drawn.storage.manifest("review_verdicts", KEY)
    assert {k: manifest.statistics[k] for k in ("reviewed", "leaks", "too_much", "waiting")} == {
        "reviewed": 2,
        "leaks": 1,
        "too_much": 1,
        "waiting": 1,
    }
    queue = drawn.storage.manifest("review_queue", KEY)
    assert manifest.inputs == {f"review_queue@{KEY}": queue.version}
    assert manifest.zone == "national"
    assert queue.zone == "restricted"


def test_a_new_draw_keeps_verdicts_and_counts_only_its_own_texts(drawn: Drawn) -> None:
    review = drawn.review()
    review.add([said(review, item, "clean") for item in (1, 2, 3)])
    drawn.draw(["third text", "fourth text"])
    again = drawn.review()
    assert again.counts()["reviewed"] == 1
    assert again.waiting()["text"].to_list() == ["fourth text"]
    assert again.verdicts().height == 3


def test_the_mark_of_the_leaks_changes_with_them_alone_and_tells_nothing(drawn: Drawn) -> None:
    def mark() -> str:
        return leaks_known(drawn.storage.sealed("review_verdicts", KEY))

    review = drawn.review()
    review.add([said(review, 1, "clean")])
    assert mark() == ""
    review.add([said(review, 2, "leak", "PERSON")])
    first = mark()
    assert first
    review.add([said(review, 3, "too_much")])
    assert mark() == first
    review.take_back([review.hash_of(2)])
    assert mark() == ""
    review.add([said(review, 2, "leak", "PERSON")])
    assert mark() not in {"", first}  # no hash of what was said: guesses could be held against it
    # What is published tells every version that it stands on.
    assert drawn.storage.manifest("review_verdicts", KEY).versions == {}


def test_verdicts_without_news_make_no_new_version(drawn: Drawn) -> None:
    review = drawn.review()
    review.add([])
    assert drawn.storage.sealed("review_verdicts", KEY) is None
    review.add([said(review, 1, "clean")])
    before = drawn.storage.manifest("review_verdicts", KEY).version
    review.add([said(review, 1, "clean")])
    assert drawn.storage.manifest("review_verdicts", KEY).version == before


@pytest.mark.parametrize(("verdict", "types"), [("leak", ()), ("clean", ("PERSON",))])
def test_a_verdict_that_contradicts_itself_is_not_kept(
    drawn: Drawn, verdict: Said, types: tuple[str, ...]
) -> None:
    review = drawn.review()
    with pytest.raises(UnfitVerdictsError, match="types_unlike_verdict"):
        review.add([said(review, 1, verdict, *types)])
    assert drawn.storage.sealed("review_verdicts", KEY) is None


def test_what_was_not_drawn_cannot_be_reviewed(drawn: Drawn) -> None:
    with pytest.raises(NotSealedError, match="review_queue"):
        Review(drawn.home, COUNTY, "2025-04")
    with pytest.raises(NoSuchItemError, match="1 to 3"):
        drawn.review().hash_of(4)


def test_queue_and_verdicts_go_with_a_retracted_delivery(drawn: Drawn) -> None:
    review = drawn.review()
    review.add([said(review, 1, "leak", "IP")])
    drawn.draw(["of another version"])
    retract(drawn.landing.zone, COUNTY, MONTH, None)
    assert withdraw_retracted(drawn.landing.zone, drawn.storage) == [KEY]
    purge_former_versions(drawn.landing.zone.stock(), drawn.storage)
    assert not {"review_queue", "review_verdicts"} & drawn.left()
    # A reviewer who sat through it brings nothing back.
    with pytest.raises(NotSealedError, match="taken out"):
        review.add([said(review, 2, "clean")])
    assert drawn.storage.sealed("review_verdicts", KEY) is None


def test_the_texts_of_a_queue_outlive_their_delivery_by_nothing(drawn: Drawn) -> None:
    review = drawn.review()
    review.add([said(review, 1, "leak", "IP")])
    drawn.seal("county_report", pl.DataFrame({"a": [1]}), [])
    past = datetime.now(UTC) + timedelta(days=DAYS + 1)
    assert purge_outlived(drawn.landing.zone, drawn.storage, DAYS, past) == [KEY]
    with pytest.raises(PurgedError):
        drawn.review()
    assert drawn.storage.read("review_verdicts", KEY).height == 1
    # Drawn again afterwards, by hand: the next night takes it.
    drawn.draw(["again"])
    assert purge_outlived(drawn.landing.zone, drawn.storage, DAYS, past) == [KEY]
    assert not {"review_queue", "raw_delivery"} & drawn.left()
