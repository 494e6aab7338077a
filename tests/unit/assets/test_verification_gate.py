"""The verification run lets through what it has seen and found clean, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from aspa_assets.anonymization import read_verified, verification_run
from aspa_assets.sealing import Inputs
from aspa_resources.anonymizer import Finding, Verifier
from aspa_resources.resources import AnonymizerResource, StorageResource
from aspa_resources.review import NO_VERDICTS, Verdict, merged, text_hash
from aspa_resources.review.verdicts import Said
from aspa_resources.storage import Manifest, NotSealedError, Storage
from expectations.columns import COLUMNS

KEY = "10|2025-03"
CLEAN, LEAKING = "Kiitos <PERSON> hyvästä hoidosta!", "Kiitos hoitaja Virtaselle!"


class Gate:
    """A storage with anonymous rows, and the step that looks them over."""

    def __init__(self, root: Path) -> None:
        self.resource = StorageResource(home=str(root))
        self.storage: Storage = self.resource.open()

    def rows(self, texts: Sequence[str | None], first_id: int = 0) -> None:
        frame = pl.DataFrame(
            {c.name: [None] * len(texts) for c in COLUMNS["anonymized_feedback"]},
            schema={c.name: getattr(pl, c.type) for c in COLUMNS["anonymized_feedback"]},
        ).with_columns(
            response_id=pl.Series(
                [f"{first_id + n:032x}" for n in range(len(texts))], dtype=pl.String
            ),
            text=pl.Series(texts, dtype=pl.String),
        )
        self.seal("anonymized_feedback", frame)

    def verdicts(self, leaking: Sequence[str], clean: Sequence[str] = ()) -> None:
        told: list[tuple[str, Said, tuple[str, ...]]] = [(t, "clean", ()) for t in clean]
        told += [(text, "leak", ("PERSON",)) for text in leaking]
        said = (Verdict(text_hash(text), *of, date(2025, 4, 1)) for text, *of in told)
        frame = merged(NO_VERDICTS, said)
        self.seal("review_verdicts", frame, leaks_known=" ".join(leaking))

    def seal(self, asset: str, frame: pl.DataFrame, **statistics: str) -> None:
        candidate = self.storage.write_candidate(
            asset, KEY, frame, inputs={}, statistics=statistics, versions={}
        )
        self.storage.seal(candidate, asset, "1", [])

    def verify(self) -> bool:
        result = dg.materialize(
            [verification_run],
            partition_key=KEY,
            resources={"storage": self.resource, "anonymizer": AnonymizerResource()},
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        return result.success

    def failed(self) -> list[str]:
        attempt = self.storage.attempt("verification_run", KEY)
        return attempt.failed_checks if attempt else []

    def read(self) -> list[str | None]:
        return read_verified(Inputs(self.storage), KEY)["text"].to_list()


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def test_a_row_with_a_finding_does_not_pass_and_is_counted(gate: Gate) -> None:
    gate.rows([CLEAN, LEAKING, None, ""])
    assert gate.verify()
    assert gate.read() == [CLEAN, None, ""]
    statistics = gate.storage.manifest("verification_run", KEY).statistics
    assert statistics["quarantined"] == 1
    assert statistics["texts_passed"] == 2
    assert sum(found["findings"] for found in statistics["findings"]) >= 1


def test_every_row_of_a_text_that_a_reviewer_saw_leaking_stays_out(gate: Gate) -> None:
    other = "Tack för hjälpen!"
    gate.rows([CLEAN, other, CLEAN, None])
    gate.verdicts([CLEAN])
    assert gate.verify()
    assert gate.read() == [other, None]
    (found,) = gate.storage.manifest("verification_run", KEY).statistics["findings"]
    assert (found["recognizer"], found["findings"]) == ("reviewer", 2)


def test_verdicts_given_since_the_verification_close_the_gate(gate: Gate) -> None:
    gate.rows([CLEAN, None])
    assert gate.verify()
    gate.verdicts([CLEAN])
    with pytest.raises(NotSealedError, match="reviewers' latest verdicts"):
        gate.read()
    assert gate.verify()
    assert gate.read() == [None]
    gate.storage.withdraw("review_verdicts", KEY)
    with pytest.raises(NotSealedError, match="reviewers' latest verdicts"):
        gate.read()


def test_verdicts_that_tell_of_no_new_leak_leave_the_gate_open(gate: Gate) -> None:
    other = "Tack för hjälpen!"
    gate.rows([CLEAN, other])
    assert gate.verify()
    gate.verdicts([], clean=[other])
    assert gate.read() == [CLEAN, other]
    gate.verdicts([CLEAN], clean=[other])
    assert gate.verify()
    gate.verdicts([CLEAN])
    assert gate.read() == [other]
    gate.verdicts([], clean=[CLEAN])
    with pytest.raises(NotSealedError, match="reviewers' latest verdicts"):
        gate.read()


def test_a_verification_of_other_rows_opens_no_gate(gate: Gate) -> None:
    gate.rows([CLEAN])
    assert gate.verify()
    gate.rows([LEAKING])
    with pytest.raises(NotSealedError, match="an earlier version of the anonymous rows"):
        gate.read()


def test_rows_sealed_while_the_verified_ones_are_read_change_nothing(gate: Gate) -> None:
    gate.rows([CLEAN, LEAKING])
    assert gate.verify()

    class Overtaken(Inputs):
        """The month's rows are made anew once the gate has looked at the manifests."""

        def sealed(self, asset: str, partition: str) -> Manifest | None:
            gate.rows([LEAKING, CLEAN], first_id=100)
            return super().sealed(asset, partition)

    assert read_verified(Overtaken(gate.storage), KEY)["text"].to_list() == [CLEAN]


def test_without_a_verification_nothing_is_read(gate: Gate) -> None:
    gate.rows([CLEAN])
    with pytest.raises(NotSealedError, match="verification_run"):
        gate.read()


def test_where_no_row_passes_nothing_is_sealed(gate: Gate) -> None:
    gate.rows([LEAKING])
    assert not gate.verify()
    assert gate.failed() == ["rows_passed"]
    with pytest.raises(NotSealedError, match="rows_passed"):
        gate.read()


def test_an_empty_delivery_is_not_sealed(gate: Gate) -> None:
    gate.rows([])
    assert not gate.verify()
    assert {"some_rows", "rows_passed"} <= set(gate.failed())


def test_too_many_findings_say_that_a_pass_is_broken(gate: Gate) -> None:
    gate.rows([LEAKING] * 6 + [CLEAN] * 6)
    assert not gate.verify()
    assert gate.failed() == ["quarantined_share"]


def test_a_leak_in_a_common_text_keeps_out_its_rows_and_no_others(gate: Gate) -> None:
    # Were the run refused, the former one, which lets the leak through, would stay current.
    gate.rows([CLEAN] * 12 + ["Kiitos."] * 8)
    assert gate.verify()
    gate.verdicts(leaking=["Kiitos."])
    assert gate.verify()
    assert gate.read() == [CLEAN] * 12


def test_a_second_pass_that_sees_nothing_lets_nothing_through(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sees_nothing(_: Verifier, texts: Sequence[str]) -> list[tuple[Finding, ...]]:
        return [() for _ in texts]

    monkeypatch.setattr(Verifier, "verify", sees_nothing)
    gate.rows([CLEAN, LEAKING])
    assert not gate.verify()
    assert gate.failed() == ["planted_leaks_missed"]
