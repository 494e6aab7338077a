"""How many cleaned texts a person is asked to look at.

Belongs here: the checked form of `rules/review.yaml`. Does not belong here: drawing the texts
(`aspa_resources.review`).
"""

import math
from typing import Self

from pydantic import Field, model_validator

from aspa_resources.rule_book.models import Rule


class ReviewRules(Rule):
    """The size of a random sample.

    Attributes:
        share: Of the distinct texts of a county's month, 0-1.
        at_least: Texts drawn however few the share would be.
        at_most: Texts drawn however many it would be.
    """

    share: float = Field(gt=0, le=1)
    at_least: int = Field(ge=1)
    at_most: int = Field(ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most < self.at_least:
            msg = "at_most is smaller than at_least"
            raise ValueError(msg)
        return self

    def size(self, texts: int) -> int:
        """Return how many of so many distinct texts are drawn."""
        wanted = math.ceil(self.share * texts)
        return min(max(wanted, self.at_least), self.at_most, texts)
