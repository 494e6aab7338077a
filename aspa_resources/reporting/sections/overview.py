"""The first screen: how are we doing, against earlier months, the nation and comparable counties.

Belongs here: the headline, the shares behind the score and the score by month. Does not belong
here: the cards (`standing`), comparisons inside the area.
"""

from __future__ import annotations

from markupsafe import Markup

from aspa_resources.reporting import drawings, line_drawings
from aspa_resources.reporting.blocks import Cell, Exhibit, LegendItem, Section, Table
from aspa_resources.reporting.figures import (
    NATION,
    Figure,
    Nps,
    beyond_chance,
    nps_of,
    points_between,
)
from aspa_resources.reporting.sections.brief import Brief
from aspa_resources.reporting.sections.periods import longer_periods
from aspa_resources.reporting.sections.standing import EARLIER, cards, peers, points

_LEAST_MONTHS = 2


def overview(brief: Brief) -> Section:
    """Return the page's first chapter."""
    say = brief.voice.say
    title = say("sections.overview")
    if not brief.view.holds(brief.area):
        area, month = brief.names.area(brief.area), brief.voice.month(brief.month)
        return Section("overview", title, headline=say("page.no_data", area=area, month=month))
    reference = () if brief.national else ("nation",)
    terms = ("nps", "margin", "n", "response_rate", "earlier", *reference, "suppressed")
    return Section(
        "overview",
        title,
        _peers_named(brief),
        headline=_headline(brief),
        cards=cards(brief),
        exhibits=(_split(brief), *longer_periods(brief), _trend(brief)),
        definitions=(*brief.define(*terms), *_comparable(brief)),
    )


def _peers_named(brief: Brief) -> str:
    """Return the names of the comparable counties, where the page's area has any."""
    named = brief.names.areas_in_sentence(peers(brief))
    return brief.voice.say("overview.peers", names=named) if named else ""


def _comparable(brief: Brief) -> tuple[tuple[str, str], ...]:
    """Return why these counties are comparable, as the rules have it."""
    if brief.national:
        return ()
    reason = brief.names.rules.comparable_counties.reason.of(brief.voice.language)
    return ((brief.voice.say("terms.comparable"), reason),)


def _headline(brief: Brief) -> str:
    own = brief.score()
    say = brief.voice.say
    if own.rounded is None:
        if own.score.status == "missing":
            return say("overview.headline_missing")
        return say("overview.headline_suppressed")
    sentences = [say("overview.headline", nps=brief.voice.whole(own.rounded))]
    references = {to: brief.earlier_score(to) for to in EARLIER}
    if not brief.national:
        references = {"nation": brief.score(NATION), **references}
    chance = [
        to
        for to, score in references.items()
        if points_between(own, score) and not beyond_chance(own, score)
    ]
    told = {to: score for to, score in references.items() if to not in chance or len(chance) == 1}
    sentences += [_difference(brief, to, own, score) for to, score in told.items()]
    if len(chance) > 1:
        *first, last = (say(f"overview.{to}_named") for to in chance)
        sentences.append(say("overview.chance_together", first=", ".join(first), last=last))
    return " ".join(sentence for sentence in sentences if sentence)


def _difference(brief: Brief, to: str, own: Nps, reference: Nps) -> str:
    differs = points_between(own, reference)
    if differs is None:
        return ""
    if differs == 0:
        return brief.voice.say(f"overview.{to}_level")
    if not beyond_chance(own, reference):
        return brief.voice.say(f"overview.{to}_chance")
    direction = "higher" if differs > 0 else "lower"
    return brief.voice.say(f"overview.{to}_{direction}", points=points(brief, differs))


def _split(brief: Brief) -> Exhibit:
    say, percent = brief.voice.say, brief.voice.percent
    score = brief.score()
    parts = (
        ("promoters_share", "positive", score.promoters),
        ("passives_share", "neutral", score.passives),
        ("detractors_share", "negative", score.detractors),
    )
    title = say("overview.split_title")
    shares = [figure.value for _, _, figure in parts if figure.value is not None]
    rows = tuple(
        (Cell(say(f"measures.{name}")), brief.cell(figure, percent)) for name, _, figure in parts
    )
    table = Table(
        title,
        brief.columns("overview.group", "measures.share"),
        rows,
        brief.notes(figure for _, _, figure in parts),
    )
    if len(shares) < len(parts):
        return Exhibit(title, say("overview.split_hidden"), table=table)
    message = say("overview.split", promoters=percent(shares[0]), detractors=percent(shares[2]))
    legend = tuple(
        LegendItem(mark, f"{say(f'measures.{name}')}: {percent(share)}")
        for (name, mark, _), share in zip(parts, shares, strict=True)
    )
    chart = drawings.split(*shares).worded(message, {})
    return Exhibit(title, message, chart, legend, table)


def _trend(brief: Brief) -> Exhibit:
    title = brief.voice.say("overview.trend_title")
    months = _months(brief)
    areas = (brief.area,) if brief.national else (brief.area, NATION)
    scores = {
        area: [nps_of(brief.view, "trend", area, period=month) for month in months]
        for area in areas
    }
    table = _trend_table(brief, months, scores) if months else None
    shown = [(s.rounded, m) for s, m in zip(scores[brief.area], months, strict=True)]
    known = [(score, month) for score, month in shown if score is not None]
    if len(known) < _LEAST_MONTHS:
        return Exhibit(title, brief.voice.say("overview.trend_short"), table=table)
    low, high = min(known), max(known)
    message = brief.voice.say(
        "overview.trend",
        low=brief.voice.whole(low[0]),
        low_month=brief.voice.month(low[1]),
        high=brief.voice.whole(high[0]),
        high_month=brief.voice.month(high[1]),
    )
    chart = _trend_chart(brief, months, scores, message, known[-1][0])
    return Exhibit(title, message, chart, _trend_legend(brief), table)


def _trend_chart(
    brief: Brief, months: list[str], scores: dict[str, list[Nps]], label: str, last: int
) -> Markup:
    lines = tuple(tuple(score.score.value for score in line) for line in scores.values())
    texts = {
        f"month.{i}": brief.voice.month_short(months[i])
        for i in line_drawings.named_months(len(months))
    }
    return line_drawings.trend(lines).worded(label, {**texts, "last": brief.voice.whole(last)})


def _trend_legend(brief: Brief) -> tuple[LegendItem, ...]:
    if brief.national:
        return (LegendItem("area", brief.voice.say("comparisons.legend_nation")),)
    return (
        LegendItem("area", brief.voice.say("comparisons.legend_area")),
        LegendItem("nation-line", brief.voice.say("comparisons.legend_nation")),
    )


def _trend_table(brief: Brief, months: list[str], scores: dict[str, list[Nps]]) -> Table:
    national = () if brief.national else ("measures.nation_nps",)
    rows = []
    figures: list[Figure] = []
    for i, month in enumerate(months):
        own, *others = [line[i].score for line in scores.values()]
        figures += [own, *others]
        shown = (brief.cell(own), brief.count(own), *(brief.cell(other) for other in others))
        rows.append((Cell(brief.voice.month(month)), *shown))
    columns = brief.columns("overview.month", "measures.nps", "measures.n", *national)
    title = brief.voice.say("overview.trend_title")
    return Table(title, columns, tuple(rows), brief.notes(figures))


def _months(brief: Brief) -> list[str]:
    """Return the months from the first the trend tells of to the last, none left out."""
    known = sorted(brief.view.categories("trend", "period", brief.area))
    if not known:
        return []
    first, last = (12 * int(m[:4]) + int(m[5:]) - 1 for m in (known[0], known[-1]))
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(first, last + 1)]
