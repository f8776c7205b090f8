"""The opening policy keeps the promises or is refused, under every signature or none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sealing import hpke
from kernel.sealing.bids import policy as policies
from kernel.sealing.bids.bundles import Bundle, Signature, verify_policy
from kernel.sealing.bids.policy import DrawFactor, Stage, faults, read_policy
from kernel.sealing.bids.policy_succession import check_successor
from tests.kernel.sealing.bids.support import (
    BIDDERS,
    ENTITY,
    NOTARY,
    NOW,
    OPERATOR,
    SUPERVISOR,
    altered,
    codes,
)
from tests.kernel.sealing.bids.support import Stage as Lot


def reasons(policy):
    return {fault.code.rsplit(".", 1)[1] for fault in faults(policy)}


def changed(policy, index, **changes):
    rows = list(policy.trustees)
    rows[index] = replace(rows[index], **changes)
    return replace(policy, trustees=tuple(rows))


def test_a_policy_reads_as_it_was_written(stage):
    assert read_policy(stage.policy.encode()) == stage.policy
    assert reasons(stage.policy) == set()


@pytest.mark.parametrize("k", [1, 3])
def test_threshold_is_at_least_two_and_below_n(stage, k):
    assert "threshold" in reasons(replace(stage.policy, threshold=k))


def test_trustees_under_one_control_count_once(stage):
    one = changed(stage.policy, 1, body=ENTITY)
    assert {"threshold", "one_body"} <= reasons(one)


def test_operator_is_no_trustee_and_controls_none(stage):
    assert "operator" in reasons(changed(stage.policy, 1, body=OPERATOR))
    assert "operator" in reasons(changed(stage.policy, 1, uscc=OPERATOR, body=OPERATOR))


def test_operator_and_entity_together_never_open(stage):
    # The entity controls the notary's body: two of two.
    near = changed(stage.policy, 1, body=ENTITY)
    assert "operator_with_entity" in reasons(near)
    owned = replace(stage.policy, procuring_entity=replace(
        stage.policy.procuring_entity, body=NOTARY))  # fmt: skip
    assert "operator_with_entity" in reasons(owned)


def test_supervisor_holds_no_share(stage):
    assert "supervisor" in reasons(changed(stage.policy, 2, uscc=SUPERVISOR))


def test_no_trustee_is_of_the_supervisors_body(stage):
    assert "supervisor" in reasons(changed(stage.policy, 2, body=SUPERVISOR))
    ruled = replace(stage.policy.supervisor, body=stage.policy.trustees[2].uscc)
    assert "supervisor" in reasons(replace(stage.policy, supervisor=ruled))


def test_no_key_and_no_trustee_stands_twice(stage):
    assert "twice" in reasons(changed(stage.policy, 2, key=stage.policy.trustees[0].key))
    assert "twice" in reasons(changed(stage.policy, 2, uscc=NOTARY))


def test_every_party_of_a_draw_commits_to_a_nonce_of_its_own(stage):
    assert "commitment" in reasons(changed(stage.policy, 2, nonce_commitment=""))
    copied = changed(stage.policy, 2, nonce_commitment=stage.policy.trustees[1].nonce_commitment)
    assert "commitment" in reasons(copied)
    other = changed(stage.policy, 0, nonce_commitment="ab" * 32)
    assert "commitment" in reasons(other)


def test_each_envelope_is_opened_in_one_stage(stage):
    short = replace(stage.policy, stages=(Stage("opening", policies.ENVELOPES[:3]),))
    assert "stages" in reasons(short)
    two = (Stage("technical", policies.ENVELOPES[:3]), Stage("price", ("price",)))
    assert reasons(replace(stage.policy, stages=two)) == set()


def test_draws_are_told_apart(stage):
    twice = (DrawFactor("f", ("1", "2")), DrawFactor("f", ("1",)))
    assert "draws" in reasons(replace(stage.policy, draws=twice))
    assert "draws" in reasons(replace(stage.policy, draws=(DrawFactor("f", ("1", "1")),)))


def test_every_reason_is_named_at_once(stage):
    bad = replace(changed(stage.policy, 1, body=OPERATOR), threshold=1, supersedes="ab" * 32)
    found = codes(read_policy, bad.encode())
    assert {"sealing.policy.threshold", "sealing.policy.operator", "sealing.policy.version"} <= set(
        found
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"format": "zhuxin-opening-policy/2"}, "sealing.format.kind"),
        ({"extra": 1}, "sealing.format.unknown"),
        ({"threshold": "2"}, "sealing.format.field"),
        ({"threshold": True}, "sealing.format.field"),
        ({"deadline": "2026-03-02T03:30:00Z"}, "sealing.format.field"),
        ({"deadline": "2026-02-30T03:30:00.000000Z"}, "sealing.format.field"),
        ({"title": "x\u202ey"}, "sealing.format.field"),
        ({"suite": "none"}, "sealing.format.field"),
        ({"authorities": []}, "sealing.format.field"),
        ({"threshold": 2.0}, "sealing.canonical.type"),
    ],
)
def test_another_form_is_refused(stage, changes, code):
    assert codes(read_policy, altered(stage.policy.encode(), **changes)) == [code]


def test_a_key_that_is_not_its_hash_or_no_point_is_refused(stage):
    data = stage.policy.encode()
    name = stage.policy.trustees[0].key_sha256.encode()
    assert codes(read_policy, data.replace(name, b"ab" * 32)) == ["sealing.policy.key"]
    bad = changed(stage.policy, 0, key=b"\x04" + bytes(64))
    assert codes(read_policy, bad.encode()) == ["sealing.hpke.bad_key"]


def test_a_policy_holds_under_all_signatures_only(stage):
    bundle = stage.bundle()
    assert verify_policy(bundle, stage.trust, NOW, stage.trustees) == stage.policy
    for missing in range(3):
        some = tuple(s for i, s in enumerate(bundle.signatures) if i != missing)
        found = codes(verify_policy, Bundle(bundle.text, some), stage.trust, NOW)
        assert found == ["sealing.policy.unsigned"]


def test_the_entity_signs_too_where_it_holds_no_share(stage):
    agency = changed(stage.policy, 0, uscc=BIDDERS[4], nonce_commitment="cd" * 32)
    signatures = stage.signatures(agency.encode(), *stage.trustees[1:], BIDDERS[4])
    bundle = Bundle(agency.encode(), signatures)
    assert codes(verify_policy, bundle, stage.trust, NOW) == ["sealing.policy.unsigned"]
    whole = Bundle(agency.encode(), (*signatures, *stage.signatures(agency.encode(), ENTITY)))
    assert verify_policy(whole, stage.trust, NOW) == agency


def test_a_signature_of_somebody_else_or_over_another_text_is_refused(stage):
    bundle = stage.bundle()
    (stranger,) = stage.signatures(bundle.text, BIDDERS[0])
    more = Bundle(bundle.text, (*bundle.signatures, stranger))
    assert codes(verify_policy, more, stage.trust, NOW) == ["sealing.signature.stranger"]
    lent = Bundle(bundle.text, (*bundle.signatures[:2], Signature(NOTARY, stranger.p7s)))
    assert codes(verify_policy, lent, stage.trust, NOW) == ["sealing.signature.other"]
    other = Bundle(stage.extended().encode(), bundle.signatures)
    assert codes(verify_policy, other, stage.trust, NOW) == ["sealing.cms.digest"]


def test_other_organisations_or_roots_than_known_are_refused(stage):
    bundle = stage.bundle()
    found = codes(verify_policy, bundle, stage.trust, NOW, [ENTITY, NOTARY])
    assert found == ["sealing.policy.organisations"]
    sham = Lot()
    found = codes(verify_policy, sham.bundle(), stage.trust, NOW, stage.trustees)
    assert found == ["sealing.certificate.untrusted"]
    foreign = replace(stage.policy, authorities=("ab" * 32,))
    assert codes(verify_policy, stage.bundle(foreign), stage.trust, NOW) == [
        "sealing.policy.authority"
    ]


def test_an_extension_moves_the_deadline_later_and_nothing_else(stage):
    check_successor(stage.extended(), stage.policy)
    earlier = stage.extended(deadline=stage.policy.deadline - timedelta(microseconds=1))
    assert codes(check_successor, earlier, stage.policy) == ["sealing.policy.earlier_deadline"]
    for change in ({"threshold": 3}, {"title": "x"}, {"trustees": stage.policy.trustees[::-1]}):
        found = codes(check_successor, stage.extended(**change), stage.policy)
        assert found == ["sealing.policy.successor"]
    sham = replace(stage.extended(), supersedes="ab" * 32)
    assert codes(check_successor, sham, stage.policy) == ["sealing.policy.successor"]


@given(bodies=st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=7), k=st.integers(1, 7))
def test_whatever_is_allowed_needs_two_bodies_and_survives_one(bodies, k):
    lot = SHARED
    rows = tuple(
        replace(lot.policy.trustees[0], uscc=f"1{i}230000PDY00000{i}1", body=body * 18,
                key=KEYS[i], nonce_commitment=f"{i}{i}" * 32)
        for i, body in enumerate(bodies)
    )  # fmt: skip
    policy = replace(lot.policy, trustees=rows, threshold=k)
    if reasons(policy) & {"threshold", "one_body"}:
        return
    sizes = sorted((bodies.count(body) for body in set(bodies)), reverse=True)
    assert sizes[0] < k  # no body alone
    assert k <= len(sizes) - 1  # any one body may be absent, each counting once


SHARED = Lot()
KEYS = [hpke.public_bytes(hpke.new_key().public_key()) for _ in range(7)]
