"""A bidder with a hex editor: what one program reads in a file must be what every program reads.

Stopped by: a container whose every byte follows from the signed manifest, canonical JSON that must
equal its own re-serialisation, one SignerInfo over exactly these bytes, age headers of one shape,
and an envelope read without unpacking anything that unpacks.
"""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
import tracemalloc
import zipfile

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from kernel import clock
from kernel.errors import Refused
from kernel.sealing import cms
from kernel.sealing.bids import container, making, unsealing
from kernel.sealing.bids.manifest import Context, Manifest, new_nonce
from kernel.sealing.bids.policy import ENVELOPES
from kernel.sealing.certificates import pem
from procurement.bids import closing, receiving
from procurement.bids.models import Bid, BidVersion, PendingUpload
from tests.attacks import forging, opening
from tests.procurement.bids.conftest import world  # noqa: F401
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world, monkeypatch):  # noqa: F811
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    return world


def refused(lot, data, name="bidder1"):
    """Hand in; the codes. Nothing stays behind: no bid, no version, no file."""
    with pytest.raises(Refused) as told:
        lot.submit(name, data)
    assert not Bid.objects.exists()
    assert not BidVersion.objects.exists()
    assert not PendingUpload.objects.exclude(status="void").exists()
    assert not [path for path in (settings.VAR_DIR / "sealed").rglob("*") if path.is_file()]
    assert all(reason.article for reason in told.value.refusals)
    return [reason.code for reason in told.value.refusals]


# The ZIP around ------------------------------------------------------------------------------


def rezipped(data, change=None, **options):
    """The same entries written by another program, one of them perhaps changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            made = zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0))
            made.compress_type = options.get("compress", zipfile.ZIP_STORED)
            new.writestr(made, content)
            if change is not None:
                change(new, info.filename, content)
        if comment := options.get("comment"):
            new.comment = comment
    return target.getvalue()


def double_manifest(new, name, content):
    if name == "manifest.json":
        new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content.replace(b"1", b"2", 1))


def stray_entry(new, name, _content):
    if name == "manifest.p7s":
        new.writestr("../../../../owned", b"owned")


def bomb(new, name, _content):
    if name == "manifest.p7s":
        new.writestr("bomb", bytes(200_000_000), zipfile.ZIP_DEFLATED)


ZIP_TRICKS = {
    "prefix": lambda data: b"#!/bin/sh\n" + data,
    "suffix": lambda data: data + b"\0",
    "two files in one": lambda data: data + data,
    "comment": lambda data: rezipped(data, comment=b"hello"),
    "deflated": lambda data: rezipped(data, compress=zipfile.ZIP_DEFLATED),
    "a second manifest": lambda data: rezipped(data, double_manifest),
    "a path out of the folder": lambda data: rezipped(data, stray_entry),
    "a bomb": lambda data: rezipped(data, bomb),
    "another name in the directory": lambda data: (
        data[: data.rindex(b"manifest.json")]
        + b"manifesT.json"
        + data[data.rindex(b"manifest.json") + 13 :]
    ),
    "a size in the directory that differs": lambda data: patched(data, 24, struct.pack("<I", 7)),
    "an encrypted flag": lambda data: data[:6] + struct.pack("<H", 0x0801) + data[8:],
    "a data descriptor": lambda data: data[:6] + struct.pack("<H", 0x0808) + data[8:],
    "an extra field": lambda data: data[:28] + struct.pack("<H", 4) + data[30:],
    "another date": lambda data: data[:10] + struct.pack("<HH", 1, 0x5B21) + data[14:],
    "a CRC that lies": lambda data: data[:14] + b"\0\0\0\0" + data[18:],
}


def patched(data, offset, value):
    """The first line of the directory with bytes replaced at an offset."""
    place = data.index(b"PK\x01\x02") + offset
    return data[:place] + value + data[place + len(value) :]


@pytest.mark.parametrize("trick", ZIP_TRICKS)
def test_a_container_in_another_spelling_is_refused(lot, trick):
    data, _manifest = lot.seal("bidder1")
    changed = ZIP_TRICKS[trick](data)
    assert changed != data
    codes = refused(lot, changed)
    assert codes
    assert all(code.startswith(("sealing.container.", "procurement.bid.")) for code in codes)


# The manifest's JSON -------------------------------------------------------------------------


def json_tricks(manifest):
    good = manifest.encode()
    lot = json.dumps(manifest.lot).encode()
    yield "a key twice", good.replace(b'"lot":', b'"lot":"other","lot":', 1)
    yield "white space", good.replace(b",", b", ", 1)
    yield "a byte order mark", b"\xef\xbb\xbf" + good
    yield "a line feed behind", good + b"\n"
    yield "an escape", good.replace(lot, b'"\\u0032' + lot[2:], 1)
    yield "a float", good.replace(b'"version":1', b'"version":1.0', 1)
    yield "an exponent", good.replace(b'"version":1', b'"version":1e0', 1)
    yield "not a number", good.replace(b'"version":1', b'"version":NaN', 1)
    yield "infinity", good.replace(b'"version":1', b'"version":Infinity', 1)
    yield "beyond 2^53", good.replace(b'"version":1', b'"version":9007199254740993', 1)
    yield "true for one", good.replace(b'"version":1', b'"version":true', 1)
    yield "an unknown field", good[:-1] + b',"zzz":1}'
    yield (
        "keys in another order",
        json.dumps(dict(reversed(list(json.loads(good).items()))), separators=(",", ":")).encode(),
    )
    yield (
        "upper-case hex",
        good.replace(manifest.nonce.encode(), manifest.nonce.upper().encode(), 1),
    )
    yield "UTF-16", good.decode().encode("utf-16")
    yield "a list around", b"[" + good + b"]"
    yield "a deep nest", b"[" * 100_000
    yield "nothing", b"{}"


def test_a_manifest_that_two_parsers_read_differently_is_refused(lot, tmp_path):
    """Each is properly signed: the signature holds, the spelling does not."""
    data, manifest = lot.seal("bidder1")
    parts = forging.take_apart(data)
    signer, tried = lot.signer("bidder1"), 0
    for trick, head in json_tricks(manifest):
        assert head != manifest.encode(), trick
        signature = cms.sign(head, signer, clock.now())
        forged = forging.put_together(
            manifest, signature, parts.ciphertexts, parts.shares, tmp_path, head
        )
        codes = refused(lot, forged)
        assert any(
            code.startswith(("sealing.format.", "sealing.canonical.", "sealing.container."))
            for code in codes
        ), (trick, codes)
        tried += 1
    assert tried == 18


# The signature -------------------------------------------------------------------------------


@pytest.fixture
def openssl(lot, tmp_path):
    """Sign by openssl with the bidder's own key and odd options."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    signer = lot.signer("bidder1")
    key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "own.pem").write_bytes(pem([signer.certificate]))
    other = lot.signer("bidder2")
    (tmp_path / "key2.pem").write_bytes(
        other.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (tmp_path / "own2.pem").write_bytes(pem([other.certificate]))

    def run(content, *words):
        (tmp_path / "content").write_bytes(content)
        done = subprocess.run(
            ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-in", "content",
             "-signer", "own.pem", "-inkey", "key.pem", *words],
            cwd=tmp_path, capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout

    return run


SIGNATURES = {
    "stripped": lambda _run, _head: b"\x30\x00",
    "another document's": lambda run, _head: run(b"another document", "-cades"),
    "wrapped around another document": lambda run, _head: run(b"another", "-nodetach", "-cades"),
    "wrapped around this one": lambda run, head: run(head, "-nodetach", "-cades"),
    "two signers": lambda run, head: run(
        head, "-cades", "-signer", "own2.pem", "-inkey", "key2.pem"
    ),
    "no signed attributes": lambda run, head: run(head, "-noattr"),
    "no certificate bound in": lambda run, head: run(head),
    "no certificate inside": lambda run, head: run(head, "-cades", "-nocerts"),
    "SHA-1": lambda run, head: run(head, "-cades", "-md", "sha1"),
    "a tail behind the DER": lambda run, head: run(head, "-cades") + b"\0",
}


@pytest.mark.parametrize("trick", SIGNATURES)
def test_a_signature_stripped_wrapped_or_doubled_is_refused(lot, openssl, tmp_path, trick):
    data, manifest = lot.seal("bidder1")
    parts = forging.take_apart(data)
    signature = SIGNATURES[trick](openssl, manifest.encode())
    codes = refused(
        lot,
        forging.put_together(manifest, signature, parts.ciphertexts, parts.shares, tmp_path),
    )
    assert any(code.startswith("sealing.cms.") for code in codes), codes


def test_openssls_plain_good_signature_is_accepted(lot, openssl, tmp_path):
    """The refusals above are for what they say: the same program's proper signature counts."""
    data, manifest = lot.seal("bidder1")
    parts = forging.take_apart(data)
    chain = pem(list(lot.signer("bidder1").chain))
    (tmp_path / "chain.pem").write_bytes(chain)
    signature = openssl(manifest.encode(), "-cades", "-certfile", "chain.pem")
    forged = forging.put_together(manifest, signature, parts.ciphertexts, parts.shares, tmp_path)
    _version, new = lot.submit("bidder1", forged)
    assert new


# age -----------------------------------------------------------------------------------------


AGE = {
    "armoured": lambda sealed: b"-----BEGIN AGE ENCRYPTED FILE-----\n" + sealed,
    "a second recipient": lambda sealed: sealed.replace(
        b"-> X25519 ", b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n-> X25519 ", 1
    ),
    "two grease stanzas": lambda sealed: sealed.replace(
        b"\n-> X25519", b"\n-> a-grease\nAAAA\n-> b-grease\nAAAA\n-> X25519", 1
    ),
    "a passphrase too": lambda sealed: sealed.replace(
        b"\n-> X25519", b"\n-> scrypt " + b"A" * 22 + b" 18\n" + b"A" * 43 + b"\n-> X25519", 1
    ),
    "a long header": lambda sealed: sealed.replace(
        b"\n-> X25519", b"\n-> a-grease " + b"a" * 3000 + b"\nAAAA\n-> X25519", 1
    ),
    "a version of tomorrow": lambda sealed: sealed.replace(b"v1", b"v2", 1),
    "carriage returns": lambda sealed: sealed.replace(b"\n", b"\r\n", 3),
}


@pytest.mark.parametrize("trick", AGE)
def test_an_age_file_that_one_program_opens_and_another_does_not_is_refused(lot, tmp_path, trick):
    data, manifest = lot.seal("bidder1")
    parts = forging.take_apart(data)
    changed = AGE[trick](parts.ciphertexts["price"])
    forged, shares = with_ciphertext(lot, manifest, parts, "price", changed)
    signature = forging.signed(forged, lot.signer("bidder1"), clock.now())
    ciphertexts = {**parts.ciphertexts, "price": changed}
    codes = refused(lot, forging.put_together(forged, signature, ciphertexts, shares, tmp_path))
    # A size that tells too much is refused besides; it is not what stops this.
    assert any(code.startswith("sealing.age.") for code in codes), codes
    assert all(code.startswith(("sealing.age.", "sealing.container.padding")) for code in codes)


def with_ciphertext(lot, manifest, parts, name, sealed):
    """The manifest with another ciphertext, its hash and size told honestly."""
    import hashlib

    rows = tuple(
        forging.replace(row, sha256=hashlib.sha256(sealed).hexdigest(), size=len(sealed))
        if row.name == name
        else row
        for row in manifest.envelopes
    )
    return forging.replace(manifest, envelopes=rows), parts.shares


# Inside an envelope --------------------------------------------------------------------------


def inner_json(context, envelope, files):
    """An inner manifest that says whatever it is told to."""
    from kernel.sealing import canonical

    return canonical.encode(
        {**vars(context), "format": "zhuxin-envelope/1", "envelope": envelope, "files": files}
    )


def plain_zip(*entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content, kind in entries:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            if kind == "link":
                info.external_attr = 0o120777 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if kind == "deflated" else zipfile.ZIP_STORED
            made.writestr(info, content)
    return target.getvalue()


def digest(content):
    import hashlib

    return hashlib.sha256(content).hexdigest()


def inner_tricks(context):
    zeros = bytes(64 * 1024 * 1024)
    line = {"name": "a.txt", "size": 1, "sha256": digest(b"a")}
    for name in ("../../../owned", "/owned", "C:\\owned", "a/../../b", "con\x00.txt", "."):
        head = inner_json(context, "price", [{**line, "name": name}])
        yield f"path {name!r}", plain_zip(("manifest.json", head, ""), ("files/" + name, b"a", ""))
    head = inner_json(context, "price", [{**line, "size": len(zeros), "sha256": digest(zeros)}])
    yield "a bomb", plain_zip(("manifest.json", head, ""), ("files/a.txt", zeros, "deflated"))
    head = inner_json(context, "price", [line])
    yield "a link", plain_zip(("manifest.json", head, ""), ("files/a.txt", b"a", "link"))
    yield "a name twice", plain_zip(
        ("manifest.json", inner_json(context, "price", [line, line]), ""),
        ("files/a.txt", b"a", ""), ("files/a.txt", b"b", ""),
    )  # fmt: skip
    yield "no manifest", plain_zip(("files/a.txt", b"a", ""))
    yield "no ZIP at all", b"plain text"
    yield (
        "another envelope's",
        plain_zip(
            ("manifest.json", inner_json(context, "technical", [line]), ""),
            ("files/a.txt", b"a", ""),
        ),
    )


def test_what_a_bidder_packs_into_an_envelope_harms_nobody(lot, tmp_path):
    """Sealed, it looks like any other bid and is received; opened, it is a failed bid."""
    tried = 0
    for trick, plain in inner_tricks(_context(lot)):
        made = _forge(lot, plain)
        with pytest.raises(Refused) as told:
            _open(lot, *made, tmp_path / f"out{tried}")
        assert told.value.refusals[0].code.startswith(
            ("sealing.envelope.", "sealing.container.", "sealing.format.")
        ), trick
        tried += 1
    assert tried == 12
    outside = [path.name for path in tmp_path.parent.rglob("owned")]
    assert outside == []


def test_a_bomb_in_one_bid_leaves_the_other_bids_their_opening(lot, tmp_path):
    for name in ("bidder2", "bidder3", "bidder4"):
        lot.bid(name, price=7_00)
    context = _context(lot)
    rows, shares, sealed = [], {}, {}
    head = inner_json(
        context, "price", [{"name": "a.txt", "size": 10**7, "sha256": digest(bytes(10**7))}]
    )
    plain = plain_zip(("manifest.json", head, ""), ("files/a.txt", bytes(10**7), "deflated"))
    for name in ENVELOPES:
        padded = plain + bytes(_padme(len(plain)) - len(plain))
        dealt, sealed[name] = forging.envelope_of(lot.in_force, context, name, padded)
        rows.append(dealt.envelope)
        shares[name] = dealt.sealed
    manifest = Manifest(
        context.lot, context.policy_sha256, context.bidder, 1, "", context.nonce, tuple(rows)
    )
    signature = forging.signed(manifest, lot.signer("bidder1"), clock.now())
    lot.submit("bidder1", forging.put_together(manifest, signature, sealed, shares, tmp_path))
    opening.close(lot)
    found = opening.outcome(opening.run(lot))
    assert not found.pop(lot.people["bidder1"].uscc).isdecimal()
    assert set(found.values()) == {"700"}


def _padme(size):
    from kernel.sealing.bids.padding import padded

    return padded(size, 1024)


def _context(lot):
    policy = lot.in_force
    return Context(policy.sha256, policy.lot, lot.people["bidder1"].uscc, 1, new_nonce())


def _forge(lot, plain):
    context = _context(lot)
    dealt, sealed = forging.envelope_of(lot.in_force, context, "price", plain)
    return context, dealt, sealed


def _open(lot, context, dealt, sealed, folder):
    """What the opening does with such an envelope, key in hand."""
    from kernel.sealing import shamir
    from kernel.sealing.bids.shares import open_share

    manifest = Manifest(
        context.lot, context.policy_sha256, context.bidder, 1, "", context.nonce,
        (dealt.envelope,),
    )  # fmt: skip
    found = [
        open_share(manifest, "price", index, dealt.sealed[index], lot.keys[f"trustee{index + 1}"])
        for index in (0, 1)
    ]
    identity = shamir.combine(found)
    return unsealing.open_envelope(manifest, "price", identity, io.BytesIO(sealed), folder)


def test_a_manifest_that_announces_gigabytes_is_refused_before_they_are_read(lot):
    data, manifest = lot.seal("bidder1")
    rows = tuple(forging.replace(row, size=2**31) for row in manifest.envelopes)
    huge = forging.replace(manifest, envelopes=rows)
    signature = forging.signed(huge, lot.signer("bidder1"), clock.now())
    start = io.BytesIO()
    container.write_bid(start, huge.encode(), signature, [])
    codes = refused(lot, start.getvalue()[:-100] + data[-100:])
    assert codes == ["sealing.container.too_large"]


def test_receiving_a_bid_never_takes_more_memory_than_its_pieces(world, tmp_path):  # noqa: F811
    """Forty megabytes come in, are written, hashed, read and checked; eight are never held."""
    size = 40 * 2**20
    world.policy(maximum_size=2 * size)
    actor, contents = world.people["bidder1"], {name: {} for name in ENVELOPES}
    contents["technical"] = {"图纸.bin": bytes(size)}
    with (tmp_path / "large.zxb").open("w+b") as file:
        making.seal_bid(
            file, world.in_force, contents, world.signer("bidder1"), clock.now(),
            bidder=actor.uscc,
        )  # fmt: skip
        contents.clear()
        length = file.tell()
        assert length > size
        file.seek(0)
        tracemalloc.start()
        try:
            receiving.upload(LOT, actor=actor, read=file.read, length=length)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert BidVersion.objects.get().size == length
    assert peak < 8 * 2**20, peak
