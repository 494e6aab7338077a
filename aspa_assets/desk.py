"""Classifying rows of a file at somebody's desk, and the topic model where there is one.

Belongs here: what `aspa classify` and `aspa analyze` need beyond the capabilities. Not here: the
lineage's own steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from aspa_assets.topics import VECTORS
from aspa_resources.delivery import parse_cost_centre_map, read_delivery
from aspa_resources.delivery.judging import parse_columns
from aspa_resources.delivery.values import clean
from aspa_resources.home import AspaHome
from aspa_resources.reclassification import MOVES, Comparison, Told, added_up, moves
from aspa_resources.record_files import RecordFile, RecordFileError
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.words import fold_header
from aspa_resources.service_classifier import (
    UNCLASSIFIED,
    Step,
    classify,
    county_map,
    explain_rows,
)
from aspa_resources.storage import NO_PARTITION, Storage
from aspa_resources.zones import ZoneKeys

ROWS_AT_ONCE: Final = 10_000
NO_COUNTY: Final = "00"  # has no profile of its own


_DECISION: Final = (
    "service_class",
    "service_specialty",
    "service_class_rule",
    "inputs_fingerprint",
)


def topics_of(home: AspaHome, vectors: str) -> pl.DataFrame | None:
    """Return the sealed topic model of a home, or None where there is none of these vectors yet.

    Args:
        home: where.
        vectors: SHA-256 of the model that gives texts their vectors.
    """
    storage = Storage(home.storage, ZoneKeys(home.keys))
    sealed = storage.sealed("topic_model", NO_PARTITION)
    if sealed is None or sealed.versions[VECTORS] != vectors:
        return None
    return storage.read_version(sealed)


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
        delivered = None
        if cost_centres is not None:
            read = read_delivery(cost_centres.read_bytes(), county or NO_COUNTY, rules)
            if read.kind != "cost_centre_map":
                raise RecordFileError(f"{cost_centres} is no cost-centre map but {read.kind}.")
            delivered = parse_cost_centre_map(read, county or NO_COUNTY, rules)
        elif county is not None:
            home = AspaHome.current()
            storage = Storage(home.storage, ZoneKeys(home.keys))
            if storage.sealed("cost_centre_map", county):
                delivered = storage.read("cost_centre_map", county)
        frame = county_map(delivered, county or NO_COUNTY, rules)
        return cls(county or NO_COUNTY, frame, month or f"{datetime.now(UTC):%Y-%m}", rules)

    def classify(self, rows: list[dict[str, Any]], *, steps: bool) -> list[dict[str, Any]]:
        """Return the rows with class, specialty, rule, the inputs' fingerprint and explanation.

        Columns are recognised as in a delivery: by our names, the contract's headers or the
        county's own; code names stand for codes. The explanation is one line; steps, where asked
        for, are every rule tried in order, the one that decided last, with the values it looked at.
        """
        codes = self._codes(rows)
        decided = classify(codes, self.cost_centres, self.month, self.rules)
        tried = explain_rows(codes.iter_rows(named=True), self.cost_centres, self.month, self.rules)
        return [
            {
                **row,
                "service_class": service_class,
                "service_specialty": specialty,
                "rule_id": rule_id,
                "inputs_fingerprint": fingerprint,
                "explanation": _told(rules_tried),
                **({"steps": [asdict(step) for step in rules_tried]} if steps else {}),
            }
            for row, (service_class, specialty, rule_id, fingerprint), rules_tried in zip(
                rows, decided.select(_DECISION).iter_rows(), tried, strict=True
            )
        ]

    def compare_file(self, source: Path, target: Path, other: RuleBook) -> Told:
        """Write what other rules would change in the rows of a file, and return it.

        Args:
            source: The rows, JSON Lines or CSV.
            target: Gets the moves: from_class, to_class, from_rule, to_rule, rows.
            other: The rules compared with.
        """
        counted, rows = [MOVES.to_frame()], RecordFile(source).rows()
        compared = 0
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            codes = self._codes(batch)
            before, after = (
                classify(codes, self.cost_centres, self.month, rules)
                for rules in (self.rules, other)
            )
            counted.append(moves(before, after))
            compared += len(batch)
        moved = added_up(counted)
        with RecordFile(target).writer() as writer:
            writer.write(moved.iter_rows(named=True))
        versions = self.rules.classification_version, other.classification_version
        return Told.of([Comparison(self.county, self.month, *versions, compared, moved)], other)

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


def _told(steps: Sequence[Step]) -> str:
    """Return in one line what decided and by which values; without a class, what could have."""
    last = steps[-1]
    why = f"{last.why_fi} / {last.why_en}"
    if last.rule_id == UNCLASSIFIED:
        could = ", ".join(_lacking(steps))
        return f"{why} [puuttuu / missing: {could}]" if could else why
    by = ", ".join(f"{column} {value}" for column, value in last.looked_at.items() if value)
    return f"{why} [{by}]"


def _lacking(steps: Sequence[Step]) -> list[str]:
    """Return the columns whose missing value alone kept some rule from matching."""
    alone = [(c, step.looked_at[c]) for step in steps for c in step.failed if len(step.failed) == 1]
    return list(dict.fromkeys(column for column, value in alone if value is None))
