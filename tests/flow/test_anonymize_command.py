"""`aspa anonymize` as a county's clerk runs it."""

from __future__ import annotations

import csv
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from home import Home

TEXT = "Kiitos hoitaja Virtaselle! Soitin 040 123 4567."
CLEAN = "Kiitos hoitaja <PERSON>! Soitin <PHONE>."


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_suppliers_export_comes_back_with_its_texts_cleaned_and_all_else_as_it_was(
    home: Home, tmp_path: Path
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv.gz"
    written = (
        f'id;pvm;"avoin; vapaa";arvo\r\n007;1.3.2025;"{TEXT}\r\nToinen ""rivi""";1,50\r\n8;;;\r\n'
    )
    source.write_bytes(written.encode("cp1252"))
    told = home.json("anonymize", str(source), str(target), "--text-column", "avoin; vapaa")
    expected = written.replace(TEXT, CLEAN)
    assert gzip.decompress(target.read_bytes()).decode("cp1252") == expected
    assert told["findings"] == {"PERSON": 1, "PHONE": 1}
    assert (told["rows"], told["texts"]) == (2, 1)
    assert told["untouched_columns"] == ["id", "pvm", "arvo"]
    assert told["suspected_columns"] == {}


def test_columns_left_alone_are_told_and_doubtful_ones_warned_of(
    home: Home, tmp_path: Path
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "vastaaja", "yksikkö"])
        rows.writerows([[TEXT, "Matti Meikäläinen, 140271-9123", "Kuopio"]] * 3)
    for language, warning in (
        ("fi", "VAROITUS: sarakkeessa vastaaja"),
        ("sv", "VARNING: kolumnen vastaaja"),
        ("en", "WARNING: column vastaaja"),
    ):
        told = home.aspa("anonymize", str(source), str(target), "--language", language)
        assert warning in told
        assert "MODEL_CARD" in told
        assert "PERSON 3" in told
        assert "yksikkö" in told
        assert "Meikäläinen" not in told


def test_a_wrong_column_names_those_there_and_the_cure(home: Home, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"id;palaute\n1;{TEXT}\n", encoding="utf-8")
    said = home.failing("anonymize", str(source), str(target))
    assert "id, palaute" in said
    assert "--text-column" in said
    assert "Virtaselle" not in said
    assert not target.exists()


def test_the_file_itself_is_never_written_over(home: Home, tmp_path: Path) -> None:
    source, link = tmp_path / "in.csv", tmp_path / "link.csv"
    source.write_text(f"text\n{TEXT}\n", encoding="utf-8")
    link.symlink_to(source)
    for target in (source, link):
        assert "Name another one" in home.failing("anonymize", str(source), str(target))
    assert source.read_text("utf-8") == f"text\n{TEXT}\n"


def test_a_folder_is_never_written_over(home: Home, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"text\n{TEXT}\n", encoding="utf-8")
    target.mkdir()
    assert "out.csv is a folder" in home.failing("anonymize", str(source), str(target))


def test_a_column_with_few_but_personal_cells_is_warned_of(home: Home, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    rows = [f"hyvä;{'Maija Virtanen' if row % 15 == 0 else ''}" for row in range(60)]
    source.write_text("\n".join(["text;vastaaja", *rows]), encoding="utf-8")
    told = home.json("anonymize", str(source), str(tmp_path / "out.csv"))
    assert told["suspected_columns"] == {"vastaaja": ["PERSON"]}


def test_the_form_of_a_file_stays(home: Home, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(f"text\n{TEXT}\n", encoding="utf-8")
    assert "form" in home.failing("anonymize", str(source), str(tmp_path / "out.jsonl"))


def test_killed_in_the_middle_it_leaves_no_half_file_and_the_next_one_sweeps(
    home: Home, tmp_path: Path
) -> None:
    source, folder = tmp_path / "in.jsonl", tmp_path / "out"
    target = folder / "out.jsonl"
    with source.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": f"{TEXT} {'a' * i}"}) + "\n" for i in range(4_000))
    aspa = Path(sys.executable).with_name("aspa")
    command = [aspa, "anonymize", source, target]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 120
        while not folder.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(running.pid, signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL
    assert not target.exists()
    source.write_text(json.dumps({"text": TEXT}), encoding="utf-8")
    home.aspa("anonymize", str(source), str(target))
    assert [*folder.iterdir()] == [target]
    assert json.loads(target.read_text("utf-8")) == {"text": CLEAN}
