"""Changed rules: seen first, done by decision, and told wherever figures stand on them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from home import Home

from aspa_resources.rule_book import RuleBook

RULES = Path(__file__).parents[2] / "rules"
OLD, NEW = "when: {service_form: [T25]}", "when: {service_form: [T25, T11]}"


@pytest.fixture
def home(tmp_path: Path, demo_home: Home) -> Home:
    copied = Home(tmp_path / "home")
    shutil.copytree(demo_home.root, copied.root, symlinks=True)
    return copied


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Return rules by which receptions are family counselling, of a version of their own."""
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    table = folder / "aura/inference_rules.yaml"
    text = table.read_text("utf-8").replace(OLD, NEW).replace('"2025.1"', '"2099.1"')
    assert NEW in text
    table.write_text(text, "utf-8")
    return folder


def classes(home: Home, key: str) -> pl.DataFrame:
    return home.read("classified_feedback", key).sort("response_id")


def test_a_month_is_reclassified_by_decision_alone(
    home: Home, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = classes(home, "08|2025-03")
    assert home.json("reclassify")["rows_moved"] == 0
    seen = home.json("reclassify", "--rules", str(changed))
    (move,) = seen["moves"]
    assert (move["from_class"], move["to_class"]) == ("2536", "2183")
    home.aspa("reclassify", "--rules", str(changed), "--yes", code=2)

    monkeypatch.setenv("ASPA_RULES", str(changed))
    home.aspa("run", code=1)  # the demo's broken files are told of
    assert classes(home, "08|2025-03").equals(before)
    assert "aspa reclassify" in home.aspa("status")

    home.aspa("reclassify", "--month", "2025-03", "--yes", code=1)
    after = classes(home, "08|2025-03")
    moved = (before["service_class"] != after["service_class"]).sum()
    (of_month,) = [m for m in seen["months"] if (m["county"], m["month"]) == ("08", "2025-03")]
    assert moved == of_month["rows_moved"] > 0
    version = RuleBook.load(changed).classification_version
    assert version.startswith("2099.1+")
    delivered = json.loads((home.root / "thl/2025-03/manifest.json").read_text("utf-8"))
    # The trend stands on the month before as well, whose classes are of the former rules.
    former = RuleBook.load(RULES).classification_version
    assert delivered["versions"]["service_classes"] == f"{former}, {version}"
    assert version in (home.root / "reports/08/2025-03.html").read_text("utf-8")
    assert {m["stands_on"] for m in home.json("reclassify", "--month", "2025-02")["months"]} != {
        version
    }
