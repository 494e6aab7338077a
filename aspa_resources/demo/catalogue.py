"""What the demonstration draws from, read from the YAML files beside this module.

Belongs here: reading those files into records. Does not belong here: any drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aspa_resources.demo.chance import Weighted
from aspa_resources.demo.inflection import FinnishName
from aspa_resources.demo.templates import Template, read_template

POINT = "pistemainen"


@dataclass(frozen=True, eq=False)
class Service:
    """A kind of service: its code combinations, its customers, its mood and its words."""

    name: str
    weight: float
    service_class: str
    cost_centre_prefix: str
    cost_centre_name: str
    site: str
    events: tuple[Mapping[str, str], ...]
    ages: Weighted[str]
    women: float
    relative: float
    feedback_type: str
    round_the_clock: bool
    bought_or_voucher: float | None
    negativity: float
    drift: float
    group: str
    themes: Mapping[str, float]
    words: Mapping[str, Mapping[str, Sequence[str]]]

    @property
    def in_hospital(self) -> bool:
        """Whether a hospital gives it: its events carry a specialty other than general medicine."""
        return self.events[0].get("specialty", "98") != "98"


@dataclass(frozen=True)
class County:
    """A county of the demonstration; shares between 0 and 1."""

    code: str
    supplier: str
    sv: float
    en: float
    map: str
    missing_cost_centre: float
    mood: float
    specialised: float
    towns: Sequence[str]


@dataclass(frozen=True)
class Supplier:
    """The shape of a supplier's export; `headers` in the order of its columns."""

    encoding: str
    separator: str
    time_form: str
    headers: Mapping[str, str]
    preamble: Sequence[str]
    extra: Mapping[str, Sequence[str]]
    contact_mode_names: Mapping[str, str]


@dataclass(frozen=True)
class Grammar:
    """A language's sentences by (group or "", theme, sentiment), its closings by sentiment."""

    slots: Mapping[str, Sequence[str]]
    sentences: Mapping[tuple[str, str, str], tuple[Template, ...]]
    openers: tuple[Template, ...]
    closings: Mapping[str, tuple[Template, ...]]


@dataclass(frozen=True)
class Names:
    """First names and surnames of a language; Finnish ones inflect."""

    first: tuple[FinnishName, ...]
    last: tuple[FinnishName, ...]


@cache
def mix() -> Mapping[str, Any]:
    """The magnitudes of mix.yaml."""
    return _read("mix")


@cache
def places() -> Mapping[str, Sequence[str]]:
    """Streets, post offices, districts and e-mail domains."""
    return _read("places")


@cache
def services() -> tuple[Service, ...]:
    """All services, in the file's order."""
    return tuple(_service(name, entry) for name, entry in _read("services").items())


@cache
def counties() -> tuple[County, ...]:
    """All counties, in the order the demonstration takes them."""
    return tuple(
        County(**{**entry, "code": code, "towns": entry["towns"].split("|")})
        for code, entry in _read("counties").items()
    )


@cache
def supplier(name: str) -> Supplier:
    """The shape of a supplier's export."""
    entry = _read("suppliers")[name]
    headers = entry["headers"]
    first = entry.get("order", [])
    order = [*first, *(column for column in headers if column not in first)]
    return Supplier(
        encoding=entry["encoding"],
        separator=entry["separator"],
        time_form=entry["time_form"],
        headers={column: headers[column] for column in order},
        preamble=entry.get("preamble", []),
        extra=entry.get("extra", {}),
        contact_mode_names=entry.get("contact_mode_names", {}),
    )


@cache
def grammar(language: str) -> Grammar:
    """The sentences of a language: fi, sv or en."""
    entry = _read(f"feedback_{language}")
    sentences = {("", *key): found for key, found in _templates(entry["themes"]).items()}
    for group, themes in entry["services"].items():
        sentences.update({(group, *key): found for key, found in _templates(themes).items()})
    closings = {sentiment: _lines(block) for sentiment, block in entry["closings"].items()}
    return Grammar(_words(entry["slots"]), sentences, _lines(entry["openers"]), closings)


@cache
def names(language: str) -> Names:
    """The names that texts of a language mention."""
    entry = _read("names")[language]
    return Names(_names(entry["first"]), _names(entry["last"]))


def _read(stem: str) -> dict[str, Any]:
    path = Path(__file__).with_name(f"{stem}.yaml")
    entries: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entries


def _service(name: str, entry: Mapping[str, Any]) -> Service:
    rest = {
        key: entry[key]
        for key in (
            "weight",
            "service_class",
            "site",
            "women",
            "relative",
            "negativity",
            "drift",
            "group",
            "themes",
        )
    }
    return Service(
        name=name,
        cost_centre_prefix=entry["cost_centres"]["prefix"],
        cost_centre_name=entry["cost_centres"]["name"],
        events=tuple(entry["events"]),
        ages=Weighted(entry["ages"]),
        feedback_type=entry.get("feedback_type", POINT),
        round_the_clock=entry.get("round_the_clock", False),
        bought_or_voucher=entry.get("bought_or_voucher"),
        words={language: _words(words) for language, words in entry["words"].items()},
        **rest,
    )


def _words(entry: Mapping[str, str]) -> dict[str, Sequence[str]]:
    return {name: words.split("|") for name, words in entry.items()}


def _lines(block: str) -> tuple[Template, ...]:
    return tuple(read_template(line) for line in block.splitlines())


def _templates(
    themes: Mapping[str, Mapping[str, str]],
) -> dict[tuple[str, str], tuple[Template, ...]]:
    return {
        (theme, sentiment): _lines(block)
        for theme, sentiments in themes.items()
        for sentiment, block in sentiments.items()
    }


def _names(lines: Sequence[str]) -> tuple[FinnishName, ...]:
    return tuple(FinnishName.of(entry) for line in lines for entry in line.split("|"))
