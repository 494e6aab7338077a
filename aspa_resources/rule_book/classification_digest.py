"""A fingerprint of everything that a service class depends on.

Belongs here: which parts of the rule book decide a class. Does not belong here: what they mean
(`inference`, `service_classifier`).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from aspa_resources.rule_book.conditions import column_of

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import RuleBook

_DIGITS = 12
_SAID = {"source", "why_fi", "why_en"}


def classification_digest(book: RuleBook) -> str:
    """Return 12 hexadecimal digits that change with whatever decides a class.

    That is the rules in their order without what they say of themselves, the classes that the
    specialty is carried for, the counties' units, the cost-centre maps that the rule book keeps,
    and of the code sets that classes and conditions are of the codes with their validity.
    """
    decides = {
        "rules": [rule.model_dump(mode="json", exclude=_SAID) for rule in book.inference_rules],
        "specialty_carried_for": sorted(book.inference.specialty_carried_for),
        "units": {code: dict(one.units) for code, one in book.profiles.items() if one.units},
        "cost_centres": {code: one.rows() for code, one in book.cost_centres.items()},
        "code_sets": {name: _validity(book, name) for name in sorted(_code_sets(book))},
    }
    written = json.dumps(decides, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGITS]


def _code_sets(book: RuleBook) -> set[str]:
    named = {column_of(key) for rule in book.inference_rules for key in rule.conditions}
    coded = {column.name: column.code_set for column in book.contract.columns if column.code_set}
    return {"service_classes"} | {coded[column] for column in named & coded.keys()}


def _validity(book: RuleBook, code_set: str) -> list[tuple[Any, ...]]:
    when = ("code", "begin", "end")
    return book.code_sets[code_set].codes.select(when).unique().sort(when).rows()
