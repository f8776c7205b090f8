"""Attackers: a trustee who wants to stop a lot alone, and an operator who bends the policy's time.

Stopped: a token over the policy and exactly these signatures, by an authority whom the reader
believes itself, proves that they were there; what is revoked or suspected afterwards takes nothing
back, what was revoked before is refused, and no list is taken that had not heard of it.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from kernel.sealing import demo_tsa
from kernel.sealing.authority import CRL_LIFETIME, DemoAuthority
from kernel.sealing.bids import bundles
from kernel.sealing.bids.fields import b64
from kernel.sealing.certificates import pem
from tests.kernel.sealing.bids.support import CHAMBER, ENTITY, NOTARY, NOW
from tests.procurement.bidder.test_policy_stamps import desk_of, own, revoke

__all__ = ["own"]
REVOKED = ["sealing.certificate.revoked"]


@pytest.fixture
def lot(own):
    """A lot with a policy in force a minute ago, and its token."""
    own.policy()
    own.lot.now += timedelta(minutes=1)
    own.lot.stamp_policy()
    own.lot.now += timedelta(minutes=29)
    return own


def sealing(own):
    """The codes that sealing is refused with, none where it goes through."""
    desk = desk_of(own)
    status, answer = desk.run(*desk.sealing("bid.zxb"))
    return [reason["code"] for reason in answer["refusals"]] if status else []


def proof_over(own, bundle, at=None):
    """The operator lays another text and its token beside the policy in force."""
    own.lot.stamp_policy(at, bundle)
    return sealing(own)


def suspected(own, who, since, revoked_at):
    """A list that revokes now and names an earlier suspicion (RFC 5280 §5.3.2)."""
    issuing = own.stage.authority.issuing
    serial = own.stage.signers[who].certificate.serial_number
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(serial)
        .revocation_date(revoked_at)
        .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
        .add_extension(x509.InvalidityDate(since.replace(tzinfo=None)), critical=False)
    )
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuing.certificate.subject)
        .last_update(NOW.replace(microsecond=0))
        .next_update(NOW + CRL_LIFETIME)
        .add_revoked_certificate(entry.build())
        .sign(issuing.key, hashes.SHA256())
    )
    lists = [made.public_bytes(serialization.Encoding.DER), own.stage.authority.crls(NOW)[1]]
    surroundings = own.lot.surroundings
    own.lot.surroundings = lambda: {**surroundings(), "crls": [b64(each) for each in lists]}


def test_a_trustee_alone_stops_nobody_by_having_its_certificate_revoked(lot):
    revoke(lot, CHAMBER, NOW + timedelta(minutes=10), "key_compromise")
    assert sealing(lot) == []
    lot.lot.proofs.clear()
    # What the token is for; and who is not shown it knows what to ask for, and whom.
    assert sealing(lot) == [*REVOKED, "sealing.policy_proof.missing"]


def test_nor_by_naming_a_suspicion_from_before_it_signed(lot):
    suspected(lot, CHAMBER, NOW - timedelta(days=3), NOW + timedelta(minutes=10))
    assert sealing(lot) == []


def test_a_revocation_that_the_authority_dates_before_the_token_counts(lot):
    suspected(lot, CHAMBER, NOW, NOW + timedelta(seconds=30))
    assert sealing(lot) == REVOKED


def test_a_thief_of_a_revoked_key_signs_back_dated_and_is_refused(own):
    """The signature's own word of its time is nobody's proof."""
    own.policy()
    policy, _signatures = own.lot.in_force[-1]
    revoke(own, NOTARY, NOW + timedelta(minutes=5), "key_compromise")
    own.lot.now += timedelta(minutes=10)
    text = policy.encode()
    forged = own.stage.signatures(text, ENTITY, NOTARY, CHAMBER, at=NOW)
    own.lot.in_force[-1] = (policy, forged)
    own.lot.stamp_policy()
    assert sealing(own) == REVOKED


def test_the_token_of_one_policy_vouches_for_no_other(lot):
    policy, _signatures = lot.lot.in_force[-1]
    other = replace(policy, title="别的标段")
    bundle = bundles.Bundle(
        other.encode(), lot.stage.signatures(other.encode(), *lot.stage.trustees)
    )
    assert proof_over(lot, bundle) == ["sealing.policy_proof.other"]


def test_signatures_given_after_the_token_are_not_the_stamped_ones(lot):
    policy, signatures = lot.lot.in_force[-1]
    revoke(lot, NOTARY, NOW + timedelta(minutes=10))
    late = lot.stage.signatures(policy.encode(), NOTARY, at=NOW)
    lot.lot.in_force[-1] = (policy, tuple(late[0] if s.uscc == NOTARY else s for s in signatures))
    assert sealing(lot) == ["sealing.policy_proof.other"]
    lot.lot.in_force[-1] = (policy, (*signatures, late[0]))
    assert sealing(lot) == ["sealing.policy_proof.order"]
    # And with a token of their own they come too late.
    lot.lot.in_force[-1] = (policy, tuple(late[0] if s.uscc == NOTARY else s for s in signatures))
    lot.lot.stamp_policy()
    assert sealing(lot) == REVOKED


def test_an_operators_own_authority_proves_nothing_whatever_it_brings_along(lot):
    revoke(lot, NOTARY, NOW + timedelta(seconds=30))
    sham = DemoAuthority.create(NOW)
    lot.lot.tsa = demo_tsa.issue(sham, NOW)
    surroundings = lot.lot.surroundings
    lot.lot.surroundings = lambda: {
        **(told := surroundings()),
        "crls": [*told["crls"], *(b64(crl) for crl in sham.crls(NOW))],
        "anchors": pem([sham.root.certificate]).decode(),
        "chain": told["chain"] + pem([sham.issuing.certificate, sham.root.certificate]).decode(),
    }
    policy, signatures = lot.lot.in_force[-1]
    bundle = bundles.Bundle(policy.encode(), signatures)
    assert proof_over(lot, bundle, NOW) == ["sealing.certificate.untrusted"]


def test_a_token_from_after_the_deadline_is_none(lot):
    policy, signatures = lot.lot.in_force[-1]
    bundle = bundles.Bundle(policy.encode(), signatures)
    late = policy.deadline + timedelta(seconds=1)
    assert proof_over(lot, bundle, late) == ["sealing.policy_proof.late"]
    assert proof_over(lot, bundle, policy.deadline) == []


def test_an_operator_hides_no_revocation_behind_a_list_of_the_day_before(lot):
    kept = lot.stage.authority.crls(NOW - CRL_LIFETIME + timedelta(minutes=10))
    revoke(lot, NOTARY, NOW + timedelta(seconds=30))
    surroundings = lot.lot.surroundings
    lot.lot.surroundings = lambda: {**surroundings(), "crls": [b64(each) for each in kept]}
    # Current at the token's moment, and not any more: it had not heard.
    assert sealing(lot)[0] == "sealing.certificate.crl_stale"


@pytest.fixture
def outside(lot):
    """A time-stamp authority under other roots, which the bidder brought along."""
    made = DemoAuthority.create(NOW - timedelta(days=9))
    lot.lot.tsa = demo_tsa.issue(made, NOW - timedelta(days=9))
    desk_of(lot).write("tsa.pem", pem([made.root.certificate]))
    surroundings = lot.lot.surroundings
    lists = []
    lot.lot.surroundings = lambda: {
        **(told := surroundings()),
        "crls": [*told["crls"], *map(b64, lists)],
        "chain": told["chain"] + pem([made.issuing.certificate]).decode(),
    }
    made.show = lambda at=None: lists.__setitem__(slice(None), made.crls(at) if at else ())
    made.show(NOW)
    return made


def stamped_outside(own, at):
    policy, signatures = own.lot.in_force[-1]
    own.lot.stamp_policy(at, bundles.Bundle(policy.encode(), signatures))
    desk = desk_of(own)
    status, answer = desk.run(*desk.sealing("bid.zxb"), "--tsa-anchors", desk.path("tsa.pem"))
    return [reason["code"] for reason in answer["refusals"]] if status else []


def test_who_stole_the_authoritys_key_dates_no_token_back(lot, outside):
    """RFC 3161 §4: of a key that was not merely taken out of use no token says anything."""
    revoke(lot, NOTARY, NOW + timedelta(seconds=30))
    back = NOW + timedelta(seconds=10)
    assert stamped_outside(lot, back) == []
    serial = lot.lot.tsa.certificate.serial_number
    outside.revoke(serial, NOW + timedelta(minutes=20), "key_compromise")
    outside.show(NOW + timedelta(minutes=25))
    assert stamped_outside(lot, back) == REVOKED


def test_an_authority_that_ended_orderly_leaves_its_tokens_good(lot, outside):
    revoke(lot, NOTARY, NOW + timedelta(seconds=30))
    outside.revoke(lot.lot.tsa.certificate.serial_number, NOW + timedelta(minutes=20), "superseded")
    outside.show(NOW + timedelta(minutes=25))
    assert stamped_outside(lot, NOW + timedelta(seconds=10)) == []


def test_no_old_list_hides_that_the_authority_was_revoked_before_its_token(lot, outside):
    revoke(lot, NOTARY, NOW + timedelta(minutes=22))
    # Current when the token was made, and silent.
    outside.show(NOW - CRL_LIFETIME + timedelta(minutes=25))
    outside.revoke(lot.lot.tsa.certificate.serial_number, NOW + timedelta(minutes=1), "superseded")
    late = NOW + timedelta(minutes=20)
    assert stamped_outside(lot, late) == REVOKED
    outside.show(NOW + timedelta(minutes=25))
    assert stamped_outside(lot, late) == REVOKED


def test_an_authority_of_whom_no_list_speaks_stops_nobody(lot, outside):
    """Its token counts for nothing then, as if there were none."""
    outside.show()
    assert stamped_outside(lot, NOW) == []
    revoke(lot, NOTARY, NOW + timedelta(minutes=22))
    assert stamped_outside(lot, NOW) == REVOKED


def test_a_damaged_token_is_refused_and_not_overlooked(lot):
    (name, proof) = next(iter(lot.lot.proofs.items()))
    data = bytearray(base64.b64decode(proof["token"]))
    for place in (10, len(data) // 2, len(data) - 1):
        spoilt = bytearray(data)
        spoilt[place] ^= 1
        lot.lot.proofs[name] = {**proof, "token": b64(bytes(spoilt))}
        assert sealing(lot)
