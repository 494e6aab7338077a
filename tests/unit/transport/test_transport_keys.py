"""Envelopes: opened right, refused, or passed on as they came; never anything else."""

import contextlib
import gzip
import os
import stat
import subprocess
import sys

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspa_resources import transport
from aspa_resources.delivery import UnreadableDelivery
from aspa_resources.transport import TransportKeys
from aspa_resources.zones import MissingKeyError

KEYS = [pyrage.x25519.Identity.generate() for _ in range(3)]
CONTENT = "palaute_id;nps\nF-1;9\nöö;0\n".encode() * 40


def sealed(content, key, *, armoured=False):
    return pyrage.encrypt(content, [key.to_public()], armored=armoured)


@pytest.fixture(autouse=True)
def _no_keys_from_outside(monkeypatch):
    for name in [name for name in os.environ if name.startswith("ASPA_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def keys(monkeypatch, tmp_path):
    monkeypatch.setenv("ASPA_TRANSPORT_KEY", f"{KEYS[0]}\n {KEYS[1]}")
    return TransportKeys(tmp_path)


@pytest.mark.parametrize("armoured", [False, True])
@pytest.mark.parametrize("key", KEYS[:2])
def test_what_is_encrypted_to_any_of_the_keys_is_opened(keys, key, armoured):
    opened = keys.open(sealed(CONTENT, key, armoured=armoured))
    assert (opened.content, opened.encrypted) == (CONTENT, True)


def test_the_first_key_is_the_one_to_encrypt_to(keys):
    assert keys.recipient == str(KEYS[0].to_public())


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda armour: armour.replace(b"\n", b"\r\n"),
        lambda armour: b"\xef\xbb\xbf" + armour,
        lambda armour: b"\r\n  \n" + armour + b"\n\n",
        lambda armour: armour.decode().encode("utf-16"),
        lambda armour: b"\xfe\xff" + armour.decode().encode("utf-16-be"),
    ],
)
def test_armour_is_opened_as_editors_and_shells_leave_it(keys, rewritten):
    assert keys.open(rewritten(sealed(CONTENT, KEYS[0], armoured=True))).content == CONTENT


@pytest.mark.parametrize(
    "content", [b"", CONTENT, gzip.compress(CONTENT, mtime=0), b"\xff\xfe\x00\xd8", b"\xff"]
)
def test_what_is_no_envelope_passes_unchanged_and_needs_no_key(monkeypatch, tmp_path, content):
    monkeypatch.setenv("ASPA_KEY_NATIONAL", "k" * 32)
    opened = TransportKeys(tmp_path).open(content)
    assert (opened.content, opened.encrypted) == (content, False)


@pytest.mark.parametrize(
    "content",
    [
        sealed(CONTENT, KEYS[2]),
        sealed(CONTENT, KEYS[2], armoured=True),
        pyrage.passphrase.encrypt(CONTENT, "sana"),
    ],
    ids=["another-key", "another-key-armoured", "a-passphrase"],
)
def test_what_is_encrypted_to_someone_else_is_told_from_damage(keys, content):
    with pytest.raises(UnreadableDelivery) as refused:
        keys.open(content)
    assert refused.value.fault.code == "not_for_this_key"


@pytest.mark.parametrize(
    "content",
    [
        sealed(CONTENT, KEYS[0])[:-1],
        sealed(CONTENT, KEYS[0], armoured=True)[:-60],
        b"age-encryption.org/v9\n",
        "-----BEGIN AGE ENCRYPTED FILE-----\nä".encode(),
    ],
    ids=["cut", "cut-armour", "another-version", "no-armour"],
)
def test_a_damaged_envelope_is_refused_as_such(keys, content):
    with pytest.raises(UnreadableDelivery) as refused:
        keys.open(content)
    assert refused.value.fault.code == "damaged_envelope"


def test_content_beyond_the_limit_is_refused(keys, monkeypatch):
    monkeypatch.setattr(transport, "UNPACKED_LIMIT", len(CONTENT) - 1)
    with pytest.raises(UnreadableDelivery) as refused:
        keys.open(sealed(CONTENT, KEYS[0]))
    assert refused.value.fault.code == "unpacked_too_large"


@settings(max_examples=300, deadline=None)
@given(
    content=st.binary(max_size=300),
    armoured=st.booleans(),
    place=st.floats(0, 1, exclude_max=True),
    bit=st.none() | st.integers(0, 7),
)
def test_a_cut_or_altered_envelope_never_gives_other_content(content, armoured, place, bit):
    whole = bytearray(sealed(content, KEYS[0], armoured=armoured))
    at = int(place * len(whole))  # its length varies from one sealing to the next
    broken = whole[:at]
    if bit is not None:
        broken = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASPA_TRANSPORT_KEY", str(KEYS[0]))
        with contextlib.suppress(UnreadableDelivery):
            opened = TransportKeys(None).open(bytes(broken))
            assert opened.content == (content if opened.encrypted else bytes(broken))


def test_a_demo_key_is_made_once_for_its_owner_only(tmp_path):
    first, again = TransportKeys(tmp_path / "keys"), TransportKeys(tmp_path / "keys")
    assert again.open(pyrage.encrypt(CONTENT, [_recipient(first)])).content == CONTENT
    [file] = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_of_processes_that_make_a_demo_key_at_once_one_wins(tmp_path):
    program = (
        "import sys; from pathlib import Path; from aspa_resources.transport import TransportKeys; "
        "print(TransportKeys(Path(sys.argv[1])).recipient)"
    )
    # Started anew, not forked: a fork of a process with threads may never end.
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "keys")], stdout=subprocess.PIPE
        )
        for _ in range(6)
    ]
    made = {process.communicate()[0] for process in processes}
    assert len(made) == 1
    assert made.pop().startswith(b"age1")


@pytest.mark.parametrize("variable", ["ASPA_KEY_RESTRICTED", "ASPA_KEY_PUBLISHED"])
def test_no_demo_key_beside_keys_from_the_environment(monkeypatch, tmp_path, variable):
    monkeypatch.setenv(variable, "k" * 32)
    with pytest.raises(MissingKeyError, match="ASPA_TRANSPORT_KEY"):
        TransportKeys(tmp_path).open(sealed(CONTENT, KEYS[0]))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "value", ["", "  ", "salainen-avain", str(KEYS[0])[:-1]], ids=["none", "blank", "word", "cut"]
)
def test_a_bad_key_is_refused_and_never_repeated(monkeypatch, tmp_path, value):
    monkeypatch.setenv("ASPA_TRANSPORT_KEY", value)
    with pytest.raises(MissingKeyError) as refused:
        _recipient(TransportKeys(tmp_path))
    assert not value.strip() or value not in str(refused.value)
    assert refused.value.__suppress_context__ or not refused.value.__context__


def test_nothing_of_a_file_shows_when_it_is_printed(keys):
    assert "palaute" not in repr(keys.open(CONTENT))


def _recipient(keys):
    return pyrage.x25519.Recipient.from_str(keys.recipient)
