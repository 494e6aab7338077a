"""What is answered: the reader's own pages with headers that keep them so, and else nothing."""

from __future__ import annotations

import re

import pytest
from served_home import FILES, KIT_POLICY, mark

from aspa_resources.serving import DemoGate

KEPT = {
    "cache-control": "private, no-store",
    "vary": "X-Forwarded-User, X-Forwarded-Groups",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}
OWNERS = {
    "aspa-county-08": {"08", "FI"},
    "aspa-county-10": {"10", "FI"},
    "aspa-national": {"08", "10", "FI", "thl"},
    "aspa-operator": {"operator", "FI"},
}


@pytest.mark.parametrize("group", OWNERS)
def test_each_reader_gets_their_own_files_and_no_others(client, group):
    reader = client(group)
    got = {path: reader.get(f"/{path}") for path in FILES}
    assert {path for path, answer in got.items() if answer.status_code == 200} == {
        path for path, owner in FILES.items() if owner in OWNERS[group]
    }
    for path, answer in got.items():
        assert (mark(FILES[path]) in answer.text) == (answer.status_code == 200)


def test_what_is_not_there_looks_like_what_is_not_theirs(client):
    reader = client("aspa-county-10")
    asked = (
        "/reports/08/2025-03.html", "/reports/08/2031-01.html", "/reports/99/2025-03.html",
        "/reports/10/2031-01.html", "/operator/anonymization/index.html", "/thl/2025-03/",
        "/receipts/08/", "/keys/national", "/nowhere", "/reports/10/2025-03.html/",
    )  # fmt: skip
    answers = {(r.status_code, r.content, tuple(r.headers.items())) for r in map(reader.get, asked)}
    assert len(answers) == 1
    assert answers.pop()[0] == 404


@pytest.mark.parametrize("groups", [(), ("staff",), ("aspa-county-99",), ("aspa-county-10x",)])
def test_without_a_claim_nothing_is_shown(client, groups):
    nobody = client(*groups)
    for path in ("", *FILES, "nowhere"):
        answer = nobody.get(f"/{path}")
        assert answer.status_code == 403
        assert "MARK" not in answer.text
        assert "Kymenlaak" not in answer.text


def test_a_request_past_the_proxy_is_refused(client):
    reader = client("aspa-national")
    del reader.headers["X-Aspa-Proxy-Secret"]
    assert reader.get("/").status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/reports/10/2025-03.html", "/receipts/10/", "/nowhere", "/thl/2025-03/x", "/%0a"]
)
@pytest.mark.parametrize("groups", [("aspa-county-10",), ()])
def test_every_answer_is_kept_from_caches_frames_and_foreign_scripts(client, path, groups):
    answer = client(*groups).get(path)
    assert KEPT.items() <= dict(answer.headers).items()
    assert "server" not in answer.headers
    assert "etag" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"unsafe|http|\*|data:", policy)


def test_a_page_of_the_kit_keeps_its_own_policy(client):
    policy = (
        client("aspa-county-10").get("/reports/10/2025-03.html").headers["content-security-policy"]
    )
    assert KIT_POLICY.replace("&#39;", "'").partition("; base-uri")[0] in policy


def test_files_are_taken_along_and_never_run(client):
    reader = client("aspa-national")
    table = reader.get("/thl/2025-03/indicators.csv")
    assert table.headers["content-disposition"] == 'attachment; filename="indicators.csv"'
    assert table.headers["content-type"].startswith("text/csv")
    assert "sandbox" in table.headers["content-security-policy"]
    receipt = reader.get("/receipts/08/2025-03/0123456789ab/receipt.json")
    assert receipt.headers["content-type"] == "application/json"


def test_a_folder_lists_its_files(client):
    reader = client("aspa-national")
    listed = reader.get("/thl/2025-03/")
    assert listed.status_code == 200
    assert '<a href="indicators.parquet#fi">' in listed.text
    assert reader.get("/thl/2025-03").status_code == 404
    inside = client("aspa-county-10").get("/reports/10/").text
    assert 'href="2025-03.html#sv"' in inside
    assert "2024-1" not in inside  # links and pipes
    assert "0a1b2c3d" not in inside


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_nothing_is_taken_in(client, method):
    answer = client("aspa-national").request(method, "/reports/10/2025-03.html")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert KEPT.items() <= dict(answer.headers).items()


def test_head_has_the_headers_of_get(client):
    reader = client("aspa-county-10")
    for path in ("/", "/reports/10/2025-03.html", "/reports/08/2025-03.html"):
        assert reader.head(path).headers == reader.get(path).headers


def test_a_cached_copy_is_never_confirmed(client):
    reader = client("aspa-county-10")
    told = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "If-None-Match": "*"}
    assert reader.get("/reports/10/2025-03.html", headers=told).status_code == 200


def test_every_request_is_logged_without_a_name(client, log):
    client("aspa-county-10").get("/reports/10/2025-03.html")
    client("aspa-county-10").get("/operator/residual_risk/08/2025-03.html")
    client("aspa-county-10").get("/reports/somebody@example.fi")
    client("aspa-county-10").get("/")
    client().get("/thl/2025-03/")
    reader = client("aspa-national")
    del reader.headers["X-Aspa-Proxy-Secret"]
    reader.get("/")
    who = "<19>"
    assert log.entries == [
        {"what": "read", "reader": who, "answer": 200, "page": "reports", "county": "10",
         "month": "2025-03"},
        {"what": "read", "reader": who, "answer": 404, "page": "operator", "county": "08",
         "month": "2025-03"},
        {"what": "read", "reader": who, "answer": 404, "page": "other"},
        {"what": "read", "reader": who, "answer": 200, "page": "first_page"},
        {"what": "read", "reader": who, "answer": 403, "page": "thl", "month": "2025-03"},
        {"what": "read", "reader": "nobody", "answer": 403, "page": "first_page"},
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["%0A/", "reports/10/2025-03.html%0A", "reports%0A/10/", "%0D%0A"])
def test_a_path_with_lines_goes_through_the_same_door(client, log, path):
    assert client().get(path, follow_redirects=False).status_code == 403
    assert client("aspa-county-10").get(path, follow_redirects=False).status_code == 404
    assert [entry["answer"] for entry in log.entries] == [403, 404]


def test_what_cannot_be_logged_is_not_shown(client, log, monkeypatch):
    def full(*_: str, **__: str | int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log, "record", full)
    answer = client("aspa-county-10").get("/reports/10/2025-03.html")
    assert answer.status_code == 500
    assert mark("10") not in answer.text
    assert "No space" not in answer.text
    assert KEPT.items() <= dict(answer.headers).items()


def test_the_demo_says_so_and_promises_no_tls(client):
    answer = client(gate=DemoGate(("aspa-county-10",))).get("/", headers={"Host": "127.0.0.1:8000"})
    assert "tämä palvelin ei kysy, kuka olet" in answer.text
    assert "strict-transport-security" not in answer.headers
    assert "tämä palvelin ei kysy" not in client("aspa-county-10").get("/").text
