"""The app's own pages: what a reader is shown, a folder's files, and why a page is not shown.

Belongs here: what stands on them, laid out by the page kit. Does not belong here: finding out what
there is (`contents`), the sentences (`texts.yaml`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from aspa_resources.reporting.blocks import Cell, Column, Exhibit, Section, Table
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.page import Edition, assemble
from aspa_resources.reporting.room_wording import NONE, link_to, voice
from aspa_resources.reporting.wording import LANGUAGES, Language, Wording
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import NATION
from aspa_resources.serving.contents import Contents
from aspa_resources.serving.readers import Reader

_KILOBYTE: Final = 1_000


def first_page(reader: Reader, contents: Contents, rules: RuleBook, *, demo: bool) -> str:
    """Return the list of all that a reader may read, as HTML in three languages.

    Args:
        reader: Who reads it.
        contents: What there is for them.
        rules: The rule book, for the names of areas.
        demo: Whether nobody was asked who they are, which the page then says.
    """

    def edition(language: Language) -> Edition:
        words = voice("serving", language, rules.disclosure.threshold)
        told = _Telling(reader, contents, words, Names(rules, words))
        subtitle = words.say("demo" if demo else "subtitle")
        return _edition(words, words.say("title"), subtitle, told.sections())

    return assemble([edition(language) for language in LANGUAGES])


def folder_page(name: str, sizes: Mapping[str, int | None], up: str, threshold: int) -> str:
    """Return the list of what is in a folder as HTML in three languages.

    Args:
        name: What the folder is called.
        sizes: Bytes of each file, None of a folder, by name.
        up: Where the first page is, relative to this one.
        threshold: Responses below which nothing is published.
    """

    def edition(language: Language) -> Edition:
        words = voice("serving", language, threshold)
        back = link_to(up, words.say("folder.back"), words)
        told = words.say("folder.message" if sizes else "folder.none")
        table = _files(sizes, name, words) if sizes else None
        listed = Exhibit(words.say("folder.exhibit"), told, table=table, table_open=True)
        section = Section("files", words.say("folder.files"), lead=back, exhibits=(listed,))
        title = words.say("folder.title", name=name)
        return _edition(words, title, words.say("title"), [section])

    return assemble([edition(language) for language in LANGUAGES])


def error_page(status: int, threshold: int) -> str:
    """Return a page that says why there is no other, the same for every reason of that status."""

    def edition(language: Language) -> Edition:
        words = voice("serving", language, threshold)
        message = words.say(f"error.{status}_message")
        back = link_to("/", words.say("folder.back"), words)
        section = Section("why", words.say("error.what"), lead=back, headline=message)
        subtitle = words.say("error.subtitle")
        return _edition(words, words.say(f"error.{status}"), subtitle, [section])

    return assemble([edition(language) for language in LANGUAGES])


def _edition(words: Wording, title: str, subtitle: str, sections: list[Section]) -> Edition:
    return Edition(words.language, title, title, subtitle, sections, words.say)


def _files(sizes: Mapping[str, int | None], name: str, words: Wording) -> Table:
    rows = []
    for file, size in sizes.items():
        target = file if size is not None else f"{file}/"
        told = NONE if size is None else words.decimal(size / _KILOBYTE, 1)
        rows.append((Cell(link_to(target, target, words)), Cell(told, "number")))
    columns = (Column(words.say("folder.file"), numeric=False), Column(words.say("folder.size")))
    return Table(words.say("folder.caption", name=name), columns, tuple(rows))


@dataclass(frozen=True)
class _Telling:
    """What one reader is shown, in one language."""

    reader: Reader
    contents: Contents
    words: Wording
    names: Names

    @property
    def say(self) -> Callable[..., str]:
        return self.words.say

    def sections(self) -> list[Section]:
        shown = [self.areas()]
        if self.reader.national:
            shown.append(self.tables())
        if self.reader.operator:
            shown.append(self.operator())
        return [*shown, self.access()]

    def link(self, target: str, text: str) -> Markup:
        return link_to(target, text, self.words)

    def areas(self) -> Section:
        say = self.say
        columns = tuple(
            Column(say(f"areas.{name}"), numeric=False)
            for name in ("area", "reports", "deliveries")
        )
        rows = tuple(self.area_row(area) for area in self.contents.reports)
        table = Table(say("areas.caption"), columns, rows)
        listed = Exhibit(say("areas.exhibit"), say("areas.message"), table=table, table_open=True)
        return Section("areas", say("section.areas"), headline=self.newest(), exhibits=(listed,))

    def newest(self) -> str:
        """Return a link to the report that the reader most likely came for."""
        with_reports = [area for area, months in self.contents.reports.items() if months]
        if not with_reports:
            return self.say("areas.none")
        own = next((area for area in with_reports if area != NATION), NATION)
        first = NATION if self.reader.national else own
        area = first if first in with_reports else own
        month = self.contents.reports[area][0]
        called = self.say("areas.report", area=self.names.area(area), month=self.words.month(month))
        start, end = self.say("areas.newest", report="|").split("|")
        return Markup("{}{}{}").format(start, self.link(_report(area, month), called), end)

    def area_row(self, area: str) -> tuple[Cell, ...]:
        months = self.contents.reports[area]
        called = [
            self.words.month_short(month) if at else self.words.month(month)
            for at, month in enumerate(months)
        ]
        links = [self.link(_report(area, m), c) for m, c in zip(months, called, strict=True)]
        receipts = NONE
        if area in self.contents.receipts:
            receipts = self.link(f"receipts/{area}/index.html", self.say("areas.receipts"))
        return Cell(self.names.area_in_list(area)), Cell(_listed(links)), Cell(receipts)

    def tables(self) -> Section:
        say = self.say
        columns = tuple(
            Column(say(f"tables.{name}"), numeric=False) for name in ("month", "files", "receipt")
        )
        rows = tuple(
            (
                Cell(self.words.month(month)),
                Cell(self.link(f"thl/{month}/", say("tables.open"))),
                Cell(self.link(receipt, say("tables.sent")) if receipt else NONE),
            )
            for month, receipt in self.contents.tables.items()
        )
        table = Table(say("tables.months"), columns, rows) if rows else None
        message = say("tables.message" if rows else "tables.none")
        shown = Exhibit(say("tables.months"), message, table=table, table_open=True)
        return Section("tables", say("section.tables"), say("tables.lead"), exhibits=(shown,))

    def operator(self) -> Section:
        say = self.say
        shown = []
        for name, target in self.contents.operator.items():
            key = f"operator.{name}"
            title = say(key) if self.words.knows(key) else name
            link = say(f"{key}_link" if self.words.knows(key) else "operator.other_link")
            shown.append(Exhibit(title, self.link(target, link)))
        return Section(
            "operator",
            say("section.operator"),
            say("operator.lead"),
            headline="" if shown else say("operator.none"),
            exhibits=tuple(shown),
        )

    def access(self) -> Section:
        say, reader = self.say, self.reader
        shown = [self.names.area(area) for area in self.contents.reports]
        if reader.national:
            shown = [say("access.all"), say("access.tables")]
        if reader.operator:
            shown.append(say("access.operator"))
        told = say("access.shown", what=", ".join(shown))
        return Section("access", say("section.access"), say("access.lead"), told)


def _report(area: str, month: str) -> str:
    return f"reports/{area}/{month}.html"


def _listed(links: list[Markup]) -> str:
    return Markup(", ").join(links) if links else NONE
