"""Putting a page together: three editions in one file that needs nothing else.

Belongs here: the template, the style and the script, and the policy that allows just these two.
Does not belong here: what the editions say (`sections`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from aspa_resources.reporting.blocks import Section
from aspa_resources.reporting.columns import exhibit_rows
from aspa_resources.reporting.figure_details import FigureDetails, Version
from aspa_resources.reporting.wording import LANGUAGE_NAMES, Language

_TEMPLATE: Final = "page.html.jinja"
_PAGE: Final = "page"
_DETAILS: Final = "figure_details"
_EXPLORER: Final = "explorer/explorer"


@dataclass(frozen=True)
class Edition:
    """The page in one language.

    Attributes:
        title: the document's title.
        area: the page's main heading.
        subtitle: what and when, above the heading.
        say: gives the page's own sentences by key.
        versions: what its figures stand on.
    """

    language: Language
    title: str
    area: str
    subtitle: str
    sections: Sequence[Section]
    say: Callable[[str], str]
    versions: tuple[Version, ...] = ()

    @property
    def name(self) -> str:
        """The language's own name."""
        return LANGUAGE_NAMES[self.language]

    @property
    def switch_label(self) -> str:
        """What the language switch is called."""
        return self.say("page.language_switch")


def assemble(
    editions: Sequence[Edition], explorer_data: str = "", details: FigureDetails | None = None
) -> str:
    """Return the page as HTML; the first edition is the one shown without the script.

    Args:
        editions: the page in each language.
        explorer_data: JSON behind the chapter on one group, for a page that has it.
        details: what is told of each figure; a page of no published figures has none.
    """
    parts = [_PAGE, *([_DETAILS] if details else []), *([_EXPLORER] if explorer_data else [])]
    style, script = ("".join(_read(f"{part}.{kind}") for part in parts) for kind in ("css", "js"))
    return _template().render(
        editions=editions,
        details=details,
        explorer_data=Markup(explorer_data),  # noqa: S704  # holds no <
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704  # the package's own file
        script=Markup(script),  # noqa: S704  # the package's own file
    )


def _policy(style: str, script: str) -> str:
    """Return the content security policy: this style, this script, and nothing from elsewhere."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["rows"] = exhibit_rows
    return environment.get_template(_TEMPLATE)


def _read(name: str) -> str:
    return files("aspa_resources.reporting").joinpath(name).read_text("utf-8")
