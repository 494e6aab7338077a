"""The Aura service class of every response, by the ordered rule table of `rules/aura`.

Belongs here: applying the table, to whole frames at once and to one row with its explanation. Does
not belong here: the rules themselves (data), the dimensions built on a class (`indicators`).

The first rule that matches decides; a row that none matches is `unclassified`, never guessed. A
condition on a value that a row lacks does not match, its negation does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from aspa_resources.rule_book import InferenceRule, RuleBook
from aspa_resources.rule_book.conditions import NEGATION, PREFIX, holds

UNCLASSIFIED = "unclassified"
"""The class, and the rule id, of rows that no rule matches."""
UNKNOWN_GROUP = "unknown"
"""The profession group of rows without a profession that any group has."""
SPECIALISED_CARE = ("2601", "2606", "2607", "2612")
"""Classes too shallow to tell specialties apart: the specialty is carried beside them."""

_WHY_NOT_FI = "Mikään sääntö ei täsmää: palveluluokkaa ei arvata."
_WHY_NOT_EN = "No rule matches: the service class is not guessed."


@dataclass(frozen=True)
class Step:
    """One rule tried on one row.

    Attributes:
        rule_id: The rule's id, or `unclassified` at the end of the table.
        matched: Whether it decided.
        why_fi: What the rule says, in Finnish.
        why_en: The same in English.
        service_class: The class it gave; None where it did not match.
    """

    rule_id: str
    matched: bool
    why_fi: str
    why_en: str
    service_class: str | None = None


def classify(
    frame: pl.DataFrame, cost_centres: pl.DataFrame, month: str, rules: RuleBook
) -> pl.DataFrame:
    """Give every row its service class.

    Args:
        frame: Rows of one county with the columns that rules look at, all String.
        cost_centres: The county's `cost_centre_map`; empty when it has none. Of several entries of
            a cost centre the one valid on the month's first day counts, the newest of these.
        month: The month, as `2025-03`.
        rules: The rule book.

    Returns:
        The rows in their order, with service_class (four digits or `unclassified`),
        service_class_rule (the id of the rule that decided), service_specialty (the specialty where
        the class is one of specialised care, else null) and profession_group.
    """
    day = first_day(month)
    held = rules_in_force(rules, day)
    mapped = _valid_cost_centres(cost_centres, day)
    given = {
        "cost_centre_map": pl.col("cost_centre").replace_strict(
            mapped, default=None, return_dtype=pl.String
        ),
        "delivered_class": pl.col("delivered_service_class"),
    }
    classes = _valid_classes(rules, day)
    passed = {
        rule.id: _carried(given[rule.pass_through], rule.carried_forward, classes)
        for rule in held
        if rule.pass_through is not None
    }
    matches = [
        passed[rule.id].is_not_null() if rule.id in passed else holds(rule.conditions)
        for rule in held
    ]
    # Numbers through the chain and names at its end: half the time of names throughout.
    numbered = [pl.when(match).then(pl.lit(i, pl.Int16)) for i, match in enumerate(matches)]
    names = dict(enumerate([rule.id for rule in held] + [UNCLASSIFIED]))
    decided = pl.coalesce([*numbered, pl.lit(len(held), pl.Int16)]).replace_strict(
        names, return_dtype=pl.String
    )
    rule = pl.col("service_class_rule")
    fixed = {r.id: r.service_class for r in held if r.service_class} | {UNCLASSIFIED: UNCLASSIFIED}
    service_class = pl.coalesce(
        [pl.when(rule == rule_id).then(value) for rule_id, value in passed.items()]
        + [rule.replace_strict(fixed, default=None, return_dtype=pl.String)]
    )
    return (
        frame.with_columns(service_class_rule=decided)
        .with_columns(service_class=service_class, profession_group=_profession_group(rules))
        .with_columns(
            service_specialty=pl.when(pl.col("service_class").is_in(SPECIALISED_CARE)).then(
                "specialty"
            )
        )
        .select(
            *frame.columns,
            *("service_class", "service_class_rule", "service_specialty", "profession_group"),
        )
    )


def explain(
    row: Mapping[str, str | None], cost_centres: pl.DataFrame, month: str, rules: RuleBook
) -> list[Step]:
    """Tell, rule by rule, how one row gets its class.

    Args:
        row: The row's values by column; a missing column counts as a missing value.
        cost_centres: As in `classify`.
        month: As in `classify`.
        rules: The rule book.

    Returns:
        The rules tried in order, the one that decided last.
    """
    day = first_day(month)
    classes = _valid_classes(rules, day)
    given = {
        "cost_centre_map": _valid_cost_centres(cost_centres, day).get(row.get("cost_centre") or ""),
        "delivered_class": row.get("delivered_service_class"),
    }
    steps = []
    for rule in rules_in_force(rules, day):
        service_class = rule.service_class
        if rule.pass_through is not None:
            found = given[rule.pass_through] or ""
            carried = found if found in classes else rule.carried_forward.get(found, "")
            service_class = carried if carried in classes else None
        elif not all(_holds(row, key, values) for key, values in rule.conditions.items()):
            service_class = None
        matched = service_class is not None
        steps.append(Step(rule.id, matched, rule.why_fi, rule.why_en, service_class))
        if matched:
            return steps
    undecided = Step(
        UNCLASSIFIED,
        matched=True,
        why_fi=_WHY_NOT_FI,
        why_en=_WHY_NOT_EN,
        service_class=UNCLASSIFIED,
    )
    return [*steps, undecided]


def first_day(month: str) -> date:
    """Return the first day of a month given as `2025-03`."""
    return date.fromisoformat(f"{month}-01")


def rules_in_force(rules: RuleBook, day: date) -> list[InferenceRule]:
    """Return the rules that hold on a day, in order."""
    return [
        rule
        for rule in rules.inference_rules
        if rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)
    ]


def _valid_classes(rules: RuleBook, day: date) -> frozenset[str]:
    return frozenset(rules.code_sets["service_classes"].valid_on(day)["code"])


def _valid_cost_centres(cost_centres: pl.DataFrame, day: date) -> dict[str, str]:
    """Return the class of every cost centre on a day; a later row of the file wins a tie."""
    begins, ends = pl.col("valid_from"), pl.col("valid_to")
    valid = cost_centres.filter(
        begins.is_null() | (begins <= day),
        ends.is_null() | (ends >= day),
        pl.col("service_class").is_not_null(),
    ).sort("valid_from", nulls_last=False, maintain_order=True)
    return dict(valid.select("cost_centre", "service_class").iter_rows())


def _carried(
    given: pl.Expr, carried_forward: Mapping[str, str], classes: frozenset[str]
) -> pl.Expr:
    """Return the given class where valid, the one that took it over where ended, else null."""
    known = {code: code for code in classes}
    successors = {old: new for old, new in carried_forward.items() if new in classes}
    return given.replace_strict(successors | known, default=None, return_dtype=pl.String)


def _holds(row: Mapping[str, str | None], key: str, values: tuple[str, ...]) -> bool:
    value = row.get(key.removeprefix(NEGATION))
    found = value is not None and any(
        value.startswith(v.removesuffix(PREFIX)) if v.endswith(PREFIX) else value == v
        for v in values
    )
    return found != key.startswith(NEGATION)


def _profession_group(rules: RuleBook) -> pl.Expr:
    """Compile the profession groups: the longest prefix that fits decides."""
    prefixes = [
        (prefix, group.id) for group in rules.profession_groups for prefix in group.prefixes
    ]
    longest_first = sorted(prefixes, key=lambda entry: (-len(entry[0]), entry[0]))
    return pl.coalesce(
        [
            pl.when(pl.col("profession").str.starts_with(prefix)).then(pl.lit(group))
            for prefix, group in longest_first
        ]
        + [pl.lit(UNKNOWN_GROUP)]
    )
