"""The rule book: what experts decide, read from `rules/` and checked."""

from aspa_resources.rule_book.book import County, RuleBook
from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.rule_book.contract import Column, DeliveryContract
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.groups import CodeGroup, CodeGroups, SoteAllocation
from aspa_resources.rule_book.inference import InferenceRule, InferenceRules
from aspa_resources.rule_book.models import (
    LANGUAGES,
    CountyProfile,
    Language,
    Questionnaire,
    Statement,
    Supplier,
    Theme,
)

__all__ = [
    "LANGUAGES",
    "CodeGroup",
    "CodeGroups",
    "CodeSet",
    "Column",
    "County",
    "CountyProfile",
    "DeliveryContract",
    "InferenceRule",
    "InferenceRules",
    "Language",
    "Questionnaire",
    "RuleBook",
    "RuleError",
    "SoteAllocation",
    "Statement",
    "Supplier",
    "Theme",
]
