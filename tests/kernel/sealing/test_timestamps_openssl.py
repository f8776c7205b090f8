"""OpenSSL and we agree: on our tokens, on its own, and on what is altered."""

import hashlib
import shutil
import subprocess
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kernel import clock
from kernel.errors import Refused
from kernel.sealing import demo_tsa, timestamps
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import pem
from kernel.sealing.revocation import load_crl
from kernel.sealing.trust import Anchors

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
CONTENT = "投标文件".encode()
DIGEST = hashlib.sha256(CONTENT).digest()
_CONFIG = """
[tsa]
default_tsa = own
[own]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1.3
digests = sha256
accuracy = secs:1, millisecs:500, microsecs:100
ordering = yes
tsa_name = yes
ess_cert_id_chain = {chain}
ess_cert_id_alg = {alg}
clock_precision_digits = {digits}
"""


@pytest.fixture(scope="module")
def now():
    return clock.technical_now()


@pytest.fixture(scope="module")
def place(now, tmp_path_factory):
    """A folder with an authority's root, and the authority."""
    folder = tmp_path_factory.mktemp("openssl")
    own = DemoAuthority.create(now - timedelta(days=1))
    (folder / "root.pem").write_bytes(pem([own.root.certificate]))
    return folder, own


def openssl(folder, *words):
    return subprocess.run(["openssl", *words], cwd=folder, capture_output=True, text=True)


def test_openssl_accepts_our_response_to_its_own_request(place, now):
    folder, own = place
    tsa = demo_tsa.issue(own, now - timedelta(hours=1))
    (folder / "file").write_bytes(CONTENT)
    openssl(folder, "ts", "-query", "-data", "file", "-sha256", "-cert", "-out", "q")
    (folder / "r").write_bytes(demo_tsa.respond((folder / "q").read_bytes(), tsa, now))
    found = openssl(folder, "ts", "-verify", "-queryfile", "q", "-in", "r", "-CAfile", "root.pem")
    assert found.returncode == 0, found.stderr
    shown = openssl(folder, "ts", "-reply", "-in", "r", "-text").stdout
    assert demo_tsa.POLICY in shown
    assert "DEMONSTRATION" in shown


def test_openssl_accepts_our_token_and_none_with_a_changed_byte(place, now):
    folder, own = place
    token = demo_tsa.token(
        timestamps.request(DIGEST), demo_tsa.issue(own, now - timedelta(hours=1)), now
    )
    crls = [load_crl(data) for data in own.crls(now)]

    def both(data):
        (folder / "t").write_bytes(data)
        words = ("ts", "-verify", "-digest", DIGEST.hex(), "-in", "t", "-token_in")
        theirs = openssl(folder, *words, "-CAfile", "root.pem").returncode == 0
        try:
            timestamps.verify(data, DIGEST, own.anchors, crls=crls)
        except Refused:
            return theirs, False
        return theirs, True

    def shown():
        return openssl(folder, "ts", "-reply", "-in", "t", "-token_in", "-text").stdout

    assert both(token) == (True, True)
    said, refused, overlooked = shown(), 0, 0
    assert "Time stamp" in said
    for step in range(7, len(token), len(token) // 60):
        changed = bytearray(token)
        changed[step] ^= 0x15
        theirs, ours = both(bytes(changed))
        assert not ours  # whatever it refuses, and more
        refused += not theirs
        if theirs:
            # It looks away where nothing is signed: then the token says what it said.
            overlooked += 1
            assert shown() == said
    assert refused > 5 * overlooked, (refused, overlooked)


@pytest.mark.parametrize("kind", ["p256", "rsa3072"])
@pytest.mark.parametrize(("chain", "alg", "digits"), [("no", "sha256", 0), ("yes", "sha512", 3)])
def test_we_accept_the_tokens_of_an_authority_that_runs_openssl(
    place, now, tmp_path, kind, chain, alg, digits
):
    _folder, own = place
    issued = own._issue(
        demo_tsa.issue(own, now).certificate.subject,
        [timestamps_usage()], True, now - timedelta(hours=1), 30, kind,
    )  # fmt: skip
    key = issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "tsa.pem").write_bytes(pem([issued.certificate]))
    (tmp_path / "chain.pem").write_bytes(pem(issued.chain))
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "c").write_text(_CONFIG.format(chain=chain, alg=alg, digits=digits))
    asked = timestamps.request(DIGEST)
    (tmp_path / "q").write_bytes(asked.encode())
    made = openssl(
        tmp_path, "ts", "-reply", "-config", "c", "-queryfile", "q", "-signer", "tsa.pem",
        "-inkey", "key.pem", "-chain", "chain.pem", "-out", "r",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    token = timestamps.verify(
        timestamps.read_response((tmp_path / "r").read_bytes()), DIGEST, own.anchors,
        crls=[load_crl(data) for data in own.crls(now)], asked=asked,
    )  # fmt: skip
    assert token.info.policy == "1.3.6.1.4.1.32473.1.3"
    assert token.info.accuracy == timedelta(seconds=1, milliseconds=500, microseconds=100)
    assert isinstance(own.anchors, Anchors)
    assert abs(token.gen_time - now) < timedelta(seconds=30)


def timestamps_usage():
    from cryptography.x509.oid import ExtendedKeyUsageOID

    return ExtendedKeyUsageOID.TIME_STAMPING
