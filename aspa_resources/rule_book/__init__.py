"""The rule book: what experts decide, read from `rules/` and checked."""

from aspa_resources.rule_book.book import County, RuleBook
from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import (
    LANGUAGES,
    Column,
    CountyProfile,
    DeliveryContract,
    InferenceRule,
    Language,
    ProfessionGroup,
    Statement,
    Theme,
)

__all__ = [
    "LANGUAGES",
    "CodeSet",
    "Column",
    "County",
    "CountyProfile",
    "DeliveryContract",
    "InferenceRule",
    "Language",
    "ProfessionGroup",
    "RuleBook",
    "RuleError",
    "Statement",
    "Theme",
]
