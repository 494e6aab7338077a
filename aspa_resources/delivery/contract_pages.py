"""The delivery contract for people: one page in Finnish, Swedish and English.

Belongs here: the page made from the one contract of the rule book. Does not belong here: its looks
and labels (the files beside this module), the schemas for programs (`contract_documents`).
"""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined

from aspa_resources.delivery.labels import code_set_title
from aspa_resources.delivery.labels import labels as receipt_labels
from aspa_resources.rule_book import LANGUAGES, RuleBook
from aspa_resources.rule_book.contract import CrossFieldRule, InOrder, NeedsOneOf, Table

_NEGATION = "not_"


def contract_page(rules: RuleBook) -> str:
    """Return the contract as one self-contained page in Finnish, Swedish and English."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)  # fmt: skip
    labels = yaml.safe_load(_own("contract_labels.yaml"))
    contract = rules.contract
    headers = {column.name: column.header for column in contract.columns}
    return environment.from_string(_own("contract.html.jinja")).render(
        contract=contract,
        languages=LANGUAGES,
        labels=labels,
        messages=rules.messages,
        code_sets={
            name: rules.code_sets[name]
            for name in dict.fromkeys(
                column.code_set
                for table in contract.tables.values()
                for column in table.columns
                if column.code_set
            )
        },
        statements=rules.statements,
        scale=rules.statement_scale,
        questionnaires=rules.questionnaires,
        headers=headers,
        fields=lambda names: ", ".join(headers[name] for name in names),
        percent=lambda share: f"{100 * share:g} %",
        name=lambda code_set, code, language: rules.code_sets[code_set].name(code, language),
        title=lambda code_set, language: code_set_title(rules.code_sets[code_set], language),
        forms={one: receipt_labels()[one]["demands"]["patterns"] for one in LANGUAGES},
        sentence=lambda rule, table, language: _sentence(rule, table, labels[language]),
    )  # fmt: skip


def _sentence(rule: CrossFieldRule, table: Table, label: dict[str, Any]) -> str:
    """Say what a rule asks for, in the language of the labels."""
    headers = {column.name: column.header for column in table.columns} | {
        "unit_type": label["unit_type"]
    }
    forms = label["rule_forms"]
    if isinstance(rule, InOrder):
        return str(forms["in_order"].format(columns=" → ".join(headers[n] for n in rule.columns)))
    if isinstance(rule, NeedsOneOf):
        when = [
            (label["is_none_of"] if key.startswith(_NEGATION) else label["is_one_of"]).format(
                field=headers[key.removeprefix(_NEGATION)], codes=", ".join(codes)
            )
            for key, codes in rule.when.items()
        ]
        needed = ", ".join(headers[name] for name in rule.one_of)
        condition = label["and"].join(when) or label["always"]
        said = str(forms["needs_one_of"].format(when=condition, columns=needed))
        return said[0].upper() + said[1:]
    asked: str = forms[rule.model_dump()["asks"]]
    return asked.format(field=headers["questionnaire_version"])


@lru_cache(maxsize=2)
def _own(name: str) -> str:
    """Return the text of a file beside this module."""
    return files("aspa_resources.delivery").joinpath(name).read_text("utf-8")
