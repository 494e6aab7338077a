"""What a refit found, held against the accepted topics: only what is new is proposed to a person.

An accepted topic keeps its id, centroid and words whatever a refit finds; so an id never changes
its meaning. What a person has rejected is known as well, and not proposed again.

Belongs here: matching, accepting, and moving topics to another model's vectors. Does not belong
here: finding topics, giving them to texts (`topics`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from aspa_resources.errors import AspaError
from aspa_resources.text_models.topics import (
    SCHEMA,
    Vectors,
    centroids_of,
    unit,
    without_language,
)

PROPOSAL_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "proposal_id": pl.Int32,
    "nearest_topic": pl.Int32,
    "similarity": pl.Float64,
    **{name: kind for name, kind in SCHEMA.items() if name not in ("topic_id", "accepted")},
}
"""A topic found anew: its number in this refit, the known topic nearest to it, and the rest."""

_WORDS_SHARE = 0.2
_SAME = 0.5
"""A found topic as like as this to its match, by centroid and words, is that topic."""
_PART = 0.6
"""A found topic without a match is still no new one when a known centroid is as near as this."""


class UnknownProposal(AspaError):  # noqa: N818 - named for what it is about
    """A proposal that the last refit did not make."""


def proposals(found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the found topics that are none of the known ones.

    Args:
        found: topics of a refit with the known topics' origin.
        known: the topic model, accepted and rejected topics.

    Returns:
        PROPOSAL_SCHEMA, the largest topic first.
    """
    from scipy.optimize import linear_sum_assignment

    if found.is_empty():
        return pl.DataFrame(schema=PROPOSAL_SCHEMA)
    near = centroids_of(found)[0] @ centroids_of(known)[0].T
    likeness = (1 - _WORDS_SHARE) * near + _WORDS_SHARE * _common_words(found, known)
    matched = {
        row
        for row, column in zip(*linear_sum_assignment(-likeness), strict=True)
        if likeness[row, column] >= _SAME
    }
    new = [row for row in range(found.height) if row not in matched and near[row].max() < _PART]
    nearest = near[new].argmax(axis=1) if new else np.zeros(0, dtype=np.int64)
    return (
        found[new]
        .with_columns(
            proposal_id=pl.int_range(pl.len(), dtype=pl.Int32),
            nearest_topic=known["topic_id"].gather(nearest),
            similarity=pl.Series(near[new].max(axis=1) if new else [], dtype=pl.Float64),
        )
        .select(*PROPOSAL_SCHEMA)
        .cast(pl.Schema(PROPOSAL_SCHEMA))
    )


def not_found(found: pl.DataFrame, known: pl.DataFrame) -> list[int]:
    """Return the ids of accepted topics that a refit found nothing near to; they stay topics.

    Args:
        found: topics of a refit with the known topics' origin.
        known: the topic model.
    """
    accepted = known.filter("accepted")
    if found.is_empty() or accepted.is_empty():
        return accepted["topic_id"].to_list()
    near = centroids_of(accepted)[0] @ centroids_of(found)[0].T
    return accepted.filter(pl.Series(near.max(axis=1) < _PART))["topic_id"].to_list()


def _common_words(found: pl.DataFrame, known: pl.DataFrame) -> Vectors:
    """Share of common words among all words of two topics (found, known)."""
    pairs = [
        [len(one & two) / max(1, len(one | two)) for two in map(set, known["words"].to_list())]
        for one in map(set, found["words"].to_list())
    ]
    return np.asarray(pairs, dtype=np.float32)


def decided(
    known: pl.DataFrame,
    proposed: pl.DataFrame,
    ids: Sequence[int],
    names: Mapping[str, str],
    *,
    accepted: bool,
) -> pl.DataFrame:
    """Return the topic model with proposals taken in, as topics or as known to be none.

    Args:
        known: the topic model.
        proposed: what a refit proposed.
        ids: of the proposals decided on.
        names: by language (fi, sv, en), what an accepted topic is called; may be empty.
        accepted: whether they become topics.

    Raises:
        UnknownProposal: an id is not among the proposals.
    """
    unknown = sorted(set(ids) - set(proposed["proposal_id"]))
    if unknown:
        raise UnknownProposal(
            f"No proposal {', '.join(map(str, unknown))}: aspa topics lists the last refit's."
        )
    first = 1 + max(known["topic_id"].to_list(), default=-1)
    taken = proposed.filter(pl.col("proposal_id").is_in(list(ids))).with_columns(
        pl.int_range(first, first + len(set(ids)), dtype=pl.Int32).alias("topic_id"),
        pl.lit(accepted).alias("accepted"),
        *(pl.lit(name, pl.String).alias(f"name_{language}") for language, name in names.items()),
    )
    return pl.concat([known, taken.select(*SCHEMA)])


def moved(
    known: pl.DataFrame,
    embeddings: Vectors,
    languages: Sequence[str],
    topic_ids: Sequence[int | None],
) -> pl.DataFrame:
    """Return the topics in the vectors of another model: each where its own texts now lie.

    Args:
        known: the topic model in the former model's vectors.
        embeddings: vectors of all texts by the other model, (n, d).
        languages: of the texts.
        topic_ids: the topic that each text has been given.

    Returns:
        The same topics. One that no text has, or that was rejected, has a centroid of noughts: it
        is near nothing.
    """
    origin = embeddings.mean(axis=0)
    seen = without_language(embeddings - origin, np.asarray(languages))
    given = np.array([-1 if topic is None else topic for topic in topic_ids])
    centroids = []
    for topic in known["topic_id"]:
        own = seen[given == topic]
        middle = own.mean(axis=0) if len(own) else np.zeros_like(origin)
        centroids.append(unit(middle).tolist())
    return known.with_columns(
        pl.Series("centroid", centroids, dtype=pl.List(pl.Float32)),
        pl.Series("origin", [origin.tolist()] * known.height, dtype=pl.List(pl.Float32)),
    )
