"""`aspa serve` as it is installed: a process, a port, and requests written byte by byte."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from home import Home
from served_home import SECRET, fill, mark, said

ASPA = Path(sys.executable).with_name("aspa")
HEADERS = "".join(f"{name}: {value}\r\n" for name, value in said("aspa-county-10").items())
PATIENCE = 60.0


@contextmanager
def serving(root: Path, *options: str, **settings: str) -> Iterator[int]:
    """Start the server, yield its port once it answers, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {n: v for n, v in os.environ.items() if not n.startswith("ASPA_SERVE_")}
    server = subprocess.Popen(
        [ASPA, "serve", "--port", str(port), *options],
        env={**environment, "ASPA_HOME": str(root), **settings},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + PATIENCE
        while True:
            assert server.poll() is None, server.stderr.read()
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except ConnectionRefusedError:
                assert time.monotonic() < until
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        assert server.wait(PATIENCE) is not None


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("served")).root


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    with serving(home, ASPA_SERVE_PROXY_SECRET=SECRET) as port:
        yield port


def ask(port: int, line: str, headers: str = HEADERS) -> tuple[int, str, str]:
    """Return the status, the headers and the body that a request gets, exactly as written."""
    request = f"{line} HTTP/1.1\r\nHost: aspa.example\r\n{headers}Connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(request.encode("utf-8"))
        answer = b"".join(iter(lambda: connection.recv(65_536), b"")).decode("utf-8")
    head, _, body = answer.partition("\r\n\r\n")
    return int(head.split()[1]), head.lower(), body


def test_a_reader_gets_their_page(port):
    status, head, body = ask(port, "GET /reports/10/2025-03.html")
    assert status == 200
    assert mark("10") in body
    assert "cache-control: private, no-store" in head
    assert "\r\nserver:" not in head
    status, _, body = ask(port, "GET /")
    assert status == 200
    assert "reports/10/2025-03.html" in body


def test_head_has_no_body(port):
    status, head, body = ask(port, "HEAD /reports/10/2025-03.html")
    assert (status, body) == (200, "")
    assert re.search(r"content-length: [1-9]", head)


@pytest.mark.parametrize(
    "path",
    ["/reports/08/2025-03.html", "/reports/10/../08/2025-03.html", "/reports/10/%2e%2e/08/",
     "/reports/10/..%2f08%2f2025-03.html", "/reports/10/%252e%252e/08/2025-03.html",
     "//reports/08/2025-03.html", "/reports/10/other/2025-03.html", "/reports/10/2024-12.html",
     "/reports/10/2024-11.html", "/reports%2f08/2025-03.html", "/./reports/08/2025-03.html",
     "/reports/10/..\\08\\2025-03.html", "/keys/national", "/reports/../keys/national",
     "/reports/10/2025-03.html%00.css", "/receipts/10/keys/national", "/reports/%31%30/../08/"],
)  # fmt: skip
def test_no_spelling_of_a_path_leads_out(port, path):
    status, _, body = ask(port, f"GET {path}")
    assert status == 404
    assert "MARK-" not in body


@pytest.mark.parametrize(
    "headers",
    ["", HEADERS + "X-Forwarded-Groups: aspa-national\r\n",
     "x-forwarded-groups: aspa-national\r\n" + HEADERS, HEADERS.replace(SECRET, SECRET[::-1]),
     HEADERS.replace("aspa-county-10", "aspa-county-10\x00aspa-national"),
     HEADERS + "X-Aspa-Proxy-Secret: \r\n"],
)  # fmt: skip
def test_smuggled_headers_open_nothing(port, headers):
    status, _, body = ask(port, "GET /reports/08/2025-03.html", headers)
    assert status in {400, 403}
    assert "MARK-" not in body


def test_nothing_is_written_to_it(port):
    assert ask(port, "POST /reports/10/2025-03.html", HEADERS + "Content-Length: 0\r\n")[0] == 405


def test_without_settings_it_does_not_start(tmp_path):
    home = Home(tmp_path / "home")
    assert "ASPA_SERVE_PROXY_SECRET" in home.failing("serve")
    home.aspa("serve", "--demo-as", "10", code=2)
    home.aspa("serve", "--demo-as", "aspa-county-10", "--host", "0.0.0.0", code=2)  # noqa: S104


def test_the_demo_shows_a_county_on_this_machine_only(home):
    with serving(home, "--demo-as", "aspa-county-10") as port:
        assert ask(port, "GET /reports/10/2025-03.html", "")[0] == 403  # at another's name
        body = ask_here(port, "/reports/10/2025-03.html")
        assert mark("10") in body
        assert "MARK-" not in ask_here(port, "/reports/08/2025-03.html")


def ask_here(port: int, path: str) -> str:
    request = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


def test_the_service_of_the_compose_file_holds_no_key_and_no_secret():
    file = Path(__file__).parents[2] / "docker-compose.yml"
    web = yaml.safe_load(file.read_text("utf-8"))["services"]["web"]
    assert web["command"].startswith("aspa serve ")
    assert [*web["environment"]] == ["ASPA_SERVE_PROXY_SECRET"]
    assert web["environment"]["ASPA_SERVE_PROXY_SECRET"].startswith("${ASPA_SERVE_PROXY_SECRET:?")
    assert all(ports.startswith("127.0.0.1:") for ports in web["ports"])
    assert web["volumes"] == ["aspa:/aspa"]  # neither what was delivered nor the restricted zone
