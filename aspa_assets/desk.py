"""Classifying rows of a file at somebody's desk, and the topic model where there is one.

Belongs here: what `aspa classify` and `aspa analyze` need beyond the capabilities. Not here: the
lineage's own steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from aspa_resources.delivery import parse_cost_centre_map, read_delivery
from aspa_resources.delivery.judging import parse_columns
from aspa_resources.delivery.values import clean
from aspa_resources.home import AspaHome
from aspa_resources.record_files import RecordFileError
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.words import fold_header
from aspa_resources.service_classifier import classify
from aspa_resources.storage import NO_PARTITION, Storage
from aspa_resources.zones import ZoneKeys
from expectations.columns import empty_frame

NO_COUNTY: Final = "00"  # has no profile of its own
NO_RULE: Final = "Mikään sääntö ei ratkaissut luokkaa. / No rule decided the class."


def topics_of(home: AspaHome) -> pl.DataFrame | None:
    """Return the sealed topic model of a home, or None where there is none yet."""
    storage = Storage(home.storage, ZoneKeys(home.keys))
    if storage.sealed("topic_model", NO_PARTITION) is None:
        return None
    return storage.read("topic_model", NO_PARTITION)


@dataclass(frozen=True)
class RowClassifier:
    """Gives single rows of code values their service class.

    Attributes:
        county: whose profile and wordings the rows follow.
        cost_centres: frame of `cost_centre_map`; empty where there is none.
        month: decides which rules and cost centres are valid.
    """

    county: str
    cost_centres: pl.DataFrame
    month: str
    rules: RuleBook

    @classmethod
    def open(
        cls, county: str | None, cost_centres: Path | None, month: str | None
    ) -> RowClassifier:
        """Return a classifier with the cost-centre map of a file, else of the county's storage."""
        rules = RuleBook.load()
        frame = empty_frame("cost_centre_map")
        if cost_centres is not None:
            read = read_delivery(cost_centres.read_bytes(), county or NO_COUNTY, rules)
            if read.kind != "cost_centre_map":
                raise RecordFileError(f"{cost_centres} is no cost-centre map but {read.kind}.")
            frame = parse_cost_centre_map(read, county or NO_COUNTY, rules)
        elif county is not None:
            home = AspaHome.current()
            storage = Storage(home.storage, ZoneKeys(home.keys))
            if storage.sealed("cost_centre_map", county):
                frame = storage.read("cost_centre_map", county)
        return cls(county or NO_COUNTY, frame, month or f"{datetime.now(UTC):%Y-%m}", rules)

    def classify(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows with service_class, specialty, rule_id and explanation.

        Columns are recognised as in a delivery: by our names, the contract's headers or the
        county's own; code names stand for codes.
        """
        decided = classify(self._codes(rows), self.cost_centres, self.month, self.rules)
        reasons = {rule.id: f"{rule.why_fi} / {rule.why_en}" for rule in self.rules.inference_rules}
        return [
            {
                **row,
                "service_class": service_class,
                "service_specialty": specialty,
                "rule_id": rule_id,
                "explanation": reasons.get(rule_id, NO_RULE),
            }
            for row, (service_class, specialty, rule_id) in zip(
                rows,
                decided.select(
                    "service_class", "service_specialty", "service_class_rule"
                ).iter_rows(),
                strict=True,
            )
        ]

    def _codes(self, rows: list[dict[str, Any]]) -> pl.DataFrame:
        """Return the rows' values in the contract's columns, as codes."""
        columns, profile = self.rules.contract.columns, self.rules.profile(self.county)
        known = {
            fold_header(header): column.name
            for column in columns
            for header in (column.name, column.header, *column.synonyms)
        } | {fold_header(header): name for header, name in profile.columns.items()}
        named = [
            {
                known[fold_header(header)]: str(value)
                for header, value in row.items()
                if value is not None and fold_header(header) in known
            }
            for row in rows
        ]
        cells = pl.DataFrame(named, schema={column.name: pl.String for column in columns})
        parsed = parse_columns(
            clean(cells, self.rules.contract.missing_values), columns, profile, self.rules
        )
        return pl.DataFrame([one.values.alias(name) for name, one in parsed.items()]).with_columns(
            unit_type=pl.col("service_unit_oid").replace_strict(
                profile.units, default=None, return_dtype=pl.String
            )
        )
