"""What must hold of the topic model and of every analysed text."""

from __future__ import annotations

from typing import Final

from expectations.columns import names
from expectations.expectation import (
    Suite,
    between,
    columns,
    figure,
    in_set,
    not_null,
    some_rows,
    unique,
)

SUITES: Final = (
    Suite(
        "topic_model",
        "1",
        (
            columns(names("topic_model")),
            some_rows(),
            unique("topic_id"),
            between("size", 10, None),  # a topic of fewer texts would speak of single persons
        ),
    ),
    Suite(
        "topic_proposals",
        "1",
        (
            columns(names("topic_proposals")),
            unique("proposal_id"),
            between("size", 10, None),
        ),
    ),
    Suite(
        "analyzed_feedback",
        "1",
        (
            columns(names("analyzed_feedback")),
            unique("response_id"),
            not_null("text_language"),
            in_set("text_language", ["fi", "sv", "en", "other", "mixed"]),
            not_null("sentiment"),
            in_set("sentiment", ["positive", "negative", "neutral", "mixed"]),
            not_null("themes"),
            figure("texts_lost", "Every text that passed verification is here.", least=0, most=0),
            figure("unknown_themes", "Every theme is one of the national set.", most=0),
            figure("unknown_topics", "Every topic is one of the frozen model.", most=0),
            figure("texts_without_theme", "Every text has one to three themes.", most=0),
        ),
    ),
)
