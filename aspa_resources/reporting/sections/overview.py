"""The first screen: how are we doing, against last month and against the nation.

Belongs here: the headline, its cards, the shares behind the score and the score by month. Does not
belong here: comparisons inside the area.
"""

from __future__ import annotations

from markupsafe import Markup

from aspa_resources.reporting import drawings, line_drawings
from aspa_resources.reporting.blocks import Card, Cell, Exhibit, LegendItem, Section, Table, Tone
from aspa_resources.reporting.figures import (
    NATION,
    NPS_TABLE,
    Figure,
    Nps,
    beyond_chance,
    nps_of,
    points_between,
)
from aspa_resources.reporting.sections.brief import Brief

_LEAST_MONTHS = 2


def overview(brief: Brief) -> Section:
    """Return the page's first chapter."""
    say = brief.voice.say
    title = say("sections.overview")
    if not brief.view.holds(brief.area):
        area, month = brief.names.area(brief.area), brief.voice.month(brief.month)
        return Section("overview", title, headline=say("page.no_data", area=area, month=month))
    reference = () if brief.national else ("nation",)
    return Section(
        "overview",
        title,
        headline=_headline(brief),
        cards=_cards(brief),
        exhibits=(_split(brief), _trend(brief)),
        definitions=brief.define(
            "nps", "margin", "n", "response_rate", "previous", *reference, "suppressed"
        ),
    )


def _headline(brief: Brief) -> str:
    own = brief.score()
    say = brief.voice.say
    if own.rounded is None:
        if own.score.status == "missing":
            return say("overview.headline_missing")
        return say("overview.headline_suppressed", status=brief.voice.status_long(own.score))
    sentences = [say("overview.headline", nps=brief.voice.whole(own.rounded))]
    if not brief.national:
        sentences.append(_difference(brief, "nation", own, brief.score(NATION)))
    sentences.append(_difference(brief, "previous", own, brief.previous_score()))
    return " ".join(sentence for sentence in sentences if sentence)


def _difference(brief: Brief, to: str, own: Nps, reference: Nps) -> str:
    points = points_between(own, reference)
    if points is None:
        return ""
    if points == 0:
        return brief.voice.say(f"overview.{to}_level")
    if beyond_chance(own, reference) is False:
        return brief.voice.say(f"overview.{to}_chance")
    direction = "higher" if points > 0 else "lower"
    return brief.voice.say(f"overview.{to}_{direction}", points=_points(brief, points))


def _points(brief: Brief, points: int) -> str:
    if abs(points) == 1:
        return brief.voice.say("overview.points_one")
    return brief.voice.say("overview.points_many", count=abs(points))


def _cards(brief: Brief) -> tuple[Card, ...]:
    say = brief.voice.say
    own, previous = brief.score(), brief.previous_score()
    against_previous = _against(brief, "overview.against_previous", "", own, previous)
    if brief.national:
        taking_part = sum(brief.view.holds(code) for code in brief.names.rules.counties)
        basis = say("overview.counties_basis", count=len(brief.names.rules.counties))
        counted = Card(say("overview.counties"), brief.voice.whole(taking_part), basis)
        return _score_card(brief, own), against_previous, _responses(brief), counted
    nation = _against(brief, "overview.against_nation", "county_", own, brief.score(NATION))
    return _score_card(brief, own), nation, against_previous, _responses(brief)


def _score_card(brief: Brief, score: Nps, label: str = "overview.nps") -> Card:
    say = brief.voice.say
    if score.rounded is None:
        return Card(say(label), brief.voice.status(score.score), shown=False)
    basis = []
    if score.score.n is not None:
        basis.append(say("overview.based_on", n=brief.voice.whole(score.score.n)))
    if score.margin is not None:
        margin = brief.voice.whole(max(score.margin, 1))
        basis.append(say("overview.margin", margin=margin))
    return Card(say(label), brief.voice.whole(score.rounded), ", ".join(basis))


def _against(brief: Brief, label: str, of: str, own: Nps, reference: Nps) -> Card:
    card = _score_card(brief, reference, label)
    points = points_between(own, reference)
    if points is None:
        return card
    if points == 0:
        return Card(card.label, card.value, card.basis, brief.voice.say(f"overview.{of}level"))
    direction = "higher" if points > 0 else "lower"
    remark = brief.voice.say(f"overview.{of}{direction}", points=_points(brief, points))
    if not beyond_chance(own, reference):
        return Card(card.label, card.value, card.basis, remark)
    tone: Tone = "better" if points > 0 else "worse"
    return Card(card.label, card.value, card.basis, remark, tone)


def _responses(brief: Brief) -> Card:
    say = brief.voice.say
    responses = brief.view.figure(NPS_TABLE, "responses", brief.area)
    label = say("measures.responses")
    if responses.value is None:
        return Card(label, brief.voice.status(responses), shown=False)
    rate = brief.view.figure("coverage", "response_rate", brief.area)
    basis = ""
    if rate.value is not None:
        basis = say("overview.rate", rate=brief.voice.percent(rate.value))
    return Card(label, brief.voice.whole(responses.value), basis)


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
