"""Reporting groups over codes, and the allocation of responses to SOTE classes.

Belongs here: the checked form of `rules/aura/profession_groups.yaml`, `contact_mode_groups.yaml`
and `sote_allocation.yaml`, and whether they fit the code sets. Does not belong here: applying them
to rows (`aspa_resources.service_groups`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from aspa_resources.rule_book.condition_checks import check_conditions, codes_of
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import Conditions, Language, Name, Rule, Source, Wording

if TYPE_CHECKING:
    from aspa_resources.rule_book.book import RuleBook
    from aspa_resources.rule_book.code_sets import CodeSet

PROFESSIONS: Final = "aura/profession_groups.yaml"
CONTACT_MODES: Final = "aura/contact_mode_groups.yaml"
SOTE: Final = "aura/sote_allocation.yaml"

Prefixes = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class _Dated(Rule):
    """What holds from a day to a day, both belonging to it; a day not given is open."""

    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


class CodeGroup(_Dated):
    """A reporting group over codes in a period.

    Attributes:
        id: The group; it may stand once for each period.
        prefixes: How its codes begin; the longest prefix that fits a code decides.
        contactless: Whether there was no contact with the customer, so that no feedback should
            hang on it.
    """

    id: Name
    name_fi: str
    name_sv: str
    name_en: str
    prefixes: Prefixes
    contactless: bool = False

    def name(self, language: Language) -> str:
        """Return the group's name in a language."""
        return {"fi": self.name_fi, "sv": self.name_sv, "en": self.name_en}[language]


class CodeGroups(Rule):
    """The groups over the codes of one code set, in the order shown.

    Attributes:
        version: Of the grouping.
        source: Whose grouping it is, to be shown with it.
        groups: The groups.
    """

    version: str
    source: Source
    groups: Annotated[tuple[CodeGroup, ...], Field(min_length=1)]

    @property
    def ids(self) -> list[str]:
        """The groups in the order shown, each once."""
        return list(dict.fromkeys(group.id for group in self.groups))

    def in_force(self, day: date) -> tuple[CodeGroup, ...]:
        """Return the groups of a day."""
        return tuple(group for group in self.groups if group.holds_on(day))

    def prefixes(self, day: date) -> list[tuple[str, str]]:
        """Return each prefix in force on a day with its group, the longest first."""
        found = [(prefix, group.id) for group in self.in_force(day) for prefix in group.prefixes]
        return sorted(found, key=lambda entry: (-len(entry[0]), entry[0]))

    def group_of(self, code: str, day: date) -> str | None:
        """Return the group of a code on a day; None where no prefix fits."""
        return next((group for start, group in self.prefixes(day) if code.startswith(start)), None)

    def name(self, group: str, language: Language) -> str:
        """Return a group's name, the newest where it changed; the bare id where there is none."""
        names = [one.name(language) for one in self.groups if one.id == group]
        return names[-1] if names else group


class SoteClass(Rule):
    """A class of the SOTE service classification."""

    id: Name
    name: Wording


class Allocation(_Dated):
    """One row of the ordered, first-match allocation table."""

    id: Name
    sote_class: Name
    conditions: Conditions = Field(alias="when")
    source: Source


class SoteAllocation(Rule):
    """How responses are allocated to SOTE classes.

    Attributes:
        version: Of the table.
        source: Whose table it is, to be shown with it.
        shown_in_reports: The switch: whether marts, published tables and reports carry it.
        classes: The classes, in the order shown.
        allocation: The table; the first row that matches decides.
    """

    version: str
    source: Source
    shown_in_reports: bool
    classes: Annotated[tuple[SoteClass, ...], Field(min_length=1)]
    allocation: Annotated[tuple[Allocation, ...], Field(min_length=1)]

    @property
    def ids(self) -> list[str]:
        """The classes in the order shown."""
        return [one.id for one in self.classes]

    def in_force(self, day: date) -> tuple[Allocation, ...]:
        """Return the rows of the table that hold on a day, in order."""
        return tuple(row for row in self.allocation if row.holds_on(day))

    def name(self, sote_class: str, language: Language) -> str:
        """Return a class's name; the bare id where there is none."""
        names = {one.id: one.name.of(language) for one in self.classes}
        return names.get(sote_class, sote_class)


def check_groups(book: RuleBook) -> None:
    """Check that groups cover their code sets and that the allocation names what there is.

    Raises:
        RuleError: A code belongs to no group in some period, a prefix stands twice in one, or the
            allocation names an unknown class, column or code; names file, key and cure.
    """
    _check_grouping(PROFESSIONS, book.profession_groups, book.code_sets["professions"])
    _check_grouping(CONTACT_MODES, book.contact_mode_groups, book.code_sets["contact_modes"])
    _check_allocation(book)


def _check_grouping(file: str, grouping: CodeGroups, code_set: CodeSet) -> None:
    for day in _first_days(grouping.groups):
        prefixes = [prefix for prefix, _ in grouping.prefixes(day)]
        _check_once(file, (group.id for group in grouping.in_force(day)))
        _check_once(file, prefixes)
        covered = code_set.codes["code"].str.starts_with
        if not all(any(code.startswith(p) for p in prefixes) for code in code_set.codes["code"]):
            raise RuleError(
                file, "key prefixes", f"on {day} some code of {code_set.name} belongs to no group",
                "Add its prefix to a group, the last resort being the group of others.",
            )  # fmt: skip
        for prefix in prefixes:
            if len(prefix) > 1 and not covered(prefix).any():
                raise RuleError(
                    file, f"prefix {prefix}", f"no code of {code_set.name} begins so",
                    "Correct the prefix or take it out.",
                )  # fmt: skip


def _first_days(dated: Iterable[_Dated]) -> list[date]:
    """Return a day of every period in which the same entries hold."""
    entries = list(dated)
    starts = {entry.valid_from for entry in entries if entry.valid_from}
    ends = {entry.valid_to + timedelta(days=1) for entry in entries if entry.valid_to}
    before = min(starts | ends, default=date(2024, 1, 1)) - timedelta(days=1)
    return [before, *sorted(starts | ends)]


def _check_allocation(book: RuleBook) -> None:
    sote = book.sote_allocation
    classes = {one.id for one in sote.classes}
    _check_once(SOTE, (one.id for one in sote.classes))
    for day in _first_days(sote.allocation):
        _check_once(SOTE, (row.id for row in sote.in_force(day)))
    aura: Mapping[str, tuple[str, ...]] = {
        "service_class": tuple(book.code_sets["service_classes"].codes["code"])
    }
    codes = {**codes_of(book.contract, book.code_sets), **aura}
    for row in sote.allocation:
        if row.sote_class not in classes:
            raise RuleError(
                SOTE, f"row {row.id}, key sote_class", f"there is no class {row.sote_class}",
                f"Use one of {', '.join(sorted(classes))}.",
            )  # fmt: skip
        check_conditions(row.conditions, codes, _wrong_in(row))


def _wrong_in(row: Allocation) -> Callable[[str, str, str], RuleError]:
    return lambda key, problem, cure: RuleError(
        SOTE, f"row {row.id}, key when.{key}", problem, cure
    )


def _check_once(file: str, names: Iterable[str]) -> None:
    for name in _repeated(names):
        raise RuleError(file, f"key {name}", "it stands twice", "Give each its own.")


def _repeated(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)
