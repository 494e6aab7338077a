"""Tending the topics: what there is, what is proposed, and carrying a decision out.

A word or a language is told only where enough texts of its topic have it, and how many texts there
are in steps: whoever tends topics need not have seen a single text.

Belongs here: what `aspa topics` needs. Not here: the steps themselves (`topics`), its options.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import polars as pl

from aspa_assets.automation import topic_model_job, topic_refit_job
from aspa_assets.headless import launch
from aspa_assets.topics import NOT_FOUND, PROPOSALS, TOPICS
from aspa_resources.home import AspaHome
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NO_PARTITION, Storage
from aspa_resources.text_models.topics import LANGUAGES
from aspa_resources.zones import ZoneKeys

STEPS: Final = [digit * 10**power for power in range(1, 7) for digit in (1, 2, 5)]


@dataclass(frozen=True)
class Topic:
    """One topic or proposal.

    Attributes:
        number: its id.
        names: by language, those a person gave.
        texts: so many, or more, up to the next of STEPS, it was found in.
        languages: percentage of these texts by language, in tens.
        words: the strongest.
        found_again: whether the last refit found it.
    """

    number: int
    names: dict[str, str]
    texts: int
    languages: dict[str, int]
    words: list[str]
    found_again: bool = True


@dataclass(frozen=True)
class Told:
    """The topics there are, those rejected, and what the last refit proposes and nobody decided."""

    accepted: list[Topic]
    rejected: list[Topic]
    proposed: list[Topic]

    def as_dict(self) -> dict[str, Any]:
        """Return it as data for scripts."""
        return asdict(self)

    def as_lines(self) -> list[str]:
        """Return it as lines for people."""
        if not self.accepted:
            return ["There is no topic model yet: it is fitted once there are texts enough."]
        lines = [f"Topics: {len(self.accepted)}, rejected: {len(self.rejected)}."]
        lines += [_line("topic", topic) for topic in self.accepted]
        lines += [_line("proposed", topic) for topic in self.proposed]
        if self.proposed:
            lines.append("Decide with aspa topics accept NUMBER or aspa topics reject NUMBER.")
        return lines


def told() -> Told:
    """Return the topics of the home that the environment names."""
    home = AspaHome.current()
    storage = Storage(home.storage, ZoneKeys(home.keys))
    known = _read(storage, TOPICS)
    proposed = _read(storage, PROPOSALS)
    if known is None:
        return Told([], [], [])
    if proposed is not None:
        # What has been decided lies among the known topics, centroid and all.
        proposed = proposed.join(known.select("centroid"), on="centroid", how="anti")
    refit = storage.sealed(PROPOSALS, NO_PARTITION)
    lost = refit.statistics[NOT_FOUND] if refit else []
    return Told(
        [
            replace(topic, found_again=topic.number not in lost)
            for topic in _topics(known.filter("accepted"), "topic_id")
        ],
        _topics(known.filter(~pl.col("accepted")), "topic_id"),
        [] if proposed is None else _topics(proposed, "proposal_id"),
    )


def refit_topics() -> list[tuple[str, str, str]]:
    """Look for topics anew; returns what went wrong, as `(job, partition, message)`."""
    return launch(AspaHome.current(), topic_refit_job.name, [None])


def decide(decision: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Accept or reject proposals; returns what went wrong, as `(job, partition, message)`.

    Args:
        decision: fields of `topics.Decision`.
    """
    given = {name: value for name, value in decision.items() if value is not None}
    config = {TOPICS: {"config": given}}
    return launch(AspaHome.current(), topic_model_job.name, [None], config)


def _read(storage: Storage, asset: str) -> pl.DataFrame | None:
    sealed = storage.sealed(asset, NO_PARTITION)
    return storage.read_version(sealed) if sealed else None


def _topics(frame: pl.DataFrame, number: str) -> list[Topic]:
    least = RuleBook.load().disclosure.words.least_feedbacks
    return [
        Topic(
            number=row[number],
            names={of: row[f"name_{of}"] for of in ("fi", "sv", "en") if row[f"name_{of}"]},
            texts=max((step for step in STEPS if least <= step <= row["size"]), default=0),
            languages={
                of: round(10 * texts / row["size"]) * 10
                for of, texts in zip(LANGUAGES, row["language_texts"], strict=True)
                if texts >= least
            },
            words=[w for w, n in zip(row["words"], row["word_texts"], strict=True) if n >= least],
        )
        for row in frame.iter_rows(named=True)
    ]


def _line(kind: str, topic: Topic) -> str:
    name = next(iter(topic.names.values()), "")
    words = ", ".join(topic.words) or "no word in enough texts"
    spoken = " ".join(f"{of} {share} %" for of, share in topic.languages.items())
    lost = "" if topic.found_again else " (not found by the last refit)"
    head = f"{kind:<9}{topic.number:>4} {topic.texts:>6}+ texts  {spoken}"
    return f"{head}  {name}{': ' if name else ''}{words}{lost}"
