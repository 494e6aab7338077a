"""The operators' page of a county's month: three questions, answered in figures.

Belongs here: which figures answer which question, laid out by the page kit. Does not belong here:
the list of all months (`month_list`), the sentences (`texts.yaml`), measuring (`measure`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from aspa_resources.reporting import drawings
from aspa_resources.reporting.blocks import (
    Card,
    Cell,
    Column,
    Exhibit,
    LegendItem,
    Section,
    Table,
)
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.page import Edition, assemble
from aspa_resources.reporting.room_wording import NONE, link_to, voice
from aspa_resources.reporting.wording import LANGUAGES, Language, Wording
from aspa_resources.residual_risk.measure import (
    AFTER,
    ANY,
    BEFORE,
    SIZES,
    RiskFigure,
    Stage,
    size_name,
)
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.residual_risk import ResidualRiskRules, Scenario

_PLAIN: Final = ("least_k", "largest_risk", "mean_risk", "classes", "unique_rows", "rows_below_k")
_SHARES: Final = ("largest_risk", "mean_risk")
_TOLD: Final = (
    "margin_rate",
    "general_rate",
    "guess_rate",
    "homogeneous_rows",
    "least_values",
    "largest_distance",
)
_STAGES: Final = (BEFORE, AFTER)


def month_page(county: str, month: str, figures: Iterable[RiskFigure], rules: RuleBook) -> str:
    """Return a county's month as one HTML page in Finnish, Swedish and English."""
    known = {(f.scenario, f.stage, f.measure, f.category): f.value for f in figures}

    def edition(language: Language) -> Edition:
        told = _Telling(
            rules, voice("residual_risk", language, rules.disclosure.threshold), county, known
        )
        say, area = told.voice.say, Names(rules, told.voice).area(county)
        when = told.voice.month(month)
        return Edition(
            language=language,
            title=say("title", area=area, month=when),
            area=area,
            subtitle=say("subtitle", month=when),
            sections=told.sections(),
            say=say,
        )

    return assemble([edition(language) for language in LANGUAGES])


@dataclass(frozen=True)
class _Telling:
    """One month in one language.

    Attributes:
        known: figures by scenario, stage, measure and category.
    """

    rules: RuleBook
    voice: Wording
    county: str
    known: Mapping[tuple[str, Stage, str, str], float]

    @property
    def risk(self) -> ResidualRiskRules:
        return self.rules.disclosure.residual_risk

    @property
    def rows(self) -> float:
        return self.of_all("rows")

    def of_all(self, measure: str, category: str = ANY) -> float:
        return self.known.get((ANY, AFTER, measure, category), 0.0)

    def of(self, scenario: Scenario, measure: str, stage: Stage = AFTER) -> float:
        return self.known[scenario.id, stage, measure, ANY]

    def sections(self) -> list[Section]:
        return [
            self.summary(),
            self.singling(),
            self.linking(),
            self.inference(),
            self.remains(),
            self.provenance(),
        ]

    def whole(self, number: float) -> str:
        return self.voice.whole(number)

    def share(self, rows: float) -> str:
        return self.voice.percent(rows / self.rows)

    def called(self, scenario: Scenario) -> str:
        """Return a scenario's name inside a sentence."""
        name = scenario.name.of(self.voice.language)
        return name[:1].lower() + name[1:]

    def define(self, *names: str) -> tuple[tuple[str, str], ...]:
        say = self.voice.say
        return tuple((say(f"term.{name}"), say(f"meaning.{name}")) for name in names)

    def bar(self, size: str) -> str:
        return self.voice.say("singling.bar", size=size.replace("-", "–"))

    def column(self, name: str) -> str:
        key = f"column.{name}"
        return self.voice.say(key) if self.voice.knows(key) else name

    def summary(self) -> Section:
        say = self.voice.say
        enforced = [scenario for scenario in self.risk.scenarios if scenario.enforced]
        few = self.of_all("rows_too_few_to_promise")
        headline = say("kept.none")
        if enforced:
            names = ", ".join(self.called(scenario) for scenario in enforced)
            headline = say("kept.some", names=names, k=min(s.least_k for s in enforced))
        if few:
            headline = say("kept.few", rows=self.whole(few))
        lost = self.of_all("table_loss")
        cards = [Card(say("card.rows"), self.whole(self.rows))]
        cards += [self.least_k(scenario) for scenario in enforced]
        cards.append(
            Card(
                say("card.generalised"),
                self.share(self.of_all("generalised_rows")),
                say("card.generalised_basis", share=self.voice.percent(lost)),
            )
        )
        cards += [self.unique(scenario) for scenario in self.risk.scenarios if not scenario.steps]
        back = link_to("../index.html", say("all_months"), self.voice)
        return Section("risk", say("section.risk"), back, headline, tuple(cards))

    def least_k(self, scenario: Scenario) -> Card:
        before = self.whole(self.of(scenario, "least_k", BEFORE))
        basis = {"scenario": scenario.name.of(self.voice.language), "before": before}
        return Card(
            self.voice.say("card.least_k"),
            self.whole(self.of(scenario, "least_k")),
            self.voice.say("card.least_k_basis", **basis),
        )

    def unique(self, scenario: Scenario) -> Card:
        return Card(
            self.voice.say("card.unique"),
            self.voice.percent(self.of(scenario, "unique_share")),
            self.voice.say("card.unique_basis", scenario=scenario.name.of(self.voice.language)),
        )

    def singling(self) -> Section:
        say = self.voice.say
        counts = [
            f"{self.called(scenario)} {self.whole(self.of(scenario, 'unique_rows'))}"
            for scenario in self.risk.scenarios
        ]
        return Section(
            "singling",
            say("section.singling"),
            say("singling.lead"),
            say("singling.answer", counts=", ".join(counts)),
            exhibits=tuple(self.sizes(scenario) for scenario in self.risk.scenarios),
            definitions=self.define("three", "k"),
        )

    def sizes(self, scenario: Scenario) -> Exhibit:
        """Return the rows of a scenario by how many rows are alike, before and after."""
        say, language = self.voice.say, self.voice.language
        how = "enforced" if scenario.enforced else "partly" if scenario.steps else "measured"
        rows = self.of(scenario, "rows_below_k" if how == "partly" else "unique_rows")
        message = say(
            f"singling.{how}",
            knows=scenario.knows.of(language),
            k=scenario.least_k,
            rows=self.whole(rows),
        )
        exhibit = Exhibit(scenario.name.of(language), message, table=self.sizes_table(scenario))
        # Only a promise is drawn: a drawing costs more than all the rest of the page.
        return self.drawn(scenario, exhibit) if scenario.enforced else exhibit

    def drawn(self, scenario: Scenario, exhibit: Exhibit) -> Exhibit:
        """Return the exhibit with its rows by class size as a chart."""
        say = self.voice.say
        bars: list[drawings.Bar] = []
        texts: dict[str, str] = {}
        for i, (low, high) in enumerate(SIZES):
            size = size_name(low, high)
            before, after = (self.known[scenario.id, s, "rows_of_size", size] for s in _STAGES)
            bars.append(drawings.Bar(after, before))
            texts |= {f"label.{i}": self.bar(size), f"n.{i}": self.share(after)}
            texts[f"value.{i}"] = self.whole(after)
        drawing = drawings.comparison(tuple(bars), (0, self.rows), 0)
        legend = (
            LegendItem("area", say("legend.after")),
            LegendItem("nation", say("legend.before")),
        )
        chart = drawing.worded(exhibit.message, texts)
        return replace(exhibit, chart=chart, legend=legend)

    def sizes_table(self, scenario: Scenario) -> Table:
        say = self.voice.say
        rows = []
        for low, high in SIZES:
            name = size_name(low, high)
            cells = (self.known[scenario.id, s, "rows_of_size", name] for s in _STAGES)
            label = Cell(self.bar(name))
            rows.append((label, *(Cell(self.whole(cell), "number") for cell in cells)))
        for measure in _PLAIN:
            write: Callable[[float], str] = self.whole
            if measure in _SHARES:
                write = self.voice.percent
            cells = (self.of(scenario, measure, stage) for stage in _STAGES)
            label = Cell(say(f"measure.{measure}", k=scenario.least_k))
            rows.append((label, *(Cell(write(cell), "number") for cell in cells)))
        columns = (
            Column(say("singling.size"), numeric=False),
            Column(say("before")),
            Column(say("after")),
        )
        return Table(
            say("singling.caption", scenario=scenario.name.of(self.voice.language)),
            columns,
            tuple(rows),
        )

    def linking(self) -> Section:
        say = self.voice.say
        names = ("columns_that_identify", "ids_of_the_delivery", "linked_rows")
        rows = [
            (Cell(say(f"found.{n}")), Cell(self.whole(self.of_all(n)), "number")) for n in names
        ]
        correlation = self.known.get((ANY, AFTER, "order_correlation", ANY))
        told = NONE if correlation is None else self.voice.decimal(correlation, 2)
        rows.insert(2, (Cell(say("found.order_correlation")), Cell(told, "number")))
        columns = (Column(say("found.what"), numeric=False), Column(say("found.figure")))
        attack = Exhibit(
            say("linking.attack"),
            say("linking.message"),
            table=Table(say("linking.caption"), columns, tuple(rows)),
            table_open=True,
        )
        most = max(self.of(scenario, "unique_rows") for scenario in self.risk.scenarios)
        over_months = Exhibit(
            say("linking.months"),
            say("linking.months_message", rows=self.whole(most), share=self.share(most)),
        )
        return Section(
            "linking",
            say("section.linking"),
            say("linking.lead"),
            say("linking.answer", share=self.share(self.of_all("linked_rows"))),
            exhibits=(attack, over_months),
        )

    def inference(self) -> Section:
        say = self.voice.say
        rows = [
            (Cell(f"{scenario.name.of(self.voice.language)}: {self.column(name)}"), *cells)
            for scenario in self.risk.scenarios
            for name in self.risk.sensitive
            if (cells := self.guesses(scenario, name))
        ]
        names = ("attribute", *_TOLD)
        columns = tuple(Column(say(f"inference.{n}"), numeric=n != "attribute") for n in names)
        caption = say("inference.caption")
        table = Table(caption, columns, tuple(rows)) if rows else None
        return Section(
            "inference",
            say("section.inference"),
            say("inference.lead"),
            say("inference.answer", gain=self.voice.percent(self.of_all("guess_gain"))),
            exhibits=(Exhibit(caption, say("inference.message"), table=table, table_open=True),),
            definitions=self.define("l", "t"),
        )

    def guesses(self, scenario: Scenario, attribute: str) -> list[Cell]:
        """Return what a scenario's knowledge tells of an attribute; nothing where it knows it."""
        writes: Mapping[str, Callable[[float], str]] = {
            "homogeneous_rows": self.whole,
            "least_values": self.whole,
            "largest_distance": lambda value: self.voice.decimal(value, 2),
        }
        told = {m: self.known.get((scenario.id, AFTER, m, attribute)) for m in _TOLD}
        return [
            Cell(writes.get(measure, self.voice.percent)(value), "number")
            for measure, value in told.items()
            if value is not None
        ]

    def remains(self) -> Section:
        say = self.voice.say
        link = link_to(
            f"../../anonymization/{self.county}.html", say("remains.text_link"), self.voice
        )
        text = Markup("{} {}.").format(say("remains.text_message"), link)
        return Section(
            "remains",
            say("section.remains"),
            say("remains.lead"),
            exhibits=(
                self.lost(),
                Exhibit(say("remains.text"), text),
                Exhibit(say("remains.staff"), say("remains.staff_message")),
            ),
        )

    def lost(self) -> Exhibit:
        say, lost = self.voice.say, self.of_all("generalised_rows")
        rows = []
        for name in self.risk.generalised:
            count = self.of_all("generalised_rows", name)
            cells = (Cell(self.whole(count), "number"), Cell(self.share(count), "number"))
            rows.append((Cell(self.column(name)), *cells))
        columns = (
            Column(say("remains.column"), numeric=False),
            Column(say("remains.rows")),
            Column(say("remains.share")),
        )
        return Exhibit(
            say("remains.generalised"),
            say("remains.generalised_message", rows=self.whole(lost), share=self.share(lost)),
            table=Table(say("remains.generalised"), columns, tuple(rows)),
            table_open=True,
        )

    def provenance(self) -> Section:
        say = self.voice.say
        facts = (
            (say("fact.rules"), self.rules.version),
            (say("fact.residual_risk"), self.risk.version),
        )
        return Section("provenance", say("section.provenance"), facts=facts)
