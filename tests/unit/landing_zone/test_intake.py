"""Every drop gets a receipt, whatever it is, and none keeps the others from theirs."""

from __future__ import annotations

import json
from pathlib import Path

import pyrage
import pytest

from aspa_resources.arrivals import Arrivals
from aspa_resources.intake import take_stock
from aspa_resources.landing_zone import LandingZone
from aspa_resources.ledger import Ledger
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import Storage
from aspa_resources.transport import TransportKeys
from aspa_resources.zones import ZoneKeys

RULES = RuleBook.load()
COUNTS = b"ikaryhma;palvelumuoto;erikoisala;palvelutapahtumia;kyselyja_lahetetty\n25-44;T11;;9;3\n"
MAP = b"kustannuspaikka;nimi;aura_palveluluokka\n1234;Terveysasema;2536\n"
FEEDBACK = b"palaute_id;tapahtuma_aika;ikaryhma;nps\nF-1;2025-03-14;25-44;9\n"


class Desk:
    """A landing zone with real rules, and the receipts that come of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        storage = Storage(root / "storage", ZoneKeys(root / "keys"))
        self.landing = LandingZone(
            root / "landing",
            Ledger(root / "ledger.sqlite"),
            Arrivals(storage),
            TransportKeys(root / "keys"),
            settling_seconds=0,
        )

    def drop(self, where: str, content: bytes) -> Path:
        path = self.root / "landing" / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def take_stock(self) -> list[str]:
        events = take_stock(self.landing, RULES, self.root / "receipts")
        return [event.what for event in events]

    def verdicts(self) -> dict[str, tuple[str, str]]:
        """Return verdict and standing by file name, of every receipt."""
        told = [
            json.loads(path.read_text(encoding="utf-8"))
            for path in (self.root / "receipts").rglob("receipt.json")
        ]
        assert all((self.root / "receipts").glob("*/index.html"))
        return {one["file"]: (one["verdict"], one["delivery"]["standing"]) for one in told}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_whatever_is_dropped_gets_a_receipt(desk: Desk) -> None:
    stranger = pyrage.x25519.Identity.generate().to_public()
    desk.drop("08/tyhja.csv", b"")
    desk.drop("08/kuva.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    desk.drop("08/kesken.csv.part", FEEDBACK)
    desk.drop("08/salattu.age", pyrage.encrypt(FEEDBACK, [stranger]))
    desk.drop("08/kansio/a.csv", FEEDBACK)
    desk.drop("99/a.csv", FEEDBACK)
    desk.drop("irrallaan.csv", FEEDBACK)
    desk.drop("08/otanta_2025-03.csv", COUNTS)
    desk.drop("08/kartta.csv", MAP)
    desk.take_stock()
    refused = ("rejected", "refused")
    assert desk.verdicts() == {
        "tyhja.csv": refused,
        "kuva.png": refused,
        "kesken.csv.part": refused,
        "salattu.age": refused,
        "kansio": refused,
        "a.csv": refused,
        "irrallaan.csv": refused,
        "otanta_2025-03.csv": ("accepted", "new"),
        "kartta.csv": ("accepted", "new"),
    }


def test_the_same_counts_again_and_newer_ones(desk: Desk) -> None:
    desk.drop("08/otanta_2025-03.csv", COUNTS)
    desk.take_stock()
    desk.drop("08/otanta_2025-03_kopio.csv", COUNTS)
    assert desk.take_stock() == ["dropped_again"]
    desk.drop("08/otanta_2025-03_uusi.csv", COUNTS.replace(b"9;3", b"9;4"))
    assert desk.take_stock() == ["registered", "replaced"]
    assert desk.verdicts() == {
        "otanta_2025-03.csv": ("accepted", "replaced"),
        "otanta_2025-03_kopio.csv": ("unchanged", "unchanged"),
        "otanta_2025-03_uusi.csv": ("accepted", "replaces"),
    }


def test_what_came_at_once_is_told_and_so_is_the_decision(desk: Desk) -> None:
    desk.drop("08/otanta_2025-03_a.csv", COUNTS)
    other = desk.drop("08/otanta_2025-03_b.csv", COUNTS.replace(b"9;3", b"9;4"))
    desk.take_stock()
    assert set(desk.verdicts().values()) == {("rejected", "contested")}
    other.unlink()
    assert desk.take_stock() == ["settled", "replaced"]
    assert desk.verdicts() == {
        "otanta_2025-03_a.csv": ("accepted", "replaces"),
        "otanta_2025-03_b.csv": ("accepted", "replaced"),
    }


def test_a_receipt_that_a_killed_process_left_unwritten_is_written_next(desk: Desk) -> None:
    desk.drop("08/tyhja.csv", b"")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aspa_resources.intake.write_receipt", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.take_stock()
    assert desk.verdicts() == {}
    assert desk.take_stock() == ["registered"]
    assert desk.verdicts() == {"tyhja.csv": ("rejected", "refused")}


def test_a_file_damaged_in_store_keeps_no_other_from_its_receipt(desk: Desk) -> None:
    desk.drop("08/otanta_2025-03.csv", COUNTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aspa_resources.intake.tell_counties", lambda *_: [])
        desk.take_stock()
    (kept,) = (desk.root / "storage").rglob("*.parquet")
    kept.write_bytes(b"damaged")
    desk.drop("10/tyhja.csv", b"")
    desk.take_stock()
    assert desk.verdicts()["tyhja.csv"] == ("rejected", "refused")
    assert desk.take_stock() == []
