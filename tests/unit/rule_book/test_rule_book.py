"""The rule book: what is shipped fits together, and a wrong edit is named with its cure."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from aspa_resources.rule_book import LANGUAGES, RuleBook, RuleError
from aspa_resources.rule_book.consistency import TOLD_FAULTS
from aspa_resources.rule_book.words import fold_header, fold_value

SHIPPED = Path(__file__).parents[3] / "rules"


@pytest.fixture(scope="module")
def rules():
    return RuleBook.load()


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "rules"))


def test_the_same_rules_are_loaded_once_and_a_change_gives_a_version(folder):
    first = RuleBook.load(folder)
    assert RuleBook.load(folder) is first
    (folder / "counties" / "03.yaml").write_text('county: "03"\n', encoding="utf-8")
    second = RuleBook.load(folder)
    assert second.version != first.version
    assert len(second.version) == 12


def test_the_environment_says_where_the_rules_are(folder, monkeypatch):
    (folder / "counties" / "03.yaml").write_text('county: "03"\nsupplier: X\n', encoding="utf-8")
    monkeypatch.setenv("ASPA_RULES", str(folder))
    assert RuleBook.load().profile("03").supplier == "X"


def test_counties_are_those_of_the_country(rules):
    assert list(rules.counties) == [f"{n:02}" for n in range(1, 22)] + ["90", "91"]
    assert rules.counties["10"].name_fi == "Kymenlaakson hyvinvointialue"
    assert rules.counties["91"].cooperation_area_fi == "Ahvenanmaa"


def test_code_sets_name_their_codes_and_where_they_come_from(rules):
    modes = rules.code_sets["contact_modes"]
    assert modes.name("R10", "en") == "The customer's visit to the reception"
    assert modes.name("R10", "sv") == "Klientens besök på mottagningen"
    assert modes.name("nonesuch") == "nonesuch"
    assert "R70" not in modes.valid_on(date(2025, 3, 1))["code"]
    assert "R70" in modes.valid_on(date(2015, 3, 1))["code"]
    for code_set in rules.code_sets.values():
        assert code_set.provenance[0] in "SPD"
        assert code_set.licence
        assert code_set.version


def test_ended_service_classes_are_kept_with_their_end(rules):
    classes = rules.code_sets["service_classes"]
    ended = set(classes.codes["code"]) - set(classes.valid_on(date(2025, 1, 1))["code"])
    assert ended == {"2231", "2321", "2540", "2541", "2542", "2602", "2605"}
    assert all(classes.name(code, language) for code in ended for language in LANGUAGES)


def test_the_names_other_rooms_rely_on_are_there(rules):
    assert len(rules.themes) == 13
    asked = [column.name for column in rules.contract.columns if column.maximum == 5]
    assert list(rules.statements) == asked
    assert set(rules.messages.messages) >= TOLD_FAULTS
    assert rules.profile("03").completeness_at_least == 0.8
    assert rules.inference_rules[0].pass_through == "cost_centre_map"
    assert rules.inference_rules[1].carried_forward["2602"] == "2612"


def test_the_age_boundary_is_labelled_as_our_decision(rules):
    aged = [rule for rule in rules.inference_rules if "23" in rule.why_en]
    assert aged
    for rule in aged:
        assert "D: the age group 18-24 counts as under 23" in rule.source
        assert "18-24" not in rule.conditions.get("age_group", ())
    assert rules.inference.age_boundary == {23: {"18-24": "under"}}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Käynnin luonne", "kaynnin_luonne"),
        ("Aura-palveluluokka", "AURA_PALVELULUOKKA"),
        ("1. Sain apua, kun sitä tarvitsin.", "Sain apua kun sitä tarvitsin"),
        ("NPS (0–10)", "nps"),
        ("Hoitoani / Asiaani koskevat", "hoitoani/asiaani koskevat"),
        ("Ikäryhmä", "Ika\u0308ryhma\u0308"[:3] + "ryhmä"),
    ],
)
def test_headers_that_mean_the_same_fold_alike(one, other):
    assert fold_header(one) == fold_header(other)


def test_values_keep_their_hyphens_and_lose_their_dashes():
    assert fold_value("7 – 12") == "7-12"
    assert fold_value("712") != fold_value("7-12")


CONTRACT, RULES = "delivery/contract.yaml", "aura/inference_rules.yaml"
STATEMENTS, CHILDREN = "questionnaires/statements.yaml", "questionnaires/children_7_12.yaml"
WRONG_EDITS = [
    (CONTRACT, "header: palaute_id", "headr: palaute_id", "headr"),
    (CONTRACT, "code_set: specialties", "code_set: specialities", "no such code set"),
    (CONTRACT, "header: toimipaikka", "header: kustannuspaikka", "already means"),
    (CONTRACT, "fault_code: not_an_age_group", "fault_code: old", "old is not known"),
    (CONTRACT, "unless: [answered_time]", "unless: [answer]", "answer"),
    (CONTRACT, "columns: [event_time, sent_time", "columns: [event_time, send_time", "send_time"),
    (CONTRACT, "columns: [event_time, sent_time", "columns: [event_time, nps", "nps is not known"),
    (CONTRACT, "form: in_order", "form: in_row", "in_row"),
    (CONTRACT, "when: {contact_mode: [R80]", "when: {contact_mode: [R81]", "no code R81"),
    (CONTRACT, "when: {contact_mode: [R80]", "when: {contact: [R80]", "no coded column"),
    (CONTRACT, "one_of: [specialty]", "one_of: [speciality]", "speciality, which is no column"),
    (CONTRACT, "fault: specialty_needed", "fault: needed", "needed is not known"),
    (CONTRACT, "asks: known", "asks: anything", "rule"),
    (CONTRACT, "id: questionnaire-known", "id: statement-was-asked", "stands twice"),
    (CONTRACT, 'source: "S: the times', 'source: "the times', "source"),
    (
        CONTRACT,
        "form: in_order\n      columns: [valid_from, valid_to]",
        "form: questionnaire\n      asks: known",
        "no column",
    ),
    (CONTRACT, "completeness_of: [cost_centre", "completeness_of: [centre", "centre is not known"),
    (CONTRACT, "  chain:\n", "  road:\n", "road is not known"),
    (CONTRACT, "      warn_on: {R60:", "      warn_on: {R61:", "R61 is not known"),
    (CONTRACT, "maximum: 5", "maximum: 6", "not that of the scale"),
    (CONTRACT, "      header: l3", "      header: l2", "already means"),
    (CONTRACT, "thresholds: {rejected", "version: 1\nthresholds: {rejected", "stands twice"),
    (
        STATEMENTS,
        "\nstatements:\n",
        "\nstatements:\n  - {code: site, source: D, text: {fi: a, sv: b, en: c}}\n",
        "no whole-number column",
    ),
    (STATEMENTS, "Minua kuunneltiin", "Minua autettiin", "already means"),
    (CHILDREN, "id: children_7_12", "id: children", "not the name of the file"),
    (CHILDREN, 'ages: ["7-12"]', 'ages: ["7-13"]', "7-13 is not known"),
    (CHILDREN, "roles: [customer]", "roles: [parent]", "parent is not known"),
    (CHILDREN, "asks: [c1_got_help,", "asks: [c1_help,", "c1_help is not known"),
    (CHILDREN, '"2024.1l"]', '"lasten kysely 2024.1"]', "not of the form"),
    ("questionnaires/base_13.yaml", '"13+"]', '"2023.1"]', "for the same respondents"),
    (CONTRACT, "{oma: own,", "{oma: owned,", "owned is not known"),
    (RULES, 'service_class: "2607"', 'service_class: "2602"', "2602 is valid from"),
    (RULES, 'urgency: ["6"]', 'urgency: ["66"]', "no code 66"),
    (RULES, 'specialty: ["58*"]', 'specialty: ["59*"]', "no code 59*"),
    (RULES, "when: {urgency:", "when: {hurry:", "no coded column"),
    (RULES, "id: 06-child-psychiatry", "id: 08-primary-care-ward", "stands twice"),
    (RULES, "pass_through: delivered_class", "pass_through: guess", "delivered_class"),
    (RULES, "  - id: 04-adult", "  - id: 04 adult: [", "mapping values"),
    ("aura/profession_groups.yaml", '"0", "1", "2",', '"0", "1",', "belongs to no group"),
    ("delivery/messages.yaml", "  empty:", "  hollow:", "no message for empty"),
    ("delivery/messages.yaml", "Tiedosto {file} on", "Tiedosto {value} on", "value is not known"),
    ("counties/10.yaml", 'county: "10"', 'county: "77"', "named by"),
    ("counties/18.yaml", ": nps", ": score", "score is not known"),
    ("counties/10.yaml", 'county: "10"', 'county: "10"\nunits: {1.2.3: ward}', "ward is not known"),
    ("code_sets/urgency.csv", "2019-01-01", "1.1.2019", "not a date"),
    ("code_sets/urgency.csv", "E,Kiireetön hoito,", "E,,", "name_fi is empty"),
    ("code_sets/urgency.csv", "code,name_fi", "koodi,name_fi", "not the one of a code set"),
    ("disclosure.yaml", "threshold: 10", "threshold: ten", "threshold"),
    ("review.yaml", "at_most: 200", "at_most: 2", "smaller than at_least"),
    ("review.yaml", "share: 0.02", "share: 2", "share"),
]


@pytest.mark.parametrize(("file", "was", "becomes", "told"), WRONG_EDITS)
def test_a_wrong_edit_is_named_with_file_place_and_cure(folder, file, was, becomes, told):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(RuleError) as error:
        RuleBook.load(folder)
    assert error.value.file == file
    assert told in str(error.value)
    assert error.value.where
    assert error.value.cure.endswith(".")


def test_a_schema_error_names_its_line(folder):
    path = folder / RULES
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(i for i, line in enumerate(lines, start=1) if "why_en:" in line)
    lines[number - 1] = "    why_en: [1]"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(RuleError, match=rf"line {number}, key rules\.0\.why_en"):
        RuleBook.load(folder)


def test_a_file_for_no_county_is_named(folder):
    (folder / "counties" / "77.yaml").write_text('county: "77"\n', encoding="utf-8")
    with pytest.raises(RuleError, match=r"counties/77\.yaml.*no such county"):
        RuleBook.load(folder)


def test_a_missing_file_or_folder_is_named(folder):
    (folder / "themes" / "themes.yaml").unlink()
    with pytest.raises(RuleError, match=r"themes/themes\.yaml.*missing"):
        RuleBook.load(folder)
    with pytest.raises(RuleError, match="does not exist"):
        RuleBook.load(folder / "nowhere")


def test_questionnaires_tell_whom_they_are_for_and_what_they_ask(rules):
    assert set(rules.questionnaires) == {"adult_18", "base_13", "children_7_12", "relatives"}
    base = rules.questionnaires["base_13"].asks
    assert len(base) == 7
    assert rules.questionnaires["adult_18"].asks == rules.questionnaires["relatives"].asks == base
    assert not set(rules.questionnaires["children_7_12"].asks) & set(base)
    assert rules.statement_scale.not_applicable == 0
    for code in rules.questionnaires["children_7_12"].asks:
        assert rules.statements[code].source.startswith("D")


def test_a_statement_that_nobody_asks_is_named(folder):
    path = folder / CHILDREN
    path.write_text(path.read_text("utf-8").replace("asks: [c1_got_help,", "asks: ["), "utf-8")
    with pytest.raises(RuleError, match=r"statement c1_got_help.*no questionnaire asks it"):
        RuleBook.load(folder)


def test_a_question_is_a_header_of_its_column_in_every_language(rules):
    for code, statement in rules.statements.items():
        assert set(statement.text.every) <= set(rules.contract.feedback.column(code).synonyms)


def test_feedback_types_are_explained(rules):
    assert list(rules.contract.feedback_types) == [
        "point", "period_under_1y", "period_over_1y", "chain",
    ]  # fmt: skip


def test_a_county_names_its_suppliers(folder):
    path = folder / "counties" / "03.yaml"
    path.write_text(
        'county: "03"\nsuppliers:\n  roidu: {headers: [Palautteen tunniste]}\n'
        '  webropol: {headers: [Vastaus ID], file_name: "wp_*.csv"}\n',
        encoding="utf-8",
    )
    suppliers = RuleBook.load(folder).profile("03").suppliers
    assert suppliers["roidu"].headers == ("Palautteen tunniste",)
    assert suppliers["roidu"].file_name is None
    assert suppliers["webropol"].file_name == "wp_*.csv"
    assert RuleBook.load(folder).profile("04").suppliers == {}


@pytest.mark.parametrize(
    ("suppliers", "told"),
    [
        ("{roidu: {}}", "neither is given"),
        ("{roidu: {headers: []}}", "neither is given"),
        ("{Roidu Oy: {headers: [a]}}", "suppliers"),
        ("{roidu: {headers: [a]}, roidu: {headers: [b]}}", "roidu stands twice"),
        ("{one: {headers: [NPS-luku]}, two: {headers: [nps luku]}}", "told by the same"),
    ],
)
def test_suppliers_that_cannot_be_told_apart_are_named(folder, suppliers, told):
    text = f'county: "03"\nsuppliers: {suppliers}\n'
    (folder / "counties" / "03.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as error:
        RuleBook.load(folder)
    assert told in str(error.value)
    assert error.value.file == "counties/03.yaml"
