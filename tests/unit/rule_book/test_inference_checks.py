"""A wrong edit of the service class table is named with file, line, key and cure."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from aspa_resources.rule_book import RuleBook, RuleError

SHIPPED = Path(__file__).parents[3] / "rules"
FILE = "aura/inference_rules.yaml"
EDITS = yaml.safe_load(
    (Path(__file__).parents[2] / "data/service_classes/wrong_edits.yaml").read_text("utf-8")
)


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "rules"))


def edit(folder, was, becomes):
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    return path


def refused(folder):
    with pytest.raises(RuleError) as caught:
        RuleBook.load(folder)
    assert caught.value.file == FILE
    assert caught.value.cure.endswith(".")
    return caught.value


@pytest.mark.parametrize("case", EDITS, ids=lambda case: case["reason"])
def test_a_wrong_edit_is_told_with_line_key_and_cure(folder, case):
    path = edit(folder, case["was"], case["becomes"])
    error = refused(folder)
    assert case["told"] in error.problem
    place = re.fullmatch(r"line (\d+), key (.+)", error.where)
    assert place[2].endswith(case["key"])
    # The line named is where the edit is, or the rule that it made wrong.
    line = path.read_text("utf-8").splitlines()[int(place[1]) - 1]
    assert case["key"].rsplit(".", 1)[-1] in line or case["becomes"].splitlines()[0] in line


CHILD = '  - id: 06-child-psychiatry\n    service_class: "2606"\n    when: {specialty: ["75"]}\n'
TWO_PERIODS = (
    '{child}    source: "P: definition"\n    valid_from: 2023-01-01\n    valid_to: 2024-12-31\n'
    "    why_fi: Ennen.\n    why_en: Before.\n"
)


@pytest.mark.parametrize(
    ("begins", "told"),
    [
        ("2025-01-01", None),
        ("2024-12-31", "stands twice on the same days"),
        ("2025-01-02", "no rule of this id holds between 2024-12-31 and 2025-01-02"),
    ],
)
def test_the_periods_of_a_rule_follow_one_another(folder, begins, told):
    path = edit(folder, CHILD, TWO_PERIODS.format(child=CHILD) + CHILD)
    head, later = path.read_text("utf-8").split("Before.\n")
    path.write_text(
        head + "Before.\n" + later.replace("valid_from: 2023-01-01", f"valid_from: {begins}", 1),
        "utf-8",
    )
    if told is None:
        ids = [rule.id for rule in RuleBook.load(folder).inference_rules]
        assert ids.count("06-child-psychiatry") == 2
    else:
        assert told in refused(folder).problem


def test_a_rule_may_repeat_another_that_has_ended(folder):
    """What contradicts on no day does not contradict."""
    edit(folder, CHILD, TWO_PERIODS.format(child=CHILD).replace("06-", "05-former-") + CHILD)
    path = folder / FILE
    head, later = path.read_text("utf-8").split("Before.\n")
    began = later.replace("valid_from: 2023-01-01", "valid_from: 2025-01-01", 1)
    path.write_text(head.replace('"2606"\n    when: {specialty: ["75"]}', '"2601"\n    when: '
                    '{specialty: ["75"]}') + "Before.\n" + began, "utf-8")  # fmt: skip
    assert RuleBook.load(folder).inference_rules
    text = path.read_text("utf-8")
    path.write_text(text.replace("valid_to: 2024-12-31", "valid_to: 2025-01-01"), "utf-8")
    error = refused(folder)
    assert "on 2025-01-01 both hold" in error.problem


def test_a_rule_that_only_a_missing_value_reaches_is_reached(folder):
    """A negation holds for a value that a row lacks."""
    edit(folder, 'when: {specialty: ["75"]}', 'when: {urgency: ["5"], not_specialty: ["10..98"]}')
    assert RuleBook.load(folder).inference_rules
