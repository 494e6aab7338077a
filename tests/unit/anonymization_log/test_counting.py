"""The log counts findings and words, and keeps nothing of them but the counts."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.anonymization_log.counting import count_findings, count_texts
from aspa_resources.anonymizer import ENTITY_TYPES, Anonymized, Finding

NAME, SURE = Finding("PERSON", "names", 0.42), Finding("PERSON", "names", 1.0)
PHONE = Finding("PHONE", "phones", 0.7)


def test_findings_are_counted_by_type_and_recogniser():
    phones, names = count_findings([(NAME, SURE, PHONE), (), (SURE,)])[::-1]
    assert (names["entity_type"], names["recognizer"]) == ("PERSON", "names")
    assert (names["findings"], names["texts"]) == (3, 2)
    assert (names["lowest_score"], round(names["mean_score"], 2)) == (0.42, 0.81)
    assert names["score_tenths"] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 2]
    assert (phones["entity_type"], phones["findings"]) == ("PHONE", 1)


def test_words_removed_are_those_gone_or_replaced_also_in_part():
    counts = count_texts(
        ["Kiitos Maija Virtaselle, soitan", "  ", "Hyvin meni", "Soita 040 123"],
        [
            Anonymized("Kiitos <PERSON>, soitan", (NAME,)),
            Anonymized("  ", ()),
            Anonymized("Hyvin meni", ()),
            Anonymized("Soita <PHONE>", (PHONE, PHONE)),
        ],
    )
    assert counts == {
        "texts": 3, "texts_without_finding": 1, "words": 9, "words_removed": 4,
        "words_removed_squares": 8,
        "texts_with": {name: int(name in ("PERSON", "PHONE")) for name in ENTITY_TYPES},
    }  # fmt: skip


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_every_score_has_its_tenth(scores):
    (counted,) = count_findings([[Finding("IP", "ip", score) for score in scores]])
    assert sum(counted["score_tenths"]) == counted["findings"] == len(scores)
    assert counted["score_tenths"][9] == sum(score >= 0.9 for score in scores)


def test_nothing_of_a_text_is_kept():
    told = count_texts(["salaisuus Maija"], [Anonymized("salaisuus <PERSON>", (NAME,))])
    kept = json.dumps([told, count_findings([(NAME,)])])
    assert "salaisuus" not in kept
    assert "Maija" not in kept
