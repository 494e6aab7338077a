"""Invented service events and how their customers answered the questionnaire.

Belongs here: a row's codes, customer, times, mood and figures, coherent with each other, in the
words that Finnish deliveries carry. Does not belong here: the text, the faults, the file's shape.
"""

import calendar
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from aspa_resources.demo.catalogue import County, Service, mix, places, services
from aspa_resources.demo.chance import Weighted, seeded

Row = dict[str, str | datetime]

STATEMENTS = (
    "s1_got_help", "s2_cared_for", "s3_decisions_together", "s4_felt_safe",
    "s5_knows_next_steps", "s6_information_clear", "s7_was_useful",
)  # fmt: skip
CHILDRENS_STATEMENTS = (
    "c1_got_help", "c2_was_listened_to", "c3_understood", "c4_felt_safe", "c5_had_a_say",
)  # fmt: skip
# Version and statements of what adults and relatives are asked, and of what children are.
QUESTIONNAIRES = (("2024.1", STATEMENTS), ("lapset 2024.1", CHILDRENS_STATEMENTS))
STRATUM = ("age_group", "service_form", "specialty")
WEEKEND = (5, 6)
CHILD_AGES = ("0-6", "7-12")
ASKED_THEMSELVES = "7-12"  # the age of the children's own questionnaire
CHILD_ANSWERS = 0.5  # share of children of that age who answer it; a parent answers for the others
UNITS_PER_WEIGHT = 4.0
LAST_MONTH = (2025, 3)
GENDERS = Weighted({"either": 96, "": 3, "muu": 1})


@dataclass(frozen=True)
class Unit:
    """A unit that gives a service: its cost centre, site and register numbers."""

    service: Service
    cost_centre: str
    cost_centre_name: str
    site: str
    oid: str
    place: str


@dataclass(frozen=True)
class Answer:
    """A row of a delivery, without its text, and what only its maker knows.

    `stratum` is the row's age group, service form and specialty as they were before any fault.
    """

    row: Row
    stratum: tuple[str, ...]
    service: Service
    language: str
    sentiment: str
    writes: bool


def units_of(county: County) -> tuple[Unit, ...]:
    """The units of a county: always the same, whatever the month or the seed."""
    rng = seeded("units", county.code)
    units: list[Unit] = []
    for service in services():
        districts = rng.sample(
            places()["districts"], 1 + math.ceil(service.weight / UNITS_PER_WEIGHT)
        )
        for number, district in enumerate(districts, start=1):
            serial = len(units) + 1
            units.append(
                Unit(
                    service=service,
                    cost_centre=f"{service.cost_centre_prefix}{number:02d}",
                    cost_centre_name=f"{service.cost_centre_name} {number}",
                    site=f"{district} {service.site}",
                    oid=f"{_organisation(county)}.10.{serial}",
                    place=f"P{serial:03d}",
                )
            )
    return tuple(units)


def _organisation(county: County) -> str:
    """The county's invented organisation number in the national arc of identifiers."""
    return f"1.2.246.10.99{county.code}000"


class ServiceEvents:
    """The answers that a county's customers gave in a month.

    Args:
        county: Whose customers.
        month: The first day of the month.
    """

    def __init__(self, county: County, month: datetime) -> None:
        self._county = county
        self._month = month
        self._mix = mix()
        self._units: dict[str, list[Unit]] = {}
        for unit in units_of(county):
            self._units.setdefault(unit.service.name, []).append(unit)
        self._services = Weighted(
            {s: s.weight * (county.specialised if s.in_hospital else 1.0) for s in services()}
        )
        self._moods = {
            (service.name, writes): self._mood(service, "written" if writes else "silent")
            for service in services()
            for writes in (True, False)
        }
        self._languages = Weighted(
            {"fi": 1.0 - county.sv - county.en, "sv": county.sv, "en": county.en}
        )
        self._nps = {mood: Weighted[int](each) for mood, each in self._mix["nps"].items()}
        self._statements = {
            mood: Weighted[object](each) for mood, each in self._mix["statements"].items()
        }
        self._bought = Weighted[str](self._mix["bought"])
        self._channels = {kind: Weighted[str](each) for kind, each in self._mix["channel"].items()}

    def draw(self, rng: Random, number: int) -> Answer:
        """Draw the month's answer of that running number."""
        service = self._services.draw(rng)
        writes = rng.random() < self._mix["text_share"]
        sentiment = self._moods[service.name, writes].draw(rng)
        language = self._languages.draw(rng)
        customer = _customer(rng, service)
        version, statements = QUESTIONNAIRES[
            customer["age_group"] == ASKED_THEMSELVES and customer["respondent_role"] == "asiakas"
        ]
        row: Row = {
            "feedback_id": f"{self._county.code}-{self._month:%y%m}-{number:07d}",
            "service_event_id": self._event_id(rng),
            "feedback_type": service.feedback_type,
            "language": language,
            **self._codes(rng, service),
            **customer,
            "questionnaire_version": version,
            **self._times(rng, service),
            "nps": str(self._nps[sentiment].draw(rng)),
            **{each: str(self._statements[sentiment].draw(rng)) for each in statements},
        }
        stratum = tuple(str(row.get(each, "")) for each in STRATUM)
        return Answer(row, stratum, service, language, sentiment, writes)

    def _event_id(self, rng: Random) -> str:
        serial = rng.randint(10_000, 9_999_999)
        return f"{_organisation(self._county)}.14011.{self._month:%Y}.{serial}"

    def _mood(self, service: Service, kind: str) -> Weighted[str]:
        """Unhappiness by service and county, drifting from month to month so that trends show."""
        months_on = (self._month.year - LAST_MONTH[0]) * 12 + self._month.month - LAST_MONTH[1]
        factor = service.negativity * self._county.mood * math.exp(service.drift * months_on)
        shares: Mapping[str, float] = self._mix["mood"][kind]
        return Weighted(
            {
                mood: share * (1.0 if mood in ("positive", "neutral") else factor)
                for mood, share in shares.items()
            }
        )

    def _codes(self, rng: Random, service: Service) -> Row:
        unit = rng.choice(self._units[service.name])
        return {
            "service_unit_oid": unit.oid,
            "place_of_performance": unit.place,
            "site": unit.site,
            "cost_centre": unit.cost_centre,
            "mode_of_production": self._mode_of_production(rng, service),
            "visitor_group": "1",
            **rng.choice(service.events),
        }

    def _mode_of_production(self, rng: Random, service: Service) -> str:
        own = 1.0 - (service.bought_or_voucher or self._mix["bought_or_voucher"])
        return "oma" if rng.random() < own else self._bought.draw(rng)

    def _times(self, rng: Random, service: Service) -> Row:
        """Event within the month, survey some hours later, answer mostly within two days."""
        days = calendar.monthrange(self._month.year, self._month.month)[1]
        event = self._month + timedelta(days=rng.randrange(days))
        if not service.round_the_clock and event.weekday() in WEEKEND:
            event += timedelta(days=2 if event.day + 2 <= days else -2)
        hour = rng.randrange(24) if service.round_the_clock else rng.randrange(8, 16)
        event += timedelta(hours=hour, minutes=15 * rng.randrange(4))
        channel = self._channels[service.feedback_type].draw(rng)
        if channel in self._mix["unsent_channels"]:
            return {
                "channel": channel,
                "event_time": event,
                "answered_time": event + timedelta(minutes=rng.randint(5, 90)),
            }
        sent = event + timedelta(hours=3)
        delay = timedelta(minutes=min(rng.expovariate(1 / 1200), 14 * 24 * 60))
        answered = (sent + delay).replace(second=0, microsecond=0)
        return {
            "channel": channel,
            "event_time": event,
            "sent_time": sent,
            "answered_time": answered,
        }


def _customer(rng: Random, service: Service) -> Row:
    """Age that fits the service; small children's answers come from a parent, as do many others."""
    age = service.ages.draw(rng)
    gender = GENDERS.draw(rng)
    if gender == "either":
        gender = "nainen" if rng.random() < service.women else "mies"
    by_itself = age == ASKED_THEMSELVES and rng.random() < CHILD_ANSWERS
    relative = not by_itself and (age in CHILD_AGES or rng.random() < service.relative)
    return {
        "age_group": age,
        "gender": gender,
        "respondent_role": "laheinen" if relative else "asiakas",
    }
