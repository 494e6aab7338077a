"""The lineage as Dagster loads it.

One process holds all of it, or two code locations share it (`ASPA_CODE_LOCATION`): `county` takes
deliveries in and anonymises them, `national` does everything after, and neither needs the keys of
the other's zones.

Belongs here: gathering what the modules define. Not here: defining it.
"""

import os
from collections.abc import Sequence
from typing import Any, Final

import dagster as dg

from aspa_assets import (
    anonymization,
    anonymization_log,
    automation,
    classification,
    code_sets,
    delivery,
    enrichment,
    marts,
    periods,
    publication,
    residual_risk,
    review,
    text_analysis,
    topics,
    trends,
    validation,
)
from aspa_resources.resources import (
    AnonymizerResource,
    CodeServerResource,
    HomeResource,
    LandingZoneResource,
    RuleBookResource,
    StorageResource,
    TextModelsResource,
    WarehouseResource,
)

COUNTY_ASSETS: Final[Sequence[dg.AssetsDefinition]] = (
    delivery.raw_delivery,
    delivery.sampling_counts,
    delivery.cost_centre_map,
    validation.validated_feedback,
    anonymization.anonymized_feedback,
    residual_risk.residual_risk,
    review.review_queue,
)
NATIONAL_ASSETS: Final[Sequence[dg.AssetsDefinition]] = (
    anonymization.verification_run,
    anonymization_log.anonymization_log,
    code_sets.code_sets,
    enrichment.enrichment,
    classification.classified_feedback,
    topics.topic_model,
    topics.topic_proposals,
    text_analysis.analyzed_feedback,
    marts.indicator_mart,
    marts.theme_mart,
    marts.word_mart,
    marts.trend_mart,
    marts.coverage_mart,
    marts.quality_mart,
    publication.published_tables,
    trends.published_trends,
    periods.published_periods,
    publication.county_report,
    publication.national_report,
    publication.thl_delivery,
)


def build_definitions(location: str = "all", **overrides: Any) -> dg.Definitions:  # noqa: ANN401 (any resource)
    """Return the definitions of one code location.

    Args:
        location: `all`, `county` or `national`.
        overrides: resources by name, in place of the default ones.

    Raises:
        ValueError: the location is none of the three.
    """
    county = dg.Definitions(
        assets=[*COUNTY_ASSETS, review.review_verdicts],
        jobs=[automation.cost_centre_job, automation.delivery_job, automation.tidy_up],
        sensors=[automation.dropped_files],
        schedules=[automation.tidy_daily],
    )
    national = dg.Definitions(
        assets=NATIONAL_ASSETS,
        jobs=[
            automation.code_sets_job,
            automation.verification_job,
            automation.reclassification_job,
            automation.topic_model_job,
            automation.topic_refit_job,
            automation.enrichment_job,
            automation.analysis_job,
            automation.publication_job,
            automation.county_report_job,
            automation.log_job,
        ],
        sensors=[automation.sealed_versions],
        schedules=[automation.code_sets_weekly],
    )
    parts = {"county": [county], "national": [national], "all": [county, national]}
    if location not in parts:
        raise ValueError(f"ASPA_CODE_LOCATION is one of {', '.join(parts)}.")
    shared = dg.Definitions(
        resources={**_resources(), **overrides}, executor=dg.in_process_executor
    )
    return dg.Definitions.merge(*parts[location], shared)


def _resources() -> dict[str, Any]:
    return {
        "home": HomeResource(),
        "landing_zone": LandingZoneResource(),
        "storage": StorageResource(),
        "warehouse": WarehouseResource(),
        "rule_book": RuleBookResource(),
        "code_server": CodeServerResource(),
        "anonymizer": AnonymizerResource(),
        "text_models": TextModelsResource(),
    }


@dg.definitions
def defs() -> dg.Definitions:
    """Return what this process' environment asks for."""
    return build_definitions(os.environ.get("ASPA_CODE_LOCATION", "all"))
