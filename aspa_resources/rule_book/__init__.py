"""The rule book: what experts decide, read from `rules/` and checked."""

from aspa_resources.rule_book.book import County, RuleBook
from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.rule_book.contract import Column, DeliveryContract
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import (
    LANGUAGES,
    CountyProfile,
    InferenceRule,
    Language,
    ProfessionGroup,
    Questionnaire,
    Statement,
    Supplier,
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
    "Questionnaire",
    "RuleBook",
    "RuleError",
    "Statement",
    "Supplier",
    "Theme",
]
