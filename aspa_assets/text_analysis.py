"""Steps that read the cleaned text: the frozen topic model, and what each text is about."""

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
import numpy as np
import numpy.typing as npt
import polars as pl

from aspa_assets.anonymization import read_verified
from aspa_assets.partitions import COUNTY_MONTHS, EVERYTHING
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.resources import RuleBookResource, StorageResource, TextModelsResource
from aspa_resources.storage import NO_PARTITION
from aspa_resources.text_models import TextAnalysis, TextModels, assign_topics, fit_topics
from aspa_resources.text_models.topics import SCHEMA as TOPIC_SCHEMA

GROUP: Final = "text_analysis"

NO_TOPICS: Final = pl.DataFrame(schema=TOPIC_SCHEMA)

FEWEST_TEXTS: Final = 50  # below this the first topic model is not fitted by itself
MOST_TEXTS: Final = 20_000  # a random sample of this size finds the same topics, in seconds
SEED: Final = 2025

_TOPIC_MODEL: Final = asset_spec(
    "topic_model",
    group=GROUP,
    kinds={"bertopic", "python", "parquet"},
    description="Topics found below the national themes, frozen: refitted deliberately, by "
    "materialising this asset, and never as a side effect.",
    partitions=None,
    deps=[
        dg.AssetDep("anonymized_feedback", partition_mapping=EVERYTHING),
        dg.AssetDep("verification_run", partition_mapping=EVERYTHING),
    ],
)
_ANALYZED: Final = asset_spec(
    "analyzed_feedback",
    group=GROUP,
    kinds={"pytorch", "python", "parquet"},
    description="Language, sentiment, themes, topic and words of every verified text, and "
    "sentiment and themes of its sentences. Holds no text. Without topics as long as there are "
    "too few texts for a topic model.",
    partitions=COUNTY_MONTHS,
    deps=["anonymized_feedback", "verification_run", "topic_model"],
)


@computes(_TOPIC_MODEL)
def topic_model(
    context: dg.AssetExecutionContext, storage: StorageResource, text_models: TextModelsResource
) -> Iterator[Event]:
    """Find topics in every verified text there is."""
    store = storage.open()

    def compute(_: str, inputs: Inputs) -> Sequence[Candidate]:
        frames = [read_verified(inputs, key) for key in store.sealed_partitions("verification_run")]
        texts = _texts(frames)
        sample = texts.sample(min(texts.len(), MOST_TEXTS), seed=SEED).to_list()
        models = text_models.open()
        topics = fit_topics(sample, vectors_of(models.analyze(sample)), seed=SEED)
        return [
            Candidate(
                "topic_model",
                topics,
                statistics={"texts": len(sample), "topics": topics.height},
                versions=_versions(models),
            )
        ]

    yield from seal_partitions(context, store, compute)


@computes(_ANALYZED)
def analyzed_feedback(
    context: dg.AssetExecutionContext,
    storage: StorageResource,
    text_models: TextModelsResource,
    rule_book: RuleBookResource,
) -> Iterator[Event]:
    """Read every verified text of a delivery."""
    rules = rule_book.open()

    def compute(partition: str, inputs: Inputs) -> Sequence[Candidate]:
        topics = inputs.read_if_sealed("topic_model", NO_PARTITION)
        rows = read_verified(inputs, partition).filter(pl.col("text").is_not_null())
        models = text_models.open()
        frame = analyze(models, rows, NO_TOPICS if topics is None else topics)
        themes = frame["themes"].explode().drop_nulls()
        known = set(rules.themes)
        return [
            Candidate(
                "analyzed_feedback",
                frame,
                statistics={"texts": frame.height},
                figures={
                    "texts_lost": rows.height - frame.height,
                    "unknown_themes": sum(theme not in known for theme in themes),
                    "unknown_topics": _unknown_topics(frame, topics),
                    "texts_without_theme": frame.filter(
                        ~pl.col("themes").list.len().is_between(1, 3)
                    ).height,
                },
                versions={
                    "rules": rules.version,
                    "topic_model": inputs.versions.get(f"topic_model@{NO_PARTITION}", "none"),
                    **_versions(models),
                },
            )
        ]

    yield from seal_partitions(context, storage.open(), compute)


def analyze(models: TextModels, rows: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """Return the frame of `analyzed_feedback` for rows with a text.

    Args:
        rows: with `response_id` and `text`.
        topics: frame of `topic_model`.
    """
    analyses = models.analyze(rows["text"].to_list())
    topic_ids = assign_topics(vectors_of(analyses), topics)
    return pl.DataFrame(
        {
            "response_id": rows["response_id"],
            "text_language": [a.language for a in analyses],
            "sentiment": [a.sentiment for a in analyses],
            "themes": [list(a.themes) for a in analyses],
            "topic_id": topic_ids,
            "sentences": [
                [{"sentiment": s.sentiment, "themes": list(s.themes)} for s in a.sentences]
                for a in analyses
            ],
            "words": [list(a.words) for a in analyses],
        },
        schema={
            "response_id": pl.String,
            "text_language": pl.String,
            "sentiment": pl.String,
            "themes": pl.List(pl.String),
            "topic_id": pl.Int32,
            "sentences": pl.List(pl.Struct({"sentiment": pl.String, "themes": pl.List(pl.String)})),
            "words": pl.List(pl.String),
        },
    )


def _unknown_topics(frame: pl.DataFrame, topics: pl.DataFrame | None) -> int:
    told = frame.filter(pl.col("topic_id").is_not_null())
    return told.height if topics is None else told.join(topics, on="topic_id", how="anti").height


def vectors_of(analyses: Sequence[TextAnalysis]) -> npt.NDArray[np.float32]:
    """Return the vectors of analysed texts as one array, (n, d)."""
    if not analyses:
        return np.empty((0, 0), dtype=np.float32)
    return np.stack([analysis.embedding for analysis in analyses])


def _texts(frames: Sequence[pl.DataFrame]) -> pl.Series:
    """Return the distinct texts in an order that depends on them alone."""
    columns = [frame["text"].drop_nulls() for frame in frames]
    return pl.concat(columns).unique().sort() if columns else pl.Series([], dtype=pl.String)


def _versions(models: TextModels) -> dict[str, str]:
    return {
        "text_models": models.version,
        "embedding_model": models.model_name,
        "embedding_model_sha256": models.model_sha256,
    }
