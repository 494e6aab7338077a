"""The rule book: everything experts decide, loaded once and checked.

Belongs here: putting the loaded rules together and handing them out. Does not belong here: the
form of a rule (`models`, `published`), applying one (the rooms do).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from aspa_resources.rule_book.code_sets import CodeSet, load_code_sets
from aspa_resources.rule_book.consistency import STATEMENTS, check_consistency
from aspa_resources.rule_book.contract import DeliveryContract
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.files import RuleFolder
from aspa_resources.rule_book.models import (
    CountyProfile,
    InferenceRule,
    InferenceRules,
    Messages,
    ProfessionGroup,
    ProfessionGroups,
    Questionnaire,
    Rule,
    Scale,
    Statement,
    Statements,
    Theme,
    Themes,
)
from aspa_resources.rule_book.published import DisclosureRules, PublishedTable
from aspa_resources.rule_book.review import ReviewRules

_SHIPPED = Path(__file__).resolve().parents[2] / "rules"


class PublishedTables(Rule):
    """The file `rules/published_tables.yaml`."""

    tables: tuple[PublishedTable, ...]


@dataclass(frozen=True)
class County:
    """A wellbeing services county, Helsinki or Åland."""

    code: str
    name_fi: str
    name_sv: str
    name_en: str
    cooperation_area_code: str
    cooperation_area_fi: str


@dataclass(frozen=True, eq=False, repr=False)
class RuleBook:
    """All rules of one version.

    Attributes:
        version: 12 hexadecimal digits over every rule file.
        counties: Counties by two-digit code, in order.
        profiles: The counties that have a file of their own, by code.
        contract: What a county may send.
        messages: What a receipt may say.
        code_sets: Code sets by name.
        questionnaires: The questionnaires by id.
        themes: Themes by id, in the order shown.
        statements: Every statement that a questionnaire asks, by code, in the order shown.
        statement_scale: How statements are answered.
        inference_rules: The service class table in order; the first rule that matches decides.
        profession_groups: Reporting groups over profession codes.
        profession_groups_source: Whose grouping that is, to be shown with it.
        published_tables: What a reader may see, by table name.
        disclosure: Thresholds of what may be shown.
        review: How many cleaned texts a person looks at.
    """

    version: str
    counties: Mapping[str, County]
    profiles: Mapping[str, CountyProfile]
    contract: DeliveryContract
    messages: Messages
    code_sets: Mapping[str, CodeSet]
    questionnaires: Mapping[str, Questionnaire]
    themes: Mapping[str, Theme]
    statements: Mapping[str, Statement]
    statement_scale: Scale
    inference_rules: tuple[InferenceRule, ...]
    profession_groups: tuple[ProfessionGroup, ...]
    profession_groups_source: str
    published_tables: Mapping[str, PublishedTable]
    disclosure: DisclosureRules
    review: ReviewRules

    @staticmethod
    def load(root: Path | None = None) -> "RuleBook":
        """Load the rules of a folder; the same version of a folder is loaded once.

        Args:
            root: The rules folder. Default: the environment's ASPA_RULES, else the folder shipped
                with the package.

        Returns:
            The rule book.

        Raises:
            RuleError: A file is missing or wrong; names file, line or key, and cure.
        """
        folder = RuleFolder(Path(root or os.environ.get("ASPA_RULES") or _SHIPPED).resolve())
        if not folder.root.is_dir():
            raise RuleError(
                str(folder.root), "the folder", "it does not exist",
                "Point ASPA_RULES at the rules folder.",
            )  # fmt: skip
        return _load(folder, folder.version())

    def __repr__(self) -> str:
        return f"RuleBook(version={self.version!r})"

    def profile(self, county: str) -> CountyProfile:
        """Return how a county's files differ from the contract; not at all without a file."""
        thresholds = self.contract.thresholds.model_dump()
        return self.profiles.get(county) or CountyProfile(county=county, **thresholds)


@lru_cache(maxsize=8)
def _load(folder: RuleFolder, version: str) -> RuleBook:
    code_sets = load_code_sets(folder)
    contract = folder.load("delivery/contract.yaml", DeliveryContract)
    asked = folder.load(STATEMENTS, Statements)
    groups = folder.load("aura/profession_groups.yaml", ProfessionGroups)
    tables = folder.load("published_tables.yaml", PublishedTables).tables
    book = RuleBook(
        version=version,
        counties=_counties(code_sets["counties"]),
        profiles=_profiles(folder, contract),
        contract=contract.asking({one.code: one.text for one in asked.statements}),
        messages=folder.load("delivery/messages.yaml", Messages),
        code_sets=code_sets,
        questionnaires=_questionnaires(folder),
        themes={theme.id: theme for theme in folder.load("themes/themes.yaml", Themes).themes},
        statements={statement.code: statement for statement in asked.statements},
        statement_scale=asked.scale,
        inference_rules=folder.load("aura/inference_rules.yaml", InferenceRules).rules,
        profession_groups=groups.groups,
        profession_groups_source=groups.source,
        published_tables={table.name: table for table in tables},
        disclosure=folder.load("disclosure.yaml", DisclosureRules),
        review=folder.load("review.yaml", ReviewRules),
    )
    check_consistency(book)
    return book


def _questionnaires(folder: RuleFolder) -> dict[str, Questionnaire]:
    questionnaires = {}
    for name in folder.names("questionnaires"):
        if name == STATEMENTS:
            continue
        questionnaire = folder.load(name, Questionnaire)
        if name != f"questionnaires/{questionnaire.id}.yaml":
            raise RuleError(
                name, "key id", "it is not the name of the file", "Name the file by its id."
            )
        questionnaires[questionnaire.id] = questionnaire
    return questionnaires


def _profiles(folder: RuleFolder, contract: DeliveryContract) -> dict[str, CountyProfile]:
    common = contract.thresholds.model_dump()
    profiles = {}
    for name in folder.names("counties"):
        profile = folder.load(name, CountyProfile, common)
        if name != f"counties/{profile.county}.yaml":
            raise RuleError(
                name, "key county", "it is not the county that the file is named by",
                "Name the file by the county's two-digit code.",
            )  # fmt: skip
        profiles[profile.county] = profile
    return profiles


def _counties(code_set: CodeSet) -> dict[str, County]:
    columns = [field.name for field in fields(County)]
    rows = code_set.codes.sort("code").select(columns).iter_rows()
    return {row[0]: County(*row) for row in rows}
