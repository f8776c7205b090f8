"""age files: every age program opens ours, we open theirs, and odd headers are not accepted."""

import errno
import io
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sealing import age
from tests.kernel.sealing.support import refusal, vectors

NPM = vectors("age_npm")
KEY = age.new_identity()
TO = age.recipient_of(KEY)
needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="no age program here")

STANZA = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n"
GREASE = b"-> abc-grease x y\n\n"
MAC = b"--- " + b"A" * 43 + b"\n"
VERSION = b"age-encryption.org/v1\n"


def test_files_of_the_browser_library_open_here():
    identity = bytes.fromhex(NPM["identity"])
    assert age.recipient_of(identity) == NPM["recipient"]
    for vector in NPM["vectors"]:
        sealed, plain = bytes.fromhex(vector["file"]), vector["plaintext"].encode()
        assert age.decrypt(sealed, identity) == plain
        header = age.inspect(sealed)
        assert not header.grease
        assert header.plaintext_size(len(sealed)) == len(plain)


@given(st.binary(max_size=300))
def test_what_was_encrypted_comes_back_and_its_size_is_known(plaintext):
    sealed = age.encrypt(plaintext, TO)
    assert age.decrypt(sealed, KEY) == plaintext
    assert age.inspect(sealed[: age.MAX_HEADER]).plaintext_size(len(sealed)) == len(plaintext)


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 131072, 200_000])
def test_sizes_around_a_chunk_are_told_from_the_outside(size):
    sealed, opened = io.BytesIO(), io.BytesIO()
    age.encrypt_stream(io.BytesIO(b"z" * size), sealed, TO)
    data = sealed.getvalue()
    assert age.inspect(data).plaintext_size(len(data)) == size
    age.decrypt_stream(io.BytesIO(data), opened, KEY)
    assert opened.getvalue() == b"z" * size


@pytest.mark.parametrize("payload", [0, 16, 31, 16 + 65536 + 16 + 16, 16 + 65536 + 16 + 15])
def test_a_payload_of_impossible_size_is_refused(payload):
    header = age.inspect(VERSION + STANZA + MAC)
    assert refusal(header.plaintext_size, header.length + payload) == "sealing.age.size"


def test_files_appear_only_when_whole(tmp_path):
    plain, sealed, opened = tmp_path / "p", tmp_path / "p.age", tmp_path / "o"
    plain.write_bytes(b"bid" * 100_000)
    age.encrypt_file(plain, sealed, TO)
    age.decrypt_file(sealed, opened, KEY)
    assert opened.read_bytes() == plain.read_bytes()
    opened.unlink()
    sealed.write_bytes(sealed.read_bytes()[:-1])
    assert refusal(age.decrypt_file, sealed, opened, KEY) == "sealing.age.cannot_open"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p", "p.age"]


def test_another_key_a_flipped_byte_and_a_cut_do_not_open():
    sealed = age.encrypt(b"bid" * 50, TO)
    assert refusal(age.decrypt, sealed, age.new_identity()) == "sealing.age.cannot_open"
    for position in range(0, len(sealed), 7):
        altered = bytearray(sealed)
        altered[position] ^= 1
        assert refusal(age.decrypt, bytes(altered), KEY) == "sealing.age.cannot_open"
        assert refusal(age.decrypt, sealed[:position], KEY) == "sealing.age.cannot_open"


@pytest.mark.parametrize("size", [0, 1, 9_000, 300_000])
def test_a_full_disk_is_an_error_and_never_silence_nor_a_refusal(size):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space") as fault:
        age.encrypt_stream(io.BytesIO(b"x" * size), Full(), TO)
    assert fault.value.errno == errno.ENOSPC
    if size:
        with pytest.raises(OSError, match="No space"):
            age.decrypt_stream(io.BytesIO(age.encrypt(b"x" * size, TO)), Full(), KEY)


def test_a_failing_source_is_an_error():
    class Broken(io.BytesIO):
        def read(self, *_):
            raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        age.encrypt_stream(Broken(), io.BytesIO(), TO)
    with pytest.raises(OSError, match="Input/output"):
        age.decrypt_stream(Broken(), io.BytesIO(), KEY)


@given(st.binary(min_size=32, max_size=32))
def test_an_identity_is_32_bytes_and_a_text(identity):
    text = age.identity_text(identity)
    assert text.startswith("AGE-SECRET-KEY-1")
    assert age.parse_identity(text) == age.parse_identity(text + "\n") == identity


def test_a_mistyped_identity_is_noticed():
    text = age.identity_text(KEY)
    for wrong in ("", text[:-1], text[:-1] + ("Q" if text[-1] != "Q" else "P"), text[:-1] + "q",
                  TO, text.replace("1", "")):  # fmt: skip
        assert refusal(age.parse_identity, wrong) == "sealing.age.bad_identity"
    assert refusal(age.identity_text, KEY[:-1]) == "sealing.age.bad_identity"
    assert refusal(age.encrypt, b"", text) == "sealing.age.bad_recipient"
    assert refusal(age.encrypt, b"", TO[:-1]) == "sealing.age.bad_recipient"


def test_a_header_is_measured():
    header = age.inspect(VERSION + STANZA + MAC + b"payload")
    assert header == age.Header(len(VERSION + STANZA + MAC), bytes(32), grease=False)
    assert age.inspect(VERSION + GREASE + STANZA + MAC).grease


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (b"", "not_binary"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", "not_binary"),
        (b"age-encryption.org/v2\n" + STANZA + MAC, "not_binary"),
        (VERSION + MAC, "stanzas"),
        (VERSION + GREASE + MAC, "stanzas"),
        (VERSION + STANZA * 2 + MAC, "stanzas"),
        (VERSION + STANZA + GREASE * 2 + MAC, "stanzas"),
        (VERSION + b"-> scrypt AAAA 18\n" + b"A" * 43 + b"\n" + MAC, "stanzas"),
        (VERSION + STANZA.replace(b"X25519 ", b"X25519 a "), "stanzas"),
        (VERSION + STANZA, "header"),
        (VERSION + STANZA + b"--- short\n", "header"),
        (VERSION + STANZA.replace(b"\n", b"\r\n") + MAC, "header"),
        (VERSION + STANZA[:-2] + b"B\n" + MAC, "header"),
        (VERSION + STANZA + b"-> g-grease\n" + b"A" * 65 + b"\n" + MAC, "header"),
        (VERSION + STANZA + b"-> g-grease\n" + (b"A" * 64 + b"\n") * 40 + b"\n" + MAC,
         "header_too_long"),
        (VERSION + STANZA + b"-> " + b"g" * 3000 + b"-grease\n\n" + MAC, "header_too_long"),
    ],
)  # fmt: skip
def test_a_header_that_not_every_program_reads_is_refused(header, code):
    assert refusal(age.inspect, header) == f"sealing.age.{code}"


def test_armour_is_not_accepted():
    pyrage = pytest.importorskip("pyrage")
    armoured = pyrage.encrypt(b"x", [pyrage.x25519.Recipient.from_str(TO)], armored=True)
    assert refusal(age.inspect, armoured) == "sealing.age.not_binary"


@needs_age
def test_the_age_program_opens_ours_and_we_open_its(tmp_path):
    plain, sealed, key = tmp_path / "plain", tmp_path / "sealed.age", tmp_path / "key.txt"
    plain.write_bytes("投标函".encode() * 50_000)
    key.write_text(age.identity_text(KEY) + "\n")
    age.encrypt_file(plain, sealed, TO)
    opened = subprocess.run(
        ["age", "--decrypt", "-i", str(key), str(sealed)], capture_output=True, check=True
    )
    assert opened.stdout == plain.read_bytes()
    theirs = subprocess.run(
        ["age", "--encrypt", "-r", TO, str(plain)], capture_output=True, check=True
    ).stdout
    assert age.decrypt(theirs, KEY) == plain.read_bytes()
    assert age.inspect(theirs).plaintext_size(len(theirs)) == plain.stat().st_size
