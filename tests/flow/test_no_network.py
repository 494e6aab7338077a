"""Zero egress: nothing is looked up, connected or sent, with a network there and without one.

The last test is a whole run and takes a minute or two.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from home import Home

TEXT = "Kiitos Pekalle, testi@esimerkki.fi, 040 123 4567, 192.0.2.1, Koetie 5, www.esimerkki.fi"
ASPA = Path(sys.executable).with_name("aspa")

# Every call that could reach anybody raises an audit event first; this hook writes it down. A
# program started could reach anybody too: only the loader's own list of libraries may be asked.
TRAP = """
import os, sys
caught = os.open(os.environ["CAUGHT"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
reaching = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
            "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
            "urllib.Request", "http.client.connect", "os.system", "subprocess.Popen"}
def trap(event, arguments):
    listing = event == "subprocess.Popen" and list(arguments[1]) == ["/sbin/ldconfig", "-p"]
    if event in reaching and not listing:
        os.write(caught, (event + chr(10)).encode())
sys.addaudithook(trap)
"""
RUN_ASPA = "from aspa_assets.cli import main; main()"
BOTH_PASSES = f"""
from aspa_resources.anonymizer import Anonymizer, Verifier
cleaned = [one.text for one in Anonymizer().anonymize([{TEXT!r}, "Lääkäri Korhonen oli hyvä."])]
Verifier().verify(cleaned)
"""
LOOK_UP = "import socket; socket.getaddrinfo('127.0.0.1', 9)"


def trapped(folder: Path, code: str, *arguments: str) -> list[str]:
    """Run code in a process with the trap and return the events it caught."""
    caught = folder / "caught"
    done = subprocess.run(
        [sys.executable, "-c", TRAP + code, *arguments],
        env={**os.environ, "CAUGHT": str(caught)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return caught.read_text("ascii").splitlines()


def without_network(*command: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a network namespace that has not even a loopback."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False).returncode:
        pytest.skip("this system lets nobody make a network namespace (unshare -rn)")
    return subprocess.run(
        [unshare, "-rn", *command],
        env={**os.environ, "ASPA_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def feedback(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    return path


def test_the_trap_catches(tmp_path: Path) -> None:
    assert trapped(tmp_path, LOOK_UP) == ["socket.getaddrinfo"]


def test_anonymize_reaches_for_nobody(feedback: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert trapped(tmp_path, RUN_ASPA, "anonymize", str(feedback), str(target)) == []
    assert "<EMAIL>" in target.read_text("utf-8")


def test_both_passes_reach_for_nobody(tmp_path: Path) -> None:
    assert trapped(tmp_path, BOTH_PASSES) == []


def test_anonymize_needs_no_network(feedback: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    done = without_network(ASPA, "anonymize", feedback, target, home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert "<EMAIL>" in target.read_text("utf-8")


def test_there_is_no_network_without_one(tmp_path: Path) -> None:
    connect = "import socket; socket.create_connection(('127.0.0.1', 9), 2)"
    done = without_network(sys.executable, "-c", connect, home=tmp_path)
    assert "Network is unreachable" in done.stderr


def test_a_whole_run_needs_no_network(tmp_path: Path, demo_home: Home) -> None:
    home = Home(tmp_path / "home")
    source = demo_home.root / "landing" / "08" / "aspa_08_2025-03.csv"
    target = home.root / "landing" / "08" / source.name
    target.parent.mkdir(parents=True)
    shutil.copy(source, target)
    (home.root / "models").symlink_to(demo_home.root / "models")
    done = without_network(ASPA, "run", "--json", home=home.root)
    assert "Traceback" not in done.stderr, done.stderr
    assert home.storage.sealed("anonymized_feedback", "08|2025-03") is not None
    assert home.storage.sealed("analyzed_feedback", "08|2025-03") is not None
    assert [*(home.root / "reports").rglob("*.html")]
