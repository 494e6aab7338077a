"""The step: figures sealed, pages written and taken out, a broken promise never sealed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from aspa_assets.pending import _delivery_pending
from aspa_assets.residual_risk import residual_risk
from aspa_assets.withdrawal import withdraw_unfounded
from aspa_resources.anonymizer.rows import anonymize_rows
from aspa_resources.home import AspaHome
from aspa_resources.residual_risk.generalise import generalise
from aspa_resources.resources import HomeResource, RuleBookResource, StorageResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Storage
from aspa_resources.zones import ZoneKeys
from expectations.columns import COLUMNS, names

RULES = RuleBook.load()
RISK = RULES.disclosure.residual_risk
KEY, OTHER = "10|2025-03", "18|2025-03"
ROWS = 60


@dataclass
class Check:
    passed: bool = True
    name: str = "rule"
    blocking: bool = True
    unexpected_count: int = 0


def delivered() -> pl.DataFrame:
    """Return rows of which some are alike and some like no other."""
    kinds = {c.name: getattr(pl, c.type) for c in COLUMNS["validated_feedback"]}
    rows = [
        {
            "delivery": 1,
            "row_number": row + 1,
            "feedback_id": f"palaute-{row}",
            "service_event_id": f"1.2.246.10.1.14011.2025.{row}",
            "age_group": ["25-44", "45-64", "65-74", "85+"][row % 4 if row % 3 else 0],
            "gender": ["female", "male"][row % 2],
            "language": "sv" if row % 11 == 0 else "fi",
            "respondent_role": "customer",
            "contact_mode": "R10",
            "visitor_group": "1",
            "cost_centre": str(1000 + row % 7),
            "service_form": "T11",
            "event_time": datetime.fromisoformat("2025-03-03T08:00") + timedelta(hours=row),
            "nps": row % 11,
        }
        for row in range(ROWS)
    ]
    return pl.DataFrame(rows, schema=kinds)


class Desk:
    """A home whose delivered and anonymous rows are sealed by hand."""

    def __init__(self, root: Path) -> None:
        self.home = AspaHome(root)
        self.storage = Storage(self.home.storage, ZoneKeys(self.home.keys))

    def seal(
        self, asset: str, key: str, frame: pl.DataFrame, *inputs: str, **statistics: object
    ) -> None:
        candidate = self.storage.write_candidate(
            asset,
            key,
            frame,
            inputs={f"{a}@{key}": self.storage.manifest(a, key).version for a in inputs},
            statistics=statistics,
            versions={"rules": RULES.version, "residual_risk": RISK.version},
        )
        self.storage.seal(candidate, asset, "1", [Check()])

    def deliver(self, key: str, *, gentle: bool = True) -> None:
        """Seal a month's rows; not gentle: nothing is generalised."""
        rows = delivered()
        county, month = key.split("|")
        anonymous = anonymize_rows(rows, county, month, RULES.contract)
        done = generalise(anonymous, RISK)
        self.seal("raw_delivery", key, rows, content_hashes=[])
        self.seal("validated_feedback", key, rows, "raw_delivery")
        self.seal("sampling_counts", key, rows, "raw_delivery")
        self.seal(
            "anonymized_feedback",
            key,
            (done.rows if gentle else anonymous).select(names("anonymized_feedback")),
            "validated_feedback",
            generalised={"ALL": done.count, **done.by_column},
        )

    def assess(self, key: str) -> bool:
        resources = {
            "storage": StorageResource(home=str(self.home.root)),
            "home": HomeResource(home=str(self.home.root)),
            "rule_book": RuleBookResource(),
        }
        return dg.materialize(
            [residual_risk], partition_key=key, resources=resources, raise_on_error=False
        ).success

    def page(self, key: str) -> Path:
        county, month = key.split("|")
        return self.home.operator / "residual_risk" / county / f"{month}.html"

    @property
    def index(self) -> str:
        return (self.home.operator / "residual_risk" / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_figures_are_sealed_and_pages_written_and_taken_out_with_the_month(desk: Desk) -> None:
    desk.deliver(OTHER)
    desk.seal("residual_risk", OTHER, pl.DataFrame({"a": [1]}), rows=ROWS, generalised_rows=0)
    desk.deliver(KEY)
    assert desk.assess(KEY)
    sealed = desk.storage.read("residual_risk", KEY)
    assert sealed.columns == names("residual_risk")
    least = sealed.filter(scenario="acquaintance", stage="after", measure="least_k")["value"]
    assert least.item() >= 5
    text = desk.page(KEY).read_text(encoding="utf-8") + sealed.write_csv()
    assert "palaute-" not in text
    assert "1.2.246" not in text
    assert "10/2025-03.html" in desk.index

    desk.storage.withdraw("anonymized_feedback", KEY)
    assert KEY in withdraw_unfounded(desk.storage, desk.home)
    assert not desk.page(KEY).exists()
    assert "10/2025-03.html" not in desk.index
    assert "18/2025-03.html" in desk.index


def test_a_broken_promise_is_not_sealed_and_has_no_page(desk: Desk) -> None:
    desk.deliver(KEY, gentle=False)
    assert not desk.assess(KEY)
    assert desk.storage.sealed("residual_risk", KEY) is None
    attempt = desk.storage.attempt("residual_risk", KEY)
    assert attempt is not None
    assert attempt.failed_checks == ["rows_rarer_than_promised"]
    assert not desk.page(KEY).exists()


def test_rows_of_an_earlier_delivery_are_not_compared_with_a_later_one(desk: Desk) -> None:
    desk.deliver(KEY)
    desk.seal("validated_feedback", KEY, delivered(), "raw_delivery")
    assert not desk.assess(KEY)
    assert desk.storage.attempt("residual_risk", KEY) is None


def test_a_changed_risk_rule_makes_a_delivery_due_and_no_other_rule_does(desk: Desk) -> None:
    desk.deliver(KEY)
    anonymous, none = ("anonymized_feedback",), pl.DataFrame({"a": [1]})
    desk.seal("residual_risk", KEY, none, "validated_feedback", *anonymous)
    desk.seal("review_queue", KEY, none, *anonymous)
    (stricter, *others) = RISK.scenarios
    stricter = stricter.model_copy(update={"least_k": 6})
    risk = RISK.model_copy(update={"scenarios": (stricter, *others)})
    changed = RULES.disclosure.model_copy(update={"residual_risk": risk})
    threshold = RULES.disclosure.model_copy(update={"threshold": 12})

    def due(rules: RuleBook) -> bool:
        return _delivery_pending([], desk.storage, rules, KEY)

    assert not due(RULES)
    assert not due(replace(RULES, version="another", disclosure=threshold))
    assert due(replace(RULES, version="another", disclosure=changed))
    desk.storage.purge("validated_feedback", KEY)
    assert not due(replace(RULES, version="another", disclosure=changed))
