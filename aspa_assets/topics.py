"""Steps that look for topics: the frozen topic model, and what a refit proposes to add to it.

The model is fitted by itself once, when there are texts enough. From then on it changes by decision
alone: a refit proposes, a person accepts. Other text models move its topics to where their own
texts lie in the new vectors, so that ids keep their meaning.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import dagster as dg
import numpy as np
import numpy.typing as npt
import polars as pl
from pydantic import Field

from aspa_assets.anonymization import read_verified
from aspa_assets.partitions import EVERYTHING
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.errors import AspaError
from aspa_resources.resources import StorageResource, TextModelsResource
from aspa_resources.storage import NO_PARTITION, Manifest, Storage
from aspa_resources.text_models import TextAnalysis, TextModels, fit_topics
from aspa_resources.text_models.topic_matching import decided, moved, not_found, proposals
from aspa_resources.text_models.topics import SCHEMA, centroids_of

GROUP: Final = "text_analysis"
TOPICS: Final = "topic_model"
PROPOSALS: Final = "topic_proposals"
VECTORS: Final = "embedding_model_sha256"
NOT_FOUND: Final = "not_found_again"

NO_TOPICS: Final = pl.DataFrame(schema=SCHEMA)
FEWEST_TEXTS: Final = 200  # below this few words recur: the first model is not fitted by itself
MOST_TEXTS: Final = 20_000  # a random sample of this size finds the same topics, in seconds
SEED: Final = 2025

_OF_THE_TEXTS: Final = [
    dg.AssetDep("anonymized_feedback", partition_mapping=EVERYTHING),
    dg.AssetDep("verification_run", partition_mapping=EVERYTHING),
]
_TOPIC_MODEL: Final = asset_spec(
    TOPICS,
    group=GROUP,
    kinds={"bertopic", "python", "parquet"},
    description="Topics found below the national themes, frozen: an id never changes its meaning. "
    "Changes by decision alone: topics that a refit proposed and a person accepts.",
    partitions=None,
    deps=_OF_THE_TEXTS,
    code_version="2",
)
_PROPOSALS: Final = asset_spec(
    PROPOSALS,
    group=GROUP,
    kinds={"bertopic", "python", "parquet"},
    description="Topics that a refit found and the topic model does not have, for a person to "
    "accept or reject (aspa topics).",
    partitions=None,
    deps=[*_OF_THE_TEXTS, TOPICS],
)


class FrozenTopicsError(AspaError):
    """The topic model was asked to change without a decision."""


class OtherVectorsError(AspaError):
    """The topic model was made with vectors of other text models than those in force."""


class Decision(dg.Config):
    """Which proposals become topics and what they are called, and which are known to be none."""

    accept: list[int] = Field(default_factory=list)
    reject: list[int] = Field(default_factory=list)
    name_fi: str | None = None
    name_sv: str | None = None
    name_en: str | None = None

    @property
    def names(self) -> dict[str, str]:
        """The names given, by language."""
        named = {"fi": self.name_fi, "sv": self.name_sv, "en": self.name_en}
        return {language: name for language, name in named.items() if name}


@computes(_TOPIC_MODEL)
def topic_model(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    text_models: TextModelsResource,
    config: Decision,
) -> Iterator[Event]:
    """Fit the first topics, move them to other models' vectors, or carry out a decision."""
    store = storage.open()

    def compute(_: str, inputs: Inputs) -> Sequence[Candidate]:
        models = text_models.open()
        known = inputs.sealed(TOPICS, NO_PARTITION)
        if known is None:
            sample = _sample(store, inputs, models)
            topics = fit_topics(sample.texts, sample.vectors, sample.languages, seed=SEED)
        elif known.versions[VECTORS] != models.model_sha256:
            sample = _sample(store, inputs, models)
            topics = moved(
                store.read_version(known), sample.vectors, sample.languages, sample.topic_ids
            )
        else:
            topics = _decided(store, inputs, known, config)
        return [_candidate(TOPICS, topics, models)]

    yield from seal_partitions(context, store, compute)


@computes(_PROPOSALS)
def topic_proposals(
    context: dg.AssetExecutionContext, storage: StorageResource, text_models: TextModelsResource
) -> Iterator[Event]:
    """Find topics anew in every verified text and propose those that the model does not have."""
    store = storage.open()

    def compute(_: str, inputs: Inputs) -> Sequence[Candidate]:
        models = text_models.open()
        known = topics_in_force(inputs, models)
        if known is None:
            raise FrozenTopicsError("There is no topic model yet: launch fit_topics first.")
        sample = _sample(store, inputs, models)
        origin = centroids_of(known)[1]
        found = fit_topics(sample.texts, sample.vectors, sample.languages, seed=SEED, origin=origin)
        return [
            _candidate(
                PROPOSALS,
                proposals(found, known),
                models,
                {NOT_FOUND: not_found(found, known)},
            )
        ]

    yield from seal_partitions(context, store, compute)


def topics_in_force(inputs: Inputs, models: TextModels) -> pl.DataFrame | None:
    """Return the sealed topic model, or None where there is none yet.

    Raises:
        OtherVectorsError: its centroids are not among these models' vectors.
    """
    manifest = inputs.manifest_if_sealed(TOPICS, NO_PARTITION)
    if manifest is None:
        return None
    if manifest.versions[VECTORS] != models.model_sha256:
        raise OtherVectorsError(
            "The topic model was made with other text models than those in force: launch "
            "fit_topics, which moves its topics to the new ones, then try again."
        )
    return inputs.read_version(manifest)


def vectors_of(analyses: Sequence[TextAnalysis]) -> npt.NDArray[np.float32]:
    """Return the vectors of analysed texts as one array, (n, d)."""
    if not analyses:
        return np.empty((0, 0), dtype=np.float32)
    return np.stack([analysis.embedding for analysis in analyses])


def model_versions(models: TextModels) -> dict[str, str]:
    """Return which text models read, for a manifest."""
    return {
        "text_models": models.version,
        "embedding_model": models.model_name,
        VECTORS: models.model_sha256,
    }


def _candidate(
    asset: str, topics: pl.DataFrame, models: TextModels, told: Mapping[str, object] | None = None
) -> Candidate:
    return Candidate(
        asset,
        topics,
        statistics={"topics": topics.height, **(told or {})},
        versions=model_versions(models),
    )


def _decided(store: Storage, inputs: Inputs, known: Manifest, decision: Decision) -> pl.DataFrame:
    if not decision.accept and not decision.reject:
        raise FrozenTopicsError(
            "The topic model is frozen. Launch refit_topics to look for new topics, then accept "
            "or reject what it proposes with aspa topics."
        )
    topics, proposed = store.read_version(known), inputs.read(PROPOSALS, NO_PARTITION)
    topics = decided(topics, proposed, decision.accept, decision.names, accepted=True)
    return decided(topics, proposed, decision.reject, {}, accepted=False)


@dataclass(frozen=True)
class _Sample:
    """Texts, their vectors (n, d) and languages, and the topics they were given if any."""

    texts: list[str] = field(repr=False)
    vectors: npt.NDArray[np.float32] = field(repr=False)
    languages: list[str]
    topic_ids: list[int | None]


def _sample(store: Storage, inputs: Inputs, models: TextModels) -> _Sample:
    """Draw distinct verified texts.

    Drawn in an order that depends on the texts alone. The topics are looked up without becoming an
    input: analysed texts stand on the topic model, not the other way round.
    """
    frames = []
    for key in store.sealed_partitions("verification_run"):
        rows = read_verified(inputs, key).select("response_id", "text").drop_nulls("text")
        analysed = store.sealed("analyzed_feedback", key)
        given = pl.DataFrame(schema={"response_id": pl.String, "topic_id": pl.Int32})
        if analysed is not None:
            given = store.read_version(analysed).select("response_id", "topic_id")
        frames.append(rows.join(given, on="response_id", how="left").select("text", "topic_id"))
    texts = pl.concat(frames or [pl.DataFrame(schema={"text": pl.String, "topic_id": pl.Int32})])
    texts = (
        texts.sort("text", "topic_id", nulls_last=True).unique("text", keep="first").sort("text")
    )
    texts = texts.sample(min(texts.height, MOST_TEXTS), seed=SEED)
    found = texts["text"].to_list()
    analyses = models.analyze(found)
    return _Sample(
        found,
        vectors_of(analyses),
        [analysis.language for analysis in analyses],
        texts["topic_id"].to_list(),
    )
