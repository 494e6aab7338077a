"""A delivery of the tests' own making, written in any supplier's shape."""

import csv
import io
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from aspa_resources.delivery import Judged, ReadDelivery, judge, read_delivery
from aspa_resources.rule_book import RuleBook

DATA = Path(__file__).parents[2] / "data" / "delivery"
Row = dict[str, str]
TIMED = ("tapahtuma_aika", "kysely_lahetetty_aika", "vastattu_aika")
CANONICAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
TEXTS = ("", "Hyvää palvelua; kiitos!", 'Sanoi "hei"\nja hymyili, ääneen', "Väntan var lång")
ALIKE = {
    "toimipaikka": "Toimipaikka 3", "kustannuspaikka": "41001", "tuotantotapa": "oma",
    "palvelumuoto": "T11", "yhteystapa": "R10", "ammatti": "22213", "kiireellisyys": "E",
    "kaynnin_luonne": "SH", "kavijaryhma": "1", "ikaryhma": "45-64", "sukupuoli": "nainen",
    "kieli": "fi", "vastaajarooli": "asiakas", "keruukanava": "tekstiviesti",
    "kysely_versio": "2024.1", "palautetyyppi": "pistemainen",
    "palveluyksikko_oid": "1.2.246.10.1234567.10.3", "suorituspaikka": "SP001",
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """How a supplier writes a file."""

    county: str = "08"
    encoding: str = "utf-8"
    separator: str = ";"
    times: str = "%Y-%m-%dT%H:%M:%S"
    contact_mode_names: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    line_end: str = "\r\n"
    quoting: int = csv.QUOTE_MINIMAL
    preamble: Sequence[str] = ()
    order: Sequence[int] = ()
    extra: Sequence[str] = ()


class Desk:
    """Where tests make deliveries and have them read and judged."""

    def __init__(self) -> None:
        self.rules = RuleBook.load()
        self.shapes = {name: Shape(**shape) for name, shape in self.cases("shapes").items()}

    def cases(self, name: str) -> Any:
        return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))

    def rows(self, count: int) -> list[Row]:
        """Rows by contract header, all of them right for March 2025 in the canonical shape."""
        return [self._row(number) for number in range(1, count + 1)]

    def write(self, rows: Sequence[Row], shape: Shape | str = "canonical") -> bytes:
        shape = self.shapes[shape] if isinstance(shape, str) else shape
        headers = list(rows[0])
        headers = [headers[i] for i in shape.order] if shape.order else headers
        stream = io.StringIO(newline="")
        writer = csv.writer(
            stream, delimiter=shape.separator, quoting=shape.quoting, lineterminator=shape.line_end
        )
        stream.write("".join(line + shape.line_end for line in shape.preamble))
        writer.writerow([shape.headers.get(h, h) for h in headers] + list(shape.extra))
        for row in rows:
            cells = [self._cell(header, row[header], shape) for header in headers]
            writer.writerow(cells + ["x"] * len(shape.extra))
        return stream.getvalue().encode(shape.encoding)

    def read(self, content: bytes, county: str = "08") -> ReadDelivery:
        return read_delivery(content, county, self.rules)

    def judge(self, content: bytes, county: str = "08") -> Judged:
        return judge(self.read(content, county), county, "2025-03", self.rules)

    def _row(self, number: int) -> Row:
        event = datetime.fromisoformat(f"2025-03-{1 + number % 28:02}T{8 + number % 9:02}:15:00")
        return (
            dict.fromkeys((column.header for column in self.rules.contract.columns), "")
            | ALIKE
            | {f"v{i}": str((number + i) % 6) for i in range(1, 8)}
            | {
                "palaute_id": f"F-{number:06}",
                "palvelutapahtuma_id": f"1.2.246.10.1234567.14011.2025.{number}",
                "nps": str(number % 11),
                "tapahtuma_aika": event.isoformat(),
                "kysely_lahetetty_aika": (event + timedelta(hours=3)).isoformat(),
                "vastattu_aika": (event + timedelta(days=1)).isoformat(),
                "avoin_palaute": TEXTS[number % len(TEXTS)],
            }
        )

    def _cell(self, header: str, value: str, shape: Shape) -> str:
        if header in TIMED and CANONICAL_TIME.fullmatch(value):
            return datetime.fromisoformat(value).strftime(shape.times)
        if header == "yhteystapa" and shape.contact_mode_names:
            return self.rules.code_sets["contact_modes"].name(value)
        return value


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk()


@pytest.fixture
def rules_folder(tmp_path: Path) -> Path:
    """A copy of the shipped rules that a test may change."""
    return Path(shutil.copytree(Path(__file__).parents[3] / "rules", tmp_path / "rules"))
