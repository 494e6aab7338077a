"""The step that reads the cleaned text: what each text, and each of its sentences, is about."""

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
import polars as pl

from aspa_assets.anonymization import read_verified
from aspa_assets.partitions import COUNTY_MONTHS
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_assets.topics import GROUP, NO_TOPICS, model_versions, topics_in_force, vectors_of
from aspa_resources.resources import RuleBookResource, StorageResource, TextModelsResource
from aspa_resources.storage import NO_PARTITION
from aspa_resources.text_models import TextModels, assign_topics, shipped_version

_ANALYZED: Final = asset_spec(
    "analyzed_feedback",
    group=GROUP,
    kinds={"onnx", "python", "parquet"},
    description="Language, sentiment, themes, topic and words of every verified text, and "
    "sentiment and themes of its sentences. Holds no text. Without topics as long as there are "
    "too few texts for a topic model.",
    partitions=COUNTY_MONTHS,
    deps=["anonymized_feedback", "verification_run", "topic_model"],
    code_version=shipped_version(),  # the UI shows partitions of an older reader as unsynced
)


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
        models = text_models.open()
        topics = topics_in_force(inputs, models)
        rows = read_verified(inputs, partition).filter(pl.col("text").is_not_null())
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
                    **model_versions(models),
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
