"""The words of receipts and of the pages around them, and the files that lie beside this module.

Belongs here: reading them. Does not belong here: what a fault means (`rules/delivery`).
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from aspa_resources.rule_book import CodeSet, Language


@lru_cache(maxsize=1)
def labels() -> Mapping[str, Mapping[str, Any]]:
    """Return the labels by language, then by key."""
    read: Mapping[str, Mapping[str, Any]] = yaml.safe_load(own_text("receipt_labels.yaml"))
    return read


def code_set_title(code_set: CodeSet, language: Language) -> str:
    """Return what a code set is called in a language; its own title where it has no other name."""
    named: str = labels()[language]["code_sets"].get(code_set.id, code_set.title)
    return named


def own_text(name: str) -> str:
    """Return the text of a file beside this module."""
    return files("aspa_resources.delivery").joinpath(name).read_text("utf-8")
