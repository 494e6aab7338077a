"""A person's verdicts reach the gate: what they saw leaking is quarantined, and nothing is lost."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import dagster as dg
import polars as pl
import pytest
from home import Home

from aspa_assets.definitions import build_definitions
from aspa_assets.headless import QUIET
from aspa_assets.pending import pending_verifications
from aspa_resources.demo import write_demo_deliveries
from aspa_resources.home import AspaHome
from aspa_resources.intake import take_stock
from aspa_resources.resources import open_landing_zone
from aspa_resources.review import text_hash
from aspa_resources.rule_book import RuleBook

KEY = "08|2025-03"
OF_IT: Final = ("review", "--county", "08", "--month", "2025-03")
SECONDS: Final = 300.0  # a busy machine takes its time


class Reviewed(Home):
    """A home in which one delivery went as far as anonymous rows, and Dagster to go on."""

    def run(self, job: str) -> bool:
        with dg.DagsterInstance.ephemeral() as instance:
            result = (
                build_definitions()
                .resolve_job_def(job)
                .execute_in_process(
                    instance=instance, partition_key=KEY, run_config=QUIET, raise_on_error=False
                )
            )
        return result.success

    def alone(self, asset: str) -> bool:
        with dg.DagsterInstance.ephemeral() as instance:
            job = build_definitions().resolve_implicit_global_asset_job_def()
            return job.execute_in_process(
                instance=instance, partition_key=KEY, run_config=QUIET, raise_on_error=False,
                asset_selection=[dg.AssetKey(asset)],
            ).success  # fmt: skip

    def item(self, number: int) -> str:
        queue = self.read("review_queue", KEY)
        text: str = queue.filter(pl.col("item") == number)["text"][0]
        return text

    def passed(self, text: str) -> list[bool]:
        rows = self.read("anonymized_feedback", KEY).filter(pl.col("text") == text)
        verified = rows.join(self.read("verification_run", KEY), on="response_id")
        passed: list[bool] = verified["passed"].to_list()
        return passed


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviewed]:
    root = tmp_path_factory.mktemp("review") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASPA_HOME", str(root))
        folders = AspaHome(root)
        write_demo_deliveries(
            folders.landing, root / "truth", counties=1, months=1, rows=60, seed=3,
        )  # fmt: skip
        take_stock(open_landing_zone(folders), RuleBook.load(), folders.receipts)
        reviewed = Reviewed(root)
        assert reviewed.run("take_in_delivery")
        assert reviewed.run("verify_and_classify")
        yield reviewed


def test_a_random_share_waits_and_status_says_so(home: Reviewed) -> None:
    queue = home.read("review_queue", KEY)
    cleaned = home.read("anonymized_feedback", KEY)["text"]
    assert queue.height == 20
    assert queue["text"].is_in(cleaned.implode()).all()
    assert home.json(*OF_IT)["waiting"] == 20
    assert "20 texts wait for review" in home.aspa("status")


def test_a_leak_that_a_person_saw_is_quarantined_and_everything_after_it_due(
    home: Reviewed,
) -> None:
    text = next(t for t in map(home.item, range(1, 21)) if all(home.passed(t)))
    (number,) = home.read("review_queue", KEY).filter(pl.col("text") == text)["item"]
    before = home.read("classified_feedback", KEY).height
    assert pending_verifications(home.storage) == []
    told = home.json(*OF_IT, "--record", f"{number}=leak:PERSON,PHONE")
    assert (told["leaks"], told["entity_types"]) == (1, {"PERSON": 1, "PHONE": 1})
    assert pending_verifications(home.storage) == [KEY]
    # Nobody reads the rows before they are verified in the light of it.
    assert not home.alone("classified_feedback")
    assert home.run("verify_and_classify")
    assert not any(home.passed(text))
    assert home.read("classified_feedback", KEY).height == before - len(home.passed(text))
    counted = home.storage.manifest("verification_run", KEY).statistics["findings"]
    assert {f["entity_type"] for f in counted if f["recognizer"] == "reviewer"} == {
        "PERSON",
        "PHONE",
    }
    assert pending_verifications(home.storage) == []


def test_a_verdict_binds_the_text_and_outlives_new_rows(home: Reviewed) -> None:
    leaking = set(home.read("review_verdicts", KEY).filter(verdict="leak")["text_hash"])
    assert home.run("take_in_delivery")
    assert home.run("verify_and_classify")
    rows = home.read("anonymized_feedback", KEY).drop_nulls("text")
    held = [text for text in rows["text"] if text_hash(text) in leaking]
    assert held
    assert not any(passed for text in held for passed in home.passed(text))


def test_what_the_queue_does_not_have_is_refused_and_nothing_recorded(home: Reviewed) -> None:
    before = home.storage.sealed("review_verdicts", KEY)
    assert "numbers 1 to 20" in home.failing(*OF_IT, "--record", "1=clean", "--record", "99=clean")
    assert "ITEM=leak:TYPE" in home.failing(*OF_IT, "--record", "1=leak:NAME")
    assert "ITEM=clean" in home.failing(*OF_IT, "--record", "1=fine")
    assert home.storage.sealed("review_verdicts", KEY) == before


def test_texts_are_shown_in_a_terminal_only(home: Reviewed) -> None:
    assert "in a terminal only" in home.failing(*OF_IT)


def test_a_verdict_can_be_taken_back(home: Reviewed) -> None:
    waiting = home.json(*OF_IT)["waiting"]
    (number,) = waiting_items(home)[:1]
    assert home.json(*OF_IT, "--record", f"{number}=too_much")["waiting"] == waiting - 1
    assert home.json(*OF_IT, "--take-back", str(number))["waiting"] == waiting


def test_of_two_reviewers_at_once_neither_loses_a_verdict(home: Reviewed) -> None:
    numbers = waiting_items(home)[:4]
    before = home.read("review_verdicts", KEY).height
    running = [start(home, "--record", f"{number}=clean") for number in numbers]
    assert [process.wait(SECONDS) for process in running] == [0] * len(numbers)
    assert home.read("review_verdicts", KEY).height == before + len(numbers)


def test_a_person_reviews_in_a_terminal_and_can_go_on_later(home: Reviewed) -> None:
    waiting = waiting_items(home)
    texts = [home.item(number) for number in waiting]
    shown = in_a_terminal(home, "o\nt\nl\n1,3\ns\nq\n", "--lang", "sv")
    assert "[o] i ordning" in shown
    assert readable(texts[0]) in readable(shown)
    said = home.read("review_verdicts", KEY)
    verdicts = dict(said.select("text_hash", "verdict").iter_rows())
    assert [verdicts.get(text_hash(text)) for text in texts[:5]] == [
        "clean",
        "too_much",
        "leak",
        None,
        None,
    ]
    (types,) = said.filter(text_hash=text_hash(texts[2]))["entity_types"].to_list()
    assert types == ["PERSON", "EMAIL"]
    assert waiting_items(home) == waiting[3:]
    # The terminal's other screen is left, and what comes after it holds no text.
    assert readable(texts[0]) not in readable(shown.rpartition("\x1b[?1049l")[2])


@pytest.mark.parametrize(("typed", "hang_up"), [("o\n", 2), ("o\n\x04", 0)])
def test_whoever_leaves_in_the_middle_keeps_what_was_said(
    home: Reviewed, typed: str, hang_up: int
) -> None:
    waiting = waiting_items(home)
    in_a_terminal(home, typed, hang_up=hang_up)
    assert waiting_items(home) == waiting[1:]


def test_nothing_of_a_text_is_written_in_clear(home: Reviewed) -> None:
    texts = [text.encode() for text in home.read("review_queue", KEY)["text"] if len(text) > 30]
    assert texts
    written = [p for p in home.root.rglob("*") if p.is_file() and "landing" not in p.parts]
    written = [p for p in written if "truth" not in p.parts]
    assert [p for p in written for text in texts if text in p.read_bytes()] == []


def waiting_items(home: Reviewed) -> list[int]:
    queue, said = home.read("review_queue", KEY), home.read("review_verdicts", KEY)
    waiting = queue.join(said, on="text_hash", how="anti").sort("item")
    numbers: list[int] = waiting["item"].to_list()
    return numbers


def start(home: Reviewed, *arguments: str) -> subprocess.Popen[bytes]:
    aspa = Path(sys.executable).with_name("aspa")
    environment = {**os.environ, "ASPA_HOME": str(home.root)}
    return subprocess.Popen([aspa, *OF_IT, *arguments], env=environment, stdout=subprocess.DEVNULL)


def in_a_terminal(home: Reviewed, typed: str, *arguments: str, hang_up: int = 0) -> str:
    """Run the command in a terminal, type when first asked, and return what it showed.

    Args:
        hang_up: the question at which the terminal goes away, counted from 1; 0: never.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.environ |= {"ASPA_HOME": str(home.root), "COLUMNS": "100", "LINES": "40"}
        aspa = str(Path(sys.executable).with_name("aspa"))
        os.execv(aspa, [aspa, *OF_IT, *arguments])  # noqa: S606 (the installed command)
    shown, waits = b"", typed.encode()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and not (hang_up and shown.count(b"[q]") >= hang_up):
        if select.select([terminal], [], [], 1.0)[0]:
            try:
                shown += os.read(terminal, 1 << 16)
            except OSError:  # the command has ended
                break
        if waits and b"[q]" in shown:
            os.write(terminal, waits)
            waits = b""
    os.close(terminal)
    os.waitpid(child, 0)
    return shown.decode(errors="replace")


def readable(shown: str) -> str:
    """Return letters alone: lines are wrapped and framed in the terminal."""
    return re.sub(r"[^a-zåäö]", "", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).lower())
