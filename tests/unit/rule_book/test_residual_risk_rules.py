"""A wrong edit of the residual risk's rules is named with its cure."""

import shutil
from pathlib import Path

import pytest

from aspa_resources.rule_book import RuleBook, RuleError

SHIPPED = Path(__file__).parents[3] / "rules"
FILE = "disclosure.yaml"
WRONG_EDITS = [
    ("least_k: 5\n      enforced", "least_k: 1\n      enforced", "greater than or equal to 2"),
    ("- cost_centre\n", "- cost_center\n", "cost_center is no coded column"),
    ("[age_group, gender, language, respondent_role]", "[age_group, gender, language]",
     "respondent_role, no quasi-identifier"),
    ("{column: weekday_class, to: removed}", "{column: weekday_class, to: kinds}",
     "neither removed nor"),
    ("        - {column: gender, to: removed}\n", "", "no step removes gender"),
    ("        - {column: age_group, to: age_bands}\n", "", "the service class hangs on it"),
    ('["0-6", "7-12", "13-17", "18-24"]', '["0-6", "7-12", "13-17"]', "one coarser value"),
    ('"65+": ["65-74"', '"85+": ["65-74"', "one coarser value"),
    ('"18-24"]\n      "25-64": ["25-44"', ']\n      "25-64": ["18-24", "25-44"', "tells apart"),
    ("{column: visitor_group, to: removed}", "{column: contact_mode, to: removed}",
     "service class hangs on it"),
    ("id: companion", "id: acquaintance", "same id"),
    ("sensitive: [nps,", "sensitive: [npss,", "npss is no coded column"),
    ("sensitive: [nps,", "sensitive: [text,", "text is no coded column"),
    ("table_loss_at_most: 0.15", "table_loss_at_most: 15", "less than or equal to 1"),
    ("enforced: true", "enforce: true", "enforce"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "rules"))


def edit(folder, old, new):
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "told"), WRONG_EDITS)
def test_a_wrong_edit_names_file_field_and_cure(folder, old, new, told):
    edit(folder, old, new)
    with pytest.raises(RuleError) as caught:
        RuleBook.load(folder)
    assert str(caught.value).startswith(f"{FILE}, ")
    assert told in str(caught.value)
    assert caught.value.cure


def test_what_decides_rows_changes_the_version_and_wording_does_not(folder):
    shipped = RuleBook.load(folder).disclosure.residual_risk.version
    edit(folder, "Tuttava", "Naapuri")
    edit(folder, "decimals:\n  nps: 1", "decimals:\n  nps: 2")
    assert RuleBook.load(folder).disclosure.residual_risk.version == shipped
    edit(folder, "least_k: 5", "least_k: 6")
    assert RuleBook.load(folder).disclosure.residual_risk.version != shipped


def test_no_class_is_inferred_otherwise_from_a_coarse_age_than_from_any_of_its_ages():
    """The rule book promises it; here every rule with an age is tried with every age."""
    rules = RuleBook.load()
    groups = rules.disclosure.residual_risk.groupings["age_bands"].values()
    asked = [rule.conditions["age_group"] for rule in rules.inference_rules
             if "age_group" in rule.conditions]  # fmt: skip
    assert asked
    for ages in asked:
        for group in groups:
            assert len({age in ages for age in group}) == 1
