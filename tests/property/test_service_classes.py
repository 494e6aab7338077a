"""What always holds of the rule table: total, the first match wins, frames as single rows."""

from classified_rows import DAY, MAP, MONTH, frame, rows, with_rules
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.condition_checks import codes_of
from aspa_resources.rule_book.conditions import holds, holds_for
from aspa_resources.rule_book.regions import Space, common
from aspa_resources.service_classifier import UNCLASSIFIED, classify, explain
from aspa_resources.service_classifier.inputs import fingerprint
from aspa_resources.service_classifier.table import Table

BOOK = RuleBook.load()
RULES = BOOK.inference.in_force(DAY)
CODES = codes_of(BOOK.contract, BOOK.code_sets)
DECISION = ("service_class", "service_class_rule", "service_class_source", "service_specialty")


def decisions(some, book=BOOK):
    return classify(frame(*some), MAP, MONTH, book).select(DECISION).rows()


@settings(max_examples=60, deadline=None)
@given(some=rows(BOOK))
def test_every_row_is_decided_or_unclassified_alike_in_frames_and_alone(some):
    order = [rule.id for rule in RULES]
    table = Table(BOOK, DAY, MAP)
    for row, got in zip(
        some, classify(frame(*some), MAP, MONTH, BOOK).iter_rows(named=True), strict=True
    ):
        steps = explain(row, MAP, MONTH, BOOK)
        assert steps[-1].rule_id == got["service_class_rule"]
        assert steps[-1].service_class == got["service_class"] is not None
        assert [step.rule_id for step in steps] == [*order, UNCLASSIFIED][: len(steps)]
        assert [step.matched for step in steps] == [False] * (len(steps) - 1) + [True]
        assert all(step.failed for step in steps[:-1])
        assert got["inputs_fingerprint"] == fingerprint(table.inputs.of_row(row))


@settings(max_examples=15, deadline=None)
@given(some=rows(BOOK))
def test_the_first_matching_rule_decides(some):
    """Each rule alone tells whether it matches; in the table the first of those wins."""
    alone = [decisions(some, with_rules(BOOK, [rule])) for rule in RULES]
    for place, got in enumerate(decisions(some)):
        matching = [of[place] for of in alone if of[place][0] != UNCLASSIFIED]
        assert got == (matching[0] if matching else (UNCLASSIFIED, UNCLASSIFIED, "none", None))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some=rows(BOOK), place=st.integers(0, len(RULES) - 2))
def test_only_rules_that_match_the_same_row_depend_on_their_order(some, place):
    """Neighbours that have no combination in common may be swapped; the others may not."""
    swapped = [*RULES]
    swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    one, other = RULES[place], RULES[place + 1]
    before, after = decisions(some), decisions(some, with_rules(BOOK, swapped))
    if one.conditions and not _overlap(one, other):
        assert before == after
    for was, became in zip(before, after, strict=True):
        if was != became:
            assert (was[1], became[1]) == (one.id, other.id)


def _overlap(one, other):
    space = Space.of([one.conditions, other.conditions], CODES)
    return common(space.region(one.conditions), space.region(other.conditions))


@settings(max_examples=60, deadline=None)
@given(some=rows(BOOK), place=st.sampled_from(range(2, len(RULES))))
def test_conditions_mean_the_same_for_frames_and_for_single_values(some, place):
    conditions = RULES[place].conditions
    vectorised = frame(*some).select(holds(conditions).alias("holds"))["holds"].to_list()
    assert vectorised == [
        all(holds_for(conditions, column, value) for column, value in row.items()) for row in some
    ]


stated = st.one_of(
    st.from_regex(r"[0-9]{1,3}[A-Z]?", fullmatch=True),
    st.from_regex(r"[0-9A-Z]{1,2}\*", fullmatch=True),
    st.tuples(st.integers(0, 120), st.integers(0, 120)).map(lambda b: f"{min(b)}..{max(b)}"),
    st.integers(0, 120).map(lambda low: f"{low}.."),
    st.integers(0, 120).map(lambda high: f"..{high}"),
)
value = st.none() | st.from_regex(r"[0-9]{0,3}[A-Z]?[0-9]?", fullmatch=True)


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(value, min_size=1, max_size=20),
    words=st.lists(stated, min_size=1, max_size=4).map(tuple),
    key=st.sampled_from(["specialty", "not_specialty"]),
)
def test_every_word_of_a_condition_means_the_same_for_frames_and_values(values, words, key):
    rows_of = frame(*({"specialty": one} for one in values))
    vectorised = rows_of.select(holds({key: words}).alias("holds"))["holds"].to_list()
    assert vectorised == [holds_for({key: words}, "specialty", one) for one in values]
