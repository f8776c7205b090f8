"""The page judges a policy and its time-stamp as the tool does: the same codes; run by Node."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.errors import Refused
from kernel.sealing import demo_tsa, timestamps
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids import bundles
from kernel.sealing.bids.fields import b64, instant_text
from kernel.sealing.bids.policy_proof import proof_of
from kernel.sealing.certificates import pem
from procurement.bidder import answers, stamps
from tests.kernel.sealing.bids.support import CHAMBER, ENTITY, NOTARY, NOW, Stage, altered
from tests.procurement.bidder.web import bundled
from tests.procurement.bidder.web.conftest import policy_answer

pytestmark = bundled.needed
STAMPED, LATER = NOW + timedelta(minutes=1), NOW + timedelta(hours=1)
MISSING = "sealing.policy_proof.missing"
_SCRIPT = """
for (const { answer, roots, stampRoots, parties } of input) {
  await told(async () => {
    const trust = trustOf(answer, utf8(roots), true);
    const more = stampRoots ? readCertificates(utf8(stampRoots)) : [];
    const { stamp } = await checkedPolicy(answer, trust, answer.time, parties, more);
    return stamp ? stamp.genTime : "now";
  });
}
"""
_FILES = ("trust/answers.js", "trust/certificates.js", "lib/bytes.js")


class Lot(Stage):
    """A lot whose policy names an outside clock."""

    def __init__(self):
        super().__init__()
        self.tsa = demo_tsa.issue(self.authority, NOW)
        self.named = replace(self.policy, timestamp_authorities=(demo_tsa.NAME,))
        self.signed = self.bundle(self.named)

    def proof(self, at=STAMPED, bundle=None, tsa=None, text=None, digest=None):
        said = text or proof_of(bundle or self.signed).encode()
        asked = timestamps.request(digest or hashlib.sha256(said).digest())
        return {"text": said.decode(), "token": b64(demo_tsa.token(asked, tsa or self.tsa, at))}

    def answer(self, at=LATER, **changes):
        return policy_answer(self, self.named) | {
            "signatures": [each.as_json() for each in self.signed.signatures],
            "crls": [b64(crl) for crl in self.authority.crls(at)],
            "time": instant_text(at),
            **changes,
        }

    def revoke(self, who, at, reason="unspecified"):
        self.authority.revoke(self.signers[who].certificate.serial_number, at, reason)


def python(own, answer, tmp_path, stamp_roots=b""):
    roots = tmp_path / "roots.pem"
    roots.write_bytes(pem([own.authority.root.certificate]))
    more = tmp_path / "tsa.pem"
    more.write_bytes(stamp_roots)
    options = argparse.Namespace(
        anchors=roots,
        demonstration=True,
        at="",
        tsa_anchors=more if stamp_roots else None,
        expect=own.trustees,
    )
    try:
        believed, at = answers.trust(options, answer), answers.moment(options, answer)
        _policy, stamp = stamps.checked_policy(answer, options, believed, at)
    except Refused as refused:
        return ",".join(reason.code for reason in refused.refusals)
    return instant_text(stamp.gen_time) if stamp else "now"


def page(own, cases):
    roots = pem([own.authority.root.certificate]).decode()
    asked = [
        {"answer": answer, "roots": roots, "stampRoots": more.decode(), "parties": own.trustees}
        for answer, more in cases
    ]
    return bundled.asked(_FILES, _SCRIPT, asked)


@pytest.fixture
def both(tmp_path):
    def judge(own, *some, more=b""):
        found = page(own, [(answer, more) for answer in some])
        assert found == [python(own, answer, tmp_path, more) for answer in some]
        return found

    return judge


def test_a_trustee_revoked_after_the_stamp_stops_nobody_on_the_page(both):
    own = Lot()
    own.revoke(NOTARY, STAMPED + timedelta(minutes=1), "key_compromise")
    assert both(own, own.answer(proof=own.proof()), own.answer(proof=None), own.answer()) == [
        instant_text(STAMPED), f"sealing.certificate.revoked,{MISSING}",
        f"sealing.certificate.revoked,{MISSING}",
    ]  # fmt: skip


def test_a_trustee_revoked_before_the_stamp_is_refused_on_the_page(both):
    own = Lot()
    own.revoke(NOTARY, STAMPED - timedelta(seconds=2))
    kept = [b64(crl) for crl in DemoAuthority.crls(own.authority, NOW)]
    found = both(own, own.answer(proof=own.proof()), own.answer(proof=own.proof(), crls=kept))
    assert found == ["sealing.certificate.revoked"] * 2


def test_an_old_list_hides_no_revocation_and_the_last_one_does_for_the_expired(both):
    own = Lot()
    old = own.authority.crls(NOW - timedelta(days=6, hours=23, minutes=30))
    hidden = own.answer(proof=own.proof(), crls=[b64(crl) for crl in old])
    assert both(own, hidden) == ["sealing.certificate.crl_stale"]
    own.signers[CHAMBER] = own.authority.issue_signer("", "协会", CHAMBER, NOW, 1)
    own.signed = own.bundle(own.named)
    at = NOW + timedelta(days=3)
    kept, current = own.authority.crls(NOW), own.authority.crls(at)
    lists = [b64(crl) for crl in (*kept, *current)]
    found = both(
        own,
        own.answer(at, proof=own.proof(), crls=lists),
        own.answer(at, crls=lists),
        own.answer(at, proof=own.proof()),
    )
    expired = "sealing.certificate.expired"
    assert found == [instant_text(STAMPED), f"{expired},{MISSING}", expired]


def test_a_false_stamp_is_refused_with_the_tools_codes(both):
    own, stranger = Lot(), DemoAuthority.create(NOW)
    text = proof_of(own.signed).encode()
    other = own.bundle(replace(own.named, title="别的"))
    again = (*own.signatures(own.signed.text, ENTITY), *own.signed.signatures[1:])
    swapped = bundles.Bundle(own.signed.text, again)
    rows = proof_of(own.signed).signatures
    turned = [{"uscc": code, "p7s_sha256": name} for code, name in rows[::-1]]
    late = own.named.deadline + timedelta(seconds=1)
    token = own.proof()["token"]
    wrong = [
        own.proof(bundle=other), own.proof(bundle=swapped), own.proof(digest=bytes(32)),
        own.proof(tsa=demo_tsa.issue(stranger, NOW)), own.proof(tsa=own.signers[ENTITY]),
        own.proof(late), own.proof(text=altered(text, signatures=turned)),
        own.proof(text=text.replace(b'":', b'": ')), own.proof(text=altered(text, more=1)),
        {"text": text.decode()}, {"text": text.decode(), "token": token[:-4] + "!"}, [], "x",
        {"text": text.decode(), "token": b64(bytes(99))},
    ]  # fmt: skip
    assert both(own, *(own.answer(proof=each) for each in wrong)) == [
        "sealing.policy_proof.other", "sealing.policy_proof.other", "sealing.timestamp.imprint",
        "sealing.certificate.untrusted", "sealing.certificate.wrong_profile",
        "sealing.policy_proof.late", "sealing.policy_proof.order",
        "sealing.canonical.not_canonical", "sealing.format.unknown",
        "bidder.server.answer", "bidder.server.answer", "bidder.server.answer",
        "bidder.server.answer", "sealing.timestamp.malformed",
    ]  # fmt: skip
    unnamed = replace(own.named, timestamp_authorities=("别的机构",))
    own.named, own.signed = unnamed, own.bundle(unnamed)
    assert both(own, own.answer(proof=own.proof())) == ["sealing.timestamp.authority"]


def test_roots_for_stamps_are_the_readers_own(both):
    own, outside = Lot(), DemoAuthority.create(NOW)
    proof = own.proof(tsa=demo_tsa.issue(outside, NOW))
    lists = [b64(crl) for one in (own.authority, outside) for crl in one.crls(LATER)]
    roots = pem([outside.root.certificate])
    # What the answer brings as issuers or anchors makes nobody believed.
    brought = own.answer(proof=proof, crls=lists, anchors=roots.decode(), chain=roots.decode())
    assert both(own, brought) == ["sealing.certificate.untrusted"]
    assert both(own, brought, more=roots) == [instant_text(STAMPED)]


def test_an_answer_of_any_other_shape_is_refused_with_one_code_by_both(both):
    """Whoever answers for the server stops neither with anything but a refusal."""
    own = Lot()
    (first, *rest) = own.answer()["signatures"]
    lone = "\ud800"
    # Two spellings of the same bytes: the bits that base64 leaves over.
    bits = next(p for p in (own.proof(NOW + timedelta(seconds=n)) for n in range(99))
                if p["token"].endswith("="))  # fmt: skip
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    kept = bits["token"].rstrip("=")
    respelt = kept[:-1] + alphabet[alphabet.index(kept[-1]) + 1] + "=" * (-len(kept) % 4)
    answers_ = [
        own.answer(policy=lone), own.answer(chain=lone), own.answer(chain=5),
        own.answer(crls=None), own.answer(crls=[5]), own.answer(crls=[lone]),
        own.answer(signatures=None), own.answer(signatures=[{**first, "p7s": lone}, *rest]),
        own.answer(signatures=[{**first, "uscc": [first["uscc"]]}, *rest]),
        own.answer(proof={**bits, "text": lone}), own.answer(proof={**bits, "token": respelt}),
    ]  # fmt: skip
    told, crl, shape = "bidder.server.answer", "sealing.crl.malformed", "sealing.signature.shape"
    assert both(own, *answers_) == [
        told, told, told, told, crl, crl, told, shape, shape, told, told,
    ]  # fmt: skip


def test_an_authority_that_cannot_be_believed_any_more_proves_nothing_to_either(both):
    """Revoked before its token or, its key stolen, after; or no list speaks of it."""
    own, outside = Lot(), DemoAuthority.create(NOW)
    tsa = demo_tsa.issue(outside, NOW)
    roots = pem([outside.root.certificate])
    own.revoke(NOTARY, STAMPED + timedelta(minutes=1))
    own_lists = [b64(crl) for crl in own.authority.crls(LATER)]

    def told(*lists):
        crls = [*own_lists, *map(b64, lists)]
        return own.answer(proof=own.proof(tsa=tsa), crls=crls)

    before = outside.crls(NOW - timedelta(days=6, hours=23, minutes=30))
    cases = [told(), told(*before), told(*outside.crls(LATER))]
    for after, reason in [
        (timedelta(seconds=-1), "superseded"), (timedelta(minutes=5), "superseded"),
        (timedelta(minutes=5), "key_compromise"), (timedelta(minutes=5), "unspecified"),
    ]:  # fmt: skip
        outside.revoked.clear()
        outside.revoke(tsa.certificate.serial_number, STAMPED + after, reason)
        cases.append(told(*outside.crls(LATER)))
    revoked, stamped = "sealing.certificate.revoked", instant_text(STAMPED)
    assert both(own, *cases, more=roots) == [
        revoked, revoked, stamped, revoked, stamped, revoked, revoked,
    ]  # fmt: skip
