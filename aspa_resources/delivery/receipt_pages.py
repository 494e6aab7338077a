"""How a receipt looks: one accessible page in three languages, and plain text for a terminal.

Belongs here: labels and layout. Does not belong here: what a receipt says (`receipts`).
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined, Template

from aspa_resources.rule_book import LANGUAGES

_ROWS_SHOWN = 20


def receipt_html(receipt: Mapping[str, Any]) -> str:
    """Return a receipt as one self-contained page in Finnish, Swedish and English."""
    return _template().render(
        receipt=receipt,
        languages=LANGUAGES,
        labels=_labels(),
        rows_shown=_ROWS_SHOWN,
        understood=_understood,
    )


def receipt_text(receipt: Mapping[str, Any], language: str = "fi") -> str:
    """Return a receipt as plain text for a terminal, in one language."""
    label = _labels()[language]
    month = f", {receipt['month']}" if receipt["month"] else ""
    counts = (
        f"{label['delivered'].lower()} {receipt['rows_delivered']}",
        f"{label['rows_accepted'].lower()} {receipt['rows_accepted']}",
        f"{label['rows_rejected'].lower()} {receipt['rows_rejected']}",
    )
    heading = f"{receipt['file']} ({receipt['county_name'][language]}{month})"
    lines = [
        f"{heading}: {label[receipt['verdict']]}",
        f"{label['rows']}: {', '.join(counts)}",
    ]
    if dialect := receipt["dialect"]:
        told = (f"{name.lower()} {shown}" for name, shown in _understood(dialect, language))
        lines.append(f"{label['dialect']}: {', '.join(told)}")
    if receipt["columns"] and receipt["columns"]["ignored"]:
        lines.append(f"{label['ignored']}: {', '.join(receipt['columns']['ignored'])}")
    lines += [_group_line(group, language) for group in receipt["groups"]] or [label["none"]]
    return "\n".join(lines)


def _understood(dialect: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Return how a file was read: each thing its format has, by its label."""
    label = _labels()[language]
    shown = {
        "format": dialect["format"].upper(),
        "container": dialect["container"],
        "encoding": dialect["encoding"],
        "separator": label["tab"] if dialect["separator"] == "\t" else dialect["separator"],
        "line_end": dialect["line_end"],
        "header_line": dialect["header_line"],
    }
    return [(label[name], str(value)) for name, value in shown.items() if value is not None]


def _group_line(group: Mapping[str, Any], language: str) -> str:
    label = _labels()[language]
    listed = ""
    if group["rows"]:
        shown = group["rows"][:_ROWS_SHOWN]
        more = f" {label['and_more']}" if group["count"] > len(shown) else ""
        listed = f"\n    {label['row_numbers']}: {', '.join(map(str, shown))}{more}"
    level = label[f"{group['level']}_level"]
    return f"- {level} × {group['count']}: {group[language]}{listed}"


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Mapping[str, str]]:
    labels: Mapping[str, Mapping[str, str]] = yaml.safe_load(_own("receipt_labels.yaml"))
    return labels


@lru_cache(maxsize=1)
def _template() -> Template:
    source = _own("receipt.html.jinja")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)  # fmt: skip
    return environment.from_string(source)


def _own(name: str) -> str:
    """Return the text of a file beside this module."""
    return files("aspa_resources.delivery").joinpath(name).read_text("utf-8")
