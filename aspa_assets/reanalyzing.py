"""Reading months' texts anew with other models or topics: seen first, done by decision.

Another model reads no published month by itself, and a topic accepted since is given to no text of
it: what is published stands on what read it until somebody decides otherwise.

Belongs here: which months stand on which models, launching. Not here: reading texts
(`aspa_resources.text_models`), what the command prints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from aspa_assets.automation import analysis_job
from aspa_assets.headless import launch
from aspa_assets.partitions import county_month, split
from aspa_assets.topics import TOPICS
from aspa_resources.home import AspaHome
from aspa_resources.storage import NO_PARTITION, Storage

ASSET: Final = "analyzed_feedback"
VERSION: Final = "text_models"
NAME: Final = "embedding_model"


@dataclass(frozen=True)
class Analysed:
    """One county's month and what read it: the model's name, its version, and the topic model's."""

    county: str
    month: str
    model: str
    version: str
    topics: str


@dataclass(frozen=True)
class Standing:
    """Which text models analysed months stand on, against those in force.

    Attributes:
        in_force: the version of the text models in force.
        topics_in_force: that of the topic model; `none` where there is none.
        months: every analysed month asked about.
    """

    in_force: str
    topics_in_force: str
    months: list[Analysed]

    @property
    def stale(self) -> list[Analysed]:
        """The months that other models have read."""
        in_force = (self.in_force, self.topics_in_force)
        return [month for month in self.months if (month.version, month.topics) != in_force]

    def as_dict(self) -> dict[str, Any]:
        """Return it as data for scripts."""
        return {**asdict(self), "stale": len(self.stale)}

    def as_lines(self) -> list[str]:
        """Return it as lines for people."""
        lines = [f"In force: text models {self.in_force}, topics {self.topics_in_force}."]
        counts = Counter((m.model, m.version, m.topics, m in self.stale) for m in self.months)
        lines += [
            f"{model} {version}, topics {topics}: deliveries: {count}{', stale' if stale else ''}"
            for (model, version, topics, stale), count in sorted(counts.items())
        ]
        if self.stale:
            lines.append("Read anew with --yes, which changes published figures.")
        return lines


def standing(
    storage: Storage, in_force: str, county: str | None = None, month: str | None = None
) -> Standing:
    """Return which text models the analysed months stand on, of a county or month if given."""
    months = []
    for key in storage.sealed_partitions(ASSET):
        if county in (None, split(key)[0]) and month in (None, split(key)[1]):
            versions = storage.manifest(ASSET, key).versions
            read_by = (versions.get(name, "") for name in (NAME, VERSION, TOPICS))
            months.append(Analysed(*split(key), *read_by))
    topics = storage.sealed(TOPICS, NO_PARTITION)
    return Standing(in_force, topics.version if topics else "none", months)


def reanalyze(home: AspaHome, months: Sequence[Analysed]) -> list[tuple[str, str, str]]:
    """Read counties' months anew, with the text models in force.

    What stands on them is pending afterwards: the next run computes it.

    Returns:
        What went wrong, as `(job, partition, message)`.
    """
    return launch(home, analysis_job.name, [county_month(one.county, one.month) for one in months])
