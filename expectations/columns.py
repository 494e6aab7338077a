"""The column schema of every stored frame: name, type and what it means.

Belongs here: the shape each step promises. The suites hold candidates against it, and the assets
show it. Not here: the delivery's own columns as counties write them (rules/delivery).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import polars as pl

from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.published import dimensions_of


class Column(NamedTuple):
    """One column of a stored frame."""

    name: str
    type: str
    description: str


_RULES: Final = RuleBook.load()

STATEMENTS: Final = tuple(
    Column(one.code, "Int8", f"{one.text.en} 1-5, 0 = not applicable.")
    for one in _RULES.statements.values()
)
STATEMENT_NAMES: Final = tuple(column.name for column in STATEMENTS)

_SERVICE: Final = (
    Column("mode_of_production", "String", "own, bought, voucher or other_county."),
    Column("delivered_service_class", "String", "Aura class as the county gave it."),
    Column("cost_centre", "String", "The county's cost centre."),
    Column("service_form", "String", "Palvelumuoto, code T.."),
    Column("contact_mode", "String", "Yhteystapa, code R.."),
    Column("profession", "String", "Profession code of Statistics Finland, 2001."),
    Column("specialty", "String", "Erikoisala, as recorded."),
    Column("service_area", "String", "Palveluala."),
    Column("urgency", "String", "Kiireellisyys."),
    Column("visit_type", "String", "SH (illness) or TH (health)."),
    Column("visitor_group", "String", "Kävijäryhmä."),
    Column("unit_type", "String", "primary_care, hospital or adult_psychiatry, where known."),
)
_RESPONDENT: Final = (
    Column("age_group", "String", "Age group of the customer."),
    Column("gender", "String", "Gender of the customer."),
    Column("language", "String", "Language of the service."),
    Column("respondent_role", "String", "customer or relative."),
    Column("channel", "String", "sms, qr, tablet, web, paper or assisted."),
    Column("questionnaire_version", "String", "Version of the national questionnaire."),
    Column("feedback_type", "String", "point, period_under_1y, period_over_1y or chain."),
)
_PARTITION: Final = (
    Column("county", "String", "Code of the wellbeing services county."),
    Column("month", "String", "Month of the service event, YYYY-MM."),
)
_NPS: Final = Column("nps", "Int8", "Likelihood to recommend, 0-10.")
_RESPONSE_ID: Final = Column("response_id", "String", "Random 128-bit id; no map back exists.")
_TIDY: Final = (
    Column("measure", "String", "What is measured."),
    Column("value", "Float64", "The figure."),
    Column("n", "Int64", "Responses the figure is computed from."),
)

_ANONYMIZED: Final = (
    _RESPONSE_ID,
    *_PARTITION,
    Column("weekday_class", "String", "weekday or weekend."),
    *_SERVICE,
    *_RESPONDENT,
    _NPS,
    *STATEMENTS,
)


_TABLES: Final = tuple(_RULES.published_tables.values())
_COUNTY_OR_NATION: Final = Column("county", "String", "Code of the county, or FI for the nation.")


def _dimensions(names: Iterable[str]) -> tuple[Column, ...]:
    return tuple(Column(name, "String", f"Category of {name}, or ALL.") for name in names)


def _mart(name: str) -> tuple[Column, ...]:
    """Return a mart's columns: the dimensions that the published tables cross in it."""
    dimensions = dimensions_of(_TABLES, name)
    if name == "trend_mart":  # every crossing of the indicators, month by month
        dimensions = ["period", *dimensions_of(_TABLES, "indicator_mart")]
    return (_PARTITION[1], _COUNTY_OR_NATION, *_dimensions(dimensions), *_TIDY)


_PUBLISHED: Final = (
    Column("table", "String", "Name of the declared table."),
    _PARTITION[1],
    _COUNTY_OR_NATION,
    *_dimensions(dict.fromkeys(name for table in _TABLES for name in table.dimensions)),
    *_TIDY,
    Column("status", "String", "published or suppressed (value and n empty)."),
)

_TOPIC: Final = (
    Column("name_fi", "String", "Name a person gave it, in Finnish."),
    Column("name_sv", "String", "In Swedish."),
    Column("name_en", "String", "In English."),
    Column("size", "Int64", "Texts the topic was found in."),
    Column("language_texts", "List(Int64)", "How many of these are Finnish, Swedish, English."),
    Column("words", "List(String)", "Its most telling words."),
    Column("word_texts", "List(Int64)", "Texts of the topic that each word occurs in."),
    Column("centroid", "List(Float32)", "Its centre among the embeddings, from the origin."),
    Column("origin", "List(Float32)", "What embeddings are seen from; one for all topics."),
)

COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "raw_delivery": (
        Column("number", "Int64", "Number of the delivery in the ledger."),
        Column("kind", "String", "feedback or sampling_counts."),
        Column("supplier", "String", "Which of the county's suppliers made it, where it has many."),
        Column("file_name", "String", "Name under which the file was dropped."),
        Column("content_hash", "String", "SHA-256 of what the file says."),
        Column("encrypted", "Boolean", "Whether it came encrypted to the platform's key."),
        Column("standing", "String", "new, replaces or adds_up."),
        Column("other_number", "Int64", "The delivery that the standing is about."),
        Column("other_file", "String", "The name of that delivery's file."),
        Column("file_format", "String", "How it is written, as JSON."),
        Column("former_format", "String", "How the county's delivery before it was written."),
        Column("content", "Binary", "What the file says, out of its envelope if it came in one."),
    ),
    "validated_feedback": (
        Column("delivery", "Int32", "Number of the delivery in the ledger."),
        Column("row_number", "Int32", "Data row of the delivered file, from 1."),
        Column("feedback_id", "String", "The county's own id of the feedback."),
        Column("service_event_id", "String", "OID of the service event."),
        Column("service_unit_oid", "String", "OID of the service unit."),
        Column("place_of_performance", "String", "Suorituspaikka."),
        Column("site", "String", "Toimipaikka."),
        *_SERVICE,
        *_RESPONDENT,
        Column("event_time", "Datetime", "When the service was given."),
        Column("sent_time", "Datetime", "When the survey was sent."),
        Column("answered_time", "Datetime", "When it was answered."),
        Column("stored_time", "Datetime", "When the answer was stored."),
        Column("delivered_time", "Datetime", "When it was given on for delivery."),
        _NPS,
        *STATEMENTS,
        Column("text", "String", "Open text as written."),
    ),
    "rejected_rows": (
        Column("delivery", "Int32", "Number of the delivery in the ledger."),
        Column("row_number", "Int32", "Data row of the delivered file, from 1."),
        Column("field", "String", "Column at fault."),
        Column("code", "String", "Code of the fault."),
    ),
    "delivery_receipt": (
        Column("delivery", "Int32", "Number of the delivery in the ledger."),
        Column("file_name", "String", "Name under which the file was dropped."),
        Column("verdict", "String", "accepted, partly or rejected."),
        Column("receipt", "String", "The receipt as JSON: counts, faults and cures."),
    ),
    "sampling_counts": (
        *_PARTITION,
        Column("age_group", "String", "Age group."),
        Column("service_form", "String", "Palvelumuoto, code T.."),
        Column("specialty", "String", "Erikoisala."),
        Column("service_events", "Int64", "Service events in the month."),
        Column("surveys_sent", "Int64", "Surveys sent in the month."),
    ),
    "cost_centre_map": (
        Column("cost_centre", "String", "The county's cost centre."),
        Column("service_class", "String", "Aura service class, four digits."),
        Column("valid_from", "Date", "First day of validity."),
        Column("valid_to", "Date", "Last day of validity."),
    ),
    "anonymized_feedback": (*_ANONYMIZED, Column("text", "String", "Text with placeholders only.")),
    "review_queue": (
        Column("item", "Int32", "Number of the text, by which a verdict may be given."),
        Column("text_hash", "String", "SHA-256 of the cleaned text."),
        Column("text", "String", "A cleaned text."),
        Column("reason", "String", "Why it is shown: random."),
    ),
    "review_verdicts": (
        Column("text_hash", "String", "SHA-256 of the cleaned text."),
        Column("verdict", "String", "clean, leak or too_much."),
        Column("entity_types", "List(String)", "What is left in it, where it is a leak."),
        Column("reviewed_on", "Date", "Day of the latest verdict."),
    ),
    "verification_run": (
        _RESPONSE_ID,
        Column("passed", "Boolean", "Whether the second pass found nothing in the text."),
        Column("finding_types", "List(String)", "Entity types the second pass found."),
    ),
    "anonymization_log": (
        *_PARTITION,
        Column("pass", "String", "anonymization or verification."),
        Column("entity_type", "String", "What was found."),
        Column("recognizer", "String", "What found it."),
        Column("findings", "Int64", "How many times."),
        Column("texts", "Int64", "Texts in which it was found."),
        Column("per_1000_texts", "Float64", "Findings for every thousand texts."),
        Column("mean_score", "Float64", "Mean confidence, 0-1."),
        Column("lowest_score", "Float64", "Least confidence, 0-1."),
    ),
    "residual_risk": (
        *_PARTITION,
        Column("scenario", "String", "What somebody is thought to know, or ALL."),
        Column("stage", "String", "before or after generalisation."),
        Column("measure", "String", "What is measured."),
        Column("category", "String", "Class size, column or sensitive attribute, or ALL."),
        Column("value", "Float64", "The figure."),
    ),
    "classified_feedback": (
        *_ANONYMIZED,
        Column("service_class", "String", "Aura service class, or unclassified."),
        Column("service_class_rule", "String", "Id of the rule that decided."),
        Column("service_class_source", "String", "cost_centre_map, delivered, inferred or none."),
        Column("service_specialty", "String", "Specialty, for specialised care only."),
        Column("inputs_fingerprint", "String", "Hash of the code values the class hangs on."),
        Column("profession_group", "String", "Reporting group of the profession."),
        Column("contact_mode_group", "String", "Reporting group of the contact mode."),
    ),
    "enrichment": (
        Column("table", "String", "Name of the file's entry in rules/enrichment.yaml."),
        Column("county", "String", "Code of the county, or FI."),
        Column("service_class", "String", "Aura service class, where the figure is of one."),
        Column("year", "Int64", "Year of the figure."),
        Column("indicator", "String", "Indicator, where the table has several."),
        Column("measure", "String", "What the figure is."),
        Column("value", "Float64", "The figure."),
        Column("source", "String", "Whose figure it is."),
    ),
    "code_sets": (
        Column("code_set", "String", "Our name of the list."),
        Column("code", "String", "The code; it stands once for each period of validity."),
        Column("name_fi", "String", "Its Finnish name."),
        Column("name_sv", "String", "Its Swedish name, where the list gives one."),
        Column("name_en", "String", "Its English name, where the list gives one."),
        Column("begin", "Date", "First day of the period; empty: open."),
        Column("end", "Date", "Last day of the period; empty: open."),
        Column("parent", "String", "The code above it, where the list has levels."),
        Column("replaced_by", "String", "The code that took over, where the list names one."),
        Column("version", "String", "Version of the server's list."),
        Column("source", "String", "code_server or manual_export."),
        Column("read_on", "Date", "The day the whole list was read."),
    ),
    "topic_model": (
        Column("topic_id", "Int32", "Stable id of the topic."),
        Column("accepted", "Boolean", "Whether texts are given it; else a person rejected it."),
        *_TOPIC,
    ),
    "topic_proposals": (
        Column("proposal_id", "Int32", "Number of the proposal in this refit."),
        Column("nearest_topic", "Int32", "The known topic nearest to it."),
        Column("similarity", "Float64", "Cosine to that one."),
        *_TOPIC,
    ),
    "analyzed_feedback": (
        _RESPONSE_ID,
        Column("text_language", "String", "fi, sv, en, other or mixed."),
        Column("sentiment", "String", "positive, negative, neutral or mixed."),
        Column("themes", "List(String)", "One to three national themes."),
        Column("topic_id", "Int32", "Topic of the frozen topic model, where one is near."),
        Column("sentences", "List(Struct)", "Sentiment and themes of each sentence."),
        Column("words", "List(String)", "Distinct words of the text, as written, lower case."),
    ),
    **{
        name: _mart(name)
        for name in (
            "indicator_mart",
            "theme_mart",
            "word_mart",
            "trend_mart",
            "coverage_mart",
            "quality_mart",
        )
    },
    "published_tables": _PUBLISHED,
    "published_trends": _PUBLISHED,
    "published_periods": _PUBLISHED,
    "county_report": (
        Column("file_name", "String", "Page under reports/."),
        Column("sha256", "String", "Hash of the page."),
        Column("bytes", "Int64", "Size of the page."),
    ),
    "national_report": (
        Column("file_name", "String", "Page under reports/."),
        Column("sha256", "String", "Hash of the page."),
        Column("bytes", "Int64", "Size of the page."),
    ),
    "thl_delivery": (
        Column("file_name", "String", "File under thl/."),
        Column("sha256", "String", "Hash of the file."),
        Column("rows", "Int64", "Rows in it."),
    ),
}


def empty_frame(asset: str) -> pl.DataFrame:
    """Return an asset's frame without rows; its columns are of plain types."""
    return pl.DataFrame(schema={c.name: getattr(pl, c.type) for c in COLUMNS[asset]})


def names(asset: str) -> list[str]:
    """Return the column names of an asset's frame, in order."""
    return [column.name for column in COLUMNS[asset]]
