"""The page judges time-stamps as Python does: the same tokens, the same codes; run by Node."""

from __future__ import annotations

import hashlib
import shutil
from datetime import timedelta

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from kernel.errors import Refused
from kernel.sealing import authority as authorities
from kernel.sealing import demo_tsa, timestamps
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids.fields import b64, instant_text
from kernel.sealing.certificates import der, pem
from kernel.sealing.der import SEQUENCE, item
from kernel.sealing.revocation import load_crl
from kernel.sealing.timestamp_fields import integer
from tests.kernel.sealing.bids.support import NOW
from tests.kernel.sealing.test_timestamps import _with_certificate
from tests.procurement.bidder.web import bundled

pytestmark = bundled.needed
DIGEST = hashlib.sha256(b"list").digest()
# Each token is judged under the same roots and lists: the time that it tells, or why it is none.
_SCRIPT = """
const { tokens, digest, names, roots, crls, demonstration } = input;
const believed = { roots: readCertificates(utf8(roots)), demonstration, intermediates: [],
  crls: crls.map((each) => readCrl(fromBase64(each))) };
for (const token of tokens) {
  await told(async () => (await prove(fromBase64(token), digest, names, believed)).genTime);
}
"""
_FILES = ("trust/timestamps.js", "trust/certificates.js", "trust/revocation.js", "lib/bytes.js")


def page(own, tokens, names=(demo_tsa.NAME,), crls=None, demonstration=True):
    asked = {
        "tokens": [b64(each) for each in tokens], "digest": DIGEST.hex(), "names": list(names),
        "roots": pem([own.root.certificate]).decode(), "demonstration": demonstration,
        "crls": [b64(each) for each in (own.crls(NOW) if crls is None else crls)],
    }  # fmt: skip
    return bundled.asked(_FILES, _SCRIPT, asked)


def python(own, token, names=(demo_tsa.NAME,), crls=None):
    lists = [load_crl(each) for each in (own.crls(NOW) if crls is None else crls)]
    try:
        found = timestamps.verify(token, DIGEST, own.anchors, crls=lists)
        timestamps.check_named(found, names)
    except Refused as refused:
        return refused.refusals[0].code
    return instant_text(found.gen_time)


@pytest.fixture(scope="module")
def own():
    return DemoAuthority.create(NOW - timedelta(days=1))


@pytest.fixture(scope="module")
def tsa(own):
    return demo_tsa.issue(own, NOW - timedelta(hours=1))


def stamp(signer, at=NOW, digest=DIGEST, **more):
    return demo_tsa.token(timestamps.request(digest), signer, at, **more)


def certified(own, *usage, critical=True):
    name = authorities._name(O=authorities.OPERATOR, CN="TSA")
    return own._issue(name, usage, critical, NOW, 30, "p256")


def test_the_page_refuses_a_token_with_pythons_codes(own, tsa, monkeypatch):
    purpose, mail = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.EMAIL_PROTECTION
    stranger = DemoAuthority.create(NOW)
    good = stamp(tsa)
    tokens = [
        good,
        stamp(tsa, NOW + timedelta(microseconds=120)),
        stamp(tsa, digest=bytes(32)),
        stamp(tsa, certificates=False),
        stamp(certified(own, mail)),
        stamp(certified(own, purpose, mail)),
        stamp(certified(own, purpose, critical=False)),
        stamp(own.issue_signer("", "示例公司", "91350000MA2EXAMPL1", NOW, 30)),
        stamp(demo_tsa.issue(stranger, NOW)),
        stamp(own.issue_tsa(NOW, 1), NOW + timedelta(days=2)),
        _with_certificate(good, der(tsa.chain[0]), der(stranger.issue_tsa(NOW, 1).certificate)),
        _with_certificate(good, der(tsa.certificate), der(own.issue_tsa(NOW, 2).certificate)),
        good[:-1],
        b"\x30" + good,
        bytes(100),
        good + bytes(20_000),
    ]
    for seconds in (60, 61, 120):
        monkeypatch.setattr(demo_tsa, "_ACCURACY", item(SEQUENCE, integer(seconds)))
        tokens.append(stamp(tsa))
    wanted = [python(own, each) for each in tokens]
    assert page(own, tokens) == wanted
    some = {"timestamp.accuracy", "timestamp.certificate", "certificate.wrong_profile"}
    assert {f"sealing.{each}" for each in some} | {instant_text(NOW)} < set(wanted)
    others = ("国家授时中心",)
    assert page(own, tokens[:1], others) == [python(own, good, others)]
    assert page(own, tokens[:1], crls=[]) == [python(own, good, crls=[])]
    # A demonstration's roots vouch for nothing where the reader did not accept a demonstration.
    assert page(own, tokens[:1], demonstration=False) == ["sealing.certificate.untrusted"]


def test_no_token_with_a_changed_byte_is_accepted_at_the_page(own, tsa):
    good = stamp(tsa)
    changed = []
    for place in range(len(good)):
        data = bytearray(good)
        data[place] ^= 1 << place % 8
        changed.append(bytes(data))
    found = page(own, [*changed, good])
    assert found[-1] == instant_text(NOW)
    assert all(each.startswith("sealing.") for each in found[:-1])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
@pytest.mark.parametrize("kind", ["p256", "rsa3072"])
@pytest.mark.parametrize(("chain", "alg", "digits"), [("no", "sha256", 0), ("yes", "sha512", 3)])
def test_the_page_accepts_the_tokens_of_an_authority_that_runs_openssl(
    tmp_path, kind, chain, alg, digits
):
    from tests.kernel.sealing import test_timestamps_openssl as theirs

    tokens, verify = [], timestamps.verify

    def kept(data, *arguments, **keywords):
        tokens.append((data, verify(data, *arguments, **keywords)))
        return tokens[-1][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timestamps, "verify", kept)
        patch.setattr(theirs, "DIGEST", DIGEST)
        now = theirs.clock.technical_now()
        fresh = DemoAuthority.create(now - timedelta(days=1))
        theirs.test_we_accept_the_tokens_of_an_authority_that_runs_openssl(
            (tmp_path, fresh), now, tmp_path, kind, chain, alg, digits
        )
    ((data, token),) = tokens
    found = page(fresh, [data], crls=fresh.crls(now))
    assert found == [instant_text(token.gen_time)]
