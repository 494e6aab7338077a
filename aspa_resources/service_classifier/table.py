"""The rule table of a day, compiled: each value of a column tells which rules it leaves standing.

The rules are the bits of a number, the first the lowest. Each of a row's values leaves some of them
standing; those that all its values leave match, and the lowest of these decides. So a million rows
cost one look-up a column, however many rules there are.

Belongs here: which rules match. Does not belong here: what a decision says (`frames`, `steps`).
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property, reduce
from operator import and_
from typing import Final

import polars as pl

from aspa_resources.rule_book import InferenceRule, RuleBook
from aspa_resources.rule_book.conditions import NEGATION, holds_for
from aspa_resources.service_classifier.coding import Coded
from aspa_resources.service_classifier.inputs import GIVEN, Inputs

UNCLASSIFIED: Final = "unclassified"
"""The class, and the rule id, of rows that no rule matches."""

_WORD: Final = 62  # rules in one number: the bits of an Int64 that keep it positive


class Table:
    """The rules in force on a day.

    Args:
        rules: The rule book.
        day: The day.
        cost_centres: The county's map.

    Attributes:
        rules: The rules in order.
        inputs: What is known on the day beside the rows.
    """

    def __init__(self, rules: RuleBook, day: date, cost_centres: pl.DataFrame) -> None:
        self.rules = rules.inference.in_force(day)
        self.inputs = Inputs.on(day, cost_centres, rules)

    @cached_property
    def passed(self) -> Mapping[str, Mapping[str, str]]:
        """By the id of a rule that passes classes through, which class it makes of a given one."""
        return {rule.id: self.inputs.passed(rule) for rule in self.rules if rule.pass_through}

    def leaves(self, rule: InferenceRule, column: str, value: str | None) -> bool:
        """Tell whether a value of a column leaves a rule standing."""
        if rule.pass_through is None:
            return holds_for(rule.conditions, column, value)
        return GIVEN[rule.pass_through] != column or value in self.passed[rule.id]

    def asks(self, rule: InferenceRule, column: str) -> bool:
        """Tell whether a rule looks at a column."""
        return self.needs(rule, column) or f"{NEGATION}{column}" in rule.conditions

    def needs(self, rule: InferenceRule, column: str) -> bool:
        """Tell whether a rule cannot match without a value in a column."""
        if rule.pass_through is None:
            return column in rule.conditions
        return GIVEN[rule.pass_through] == column

    def class_by(self, rule: InferenceRule, inputs: Mapping[str, str | None]) -> str | None:
        """Return the class that a rule gives a row; None where it does not match."""
        if not all(self.leaves(rule, column, value) for column, value in inputs.items()):
            return None
        if rule.pass_through is None:
            return rule.service_class
        return self.passed[rule.id][inputs[GIVEN[rule.pass_through]] or ""]

    def deciding(self, inputs: Mapping[str, Coded]) -> pl.Series:
        """Return the number of the rule that decides each row; the number of rules where none does.

        Args:
            inputs: The rows' inputs by column.
        """
        rows = next(iter(inputs.values())).numbers.len()
        found = pl.repeat(len(self.rules), rows, dtype=pl.Int32, eager=True)
        for start in reversed(self.words):
            word = self.standing(inputs, start)
            first = word.to_frame("word").select(
                pl.col("word").bitwise_trailing_zeros().cast(pl.Int32) + start
            )
            found = first.to_series().zip_with(word != 0, found)
        return found

    @property
    def words(self) -> range:
        """The numbers of the rules at which a new word of bits begins."""
        return range(0, len(self.rules), _WORD)

    def standing(self, inputs: Mapping[str, Coded], start: int) -> pl.Series:
        """Return by row the bits of one word of rules that the values of all inputs leave."""
        of_word = self.rules[start : start + _WORD]
        every = (1 << len(of_word)) - 1
        words = []
        for column, coded in inputs.items():
            asking = [(1 << n, rule) for n, rule in enumerate(of_word) if self.asks(rule, column)]
            left = [
                every - sum(bit for bit, rule in asking if not self.leaves(rule, column, value))
                for value in coded.values
            ]
            words.append(coded.each(left, pl.Int64))
        return reduce(and_, words)

    def bits_asking(self, column: str, start: int) -> int:
        """Return the bits of the rules of one word that need a value in a column."""
        return sum(
            1 << number
            for number, rule in enumerate(self.rules[start : start + _WORD])
            if self.needs(rule, column)
        )
