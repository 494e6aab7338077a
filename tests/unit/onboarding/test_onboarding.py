"""A sample of a county that nobody knows yet: what it means, what is missing, and nothing of it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
import yaml

from aspa_resources.delivery import UnreadableDelivery, check_file
from aspa_resources.onboarding import Agenda, agenda_lines, agenda_page, onboard, profile_file
from aspa_resources.rule_book import CountyProfile, RuleBook

COUNTY = "05"
RULES = RuleBook.load()
ROWS = 60
SECRET = "Hoitaja Aino Virtanen soitti minulle asiasta kaksi kertaa"
AGES = ("18-24", "25-44", "45-64", "65-74", "75-84")
MODES = ("R10", "R52", "R56", "R20", "R80")

KNOWN = {
    "Palautteen tunniste": lambda i: f"F{i:05d}",
    "Tapahtuman aika": lambda i: f"{1 + i % 28}.3.2025 10:15",
    "NPS": lambda i: str(i % 11),
    "Ikäryhmä": lambda i: AGES[i % 5],
    "Vapaa palaute": lambda i: f"{SECRET}, kerta {i}",
}


def _sample(columns: dict[str, object], rows: int = ROWS) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(columns)
    writer.writerows([[cell(i) for cell in columns.values()] for i in range(rows)])  # type: ignore[operator]
    return out.getvalue().encode()


def _renamed(**names: str) -> dict[str, object]:
    return {names.get(header, header): cell for header, cell in KNOWN.items()}


def _agenda(columns: dict[str, object]) -> Agenda:
    return onboard(_sample(columns), "näyte.csv", COUNTY, RULES)


def _meant(agenda: Agenda) -> dict[str, tuple[str | None, str]]:
    return {
        m.sample.header: (m.column.name if m.column else None, m.standing) for m in agenda.matches
    }


def test_known_headers_need_no_proposal() -> None:
    agenda = _agenda(dict(KNOWN))
    assert agenda.standings == {"known": 5}
    assert agenda.profile.columns == {}
    assert agenda.trial["rows_accepted"] == ROWS


def test_a_header_that_is_alike_and_fits_is_proposed() -> None:
    agenda = _agenda(_renamed(Ikäryhmä="Asiakkaan ikäryhmät"))
    assert _meant(agenda)["Asiakkaan ikäryhmät"] == ("age_group", "proposed")
    assert agenda.profile.columns == {"Asiakkaan ikäryhmät": "age_group"}


def test_a_header_that_is_alike_without_the_content_is_not_proposed() -> None:
    columns = _renamed() | {"Asiakkaan sukupuolet": lambda i: f"{SECRET} {i}"}
    assert _meant(_agenda(columns))["Asiakkaan sukupuolet"][1] != "proposed"


def test_content_that_tells_its_list_asks_where_the_header_says_nothing() -> None:
    columns = _renamed() | {"XQ7": lambda i: MODES[i % 5]}
    agenda = _agenda(columns)
    assert _meant(agenda)["XQ7"] == ("contact_mode", "unsure")
    assert "XQ7" not in agenda.profile.columns
    proposal = profile_file(agenda.profile, agenda.matches, RULES)
    assert "#   (the header of column 6): contact_mode" in proposal
    assert "XQ7" not in proposal + agenda_page(agenda, RULES)


def test_what_no_header_names_is_asked_about_by_its_look() -> None:
    columns = _renamed(
        **{"Palautteen tunniste": "Q1", "Tapahtuman aika": "Q2", "NPS": "Q3", "Vapaa palaute": "Q4"}
    )
    agenda = _agenda(columns | {"Q5": lambda i: f"{SECRET}, toinen {i}"})
    meant = _meant(agenda)
    assert [meant[f"Q{at}"] for at in range(1, 6)] == [
        ("feedback_id", "unsure"),
        ("event_time", "unsure"),
        ("nps", "unsure"),
        ("text", "unsure"),
        ("text", "unsure"),
    ]
    assert agenda.trial["rows_accepted"] == ROWS
    told = agenda_page(agenda, RULES) + json.dumps(agenda.as_dict())
    assert "Q2" not in told


@pytest.mark.parametrize(
    "told", [lambda i: f"0401234{i:03d}", lambda _: "010190-999X", lambda i: f"a{i}@example.fi"]
)
def test_what_identifies_a_person_is_asked_out_of_the_export(told: object) -> None:
    agenda = _agenda(_renamed() | {"Vastaajan tunnisteet": told})
    assert _meant(agenda)["Vastaajan tunnisteet"] == (None, "unknown")
    assert any("columns #6 be left out" in line for line in agenda_lines(agenda, RULES))


def test_no_column_of_the_definition_is_given_twice() -> None:
    columns = _renamed() | {
        "Yhteystavat": lambda i: MODES[i % 5],
        "Yhteystapoja": lambda i: MODES[i % 4],
    }
    named = [name for name, _ in _meant(_agenda(columns)).values() if name]
    assert len(named) == len(set(named))


def test_a_file_without_any_known_header_is_read_and_would_do() -> None:
    columns = {f"{header} tieto": cell for header, cell in KNOWN.items()}
    agenda = onboard(b"Kooste keruusta\n\n" + _sample(columns), "x.csv", COUNTY, RULES)
    assert {name for name, _ in _meant(agenda).values()} == {
        "feedback_id", "event_time", "nps", "age_group", "text",
    }  # fmt: skip
    assert agenda.rows == agenda.trial["rows_accepted"] == ROWS


@pytest.mark.parametrize("form", ["jsonl", "gzip", "latin"])
def test_any_form_of_a_delivery_may_be_a_sample(form: str) -> None:
    import gzip

    content = _sample(dict(KNOWN))
    if form == "jsonl":
        table = csv.DictReader(io.StringIO(content.decode()), delimiter=";")
        content = "".join(json.dumps(row) + "\n" for row in table).encode()
    elif form == "gzip":
        content = gzip.compress(content)
    else:
        content = content.decode().encode("cp1252")
    assert onboard(content, "x", COUNTY, RULES).standings == {"known": 5}


def test_what_is_missing_is_told_most_needed_first() -> None:
    columns = _renamed()
    del columns["Palautteen tunniste"]
    missing = [(one.column.name, one.need) for one in _agenda(columns).missing]
    assert missing[0] == ("feedback_id", "required")
    assert ("cost_centre", "expected") in missing
    assert ("answered_time", "optional") in missing
    assert "event_time" not in dict(missing)


def test_fields_whose_absence_costs_the_same_are_told_together() -> None:
    told = [line for line in agenda_lines(_agenda(_renamed()), RULES) if "without one" in line]
    assert [line.split(":")[0].strip(" -") for line in told] == ["expected", "optional"]
    assert "Toimipiste (toimipaikka), Kustannuspaikan numero (kustannuspaikka)" in told[0]


def test_a_county_that_delivers_its_own_wordings_gets_those_that_are_like_one_code() -> None:
    wordings = ("naisia", "nainen", "mies", "miehiä", SECRET)
    agenda = _agenda(_renamed() | {"Sukupuoli": lambda i: wordings[i % 5]})
    assert set(agenda.profile.values.get("gender", {})) <= {"naisia", "miehiä"}


@pytest.mark.parametrize(
    ("form", "days", "expected"),
    [
        ("{day:02d}/03/2025 10:15", 28, ("%d/%m/%Y %H:%M",)),
        ("03/{day:02d}/2025 10:15", 28, ("%m/%d/%Y %H:%M",)),
        ("03/{day:02d}/2025 10:15", 9, ()),  # two readings: nobody may choose one
    ],
)
def test_times_with_slashes(form: str, days: int, expected: tuple[str, ...]) -> None:
    columns = _renamed() | {"Tapahtuman aika": lambda i: form.format(day=1 + i % days)}
    assert _agenda(columns).profile.time_forms == expected


def test_the_proposal_is_a_file_that_the_rule_book_takes() -> None:
    columns = _renamed(Ikäryhmä="Asiakkaan ikäryhmät")
    agenda = _agenda(columns)
    told = yaml.safe_load(profile_file(agenda.profile, agenda.matches, RULES))
    profile = CountyProfile.model_validate(RULES.contract.thresholds.model_dump() | told)
    rules = replace(RULES, profiles={**RULES.profiles, COUNTY: profile})
    receipt = check_file(_sample(columns), "x.csv", COUNTY, None, rules)
    assert receipt["rows_accepted"] == ROWS


def test_nothing_of_the_sample_is_told() -> None:
    columns = _renamed() | {
        "Soittajan terveiset": lambda i: f"{SECRET} ja vielä {i}",
        SECRET: str,
    }
    agenda = _agenda(columns)
    told = "\n".join(
        [
            *agenda_lines(agenda, RULES),
            agenda_page(agenda, RULES),
            profile_file(agenda.profile, agenda.matches, RULES),
            json.dumps(agenda.as_dict(), ensure_ascii=False),
        ]
    )
    assert "Virtanen" not in told
    assert "F00001" not in told


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(UnreadableDelivery):
        onboard(b"\x00\x01\x02" * 90, "x.bin", COUNTY, RULES)
