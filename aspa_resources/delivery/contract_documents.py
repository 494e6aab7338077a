"""The delivery contract as suppliers read it: a table schema for machines, a page for people.

Belongs here: both made from the one contract of the rule book. Does not belong here: the contract
itself (`rules/delivery`), what a receipt tells (`receipts`).
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import yaml
from jinja2 import Environment, StrictUndefined

from aspa_resources.rule_book import LANGUAGES, Column, RuleBook
from aspa_resources.rule_book.words import fold_value

_TYPES = {"identifier": "string", "code": "string", "text": "string", "integer": "integer",
          "time": "datetime"}  # fmt: skip


def table_schema(rules: RuleBook) -> dict[str, object]:
    """Return the feedback table's Frictionless Table Schema.

    It tells the form that suits every tool; Aspa itself also reads the other headers, times and
    words that the contract knows. Conditions between columns are in the descriptions only.

    Args:
        rules: The rule book.

    Returns:
        The schema, ready for JSON (https://specs.frictionlessdata.io/table-schema/).
    """
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "fields": [_field(column, rules) for column in rules.contract.columns],
        "missingValues": ["", *rules.contract.missing_values],
        "primaryKey": [rules.contract.feedback.column("feedback_id").header],
    }


def contract_page(rules: RuleBook) -> str:
    """Return the contract as one self-contained page in Finnish, Swedish and English."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)  # fmt: skip
    template = environment.from_string(_own("contract.html.jinja"))
    return template.render(
        contract=rules.contract,
        languages=LANGUAGES,
        labels=yaml.safe_load(_own("contract_labels.yaml")),
        messages=rules.messages.messages,
        code_sets=[
            (name, list(rules.code_sets[name].codes.iter_rows(named=True)))
            for name in dict.fromkeys(_code_sets(rules))
        ],
        headers={column.name: column.header for column in rules.contract.columns},
    )


def _field(column: Column, rules: RuleBook) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if column.required == "required":
        constraints["required"] = True
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    if column.code_set is not None:
        constraints["enum"] = list(dict.fromkeys(_words(column, rules)))
    field: dict[str, object] = {
        "name": column.header,
        "title": column.synonyms[0] if column.synonyms else column.header,
        "type": _TYPES[column.type],
        "description": _description(column, rules),
        "constraints": constraints,
    }
    if column.type == "time":
        field["format"] = rules.contract.time_forms[0]
    return field


def _description(column: Column, rules: RuleBook) -> str:
    headers = {one.name: one.header for one in rules.contract.columns}
    said = [f"Aspa column {column.name}, {column.required}."]
    if column.unless:
        said.append(f"Needed unless {', '.join(headers[name] for name in column.unless)} is given.")
    if column.code_set:
        code_set = rules.code_sets[column.code_set]
        said.append(f"Code set {code_set.name}, version {code_set.version}.")
    if column.synonyms:
        said.append(f"Also accepted as: {'; '.join(column.synonyms)}.")
    return " ".join(said)


def _words(column: Column, rules: RuleBook) -> Iterator[str]:
    """Give the codes of a column, then the names of one meaning and the contract's other words."""
    code_set = rules.code_sets[column.code_set or ""]
    yield from code_set.codes["code"]
    for language in LANGUAGES:
        for name in code_set.codes[f"name_{language}"].drop_nulls():
            if fold_value(name) in code_set.spellings:
                yield from (name, name.lower())
    yield from column.values


def _code_sets(rules: RuleBook) -> Iterator[str]:
    for column in rules.contract.columns:
        if column.code_set:
            yield column.code_set


@lru_cache(maxsize=2)
def _own(name: str) -> str:
    """Return the text of a file beside this module."""
    return files("aspa_resources.delivery").joinpath(name).read_text("utf-8")
