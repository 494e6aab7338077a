"""The delivery contract for programs: a Frictionless Table Schema of each kind of file.

Belongs here: schemas made from the one contract of the rule book. Does not belong here: the
contract itself (`rules/delivery`), the page for people (`contract_pages`), what a receipt tells.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from aspa_resources.delivery.contract_pages import contract_page
from aspa_resources.rule_book import LANGUAGES, Column, RuleBook
from aspa_resources.rule_book.contract import CrossFieldRule, Table
from aspa_resources.rule_book.words import fold_value

__all__ = ["contract_page", "table_schema", "table_schemas"]

_TYPES: Final = {"identifier": "string", "code": "string", "text": "string", "integer": "integer",
                 "time": "datetime", "day": "date"}  # fmt: skip
_FORMATS: Final = {"time": "%Y-%m-%dT%H:%M:%S", "day": "%Y-%m-%d"}


def table_schemas(rules: RuleBook) -> dict[str, dict[str, object]]:
    """Return the schema of every kind of file, by the name of the file to write it to."""
    return {f"{kind}.schema.json": table_schema(rules, kind) for kind in rules.contract.tables}


def table_schema(rules: RuleBook, kind: str = "feedback") -> dict[str, object]:
    """Return the Frictionless Table Schema of a kind of file.

    It tells the form that suits every tool; Aspa itself also reads the other headers, times and
    words that the contract knows. What a table schema has no words for (validity of codes, rules
    between columns, questionnaires, feedback types) is under the property `aspa` of the schema and
    of each field; other tools pass over it.

    Args:
        rules: The rule book.
        kind: feedback, sampling_counts or cost_centre_map.

    Returns:
        The schema, ready for JSON (https://specs.frictionlessdata.io/table-schema/).
    """
    table = rules.contract.tables[kind]
    schema: dict[str, object] = {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "fields": [_field(column, table, rules) for column in table.columns],
        "missingValues": list(dict.fromkeys(["", *_spelled(rules.contract.missing_values)])),
    }
    if kind == "feedback":
        schema["primaryKey"] = [table.column("feedback_id").header]
    schema["aspa"] = _beyond(kind, table, rules)
    return schema


def _spelled(words: Iterable[str]) -> Iterator[str]:
    """Give words for "no value" in each case that reading takes them in."""
    for word in words:
        yield from (word.lower(), word.upper(), word.capitalize())


def _field(column: Column, table: Table, rules: RuleBook) -> dict[str, object]:
    field: dict[str, object] = {
        "name": column.header,
        "title": column.title,
        "type": _TYPES[column.type],
        "description": _description(column, table, rules),
        "constraints": _constraints(column, rules),
        "aspa": {
            "column": column.name,
            "required": column.required,
            "unless": [table.column(name).header for name in column.unless],
            "on_invalid": column.on_invalid,
            "code_set": column.code_set,
            "also_accepted": list(column.synonyms),
        },
    }
    if column.type in _FORMATS:
        field["format"] = _FORMATS[column.type]
    return field


def _constraints(column: Column, rules: RuleBook) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if column.required == "required":
        constraints["required"] = True
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    if column.pattern is not None:
        constraints["pattern"] = column.pattern
    if column.code_set is not None:
        constraints["enum"] = list(dict.fromkeys(_words(column, rules)))
    return constraints


def _description(column: Column, table: Table, rules: RuleBook) -> str:
    said = [f"Aspa column {column.name}, {column.required}."]
    if column.unless:
        headers = ", ".join(table.column(name).header for name in column.unless)
        said.append(f"Needed unless {headers} is given.")
    if column.name in rules.statements:
        said.append(f"{rules.statements[column.name].text.en} 0 = does not apply to me.")
    if column.code_set:
        code_set = rules.code_sets[column.code_set]
        said.append(f"Code set {code_set.id}, version {code_set.version}.")
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


def _beyond(kind: str, table: Table, rules: RuleBook) -> dict[str, object]:
    """Return what the contract says beyond a table schema."""
    said: dict[str, object] = {
        "kind": kind,
        "contract_version": rules.contract.version,
        "rules_version": rules.version,
        "code_sets": {
            name: _code_set(name, rules)
            for name in dict.fromkeys(c.code_set for c in table.columns if c.code_set)
        },
        "rules": [_rule(rule, table, rules) for rule in table.rules],
    }
    if kind == "feedback":
        said |= {
            "thresholds": rules.contract.thresholds.model_dump(),
            "completeness_of": [table.column(n).header for n in rules.contract.completeness_of],
            "feedback_types": {
                code: one.model_dump() for code, one in rules.contract.feedback_types.items()
            },
            "statement_scale": rules.statement_scale.model_dump(),
            "statements": [
                {"field": table.column(code).header, **one.model_dump()}
                for code, one in rules.statements.items()
            ],
            "questionnaires": [one.model_dump() for one in rules.questionnaires.values()],
        }
    return said


def _code_set(name: str, rules: RuleBook) -> dict[str, object]:
    code_set = rules.code_sets[name]
    codes = [
        {key: None if value is None else str(value) for key, value in row.items()}
        for row in code_set.codes.select(
            "code", *(f"name_{language}" for language in LANGUAGES), "begin", "end"
        ).iter_rows(named=True)
    ]
    return {
        "title": code_set.title,
        "version": code_set.version,
        "provenance": code_set.provenance,
        "licence": code_set.licence,
        "oid": code_set.oid,
        "codes": codes,
    }


def _rule(rule: CrossFieldRule, table: Table, rules: RuleBook) -> dict[str, object]:
    """Return a rule as the contract has it, its columns by header, with its message."""
    headers = {column.name: column.header for column in table.columns}
    stated = rule.model_dump()
    for key in ("columns", "one_of"):
        if key in stated:
            stated[key] = [headers[name] for name in stated[key]]
    if "told_at" in stated:
        stated["told_at"] = headers[stated["told_at"]]
    return {**stated, "message": rules.messages.messages[rule.fault].model_dump()}
