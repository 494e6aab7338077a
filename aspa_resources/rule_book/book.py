"""The rule book: everything experts decide, loaded once and checked.

Belongs here: putting the loaded rules together and handing them out. Does not belong here: the
form of a rule (`models`, `published`), applying one (the rooms do).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path

import polars as pl

from aspa_resources.rule_book.ages import with_age_groups
from aspa_resources.rule_book.classification_digest import classification_digest
from aspa_resources.rule_book.code_sets import CodeSet, load_code_sets
from aspa_resources.rule_book.comparable import FILE as COMPARABLE
from aspa_resources.rule_book.comparable import ComparableCounties
from aspa_resources.rule_book.consistency import STATEMENTS, check_consistency
from aspa_resources.rule_book.contract import DeliveryContract
from aspa_resources.rule_book.cost_centres import load_cost_centres
from aspa_resources.rule_book.dictionary import FILE as DICTIONARY
from aspa_resources.rule_book.dictionary import DataDictionary, check_dictionary
from aspa_resources.rule_book.enrichment import FILE as ENRICHMENT
from aspa_resources.rule_book.enrichment import EnrichmentRules
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.files import RuleFolder
from aspa_resources.rule_book.groups import (
    CONTACT_MODES,
    PROFESSIONS,
    SOTE,
    CodeGroups,
    SoteAllocation,
)
from aspa_resources.rule_book.inference import FILE as INFERENCE
from aspa_resources.rule_book.inference import InferenceRule, InferenceRules
from aspa_resources.rule_book.inference_checks import check_inference
from aspa_resources.rule_book.models import (
    CountyProfile,
    Messages,
    Questionnaire,
    Rule,
    Scale,
    Statement,
    Statements,
    Theme,
    Themes,
)
from aspa_resources.rule_book.published import SOTE_CLASS, DisclosureRules, PublishedTable
from aspa_resources.rule_book.quality_index import FILE as QUALITY_INDEX
from aspa_resources.rule_book.quality_index import QualityIndexRules
from aspa_resources.rule_book.review import ReviewRules
from aspa_resources.rule_book.trends import FILE as TRENDS
from aspa_resources.rule_book.trends import TrendRules, check_trends

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
        inference: The service class table; the first rule that matches decides.
        cost_centres: By county, its map of cost centres where the rule book keeps one.
        profession_groups: Reporting groups over profession codes.
        contact_mode_groups: Reporting groups over contact modes.
        sote_allocation: How responses are allocated to SOTE classes, and whether that is shown.
        published_tables: What a reader may see, by table name; without the tables of the SOTE
            classes while these are not shown.
        disclosure: Thresholds of what may be shown.
        review: How many cleaned texts a person looks at.
        quality_index: What the quality index of a delivery is made of.
        enrichment: Which figures from elsewhere may stand beside the published ones.
        comparable_counties: Which counties a county's report sets it beside.
        trends: Which published figures are followed over time.
        dictionary: What published columns and measures mean.
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
    inference: InferenceRules
    cost_centres: Mapping[str, pl.DataFrame]
    profession_groups: CodeGroups
    contact_mode_groups: CodeGroups
    sote_allocation: SoteAllocation
    published_tables: Mapping[str, PublishedTable]
    disclosure: DisclosureRules
    review: ReviewRules
    quality_index: QualityIndexRules
    enrichment: EnrichmentRules
    comparable_counties: ComparableCounties
    trends: TrendRules
    dictionary: DataDictionary

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
        folder = RuleFolder(RuleBook.place(root))
        if not folder.root.is_dir():
            raise RuleError(
                str(folder.root), "the folder", "it does not exist",
                "Point ASPA_RULES at the rules folder.",
            )  # fmt: skip
        return _load(folder, folder.version())

    @staticmethod
    def place(root: Path | None = None) -> Path:
        """Return the rules folder that `load` reads."""
        return Path(root or os.environ.get("ASPA_RULES") or _SHIPPED).resolve()

    def __repr__(self) -> str:
        return f"RuleBook(version={self.version!r})"

    @property
    def inference_rules(self) -> tuple[InferenceRule, ...]:
        """The rules of the service class table, in order."""
        return self.inference.rules

    @cached_property
    def classification_version(self) -> str:
        """The table's own version and 12 hexadecimal digits over all that classes depend on.

        The digits change with what decides a class, not with wording, provenance or names.
        """
        return f"{self.inference.version}+{classification_digest(self)}"

    def profile(self, county: str) -> CountyProfile:
        """Return how a county's files differ from the contract; not at all without a file."""
        thresholds = self.contract.thresholds.model_dump()
        return self.profiles.get(county) or CountyProfile(county=county, **thresholds)


@lru_cache(maxsize=8)
def _load(folder: RuleFolder, version: str) -> RuleBook:
    code_sets = load_code_sets(folder)
    contract = folder.load("delivery/contract.yaml", DeliveryContract)
    asked = folder.load(STATEMENTS, Statements)
    sote = folder.load(SOTE, SoteAllocation)
    tables = folder.load("published_tables.yaml", PublishedTables).tables
    inference = with_age_groups(
        folder.load(INFERENCE, InferenceRules),
        tuple(code_sets["age_groups"].codes["code"]),
        folder,
    )
    cost_centre = contract.feedback.column("cost_centre").pattern or ".*"
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
        inference=inference,
        cost_centres=load_cost_centres(
            folder, code_sets["service_classes"], cost_centre, inference
        ),
        profession_groups=folder.load(PROFESSIONS, CodeGroups),
        contact_mode_groups=folder.load(CONTACT_MODES, CodeGroups),
        sote_allocation=sote,
        published_tables={
            table.name: table
            for table in tables
            if sote.shown_in_reports or SOTE_CLASS not in table.dimensions
        },
        disclosure=folder.load("disclosure.yaml", DisclosureRules),
        review=folder.load("review.yaml", ReviewRules),
        quality_index=folder.load(QUALITY_INDEX, QualityIndexRules),
        enrichment=folder.load(ENRICHMENT, EnrichmentRules),
        comparable_counties=folder.load(COMPARABLE, ComparableCounties),
        trends=folder.load(TRENDS, TrendRules),
        dictionary=folder.load(DICTIONARY, DataDictionary),
    )
    check_consistency(book)
    check_trends(book)
    check_dictionary(book)
    check_inference(book.inference, book.contract, code_sets, folder)
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
