"""The cards of the first screen: the score beside earlier months, the nation and its peers.

Belongs here: cards, each with its figure, its basis and how the area compares. Does not belong
here: the headline and charts (`overview`), who is comparable (`rules/comparable_counties.yaml`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from aspa_resources.reporting.blocks import Card, Tone
from aspa_resources.reporting.figures import NATION, NPS_TABLE, Nps, beyond_chance, points_between
from aspa_resources.reporting.sections.brief import Brief

EARLIER: Final = ("previous_month", "previous_year")
"""The earlier months that a page compares with, as `rules/trends.yaml` calls them."""


def cards(brief: Brief) -> tuple[Card, ...]:
    """Return the first screen's cards, the area's own score first."""
    own = brief.score()
    earlier = (_against(brief, name, "", own, brief.earlier_score(name)) for name in EARLIER)
    if brief.national:
        return _score(brief, own), *earlier, _responses(brief), _taking_part(brief)
    nation = _against(brief, "nation", "county_", own, brief.score(NATION))
    return _score(brief, own), *earlier, nation, _peers(brief, own), _responses(brief)


def peers(brief: Brief) -> tuple[str, ...]:
    """Return the counties that the rules set the page's county beside; none for the nation."""
    rules = brief.names.rules
    return rules.comparable_counties.of(brief.area, rules.counties)


def points(brief: Brief, count: int) -> str:
    """Return a number of points in words, without its sign."""
    if abs(count) == 1:
        return brief.voice.say("overview.points_one")
    return brief.voice.say("overview.points_many", count=abs(count))


def _score(brief: Brief, score: Nps, label: str = "overview.nps") -> Card:
    say = brief.voice.say
    if score.rounded is None:
        status = brief.voice.status(score.score)
        return Card(say(label), status, shown=False, figure=score.score)
    basis = []
    if score.score.n is not None:
        basis.append(say("overview.based_on", n=brief.voice.whole(score.score.n)))
    if score.margin is not None:
        margin = brief.voice.whole(max(score.margin, 1))
        basis.append(say("overview.margin", margin=margin))
    value = brief.voice.whole(score.rounded)
    return Card(say(label), value, ", ".join(basis), figure=score.score)


def _against(brief: Brief, to: str, of: str, own: Nps, reference: Nps) -> Card:
    card = _score(brief, reference, f"overview.against_{to}")
    differs = points_between(own, reference)
    if differs is None:
        return card
    if differs == 0:
        return replace(card, remark=brief.voice.say(f"overview.{of}level"))
    if not beyond_chance(own, reference):
        return replace(card, remark=brief.voice.say("overview.chance"))
    direction = "higher" if differs > 0 else "lower"
    remark = brief.voice.say(f"overview.{of}{direction}", points=points(brief, differs))
    return replace(card, remark=remark, tone="better" if differs > 0 else "worse")


@dataclass(frozen=True)
class _Peers:
    """The comparable counties whose score is shown, and how the area's own differs from them."""

    scores: tuple[int, ...]
    above: int
    below: int
    unsure: int


def _compared(brief: Brief, own: Nps) -> _Peers:
    shown = [score for code in peers(brief) if (score := brief.score(code)).rounded is not None]
    differ = [
        0 if not beyond_chance(own, score) else points_between(own, score) or 0 for score in shown
    ]
    return _Peers(
        tuple(score.rounded for score in shown if score.rounded is not None),
        above=sum(points > 0 for points in differ),
        below=sum(points < 0 for points in differ),
        unsure=sum(points == 0 for points in differ),
    )


def _peers(brief: Brief, own: Nps) -> Card:
    """Return the median of the comparable counties' published scores, with their range.

    It is made of the scores themselves, each published; nothing is added up, so that it tells of no
    county whose own score is hidden.
    """
    say, whole = brief.voice.say, brief.voice.whole
    label, listed = say("overview.against_peers"), len(peers(brief))
    if not listed:
        return Card(label, say("overview.peers_none"), shown=False)
    found = _compared(brief, own)
    if not found.scores:
        return Card(label, say("overview.peers_hidden"), shown=False)
    basis = say("overview.peers_shown", shown=len(found.scores), listed=listed)
    if len(found.scores) > 1:
        low, high = whole(min(found.scores)), whole(max(found.scores))
        basis = f"{say('overview.peers_range', low=low, high=high)}, {basis}"
    card = Card(label, whole(median(found.scores)), basis)
    if own.rounded is None:
        return card
    if not found.above and not found.below:
        return replace(card, remark=say("overview.peers_chance"))
    counts = {"above": found.above, "below": found.below, "unsure": found.unsure}
    remark = ", ".join(
        say(f"overview.peers_{name}", count=count) for name, count in counts.items() if count
    )
    tone: Tone = "even"
    if not (found.above and found.below):
        tone = "better" if found.above else "worse"
    return replace(card, remark=remark, tone=tone)


def _responses(brief: Brief) -> Card:
    say = brief.voice.say
    responses = brief.view.figure(NPS_TABLE, "responses", brief.area)
    label = say("measures.responses")
    if responses.value is None:
        return Card(label, brief.voice.status(responses), shown=False, figure=responses)
    rate = brief.view.figure("coverage", "response_rate", brief.area)
    basis = ""
    if rate.value is not None:
        basis = say("overview.rate", rate=brief.voice.percent(rate.value))
    return Card(label, brief.voice.whole(responses.value), basis, figure=responses)


def _taking_part(brief: Brief) -> Card:
    say, counties = brief.voice.say, brief.names.rules.counties
    taking_part = sum(brief.view.holds(code) for code in counties)
    basis = say("overview.counties_basis", count=len(counties))
    return Card(say("overview.counties"), brief.voice.whole(taking_part), basis)
