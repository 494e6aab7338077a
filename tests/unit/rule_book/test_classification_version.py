"""The classification's version changes with whatever decides a class, and with nothing else."""

import re
import shutil
from pathlib import Path

import pytest

from aspa_resources.rule_book import RuleBook

SHIPPED = Path(__file__).parents[3] / "rules"
TABLE = "aura/inference_rules.yaml"
DECIDES = [
    (TABLE, 'specialty: ["15", "15E", "15Y"]', 'specialty: ["15", "15E"]'),
    (TABLE, "id: 06-child-psychiatry", "id: 06-children"),
    (TABLE, 'specialty_carried_for: ["2601", ', "specialty_carried_for: ["),
    (TABLE, 'age: ["..64"]', 'age: ["25..64"]'),
    (TABLE, '"2605": "2612", ', ""),
    ("code_sets/specialties.csv", "1994-01-01,2007-12-31", "1994-01-01,2008-12-31"),
    ("code_sets/service_classes.csv", "2021-01-01", "2021-01-02"),
    ("counties/10.yaml", 'county: "10"', 'county: "10"\nunits: {"1.2.3": hospital}'),
]
SAYS = [
    (TABLE, "Erikoisala on lastenpsykiatria.", "Lastenpsykiatriaa."),
    (TABLE, '"P: definition of class 2601"', '"P: the definition of class 2601"'),
    (TABLE, "checked_to: 2026-12-31", "checked_to: 2027-12-31"),
    ("code_sets/specialties.csv", "Sisätaudit", "Sisätautioppi"),
    ("code_sets/languages.csv", "Suomi", "Suomen kieli"),
    ("counties/10.yaml", "Roidu export", "Export"),
    ("review.yaml", "at_most: 200", "at_most: 201"),
]


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "rules"))


def digits(folder, file=TABLE, was="", becomes=""):
    path = folder / file
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), "utf-8")
    version = RuleBook.load(folder).classification_version
    assert re.fullmatch(r"2025\.1\+[0-9a-f]{12}", version)
    return version


@pytest.mark.parametrize(("file", "was", "becomes"), DECIDES)
def test_what_decides_changes_it(folder, file, was, becomes):
    assert digits(folder) != digits(folder, file, was, becomes)


@pytest.mark.parametrize(("file", "was", "becomes"), SAYS)
def test_what_says_or_names_does_not(folder, file, was, becomes):
    assert digits(folder) == digits(folder, file, was, becomes)


def test_a_kept_cost_centre_map_changes_it(folder):
    before = digits(folder)
    (folder / "aura" / "cost_centres" / "08.csv").write_text(
        "cost_centre,name,service_class,valid_from,valid_to\n41001,,2536,,\n", "utf-8"
    )
    assert digits(folder) != before


def test_the_makers_own_version_stands_first(folder):
    before = RuleBook.load(folder).classification_version
    path = folder / TABLE
    path.write_text(path.read_text("utf-8").replace('version: "2025.1"', 'version: "2025.2"'))
    after = RuleBook.load(folder).classification_version
    assert after.split("+") == ["2025.2", before.split("+")[1]]
