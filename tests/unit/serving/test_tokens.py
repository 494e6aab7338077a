"""A token is believed as the issuer signed it, for this app, in its time, and in no other form."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers

from aspa_resources.serving.gates import TokenGate
from aspa_resources.serving.readers import Claims
from aspa_resources.serving.tokens import TokenCheck

ISSUER, AUDIENCE = "https://login.example/realm", "aspa"
RSA, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CURVE = ec.generate_private_key(ec.SECP256R1())
PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def jwk(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, name: str, **more: str) -> dict:
    algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    told = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return {**told, "kid": name, "alg": algorithm, "use": "sig", **more}


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "jwks.json"
    shared = {"kty": "oct", "k": base64.urlsafe_b64encode(b"k" * 32).decode(), "kid": "shared"}
    for_encryption = jwk(OTHER, "encrypting", use="enc")
    told = [jwk(RSA, "rsa"), jwk(CURVE, "curve"), shared, for_encryption]
    path.write_text(json.dumps({"keys": told}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def check(keys):
    return TokenCheck(ISSUER, AUDIENCE, str(keys))


def claims(**changed: object) -> dict:
    now = int(time.time())
    told = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "f3b1", "iat": now, "exp": now + 300,
        "groups": ["staff", "aspa-county-10"], **changed,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


def token(key: object = RSA, name: str | None = "rsa", algorithm: str = "RS256", **changed) -> str:
    headers = {} if name is None else {"kid": name}
    return jwt.encode(claims(**changed), key, algorithm=algorithm, headers=headers)


def unsigned(header: dict, payload: dict) -> str:
    parts = (json.dumps(part).encode() for part in (header, payload))
    return ".".join([*(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts), ""])


def test_what_the_issuer_signed_is_believed(check):
    told = Claims("f3b1", ("staff", "aspa-county-10"))
    assert check.claims(token()) == told
    assert check.claims(token(CURVE, "curve", "ES256")) == told
    assert check.claims(token(aud=["other", AUDIENCE])) == told
    assert check.claims(token(groups="aspa-national")).groups == ("aspa-national",)


@pytest.mark.parametrize(
    "changed",
    [{"exp": 1_000_000_000}, {"exp": None}, {"nbf": 4_000_000_000}, {"iat": 4_000_000_000},
     {"iat": None}, {"aud": "other"}, {"aud": None}, {"aud": ["other"]}, {"aud": {"aspa": 1}},
     {"iss": "https://login.example"}, {"iss": None}, {"sub": None}, {"sub": ""}, {"groups": None},
     {"groups": {"aspa-national": True}}, {"groups": ["aspa-county-10", 7]}],
)  # fmt: skip
def test_a_token_for_another_time_or_place_is_not(check, changed):
    assert check.claims(token(**changed)) is None


@pytest.mark.parametrize(
    "made",
    [lambda: token(OTHER, "rsa"), lambda: token(name=None), lambda: token(name="unheard-of"),
     lambda: token(OTHER, "encrypting"), lambda: token(b"k" * 32, "shared", "HS256"),
     lambda: token(CURVE, "rsa", "ES256"),
     lambda: unsigned({"alg": "none", "kid": "rsa"}, claims()),
     lambda: unsigned({"alg": "None", "kid": "rsa"}, claims()),
     lambda: unsigned({"alg": "RS256", "kid": "rsa"}, claims()),
     lambda: unsigned({"alg": "RS256", "kid": ["rsa"]}, claims())],
)  # fmt: skip
def test_a_token_that_the_issuer_did_not_sign_is_not(check, made):
    assert check.claims(made()) is None


def test_the_public_key_is_no_shared_secret(check):
    """The old confusion: an HMAC keyed with the public key, which everybody has."""
    forged = unsigned({"alg": "HS256", "kid": "rsa"}, claims(groups=["aspa-national"])).rstrip(".")
    mac = hmac.new(PEM, forged.encode(), hashlib.sha256).digest()
    assert check.claims(f"{forged}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}") is None


def test_the_key_in_the_token_itself_is_not_looked_at(check):
    headers = {"kid": "rsa", "jwk": jwk(OTHER, "rsa"), "jku": "https://evil.example/jwks"}
    forged = jwt.encode(claims(), OTHER, algorithm="RS256", headers=headers)
    assert check.claims(forged) is None


@settings(max_examples=60)
@given(st.data())
def test_a_token_with_any_letter_changed_is_not_believed(check, data):
    whole = token()
    at = data.draw(st.integers(0, len(whole) - 2))  # the last one's lowest bits say nothing
    letter = data.draw(st.characters(codec="ascii").filter(lambda one: one != whole[at]))
    assert check.claims(whole[:at] + letter + whole[at + 1 :]) is None


@given(st.text() | st.binary().map(lambda some: some.decode("latin-1")))
def test_what_is_no_token_is_not_believed(check, some):
    assert check.claims(some) is None


def test_a_header_nested_without_end_is_not_believed(check):
    deep = base64.urlsafe_b64encode(b'{"a":' * 5_000).decode().rstrip("=")
    assert check.claims(f"{deep}.e30.c2ln") is None


def test_keys_that_the_issuer_changed_hold_from_then_on(keys, tmp_path, caplog):
    path = tmp_path / "jwks.json"
    now = TokenCheck(ISSUER, AUDIENCE, str(path))
    assert now.claims(token()) is None
    assert "cannot be read" in caplog.text
    path.write_bytes(keys.read_bytes())
    assert now.claims(token()) is not None
    path.write_text(json.dumps({"keys": [jwk(OTHER, "rsa")]}), encoding="utf-8")
    assert now.claims(token()) is None
    assert now.claims(token(OTHER)) is not None


@pytest.mark.parametrize(
    ("scheme", "believed"), [("Bearer", True), ("bearer", True), ("Basic", False), ("", False)]
)
def test_the_token_comes_as_a_bearer_token(check, scheme, believed):
    told = Headers({"Authorization": f"{scheme} {token()}"})
    assert (TokenGate(check).claims(told) is not None) == believed


def test_two_tokens_are_none(check):
    raw = [(b"authorization", f"Bearer {token()}".encode())] * 2
    assert TokenGate(check).claims(Headers(raw=raw)) is None
    assert TokenGate(check).claims(Headers(raw=raw[:1])) is not None
