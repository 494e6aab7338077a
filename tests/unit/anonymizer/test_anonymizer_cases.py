"""Regression cases as data: one file a type, each case with its reason."""

from pathlib import Path

import pytest
import yaml

from aspa_resources.anonymizer import Anonymizer

CASES = [
    pytest.param(case["text"], case["expected"], id=f"{path.stem}: {case['reason']}")
    for path in sorted((Path(__file__).parents[2] / "data/anonymizer").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def anonymizer() -> Anonymizer:
    return Anonymizer()


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_case(anonymizer: Anonymizer, text: str, expected: str) -> None:
    assert anonymizer.anonymize([text])[0].text == expected
