"""The unpacked model is made once a session; heavy objects are shared."""

from pathlib import Path

import pytest

from aspa_resources.text_models import TextModels


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def text_models(model_folder: Path) -> TextModels:
    return TextModels(model_folder)
