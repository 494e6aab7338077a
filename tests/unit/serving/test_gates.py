"""Who is believed: the proxy that knows the secret, and what it says once."""

from __future__ import annotations

import pytest
from served_home import SECRET, said
from starlette.datastructures import Headers

from aspa_resources.serving import DemoGate, GateError, gate_of_environment
from aspa_resources.serving.gates import ProxyGate, TokenGate
from aspa_resources.serving.readers import Claims

PROXY = {"ASPA_SERVE_PROXY_SECRET": SECRET}
OIDC = {
    "ASPA_SERVE_OIDC_ISSUER": "https://login.example",
    "ASPA_SERVE_OIDC_AUDIENCE": "aspa",
    "ASPA_SERVE_OIDC_KEYS": "https://login.example/jwks",
}


def headers(told: dict[str, str], *more: tuple[str, str]) -> Headers:
    pairs = [*told.items(), *more]
    return Headers(raw=[(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in pairs])


def test_the_proxy_is_believed():
    told = headers(said("staff", "aspa-county-10"))
    assert ProxyGate(SECRET).claims(told) == Claims(
        "somebody@example.fi", ("staff", "aspa-county-10")
    )


@pytest.mark.parametrize("header", said())
@pytest.mark.parametrize("again", ["aspa-national", "", SECRET])
def test_what_is_said_twice_is_not_believed(header, again):
    told = headers(said("aspa-county-10"), (header, again))
    assert ProxyGate(SECRET).claims(told) is None


@pytest.mark.parametrize(
    "wrong",
    [{"X-Aspa-Proxy-Secret": ""}, {"X-Aspa-Proxy-Secret": SECRET[:-1]},
     {"X-Aspa-Proxy-Secret": SECRET.upper()}, {"X-Aspa-Proxy-Secret": "ä" * 40},
     {"X-Forwarded-User": ""}],
)  # fmt: skip
def test_who_does_not_know_the_secret_or_names_nobody_is_not_believed(wrong):
    assert ProxyGate(SECRET).claims(headers({**said("aspa-national"), **wrong})) is None


@pytest.mark.parametrize("header", said())
def test_what_is_not_said_is_not_made_up(header):
    told = said("aspa-national")
    del told[header]
    assert ProxyGate(SECRET).claims(headers(told)) is None


def test_other_headers_do_not_stand_for_the_proxys():
    told = headers({name.replace("-", "_"): text for name, text in said("aspa-national").items()})
    assert ProxyGate(SECRET).claims(told) is None


def test_headers_have_the_names_that_the_settings_give_them():
    gate = gate_of_environment({**PROXY, "ASPA_SERVE_GROUPS_HEADER": "X-Auth-Request-Groups"})
    told = {**said(), "X-Auth-Request-Groups": "aspa-county-10"}
    assert gate.claims(headers(told)).groups == ("aspa-county-10",)
    assert "X-Auth-Request-Groups" in gate.vary


def test_the_demo_answers_to_this_machines_names_only():
    gate = DemoGate(("aspa-county-10",))
    assert gate.claims(headers({"Host": "127.0.0.1:8000"})) is not None
    assert gate.claims(headers({"Host": "localhost"})) is not None
    assert gate.claims(headers({"Host": "rebound.example:8000"})) is None
    assert gate.claims(headers({})) is None


def test_tokens_are_believed_where_the_settings_say_whose():
    assert isinstance(gate_of_environment(OIDC), TokenGate)


@pytest.mark.parametrize(
    ("settings", "told"),
    [({}, "ASPA_SERVE_PROXY_SECRET"), ({"ASPA_SERVE_PROXY_SECRET": ""}, "nobody may"),
     ({"ASPA_SERVE_PROXY_SECRET": "short"}, "32 characters"), ({**PROXY, **OIDC}, "keep one"),
     ({**OIDC, "ASPA_SERVE_OIDC_AUDIENCE": ""}, "ASPA_SERVE_OIDC_AUDIENCE is not set"),
     ({**OIDC, "ASPA_SERVE_OIDC_KEYS": "http://login.example/jwks"}, "neither"),
     ({**OIDC, "ASPA_SERVE_OIDC_KEYS": "/nowhere/jwks.json"}, "neither")],
)  # fmt: skip
def test_settings_that_do_not_say_whom_to_believe_are_refused(settings, told):
    with pytest.raises(GateError, match=told) as refused:
        gate_of_environment(settings)
    assert SECRET not in str(refused.value)
