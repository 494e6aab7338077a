"""What happens to deliveries after the first: again, corrected, encrypted, added up, taken out."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pyrage
import pytest
import yaml
from delivered_files import MONTH, delivered, drop, rows_between
from home import Home

from aspa_resources.demo import write_demo_deliveries
from aspa_resources.transport import TransportKeys

ROWS = 60


@pytest.fixture
def home(tmp_path: Path, demo_home: Home) -> Home:
    """Return a home in which deliveries of counties 08 and 10 lie in the landing zone."""
    home = Home(tmp_path / "home")
    home.root.mkdir()
    (home.root / "models").symlink_to(demo_home.root / "models")
    write_demo_deliveries(
        tmp_path / "made", tmp_path / "truth", counties=2, months=2, rows=ROWS, seed=5
    )
    for path in (tmp_path / "made").glob(f"*/*{MONTH}*"):
        if "otanta" not in path.name:
            drop(home, path.parent.name, path.name, path.read_bytes())
    return home


def published(home: Home) -> dict[str, int]:
    """Return the accepted rows that the published tables tell of, by county."""
    home.aspa("export", str(home.root / "out"))
    with (home.root / "out" / "quality.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["measure"] == "rows_accepted"]
    return {row["county"]: int(float(row["value"])) for row in rows if row["value"]}


def month_of(home: Home, county: str) -> dict[str, object]:
    (month,) = [m for m in home.json("status")["months"] if m["county"] == county]
    return dict(month)


def receipt(home: Home, county: str) -> dict[str, object]:
    (page,) = month_of(home, county)["receipts"]  # type: ignore[misc]  # a list in the JSON
    return dict(json.loads(Path(str(page)).with_suffix(".json").read_text(encoding="utf-8")))


def release(home: Home) -> str:
    return home.storage.manifest("published_tables", MONTH).version


def test_a_delivery_comes_again_is_corrected_and_is_taken_out(home: Home) -> None:
    home.json("run")
    first = published(home)
    assert first.keys() >= {"08", "10", "FI"}

    # The same bytes again change nothing and say so.
    before = release(home)
    drop(home, "08", "kopio.csv", delivered(home, "08").read_bytes())
    told = home.json("run")
    assert [(e["what"], e["file"]) for e in told["events"]] == [("dropped_again", "kopio.csv")]
    assert release(home) == before
    assert list((home.root / "receipts" / "08" / MONTH).glob("*-again/receipt.html"))
    (home.root / "landing" / "08" / "kopio.csv").unlink()

    # A correction takes the place of the former file, in every published figure.
    path = delivered(home, "08")
    path.write_bytes(rows_between(path.read_bytes(), 0, ROWS - 20))
    home.json("run")
    corrected = published(home)
    assert month_of(home, "08")["rows_delivered"] == ROWS - 20
    assert corrected["08"] < first["08"]
    assert corrected["10"] == first["10"]
    assert receipt(home, "08")["delivery"]["standing"] == "replaces"  # type: ignore[index]

    # Taken out: of the tables, the pages, the storage and the landing zone.
    content = delivered(home, "10").read_bytes()
    home.aspa("retract", "--county", "10", "--month", MONTH)
    assert published(home).keys() == corrected.keys() - {"10"}
    assert not (home.root / "reports" / "10" / f"{MONTH}.html").exists()
    assert not list((home.root / "landing" / "10").iterdir())
    left = [p for p in (home.root / "storage").rglob("*.parquet") if "10" in p.parts]
    assert left == []
    history = json.loads((home.root / "receipts" / "10" / "index.json").read_text("utf-8"))
    assert [entry["standing"] for entry in history["deliveries"]] == ["retracted"]

    # The same bytes do not come back by themselves, only by decision.
    drop(home, "10", "uudelleen.csv", content)
    home.json("run")
    assert "10" not in published(home)
    home.aspa("retract", "--county", "10", "--month", MONTH, "--undo")
    assert published(home)["10"] == first["10"]


def test_a_delivery_may_come_encrypted_to_the_platform(home: Home) -> None:
    recipient = pyrage.x25519.Recipient.from_str(TransportKeys(home.root / "keys").recipient)
    stranger = pyrage.x25519.Identity.generate().to_public()
    path = delivered(home, "08")
    content = path.read_bytes()
    path.with_name("viesti.age").write_bytes(pyrage.encrypt(content, [recipient]))
    path.unlink()
    delivered(home, "10").write_bytes(pyrage.encrypt(content, [stranger]))
    told = home.json("run", code=1)
    assert month_of(home, "08")["station"] == "reported"
    assert receipt(home, "08")["delivery"]["encrypted"] is True  # type: ignore[index]
    (refused,) = told["refused_files"]
    assert refused["county"] == "10"
    assert Path(refused["receipt"]).exists()


def test_files_of_several_suppliers_add_up_to_one_month(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree("rules", rules)
    profile = {
        "county": "08",
        "suppliers": {"roidu": {"file_name": "roidu*"}, "webropol": {"file_name": "webropol*"}},
    }
    (rules / "counties" / "08.yaml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    monkeypatch.setenv("ASPA_RULES", str(rules))
    shutil.rmtree(home.root / "landing" / "10")
    whole = delivered(home, "08")
    content = whole.read_bytes()
    whole.unlink()
    drop(home, "08", "roidu.csv", rows_between(content, 0, 35))
    drop(home, "08", "webropol.csv", rows_between(content, 30, ROWS))
    home.json("run")
    month = month_of(home, "08")
    assert month["files"] == ["roidu.csv", "webropol.csv"]
    assert month["rows_delivered"] == ROWS + 5
    validated = home.read("validated_feedback", f"08|{MONTH}")
    assert validated["feedback_id"].is_duplicated().sum() == 0
    assert validated["delivery"].n_unique() == 2
    codes = home.read("rejected_rows", f"08|{MONTH}")["code"].to_list()
    assert codes.count("in_other_file") + codes.count("duplicate_feedback_id") >= 1
