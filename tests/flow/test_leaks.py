"""What is planted in a delivery is found in no byte written past the restricted zone."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from home import Home

from aspa_resources.zones import ZONE_OF, Zone

# Each mark stands for a kind of thing that must not get out, and where it is planted.
MARKS = {
    "palaute_id": "MERKKIPALAUTETUNNISTE77",
    "palvelutapahtuma_id": "1.2.246.10.6794809.14011.2025.998877",
    "palveluyksikko_oid": "1.2.246.10.6794809.10.987",
    "suorituspaikka": "MERKKISUORITUSPAIKKA",
    "toimipaikka": "MERKKITOIMIPAIKKA",
    "kustannuspaikka": "Maija Merkkinen 010190-999P",
    "kysely_versio": "merkkiversio Maijalle",
}
IN_TEXT = {
    "hetu": "010190-999P",
    "email": "merkki.merkkinen@esimerkki.fi",
    "phone": "0400 998 877",
    "address": "Merkkimestarinkatu 12 B 34",
    "ip": "192.0.2.77",
    "word": "merkkisanaxyz",
}
PERSONAL = {name: mark for name, mark in IN_TEXT.items() if name != "word"}
TEXT = "Hyvää palvelua, {hetu}, {email}, {phone}, {address}, {ip}. Oli {word}.".format(**IN_TEXT)
MONTH = "2025-03"


@pytest.fixture(scope="module")
def planted_home(tmp_path_factory: pytest.TempPathFactory, demo_home: Home) -> Home:
    """Return a home that processed county 08's demo delivery with marks planted in one row."""
    home = Home(tmp_path_factory.mktemp("planted") / "home")
    source = demo_home.root / "landing" / "08" / f"aspa_08_{MONTH}.csv"
    with source.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    planted = {**MARKS, "avoin_palaute": TEXT}
    rows.append([planted.get(n, value) for n, value in zip(header, rows[-1], strict=True)])
    target = home.root / "landing" / "08" / source.name
    target.parent.mkdir(parents=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])
    (home.root / "models").symlink_to(demo_home.root / "models")
    home.aspa("run")
    return home


def test_the_planted_row_was_taken_in(planted_home: Home) -> None:
    validated = planted_home.read("validated_feedback", f"08|{MONTH}")
    row = validated.filter(pl.col("feedback_id") == MARKS["palaute_id"])
    assert row["text"].to_list() == [TEXT]


def test_no_written_byte_shows_a_mark(planted_home: Home) -> None:
    found = [
        (path.relative_to(planted_home.root), name)
        for path, content in written(planted_home.root)
        for name, mark in {**MARKS, **IN_TEXT}.items()
        if mark.encode() in content or mark.encode("utf-16-le") in content
    ]
    assert found == []


def test_no_frame_past_the_restricted_zone_holds_what_identifies(planted_home: Home) -> None:
    storage = planted_home.storage
    seen = 0
    for asset in (a for a, zone in ZONE_OF.items() if zone is not Zone.RESTRICTED):
        for partition in storage.sealed_partitions(asset):
            told = str(storage.read(asset, partition).to_dicts())
            seen += 1
            assert [n for n, mark in {**MARKS, **PERSONAL}.items() if mark in told] == [], asset
    assert seen > 10


def test_the_text_is_readable_past_the_border_but_for_what_was_removed(planted_home: Home) -> None:
    texts = planted_home.read("anonymized_feedback", f"08|{MONTH}")["text"].drop_nulls()
    (cleaned,) = [text for text in texts if IN_TEXT["word"] in text]
    assert cleaned.startswith("Hyvää palvelua, <HETU>, <EMAIL>, <PHONE>, <ADDRESS>")


def written(root: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield every file under a home but the landing zone itself, unzipped where it is zipped."""
    for path in root.rglob("*"):
        inside = path.relative_to(root).parts
        if path.is_file() and inside[0] not in ("landing", "models", "demo_truth"):
            content = path.read_bytes()
            yield path, gzip.decompress(content) if path.suffix == ".gz" else content
