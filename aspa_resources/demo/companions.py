"""What a county sends beside its rows: the cost-centre map and the sampling counts.

Belongs here: the contents of those two tables. Not the looks of a file (suppliers.py).
"""

from collections import Counter
from collections.abc import Iterable
from random import Random

from aspa_resources.demo.catalogue import County, Supplier, mix, supplier
from aspa_resources.demo.chance import seeded
from aspa_resources.demo.service_events import Answer, units_of
from aspa_resources.demo.suppliers import table_file

GAP_SHARE = 0.25
MAP_HEADERS = (
    "kustannuspaikka",
    "nimi",
    "aura_palveluluokka",
    "voimassa_alkaen",
    "voimassa_paattyen",
)
SAMPLING_HEADERS = (
    "ikaryhma",
    "palvelumuoto",
    "erikoisala",
    "palvelutapahtumia",
    "kyselyja_lahetetty",
)


def cost_centre_map(county: County) -> bytes:
    """Cost centre to service class, with gaps in some counties; always utf-8 and semicolons."""
    rng = seeded("map", county.code)
    lines = [
        (unit.cost_centre, unit.cost_centre_name, unit.service.service_class, "2023-01-01", "")
        for unit in units_of(county)
        if county.map == "full" or rng.random() >= GAP_SHARE
    ]
    return table_file(supplier("canonical"), MAP_HEADERS, lines)


def sampling_counts(rng: Random, shape: Supplier, answers: Iterable[Answer]) -> bytes:
    """Service events and surveys sent by age group, form and specialty; more than were answered."""
    answered = Counter(answer.stratum for answer in answers)
    shares = mix()["sampling"]
    lines = []
    for stratum in sorted(answered):
        sent = round(answered[stratum] * rng.uniform(*shares["sent_per_response"]))
        events = round(sent * rng.uniform(*shares["events_per_sent"]))
        lines.append((*stratum, str(events), str(sent)))
    return table_file(shape, SAMPLING_HEADERS, lines)
