"""Polluted files: read exactly right, or refused; never a wrong reading reported as a right one."""

import random

import pytest
from delivery_mutations import TRICKY, Records
from delivery_pollutions import POLLUTIONS, Sheet

from aspa_resources.delivery import UnreadableDelivery, judge, read_delivery
from aspa_resources.rule_book import RuleBook

SEEDS = range(12)
ALWAYS_REFUSED = {"no header", "header alone", "header twice in it", "separator a space"}
ALWAYS_WHOLE = {"none", "one row", "line ends CR", "sum"}


@pytest.fixture(scope="module")
def records():
    return Records(RuleBook.load())


def sheet(records, chance):
    few = ["feedback_id", "event_time", "nps", "site", "s1_got_help", "cost_centre", "text"]
    names = chance.choice([list(records.columns), few])
    if chance.random() < 0.7:
        chance.shuffle(names)
    rows = records.rows(9, chance.sample(TRICKY, len(TRICKY)))
    for row in rows:
        row["site"] = chance.choice(["", "Toimipaikka 3", "Keskus; Itä", "5,0"])
    headers = [records.columns[name].header for name in names]
    return Sheet(rows, headers, names, chance.choice(";,\t|"), chance.choice(["minimal", "all"]))


def outcome(records, polluted, truth, names):
    """What became of the file: refused, or how many rows were accepted, all of them as written."""
    try:
        read = read_delivery(polluted.encode(), "03", records.rules)
    except UnreadableDelivery as refusal:
        assert refusal.fault.code in records.rules.messages.messages  # noqa: PT017 - or it is read
        return refusal.fault.code
    judged = judge(read, "03", "2025-03", records.rules)
    taken = set(judged.accepted["row_number"])
    for row in read.frame.iter_rows(named=True):
        if row["row_number"] in taken:
            written = truth.get((row["feedback_id"] or "").strip())
            assert written is not None, "an id that nobody wrote"
            wrong = [n for n in names if (row[n] or "").strip() != written[n].strip()]
            assert wrong == [], row["line"]
    return judged.rows_accepted


@pytest.mark.parametrize("name", POLLUTIONS)
def test_an_accepted_cell_is_the_cell_that_was_written(records, name):
    for seed in SEEDS:
        chance = random.Random(f"{name} {seed}")
        clean = sheet(records, chance)
        truth = {row["feedback_id"]: row for row in clean.rows}
        found = outcome(records, POLLUTIONS[name](clean, chance), truth, clean.names)
        if name in ALWAYS_REFUSED:
            assert not isinstance(found, int), seed
        if name in ALWAYS_WHOLE:
            assert found == (1 if name == "one row" else len(clean.rows)), seed
