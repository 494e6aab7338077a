"""The data dictionary that goes with every export and delivery of published tables.

Belongs here: the dictionary as a Data Package (`datapackage.json`, https://datapackage.org) and as
a page to read. Not here: what columns and measures mean (`rules/data_dictionary.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import PublishedTable

PACKAGE: Final = "datapackage.json"
PAGE: Final = "data_dictionary.md"

_TYPES: Final = {"value": "number", "n": "integer"}


def data_package(rules: RuleBook, files: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the dictionary as a Data Package descriptor.

    Args:
        rules: The rule book.
        files: Table and name of every file described.
    """
    return {
        "name": "aspa-published-tables",
        "title": "Customer feedback of health and social services in Finland",
        "description": _threshold(rules),
        "version": rules.version,
        "resources": [_resource(rules, rules.published_tables[t], path) for t, path in files],
    }


def page(rules: RuleBook, tables: Iterable[str]) -> str:
    """Return the dictionary as Markdown, the tables in the order given."""
    lines = ["# Data dictionary", "", _threshold(rules), ""]
    for table in (rules.published_tables[name] for name in tables):
        titles = table.titles
        lines += [f"## {table.name}", "", f"*{titles.fi} · {titles.sv} · {titles.en}*", ""]
        lines += [table.description.strip(), "", "| column | meaning | codes |", "|---|---|---|"]
        for name in _columns(table):
            column = rules.dictionary.columns[name]
            lines.append(f"| `{name}` | {column.meaning} | {_codes(column.codes)} |")
        lines += ["", "| measure | unit | meaning |", "|---|---|---|"]
        for name in table.measures:
            lines.append(f"| `{name}` | {_unit(rules, name)} | {meaning(rules, name)} |")
        lines.append("")
    return "\n".join(lines)


def meaning(rules: RuleBook, measure: str) -> str:
    """Return what a measure means: a statement's mean names the statement."""
    entry = rules.dictionary.measures[measure]
    if entry.statement is None:
        return entry.meaning
    return f"Mean of the answers to: {rules.statements[entry.statement].text.en}"


def _resource(rules: RuleBook, table: PublishedTable, path: str) -> dict[str, Any]:
    keys = ["month", "county", *table.dimensions, "measure"]
    return {
        "name": path,
        "path": path,
        "table": table.name,
        "title": table.titles.en,
        "titles": table.titles.model_dump(),
        "description": table.description.strip(),
        "schema": {
            "fields": [
                {
                    "name": name,
                    "type": _TYPES.get(name, "string"),
                    "description": rules.dictionary.columns[name].meaning,
                    **({"codes": codes} if (codes := rules.dictionary.columns[name].codes) else {}),
                }
                for name in _columns(table)
            ],
            "primaryKey": keys,
        },
        "measures": [
            {"name": name, "unit": _unit(rules, name), "description": meaning(rules, name)}
            for name in table.measures
        ],
    }


def _columns(table: PublishedTable) -> list[str]:
    return ["month", "county", *table.dimensions, "measure", "value", "n", "status"]


def _codes(file: str) -> str:
    return f"`rules/{file}`" if file else ""


def _unit(rules: RuleBook, measure: str) -> str:
    return rules.dictionary.measures[measure].unit


def _threshold(rules: RuleBook) -> str:
    return (
        f"Nothing is computed from fewer than {rules.disclosure.threshold} responses; further "
        "figures are suppressed so that those cannot be worked out. Suppressed does not mean zero."
    )
