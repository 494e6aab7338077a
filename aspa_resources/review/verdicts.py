"""What people said of cleaned texts, and how their words add up.

A verdict names its text by hash, so it holds for every row of that text and for every later
version of the rows in which the text stands unchanged.

Belongs here: the record, the frame, adding up. Not here: asking (sitting), sealing (aspa_assets).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

import polars as pl

Said = Literal["clean", "leak", "too_much"]
VERDICTS: Final[tuple[Said, ...]] = ("clean", "leak", "too_much")

NO_VERDICTS: Final = pl.DataFrame(
    schema={
        "text_hash": pl.String,
        "verdict": pl.String,
        "entity_types": pl.List(pl.String),
        "reviewed_on": pl.Date,
    }
)


@dataclass(frozen=True)
class Verdict:
    """What one person said of one cleaned text.

    Attributes:
        text_hash: names the text.
        verdict: clean, leak (something personal is left), too_much (what should stay is gone).
        entity_types: what is left, where it is a leak.
    """

    text_hash: str
    verdict: Said
    entity_types: tuple[str, ...]
    reviewed_on: date


def merged(former: pl.DataFrame, new: Iterable[Verdict]) -> pl.DataFrame:
    """Return the former verdicts with new ones, one a text.

    The newer one holds, but a leak stays a leak whatever another person says of the text: two who
    look at once must not undo each other. Taking one back is a decision of its own (`without`).
    """
    by_text = {row["text_hash"]: row for row in former.iter_rows(named=True)}
    for verdict in new:
        row = {**asdict(verdict), "entity_types": list(verdict.entity_types)}
        before = by_text.get(verdict.text_hash)
        if before and before["verdict"] == "leak":
            types = sorted({*before["entity_types"], *verdict.entity_types})
            row = {**before, "entity_types": types}
        by_text[verdict.text_hash] = row
    return pl.DataFrame([*by_text.values()], schema=NO_VERDICTS.schema).sort("text_hash")


def without(former: pl.DataFrame, text_hashes: Collection[str]) -> pl.DataFrame:
    """Return the verdicts without those on some texts."""
    return former.filter(~pl.col("text_hash").is_in([*text_hashes]))


def leaks(verdicts: pl.DataFrame) -> Mapping[str, tuple[str, ...]]:
    """Return the entity types left in every text in which a person saw a leak, by text hash."""
    rows = verdicts.filter(pl.col("verdict") == "leak")
    return dict(zip(rows["text_hash"], map(tuple, rows["entity_types"]), strict=True))


def counted(verdicts: pl.DataFrame, queue: pl.DataFrame) -> dict[str, Any]:
    """Return how many texts of a queue have a verdict, and which.

    Verdicts on texts that this queue did not draw stay in force and are not counted: they tell
    nothing of the rate among the present texts.
    """
    on_queue = verdicts.join(queue, on="text_hash", how="semi")
    said = {verdict: on_queue.filter(pl.col("verdict") == verdict).height for verdict in VERDICTS}
    types = on_queue["entity_types"].explode().drop_nulls()
    return {
        "reviewed": on_queue.height,
        "leaks": said["leak"],
        "too_much": said["too_much"],
        "waiting": queue.height - on_queue.height,
        "entity_types": dict(sorted(types.value_counts().iter_rows())),
    }
