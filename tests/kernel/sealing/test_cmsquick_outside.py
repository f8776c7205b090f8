"""Whatever the quick path believes, pyHanko and OpenSSL believe too, of the same signer.

The mutants are made where the quick path is lenient: by a signer with its own key, who may write
what it likes into the signed attributes, and by anybody into what no signature covers.
"""

import asyncio
import hashlib
import random
import shutil
import subprocess
from collections import Counter

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from kernel.sealing import cms, cmsquick
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import der, pem
from kernel.sealing.der import CONTEXT_0, INTEGER, OCTETS, OID, SEQUENCE, SET, item, parts, set_of
from tests.kernel.sealing.conftest import NOW
from tests.kernel.sealing.support import refusal

DATA = b"content"
DIGEST = hashlib.sha256(DATA).digest()
OWN, STRANGER = DemoAuthority.create(NOW), DemoAuthority.create(NOW)
SIGNERS = (
    OWN.issue_signer("张三", "示例建设有限公司", "91350000MA2EXAMPL1", NOW, 365),
    OWN.issue_signer("", "示例公证处", "12350000MB2EXAMPL2", NOW, 365, "rsa3072"),
)
OTHER = OWN.issue_signer("李四", "示例公证处", "12350000MB2EXAMPL2", NOW, 365)
# Certificates that have nothing to do with the signature.
ALONG = [
    *map(der, (OTHER.certificate, STRANGER.root.certificate)),
    *map(der, STRANGER.issue_signer("", "路人", "91350000MA2EXAMPL1", NOW, 30).chain),
]
MUTANTS, ACCEPTED = 200, 60
LENIENT = (
    "certificates that are not needed", "certificates in another order", "a certificate twice",
    "reference without a name", "no time", "the intermediate left out",
    "a byte of another certificate",
)  # fmt: skip
_ATTRIBUTE = {
    "type": bytes.fromhex("06092a864886f70d010903"),
    "digest": bytes.fromhex("06092a864886f70d010904"),
    "time": bytes.fromhex("06092a864886f70d010905"),
    "certificate": bytes.fromhex("060b2a864886f70d010910022f"),
    "unknown": bytes.fromhex("06092a864886f70d010907"),
}
_DATA = bytes.fromhex("06092a864886f70d010701")
_HASHES = {
    "plain": bytes.fromhex("300b0609608648016503040201"),
    "null": bytes.fromhex("300d06096086480165030402010500"),
    "sha512": bytes.fromhex("300b0609608648016503040203"),
    "sha1": bytes.fromhex("300706052b0e03021a"),
}
_TIMES = (
    b"\x17\x0d" + NOW.strftime("%y%m%d%H%M%SZ").encode(),
    b"\x18\x0f" + NOW.strftime("%Y%m%d%H%M%SZ").encode(),
    b"\x18\x0f20510101000000Z",
    b"\x17\x0d000101000000Z",
    b"\x17\x0b0001010000Z",
    b"\x17\x11000101000000+0800",
)


def twin(certificate):
    """Another key's certificate under the same issuer's name and number."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "twin")]))
        .issuer_name(certificate.issuer)
        .serial_number(certificate.serial_number)
        .not_valid_before(certificate.not_valid_before_utc)
        .not_valid_after(certificate.not_valid_after_utc)
        .public_key(key.public_key())
        .sign(key, hashes.SHA256())
    )
    return der(made)


TWINS = {signer: twin(signer.certificate) for signer in SIGNERS}


class Mutant:
    """One signature, and which liberties were taken with it."""

    def __init__(self, chance):
        self.chance, self.taken = chance, []
        self.signer = chance.choice(SIGNERS)
        own = parts(parts(parts(der(self.signer.certificate))[0].content)[0].content)
        self.issuer, self.serial = own[3].whole, own[1].content

    def may(self, name, often=0.25):
        if self.chance.random() >= often:
            return False
        self.taken.append(name)
        return True

    def attributes(self):
        own = item(OCTETS, hashlib.sha256(der(self.signer.certificate)).digest())
        names = item(SEQUENCE, item(0xA4, self.issuer))
        reference = [own, item(SEQUENCE, names, item(INTEGER, self.serial))]
        if self.may("reference without a name"):
            reference = reference[:1]
        elif self.may("reference to another number", 0.1):
            reference[1] = item(SEQUENCE, names, item(INTEGER, b"\x07"))
        elif self.may("reference to another issuer", 0.1):
            other = parts(parts(parts(ALONG[1])[0].content)[0].content)[3].whole
            reference[1] = item(
                SEQUENCE, item(SEQUENCE, item(0xA4, other)), item(INTEGER, self.serial)
            )
        elif self.may("digest algorithm of the reference", 0.1):
            reference.insert(0, _HASHES["plain"])
        values = {
            "type": _DATA,
            "digest": item(OCTETS, DIGEST),
            "certificate": item(SEQUENCE, item(SEQUENCE, item(SEQUENCE, *reference))),
            "time": self.chance.choice(_TIMES[:2]),
        }
        if self.may("no time"):
            del values["time"]
        elif self.may("odd time", 0.1):
            values["time"] = self.chance.choice(_TIMES[2:])
        if self.may("unknown attribute", 0.05):
            values["unknown"] = _DATA
        rows = [item(SEQUENCE, _ATTRIBUTE[n], item(SET, value)) for n, value in values.items()]
        if self.may("attribute twice", 0.03):
            rows.append(rows[0])
        rows.sort()
        if self.may("attributes in another order", 0.1):
            self.chance.shuffle(rows)
        return item(SET, *rows)

    def certificates(self):
        found = [der(each) for each in (self.signer.certificate, *self.signer.chain)]
        if self.may("certificates that are not needed", 0.5):
            found += self.chance.sample(ALONG, self.chance.randint(1, len(ALONG)))
        if self.may("a certificate twice", 0.1):
            found.append(self.chance.choice(found))
        if self.may("the intermediate left out", 0.1):
            found = [each for each in found if each != der(self.signer.chain[0])]
        if self.may("a twin of the signer", 0.15):
            found.append(TWINS[self.signer])
        if self.may("a byte of another certificate", 0.1):
            place = self.chance.randrange(len(ALONG[0]))
            altered = bytearray(ALONG[0])
            altered[place] ^= self.chance.randint(1, 255)
            found.append(bytes(altered))
        found.sort()
        if self.may("certificates in another order", 0.4):
            self.chance.shuffle(found)
        return item(CONTEXT_0, *found)

    def made(self):
        attributes = self.attributes()
        elliptic = isinstance(self.signer.certificate.public_key(), ec.EllipticCurvePublicKey)
        algorithm = cmsquick._ECDSA if elliptic else cmsquick._RSA
        if self.may("another signature algorithm", 0.05):
            algorithm = cmsquick._RSA if elliptic else cmsquick._ECDSA
        named = [self.chance.choice([_HASHES["plain"], _HASHES["null"]]) for _ in range(2)]
        if self.may("another digest algorithm", 0.05):
            named[self.chance.randrange(2)] = _HASHES[self.chance.choice(["sha1", "sha512"])]
        signature = self.signer.sign(attributes)
        if self.may("zeros before the signature", 0.03):
            signature = b"\0" + signature
        info = item(
            SEQUENCE, b"\x02\x01\x01",
            item(SEQUENCE, self.issuer, item(INTEGER, self.serial)), named[0],
            bytes((CONTEXT_0,)) + attributes[1:], algorithm, item(OCTETS, signature),
        )  # fmt: skip
        signed = item(
            SEQUENCE, b"\x02\x01\x01", set_of([named[1]]), item(SEQUENCE, _DATA),
            self.certificates(), item(SET, info),
        )  # fmt: skip
        made = item(
            SEQUENCE, item(OID, bytes.fromhex("2a864886f70d010702")), item(CONTEXT_0, signed)
        )
        if self.may("a length in more bytes", 0.05):
            assert made[1] == 0x82
            made = made[:1] + b"\x83\x00" + made[2:]
        return made


def pyhanko(signature):
    """The signer's certificate, where pyHanko finds the signature intact, valid and trusted."""
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(der(OWN.root.certificate))], moment=NOW,
        other_certs=[asn1_x509.Certificate.load(der(SIGNERS[0].chain[0]))],
        allow_fetching=False, revocation_mode="soft-fail", crls=OWN.crls(NOW),
    )  # fmt: skip
    signed = asn1_cms.ContentInfo.load(signature)["content"]
    status = asyncio.run(
        async_validate_detached_cms(DATA, signed, signer_validation_context=context)
    )
    assert (status.intact, status.valid, status.trusted) == (True, True, True), status
    return status.signing_cert.dump()


def openssl(folder, signature):
    """The signer's certificate, where ``openssl cms -verify -cades`` accepts the signature."""
    (folder / "s.p7s").write_bytes(signature)
    done = subprocess.run(
        [
            "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "s.p7s",
            "-content", "data", "-CAfile", "roots.pem",
            "-attime", str(int(NOW.timestamp()) + 1), "-signer", "signer.pem", "-out", "out",
        ],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (folder / "out").read_bytes() == DATA
    (found,) = x509.load_pem_x509_certificates((folder / "signer.pem").read_bytes())
    return der(found)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_what_the_quick_path_believes_pyhanko_and_openssl_believe_of_the_same_signer(tmp_path):
    (tmp_path / "data").write_bytes(DATA)
    # It does not fetch an intermediate that was left out.
    (tmp_path / "roots.pem").write_bytes(pem([OWN.root.certificate, SIGNERS[0].chain[0]]))
    chance, accepted, refused = random.Random(5652), Counter(), Counter()
    seen, faults = set(), []
    for _number in range(MUTANTS):
        mutant = Mutant(chance)
        signature = mutant.made()
        quick = cmsquick.check_digest(signature, DIGEST)
        (accepted if quick else refused).update(mutant.taken or ["nothing"])
        if quick is None or signature in seen:
            continue
        seen.add(signature)
        own = der(quick.certificate)
        assert own == der(mutant.signer.certificate)
        assert cms.check_any(signature, {"sha256": DIGEST}).certificate == quick.certificate
        try:
            assert pyhanko(signature) == own
            assert openssl(tmp_path, signature) == own
        except Exception as fault:
            faults.append((mutant.taken, repr(fault)[-300:]))
    told = f"{len(seen)} accepted: {accepted}; refused: {refused}"
    assert not faults, faults[:10]
    assert len(seen) >= ACCEPTED, told
    for liberty in LENIENT:
        assert accepted[liberty] >= 3, told


@pytest.mark.parametrize(
    "liberty",
    ["reference to another number", "reference to another issuer", "a twin of the signer"],
)
def test_what_others_would_take_for_another_signer_is_refused_by_both_readers(liberty):
    """Found by the mutants: the hash of the certificate was right, and all else was not asked."""
    chance = random.Random(1)
    chance.random = lambda: 1.0
    mutant = Mutant(chance)
    assert cms.check(mutant.made(), DATA).certificate == mutant.signer.certificate
    mutant.may = lambda name, _often=0.25: name == liberty
    signature = mutant.made()
    assert cmsquick.check_digest(signature, DIGEST) is None
    assert refusal(cms.check, signature, DATA) == "sealing.cms.certificate"
