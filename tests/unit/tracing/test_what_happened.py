"""The page of a county's month tells all that happened to it, in order, in three languages."""

from __future__ import annotations

import pytest
from traced_home import DELIVERED, MARK, MONTH, Check, TracedHome, hash_of

from aspa_resources.delivery.notes import fingerprint
from aspa_resources.reporting.room_wording import texts_of
from aspa_resources.reporting.wording import LANGUAGES, placeholders
from aspa_resources.rule_book import RuleBook
from aspa_resources.what_happened import UnknownMonthError, gather, write_page


def happened(made: TracedHome, rules: RuleBook) -> list[str]:
    return [one.what for one in gather(made.home, "10", MONTH, rules).happenings]


def test_it_tells_from_the_file_to_the_release(made: TracedHome, rules: RuleBook) -> None:
    told = gather(made.home, "10", MONTH, rules)
    what = happened(made, rules)
    assert sorted(one.at for one in told.happenings) == [one.at for one in told.happenings]
    assert {"registered", "raw_delivery", "classified_feedback", "published_tables"} <= {*what}
    assert [file.fingerprint for file in told.files] == [fingerprint(hash_of("10"))]
    assert (told.rows.delivered, told.purged) == (DELIVERED["10"], False)


def test_a_refused_candidate_names_its_checks(made: TracedHome, rules: RuleBook) -> None:
    made.checks = [Check("rejected_share", passed=False, unexpected_count=9)]
    made.seal("validated_feedback", f"10|{MONTH}", 3, [], rows_delivered=9)
    told = gather(made.home, "10", MONTH, rules)
    (refused,) = (one for one in told.happenings if one.what == "refused")
    assert refused.values == {"asset": "validated_feedback", "checks": "rejected_share"}
    failed = [one for one in told.failed if one.blocking]
    assert [(one.check, one.unexpected) for one in failed] == [("rejected_share", 9)]


def test_a_release_tells_whether_the_county_is_in_it(made: TracedHome, rules: RuleBook) -> None:
    other = TracedHome(made.root.parent / "other")
    other.deliver()
    for county in DELIVERED:
        other.process(county)
    other.seal("indicator_mart", MONTH, 1, [f"classified_feedback@08|{MONTH}"])
    other.seal("published_tables", MONTH, 1, [f"indicator_mart@{MONTH}"])
    other.seal("published_tables", MONTH, 1, [f"indicator_mart@{MONTH}"], held=True)
    assert happened(other, rules)[-2:] == ["published_without", "held"]
    assert happened(made, rules)[-1] == "published_tables"


def test_only_what_was_sent_to_thl_is_told_as_sent(made: TracedHome, rules: RuleBook) -> None:
    for sent in (True, False):
        made.seal("thl_delivery", MONTH, 1, [f"published_tables@{MONTH}"], sent=sent)
    assert happened(made, rules)[-2:] == ["thl_delivery", "thl_has_it"]


def test_a_retraction_and_a_purge_are_told(made: TracedHome, rules: RuleBook) -> None:
    made.storage.purge("raw_delivery", f"10|{MONTH}")
    made.ledger.retract(next(d for d in made.ledger.drops() if d.county == "10"))
    told = gather(made.home, "10", MONTH, rules)
    assert told.purged
    assert "retracted" in happened(made, rules)
    assert told.files[0].note["standing"] == "retracted"


def test_the_page_is_written_in_three_languages_without_a_name_or_a_text(
    made: TracedHome, rules: RuleBook
) -> None:
    path = write_page(made.home, "10", MONTH, rules)
    page = path.read_text(encoding="utf-8")
    assert path == made.home.operator / "what_happened" / "10" / f"{MONTH}.html"
    assert MARK not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    for language in LANGUAGES:
        assert texts_of("what_happened")["section.timeline"].of(language) in page
    assert fingerprint(hash_of("10")) in page


def test_a_month_that_never_came_says_where_to_look(made: TracedHome, rules: RuleBook) -> None:
    with pytest.raises(UnknownMonthError, match="aspa status"):
        write_page(made.home, "10", "2024-01", rules)


def test_every_sentence_has_the_same_placeholders_in_each_language() -> None:
    for key, one in texts_of("what_happened").items():
        assert len({placeholders(one.of(language)) for language in LANGUAGES}) == 1, key
