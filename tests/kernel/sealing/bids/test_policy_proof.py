"""A policy's time-stamp is over this policy and these signatures, and helps who signed well."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sealing import canonical
from kernel.sealing.bids import bundles
from kernel.sealing.bids.bundles import Bundle, verify_policy
from kernel.sealing.bids.policy_proof import (
    PolicyProof,
    check_moment,
    check_proof,
    proof_of,
    read_proof,
)
from kernel.sealing.revocation import load_crl
from tests.kernel.sealing.bids.support import CHAMBER, ENTITY, NOTARY, NOW, Stage, altered, codes

STAMPED, LATER = NOW + timedelta(minutes=1), NOW + timedelta(hours=1)
_USCC = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18)
_HASH = st.binary(min_size=32, max_size=32).map(bytes.hex)


@pytest.fixture
def own():
    """A lot whose authority may revoke without any other test's hearing of it."""
    return Stage()


@given(_HASH, st.dictionaries(_USCC, _HASH, min_size=1, max_size=17))
def test_what_is_written_is_read_again_byte_for_byte(policy, signatures):
    made = PolicyProof(policy, tuple(sorted(signatures.items())))
    assert read_proof(made.encode()) == made
    assert canonical.encode(canonical.decode(made.encode())) == made.encode()


def test_the_text_follows_from_policy_and_signatures_in_whatever_order(stage):
    bundle = stage.bundle()
    text = proof_of(bundle).encode()
    assert proof_of(Bundle(bundle.text, bundle.signatures[::-1])).encode() == text
    assert read_proof(text).policy_sha256 == stage.policy.sha256
    assert check_proof(text, bundle) is None


@pytest.mark.parametrize(
    ("trick", "code"),
    [
        (lambda text: text.replace(b'{"format"', b'{ "format"'), "sealing.canonical.not_canonical"),
        (lambda text: altered(text, format="zhuxin-opening-policy/1"), "sealing.format.kind"),
        (lambda text: altered(text, at="x"), "sealing.format.unknown"),
        (lambda text: altered(text, signatures=[]), "sealing.format.field"),
        (lambda text: altered(text, policy_sha256="AB" * 32), "sealing.format.field"),
        (
            lambda text: altered(
                text, signatures=canonical.decode(text)["signatures"][::-1]
            ),
            "sealing.policy_proof.order",
        ),
        (
            lambda text: altered(
                text, signatures=[canonical.decode(text)["signatures"][0]] * 2
            ),
            "sealing.policy_proof.order",
        ),
    ],
)  # fmt: skip
def test_another_spelling_another_order_and_a_signer_twice_are_refused(stage, trick, code):
    bundle = stage.bundle()
    assert codes(check_proof, trick(proof_of(bundle).encode()), bundle) == [code]


def test_a_text_of_another_policy_or_of_other_signatures_is_refused(stage):
    bundle = stage.bundle()
    text = proof_of(bundle).encode()
    other = stage.bundle(replace(stage.policy, title="别的"))
    assert codes(check_proof, text, other) == ["sealing.policy_proof.other"]
    again = stage.signatures(bundle.text, ENTITY)  # the same signer, signed once more
    for signatures in ((*again, *bundle.signatures[1:]), bundle.signatures[:2]):
        swapped = Bundle(bundle.text, signatures)
        assert codes(check_proof, text, swapped) == ["sealing.policy_proof.other"]
    twice = Bundle(bundle.text, (*bundle.signatures, bundle.signatures[0]))
    assert codes(check_proof, text, twice) == ["sealing.policy_proof.order"]


def test_a_stamp_after_the_deadline_proves_nothing(stage):
    deadline = stage.policy.deadline
    assert check_moment(deadline, stage.policy) is None
    late = deadline + timedelta(microseconds=1)
    assert codes(check_moment, late, stage.policy) == ["sealing.policy_proof.late"]


def judged(own, at, stamped, lists=None):
    """Whether a reader at an instant takes the policy: the refusal's codes, none where it does."""
    crls = tuple(map(load_crl, own.authority.crls(at) if lists is None else lists))
    trust = bundles.Trust(own.authority.anchors, crls)
    bundle = own.bundle()
    try:
        return [] if verify_policy(bundle, trust, at, own.trustees, stamped) else ["none"]
    except bundles.Refused as refused:
        return [reason.code for reason in refused.refusals]


def revoke(own, who, at, reason="unspecified"):
    own.authority.revoke(own.signers[who].certificate.serial_number, at, reason)


@pytest.mark.parametrize("reason", ["unspecified", "key_compromise", "cessation_of_operation"])
def test_a_trustee_revoked_after_the_stamp_stops_nobody(own, reason):
    revoke(own, NOTARY, STAMPED + timedelta(minutes=1), reason)
    assert judged(own, LATER, None) == ["sealing.certificate.revoked"]
    assert judged(own, LATER, STAMPED) == []


@pytest.mark.parametrize("reason", ["unspecified", "key_compromise"])
def test_a_trustee_revoked_before_the_stamp_is_refused(own, reason):
    revoke(own, NOTARY, STAMPED - timedelta(seconds=2), reason)
    for stamped in (None, STAMPED):
        assert judged(own, LATER, stamped) == ["sealing.certificate.revoked"]


def test_a_certificate_that_expired_after_the_stamp_stops_nobody(own):
    own.signers[CHAMBER] = own.authority.issue_signer("", "协会", CHAMBER, NOW, 1)
    at = NOW + timedelta(days=3)
    kept, current = own.authority.crls(NOW), own.authority.crls(at)
    assert judged(own, at, None, [*kept, *current]) == ["sealing.certificate.expired"]
    assert judged(own, at, STAMPED, [*kept, *current]) == []
    # Lists may forget the expired: one from after its expiry says nothing of it.
    assert judged(own, at, STAMPED, current) == ["sealing.certificate.expired"]


def test_a_list_that_had_not_heard_yet_does_not_do_for_the_past(own):
    # Current when the token was made, and silent of what was revoked before it.
    kept = own.authority.crls(NOW - timedelta(days=6, hours=23, minutes=30))
    revoke(own, NOTARY, STAMPED - timedelta(seconds=2))
    assert judged(own, LATER, STAMPED, kept) == ["sealing.certificate.crl_stale"]


def test_a_stamp_from_a_readers_future_counts_as_now(own):
    revoke(own, NOTARY, NOW + timedelta(minutes=30))
    assert judged(own, LATER, LATER + timedelta(minutes=1)) == ["sealing.certificate.revoked"]
    assert judged(own, STAMPED, LATER) == []


def test_without_a_stamp_all_is_as_of_now(own):
    assert judged(own, LATER, None) == []
    revoke(own, NOTARY, STAMPED)
    assert judged(own, LATER, None) == ["sealing.certificate.revoked"]
