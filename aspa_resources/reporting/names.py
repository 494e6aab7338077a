"""What codes are called on the pages: the rule book's names in one language.

Belongs here: which list names which dimension, and in which order its codes stand. Does not belong
here: sentences (`wording`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from aspa_resources.reporting.wording import Language, Wording
from aspa_resources.rule_book import CodeGroups, RuleBook, SoteAllocation
from aspa_resources.rule_book.published import NATION, SOTE_CLASS

_CODE_SETS: Final[Mapping[str, str]] = {
    "service_class": "service_classes",
    "contact_mode": "contact_modes",
    "age_group": "age_groups",
    "mode_of_production": "modes_of_production",
    "service_specialty": "specialties",
    "respondent_role": "respondent_roles",
    "channel": "channels",
    "cooperation_area": "cooperation_areas",
}
_COUNTY_TITLES: Final[Mapping[Language, str]] = {
    "fi": " hyvinvointialue",
    "sv": " välfärdsområde",
    "en": " wellbeing services county",
}


@dataclass(frozen=True)
class Names:
    """The rule book's names in the language of a voice."""

    rules: RuleBook
    voice: Wording

    @property
    def language(self) -> Language:
        """The language of the names."""
        return self.voice.language

    def area(self, code: str) -> str:
        """Return the name of a county or the nation; the bare code where it is unknown."""
        if code == NATION:
            return self.voice.say("page.nation")
        county = self.rules.counties.get(code)
        if county is None:
            return code
        names = {"fi": county.name_fi, "sv": county.name_sv, "en": county.name_en}
        return names[self.language]

    def area_in_list(self, code: str) -> str:
        """Return an area's name as short as a list of counties allows."""
        return self.area(code).removesuffix(_COUNTY_TITLES["en"])

    def areas_in_sentence(self, codes: Iterable[str]) -> str:
        """Return areas' names in a row, for a sentence that says that they are counties."""
        title = _COUNTY_TITLES[self.language]
        return ", ".join(self.area(code).removesuffix(title) for code in codes)

    def category(self, dimension: str, code: str) -> str:
        """Return the name of a code of a dimension; the bare code where it is unknown."""
        if self.voice.knows(f"categories.{code}"):
            return self.voice.say(f"categories.{code}")
        if dimension in self._groups:
            return self._groups[dimension].name(code, self.language)
        return self.rules.code_sets[_CODE_SETS[dimension]].name(code, self.language)

    def theme(self, code: str) -> str:
        """Return the name of a theme; the bare code where it is unknown."""
        theme = self.rules.themes.get(code)
        return theme.name.of(self.language) if theme else code

    def statement(self, code: str) -> str:
        """Return a base statement as it is asked, without its full stop."""
        return self.rules.statements[code].text.of(self.language).rstrip(".")

    def by_questionnaire(self, statements: Iterable[str]) -> dict[str, list[str]]:
        """Return statements by the title of their means, a questionnaire's own ones apart."""
        found: dict[str, list[str]] = {}
        for code in statements:
            asking = [one for one in self.rules.questionnaires.values() if code in one.asks]
            title = self.voice.say("comparisons.statements_title")
            if len(asking) == 1:
                name = asking[0].name.of(self.language)
                title = self.voice.say("comparisons.statements_of", questionnaire=name)
            found.setdefault(title, []).append(code)
        return found

    def in_order(self, dimension: str) -> Callable[[Iterable[str]], list[str]]:
        """Return what sorts a dimension's codes as their list has them, unknown codes last."""
        listed = self._listed(dimension)
        place = {code: at for at, code in reversed(list(enumerate(listed)))}
        return lambda codes: sorted(codes, key=lambda code: (place.get(code, len(listed)), code))

    @property
    def _groups(self) -> Mapping[str, CodeGroups | SoteAllocation]:
        """The lists of rules, not codes, that name a dimension."""
        return {
            "contact_mode_group": self.rules.contact_mode_groups,
            "profession_group": self.rules.profession_groups,
            SOTE_CLASS: self.rules.sote_allocation,
        }

    def _listed(self, dimension: str) -> list[str]:
        groups = self._groups.get(dimension)
        if groups is None:
            return self.rules.code_sets[_CODE_SETS[dimension]].codes["code"].to_list()
        return groups.ids
