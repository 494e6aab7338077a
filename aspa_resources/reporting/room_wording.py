"""What the pages of another room say: its own `texts.yaml` beside the page kit's sentences.

Belongs here: the voice of pages that are no reports, and what their tables have in common. Not
here: what such a page says when (its own room).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final

import yaml
from markupsafe import Markup
from pydantic import TypeAdapter

from aspa_resources.reporting.wording import Language, Wording, wording
from aspa_resources.rule_book.models import Wording as Worded

NONE: Final = "–"
"""What stands where there is no figure."""


@cache
def texts_of(room: str) -> Mapping[str, Worded]:
    """Return every sentence of a room (a package of `aspa_resources`) in every language, by key."""
    source = files(f"aspa_resources.{room}").joinpath("texts.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, Worded]).validate_python(yaml.safe_load(source))


def voice(room: str, language: Language, threshold: int) -> Wording:
    """Return a room's voice in one language.

    Args:
        threshold: responses below which nothing is published.
    """
    kit = wording(language, threshold)
    own = {key: one.of(language) for key, one in texts_of(room).items()}
    return replace(kit, texts={**kit.texts, **own})


def link_to(target: str, text: str, words: Wording) -> Markup:
    """Return a link to another page, in the language of this one."""
    return Markup('<a href="{}#{}">{}</a>').format(target, words.language, text)
