"""Faults in a delivery's rows as they happened, with what a receipt should say of each.

Belongs here: breaking sound rows at known places. Which faults and how common is in mix.yaml.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from aspa_resources.demo.catalogue import County, mix
from aspa_resources.demo.service_events import Row

MISSING = "missing_expected"
DUPLICATE = "duplicate_feedback_id"
ENDED = "code_not_valid_then"


@dataclass(frozen=True)
class PlantedFault:
    """A fault of a row (1 = the first): the column and the contract's word for what is wrong."""

    row: int
    field: str
    why: str


def plant_faults(rng: Random, rows: list[Row], county: County) -> list[PlantedFault]:
    """Break rows in place; give all that is wrong with them, by row."""
    faults = list(_ended_codes(rows))
    for number in _drawn(rng, rows, county.missing_cost_centre):
        for field in ("cost_centre", "site"):
            rows[number - 1][field] = ""
            faults.append(PlantedFault(number, field, MISSING))
    for kind in mix()["faults"]:
        for number in _drawn(rng, rows, kind["share"]):
            row = rows[number - 1]
            if kind["field"] == "event_time":  # the month is then told by the answer alone
                row["sent_time"], row["answered_time"] = "", row["event_time"]
            row[kind["field"]] = kind["value"]
            faults.append(PlantedFault(number, kind["field"], kind["why"]))
    for number in _drawn(rng, rows, mix()["duplicate_share"]):
        if number > 1:
            rows[number - 1]["feedback_id"] = rows[number - 2]["feedback_id"]
            faults.append(PlantedFault(number, "feedback_id", DUPLICATE))
    return sorted(faults, key=lambda fault: (fault.row, fault.field))


def _ended_codes(rows: list[Row]) -> Iterator[PlantedFault]:
    for number, row in enumerate(rows, start=1):
        for field, codes in mix()["ended_codes"].items():
            if row.get(field) in codes:
                yield PlantedFault(number, field, ENDED)


def _drawn(rng: Random, rows: list[Row], share: float) -> list[int]:
    """Row numbers, exactly the share rounded."""
    return sorted(rng.sample(range(1, len(rows) + 1), round(share * len(rows))))
