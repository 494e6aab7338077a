"""Files that are no delivery at all, as they turn up in landing zones.

Belongs here: their names, contents and what is wrong with them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aspa_resources.demo.catalogue import County
from aspa_resources.demo.chance import seeded

UNKNOWN_TABLE = (
    "Tilausnumero;Tuote;Kpl;Hinta;Toimitettu\r\n"
    "7001;Kertakäyttökäsineet M;40;5,90;kyllä\r\n"
    "7002;Tulostuspaperi A4;12;4,35;ei\r\n"
    "7003;Kahvi, tumma paahto;6;8,20;kyllä\r\n"
)


@dataclass(frozen=True)
class BrokenFile:
    """A file in a county's folder that no reader takes in; `why` is the contract's word for it."""

    county: str
    name: str
    content: bytes
    why: str


def broken_files(counties: Sequence[County], seed: int) -> Iterator[BrokenFile]:
    """Broken files for the counties after the first; none where there is only one."""
    garbage = seeded("broken", seed).randbytes(4096)
    kinds = (
        ("tyhja.csv", b"", "empty"),
        ("tuntematon.csv", UNKNOWN_TABLE.encode(), "no_known_header"),
        ("keskeytynyt.csv", b"PK\x03\x04\x14\x00\x06\x00" + garbage, "damaged_archive"),
    )
    others = counties[1:]
    for number, (name, content, why) in enumerate(kinds if others else ()):
        yield BrokenFile(others[number % len(others)].code, name, content, why)
