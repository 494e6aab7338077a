"""Text analysis of cleaned feedback: language, sentiment, themes, words, vectors, topics.

Everything here sees anonymised text only and returns findings about it, never the text.
"""

from aspa_resources.text_models.models import (
    SentenceAnalysis,
    TextAnalysis,
    TextModels,
    shipped_version,
)
from aspa_resources.text_models.topics import assign_topics, fit_topics
from aspa_resources.text_models.unpacking import ModelUnavailable

__all__ = [
    "ModelUnavailable",
    "SentenceAnalysis",
    "TextAnalysis",
    "TextModels",
    "assign_topics",
    "fit_topics",
    "shipped_version",
]
