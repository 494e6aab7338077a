"""The chapters of a county's page: what the latest delivery shows, and how it came to that.

Belongs here: which figure stands where. Not here: charts (`pictures`), sentences (`texts.yaml`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml
from markupsafe import Markup

from aspa_resources.anonymization_log import pictures
from aspa_resources.anonymization_log.counting import TENTHS
from aspa_resources.anonymization_log.drift import Drift
from aspa_resources.anonymization_log.logged import Logged, per_thousand
from aspa_resources.anonymization_log.review import LeakRate, leak_rate
from aspa_resources.anonymization_log.shares import MEASURES
from aspa_resources.anonymizer import ENTITY_TYPES
from aspa_resources.reporting.blocks import (
    Card,
    Cell,
    Column,
    Exhibit,
    LegendItem,
    Section,
    Table,
)
from aspa_resources.reporting.wording import Wording

_FEWEST_DRAWN: Final = 2  # months
_ARROWS: Final = {"more": "column.rise", "fewer": "column.fall"}


def of_county(months: Sequence[Logged], words: Wording) -> list[Section]:
    """Return every chapter, given the months from the oldest to the latest."""
    latest = months[-1]
    return [
        _latest(latest, words),
        _history(months, words),
        _recognizers(latest, words),
        _scores(latest, words),
        _disagreements(latest, words),
        _review(months, words),
        _versions(months, words),
        promise(words),
    ]


def promise(words: Wording) -> Section:
    """Return what the figures are worth, the measured leak rate of the model card among it."""
    say, card = words.say, _measured()
    rate = leak_rate(card["names_left"], card["names"])
    measured = ""
    if rate:
        ends = {"rate": _fine(rate.rate, words), "low": _fine(rate.low, words)}
        ends["high"] = _fine(rate.high, words)
        left = {"texts": card["texts"], "names": rate.reviewed, "left": rate.leaks}
        measured = say("promise.measured_text", **left, **ends)
    others = ((say(f"promise.{k}"), say(f"promise.{k}_text")) for k in ("steady", "change", "text"))
    exhibits = [(say("promise.measured"), measured), *others]
    return Section(
        "promise",
        say("section.promise"),
        exhibits=tuple(Exhibit(title, message) for title, message in exhibits),
    )


def unusual_names(one: Logged, words: Wording) -> str:
    """Name what became rarer or more frequent; empty where nothing did."""
    return ", ".join(
        words.say(_ARROWS[drift.result], name=words.say(f"measure.{drift.measure}"))
        for drift in one.unusual
    )


def standing(one: Logged, words: Wording) -> str:
    """Say of a delivery without anything unusual whether there was anything to compare with."""
    held = any(drift.result != "no history" for drift in one.drift.values())
    return words.say("result.steady" if held else "result.no_history")


def leak_cells(rate: LeakRate | None, words: Wording) -> tuple[Cell, Cell]:
    """Return a leak rate and its interval, or that nobody looked."""
    if rate is None:
        return Cell(words.say("card.leaks_none"), "unshown"), Cell(words.say("none"))
    interval = f"{_fine(rate.low, words)}–{_fine(rate.high, words)}"
    return Cell(_fine(rate.rate, words), "number"), Cell(interval)


def _latest(one: Logged, words: Wording) -> Section:
    say, month = words.say, words.month(one.month)
    names = unusual_names(one, words)
    if names:
        headline = say("headline.drift", month=month, names=names)
    else:
        held = any(drift.result != "no history" for drift in one.drift.values())
        headline = say("headline.steady" if held else "headline.none", month=month)
    if names and any(drift.other_version for drift in one.unusual):
        headline = f"{headline} {say('headline.version')}"
    back = Markup('<a href="index.html#{}">{}</a>').format(words.language, say("all_counties"))
    any_drift = next(iter(one.drift.values()))
    basis = say(f"basis.{any_drift.basis}", months=any_drift.months)
    exhibit = Exhibit(
        say("drift.title"),
        say("drift.message", basis=basis),
        table=_drift_table(one, words),
        table_open=True,
    )
    return Section(
        "latest", say("section.latest"), back, headline, _cards(one, words), exhibits=(exhibit,)
    )


def _cards(one: Logged, words: Wording) -> tuple[Card, ...]:
    say, whole = words.say, words.whole
    texts, removed, all_words = (one.count(n) for n in ("texts", "words_removed", "words"))
    quarantined, rate = one.count("quarantined"), one.leaks
    found = texts - one.count("texts_without_finding")
    leaks = Card(say("card.leaks"), say("card.leaks_none"), shown=False)
    if rate:
        ends = {"low": _fine(rate.low, words), "high": _fine(rate.high, words)}
        basis = say("card.leaks_basis", leaks=rate.leaks, reviewed=rate.reviewed, **ends)
        leaks = Card(say("card.leaks"), _fine(rate.rate, words), basis)
    return (
        Card(say("card.texts"), whole(texts)),
        Card(say("card.found"), words.percent(found / max(texts, 1))),
        Card(
            say("card.words"),
            words.percent(removed / max(all_words, 1)),
            say("card.words_basis", removed=whole(removed), words=whole(all_words)),
        ),
        Card(
            say("card.quarantined"),
            words.percent(quarantined / max(texts, 1)),
            say("card.quarantined_basis", count=whole(quarantined)),
        ),
        leaks,
    )


def _drift_table(one: Logged, words: Wording) -> Table:
    say = words.say
    rows = []
    for name in MEASURES:
        drift = one.drift[name]
        rate = words.decimal(per_thousand(drift.count, drift.out_of), 1)
        rows.append(
            (
                Cell(say(f"measure.{name}")),
                Cell(words.whole(drift.count), "number"),
                Cell(rate, "number"),
                Cell(_expected(drift, words) or say("none"), "number"),
                Cell(_told(drift, words)),
            )
        )
    columns = (
        Column(say("column.measure"), numeric=False),
        Column(say("column.count")),
        Column(say("column.observed")),
        Column(say("column.expected")),
        Column(say("column.result"), numeric=False),
    )
    blind = any(_blind(drift) for drift in one.drift.values())
    notes = (say("drift.blind"),) if blind else ()
    return Table(say("drift.caption"), columns, tuple(rows), notes)


def _told(drift: Drift, words: Wording) -> str:
    result = "blind" if _blind(drift) else drift.result.replace(" ", "_")
    return words.say(f"result.{result}")


def _blind(drift: Drift) -> bool:
    """Tell whether even a recogniser that finds nothing any more would pass for steady."""
    return drift.result == "steady" and drift.low == 0 and drift.measure in ENTITY_TYPES


def _expected(drift: Drift, words: Wording) -> str:
    if drift.low is None or drift.high is None:
        return ""
    ends = (per_thousand(end, drift.out_of) for end in (drift.low, drift.high))
    return "–".join(words.decimal(end, 1) for end in ends)


def _history(months: Sequence[Logged], words: Wording) -> Section:
    say = words.say
    seen = [name for name in MEASURES if any(one.drift[name].count for one in months)]
    never = ", ".join(say(f"measure.{name}") for name in MEASURES if name not in seen)
    drawable = bool(seen) and len(months) >= _FEWEST_DRAWN
    message = say("history.message") if drawable else say("history.short")
    if never:
        message = f"{message} {say('history.never', names=never)}"
    chart = _by_month(months, seen, words, message) if drawable else None
    marks = ("area", "band", "negative") if drawable else ()
    exhibit = Exhibit(
        say("history.title"),
        message,
        chart,
        tuple(LegendItem(mark, say(f"legend.{mark}")) for mark in marks),
        _months_table(months, seen, words) if seen else None,
    )
    return Section("history", say("section.history"), exhibits=(exhibit,))


def _by_month(months: Sequence[Logged], names: Sequence[str], words: Wording, label: str) -> Markup:
    texts = {
        "zero": "0",
        "first": words.month_short(months[0].month),
        "last": words.month_short(months[-1].month),
    }
    panels = []
    for i, name in enumerate(names):
        points = tuple(_point(one.drift[name]) for one in months)
        panels.append(points)
        texts[f"label.{i}"] = words.say(f"measure.{name}")
        texts[f"value.{i}"] = words.decimal(points[-1].value, 1)
        texts[f"top.{i}"] = words.decimal(pictures.top(points), 1)
    return pictures.by_month(tuple(panels)).worded(label, texts)


def _point(drift: Drift) -> pictures.Point:
    low, high = (
        None if end is None else round(per_thousand(end, drift.out_of), 2)
        for end in (drift.low, drift.high)
    )
    value = round(per_thousand(drift.count, drift.out_of), 2)
    return pictures.Point(value, low, high, drift.result in _ARROWS)


def _months_table(months: Sequence[Logged], names: Sequence[str], words: Wording) -> Table:
    def cell(drift: Drift) -> Cell:
        rate = words.decimal(per_thousand(drift.count, drift.out_of), 1)
        expected = _expected(drift, words)
        told = f"{rate} ({expected})" if expected else rate
        if drift.result in _ARROWS:
            told = words.say(_ARROWS[drift.result], name=told)
        return Cell(told, "number")

    rows = tuple(
        (Cell(words.month_short(one.month)), *(cell(one.drift[name]) for name in names))
        for one in reversed(months)
    )
    heads = [words.say("column.month"), *(words.say(f"measure.{name}") for name in names)]
    columns = tuple(Column(head, numeric=at > 0) for at, head in enumerate(heads))
    return Table(words.say("history.caption"), columns, rows)


def _recognizers(one: Logged, words: Wording) -> Section:
    say = words.say
    total = sum(found["findings"] for found in one.found)
    exhibit = Exhibit(
        say("recognizers.title"),
        say("recognizers.message", count=words.whole(total)),
        table=_found_table(one, words),
        table_open=True,
    )
    return Section("recognizers", say("section.recognizers"), exhibits=(exhibit,))


def _found_table(one: Logged, words: Wording) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(say(f"measure.{found['entity_type']}")),
            Cell(found["recognizer"]),
            Cell(words.whole(found["findings"]), "number"),
            Cell(words.percent(found["findings"] / one.findings(found["entity_type"])), "number"),
            Cell(words.decimal(found["mean_score"], 2), "number"),
            Cell(words.decimal(found["lowest_score"], 2), "number"),
        )
        for found in sorted(one.found, key=_in_order)
    )
    heads = ("type", "recognizer", "findings", "share", "mean", "lowest")
    columns = tuple(Column(say(f"column.{head}"), numeric=at > 1) for at, head in enumerate(heads))
    return Table(say("recognizers.title"), columns, rows)


def _scores(one: Logged, words: Wording) -> Section:
    say = words.say
    if not one.found:
        return Section("scores", say("section.scores"), say("scores.none"))
    tenths = {name: _tenths(one, name) for name in ENTITY_TYPES if one.findings(name)}
    texts = {f"score.{k}": words.decimal(k / 2, 1) for k in range(3)}
    for i, (name, counts) in enumerate(tenths.items()):
        texts[f"label.{i}"] = say(f"measure.{name}")
        texts[f"n.{i}"] = say("overview.based_on", n=words.whole(sum(counts)))
    chart = pictures.by_tenths(tuple(tenths.values()))
    spans = [f"{words.decimal(k / TENTHS, 1)}–" for k in range(TENTHS)]
    rows = tuple(
        (Cell(say(f"measure.{name}")), *(Cell(words.whole(count), "number") for count in counts))
        for name, counts in tenths.items()
    )
    columns = (Column(say("column.type"), numeric=False), *(Column(span) for span in spans))
    message = say("scores.message")
    exhibit = Exhibit(
        say("scores.title"),
        message,
        chart.worded(message, texts),
        table=Table(say("scores.title"), columns, rows),
    )
    return Section("scores", say("section.scores"), exhibits=(exhibit,))


def _tenths(one: Logged, name: str) -> tuple[int, ...]:
    of_type = [found["score_tenths"] for found in one.found if found["entity_type"] == name]
    return tuple(sum(counts) for counts in zip(*of_type, strict=True))


def _disagreements(one: Logged, words: Wording) -> Section:
    say = words.say
    quarantined = one.count("quarantined")
    rows = tuple(
        (
            Cell(_type_name(found["entity_type"], words)),
            Cell(found["recognizer"]),
            Cell(words.whole(found["texts"]), "number"),
        )
        for found in sorted(one.objected, key=_in_order)
    )
    heads = ("type", "check", "texts")
    columns = tuple(Column(say(f"column.{head}"), numeric=at > 1) for at, head in enumerate(heads))
    title = say("disagreements.title")
    table = Table(title, columns, rows) if rows else None
    key = "disagreements.message" if quarantined else "disagreements.none"
    message = say(key, count=words.whole(quarantined)) if quarantined else say(key)
    return Section(
        "disagreements",
        say("section.disagreements"),
        say("disagreements.lead"),
        exhibits=(Exhibit(title, message, table=table, table_open=True),),
    )


def _review(months: Sequence[Logged], words: Wording) -> Section:
    say = words.say
    reviewed = [(one, rate) for one in reversed(months) if (rate := one.leaks)]
    title = say("section.review")
    if not reviewed:
        return Section("review", title, say("review.lead"), say("review.none"))
    rows = tuple(
        (
            Cell(words.month(one.month)),
            Cell(words.whole(rate.reviewed), "number"),
            Cell(words.whole(rate.leaks), "number"),
            *leak_cells(rate, words),
            Cell(words.whole(one.statistics["review"]["too_much"]), "number"),
        )
        for one, rate in reviewed
    )
    heads = ("month", "reviewed", "leaks", "rate", "interval", "too_much")
    text = {"month", "interval"}
    columns = tuple(Column(say(f"column.{h}"), numeric=h not in text) for h in heads)
    message = say(
        "review.message",
        reviewed=words.whole(sum(rate.reviewed for _, rate in reviewed)),
        leaks=words.whole(sum(rate.leaks for _, rate in reviewed)),
    )
    table = Table(say("review.title"), columns, rows)
    exhibit = Exhibit(say("review.title"), message, table=table, table_open=True)
    return Section("review", title, say("review.lead"), exhibits=(exhibit,))


def _versions(months: Sequence[Logged], words: Wording) -> Section:
    say, names = words.say, ("anonymizer", "verifier")
    rows = tuple(
        (Cell(words.month(one.month)), *(Cell(one.versions[name]) for name in names))
        for one in reversed(months)
    )
    columns = tuple(Column(say(f"column.{head}"), numeric=False) for head in ("month", *names))
    count = len({tuple(one.versions[name] for name in names) for one in months})
    exhibit = Exhibit(
        say("versions.title"),
        say("versions.message", count=count),
        table=Table(say("versions.title"), columns, rows),
        table_open=True,
    )
    return Section("versions", say("section.versions"), exhibits=(exhibit,))


def _in_order(found: Mapping[str, Any]) -> tuple[int, str, int]:
    name = found["entity_type"]
    place = ENTITY_TYPES.index(name) if name in ENTITY_TYPES else len(ENTITY_TYPES)
    return place, name, -found["findings"]


def _type_name(entity_type: str, words: Wording) -> str:
    key = f"measure.{entity_type}"
    return words.say(key) if words.knows(key) else entity_type


def _fine(share: float, words: Wording) -> str:
    """Return a share in per cent with a decimal, for rates that are small and matter."""
    figure = words.decimal(100 * share, 1)
    return f"{figure}%" if words.language == "en" else f"{figure}\u00a0%"


@cache
def _measured() -> Mapping[str, int]:
    text = files("aspa_resources.anonymization_log").joinpath("measured.yaml").read_text("utf-8")
    card: Mapping[str, int] = yaml.safe_load(text)
    return card
