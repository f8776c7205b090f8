"""Opening policies: nobody signs before everybody has rehearsed, and nothing weak is drawn up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.errors import NotFound, Refused
from kernel.sealing.bids.bundles import verify_policy
from kernel.workflow.firing import fire
from procurement.bids import answers, believed, neighbours, policies, readings, selectors
from procurement.bids.machines import POLICY
from procurement.bids.models import OpeningPolicy
from tests.procurement.bids.support import LOT, TRUSTEES, told

pytestmark = pytest.mark.django_db


def test_a_policy_goes_from_keys_over_rehearsal_and_signatures_into_force(world):
    world.draw_up()
    world.announce("owner", share=False)
    for name in TRUSTEES:
        world.announce(name)
    world.rehearse("trustee1")
    world.rehearse("trustee2")
    assert OpeningPolicy.objects.get().state == "drafted"
    world.rehearse("trustee3")
    assert OpeningPolicy.objects.get().state == "rehearsed"
    with pytest.raises(NotFound):
        answers.policy(LOT)
    for name in ("owner", "trustee1", "trustee2"):
        world.sign_policy(name)
    assert selectors.signed_policy(LOT) == ""
    world.sign_policy("trustee3")
    assert OpeningPolicy.objects.get().state == "signed"
    version = readings.newest(OpeningPolicy.objects.get())
    at = version.in_force_at
    found = verify_policy(
        readings.bundle_of(version), believed.trust(at), at,
        [world.people[n].uscc for n in ("owner", *TRUSTEES)],
    )  # fmt: skip
    assert found.sha256 == selectors.signed_policy(LOT)
    # The agency counts as one with its owner.
    assert found.trustees[0].body == world.people["owner"].uscc


def test_the_policy_in_force_must_have_the_lots_deadline(world):
    world.policy()
    assert selectors.signed_policy(LOT)
    world.lot.deadline += timedelta(days=1)
    assert selectors.signed_policy(LOT) == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"threshold": 1}, "sealing.policy.threshold"),
        ({"threshold": 3}, "sealing.policy.threshold"),
        ({"lot_number": "NOBODY-01"}, "procurement.policy.lot_unknown"),
        ({"draws": [{"name": "k", "choices": "1, 1"}]}, "sealing.policy.draws"),
    ],
)
def test_a_policy_that_would_not_keep_its_promises_is_not_drawn_up(world, changes, code):
    with pytest.raises(Refused) as refused:
        world.draw_up(**changes)
    assert code in told(refused)


def test_operator_and_supervisor_hold_no_share(world):
    for name, code in (("operator", "operator"), ("supervisor", "supervisor")):
        rows = [{"uscc": world.people[n].uscc} for n in ("trustee2", "trustee3", name)]
        with pytest.raises(Refused) as refused:
            world.draw_up(trustees=rows)
        assert f"sealing.policy.{code}" in told(refused)


def test_bodies_under_one_control_count_once(world):
    body = world.people["trustee2"].uscc
    rows = [
        {"uscc": world.people["trustee1"].uscc},
        {"uscc": body},
        {"uscc": world.people["trustee3"].uscc, "body": body},
    ]
    with pytest.raises(Refused) as refused:
        world.draw_up(trustees=rows)
    assert {"sealing.policy.threshold", "sealing.policy.one_body"} <= set(told(refused))


def test_unknown_organisations_a_second_policy_and_a_lot_without_deadline_are_refused(world):
    with pytest.raises(Refused) as refused:
        world.draw_up(supervisor="11230000PDY000088Y")
    assert "procurement.policy.party_unknown" in told(refused)
    world.draw_up()
    with pytest.raises(Refused) as refused:
        fire(
            POLICY.code, None, "draw_up", actor=world.people["agency"], key="second",
            payload={
                "lot_number": LOT, "supervisor": world.people["supervisor"].uscc,
                "trustees": [{"uscc": world.people[n].uscc} for n in TRUSTEES],
            },
        )  # fmt: skip
    assert told(refused) == ["procurement.policy.exists"]


def test_a_lot_without_a_deadline_has_no_policy(world):
    world.lot.deadline = None
    with pytest.raises(Refused) as refused:
        world.draw_up()
    assert told(refused) == ["procurement.policy.no_deadline"]


def test_a_copied_commitment_or_key_is_refused(world):
    world.draw_up()
    world.announce("trustee1")
    world.keys["trustee2"] = world.keys["trustee1"]
    with pytest.raises(Refused) as refused:
        world.announce("trustee2")
    assert told(refused) == ["procurement.policy.copied"]


def test_who_holds_no_share_announces_no_key_and_who_does_must(world):
    world.draw_up()
    with pytest.raises(Refused) as refused:
        world.announce("owner", share=True)
    assert told(refused) == ["procurement.policy.key_unfit"]
    with pytest.raises(Refused) as refused:
        world.announce("trustee1", share=False)
    assert told(refused) == ["procurement.policy.key_unfit"]


def test_an_announcement_under_anothers_signature_is_refused(world):
    world.draw_up()
    world.signers["trustee1"] = world.signer("trustee2")
    with pytest.raises(Refused) as refused:
        world.announce("trustee1")
    assert told(refused) == ["sealing.signature.other"]


def test_a_rehearsal_with_another_key_is_not_passed(world):
    from kernel.sealing import hpke

    world.draw_up()
    world.announce("trustee1")
    world.keys["trustee1"] = hpke.new_key()
    with pytest.raises(Refused):
        world.rehearse("trustee1")
    assert not OpeningPolicy.objects.get().parties.filter(rehearsed_at__isnull=False).exists()


def test_strangers_do_nothing_on_a_policy(world):
    world.draw_up()
    with pytest.raises(Refused) as refused:
        policies.act(
            LOT, "announce_key", actor=world.people["bidder1"], key="x",
            payload={"announcement": "{}", "p7s": ""}, at=world.lot.deadline,
        )  # fmt: skip
    assert told(refused) == ["access.act.not_permitted"]


def test_an_extension_needs_a_later_deadline_and_is_signed_by_the_same(world):
    first = world.policy()
    case = OpeningPolicy.objects.get()
    named = {"actor": world.people["agency"], "payload": {}, "seen_version": case.version}
    with pytest.raises(Refused) as refused:
        fire(POLICY.code, case.pk, "extend", key="a", **named)
    assert told(refused) == ["procurement.policy.not_later"]
    world.lot.deadline += timedelta(days=3)
    fire(POLICY.code, case.pk, "extend", key="b", **named)
    assert world.in_force == first
    for name in ("owner", *TRUSTEES):
        world.sign_policy(name)
    assert world.in_force.deadline == world.lot.deadline
    assert [len(row["signatures"]) for row in answers.policy(LOT)["previous"]] == [4]


def test_a_policy_is_given_up_before_the_notice_only(world):
    world.policy()
    case = OpeningPolicy.objects.get()
    named = {"actor": world.people["agency"], "seen_version": case.version}
    with pytest.raises(Refused) as refused:
        fire(POLICY.code, case.pk, "supersede", key="a", payload={"reason": ""}, **named)
    assert set(told(refused)) == {"workflow.reason.missing", "procurement.policy.notice_is_out"}
    world.lot.state = "approved"
    fire(POLICY.code, case.pk, "supersede", key="b", payload={"reason": "更换开启人"}, **named)
    assert readings.in_force(LOT) is None
    world.keys.clear()
    world.nonces.clear()
    fire(
        POLICY.code, None, "draw_up", actor=world.people["agency"], key="again",
        payload={
            "lot_number": LOT, "supervisor": world.people["supervisor"].uscc,
            "trustees": [{"uscc": world.people[n].uscc} for n in TRUSTEES],
        },
    )  # fmt: skip


def test_whoever_reads_a_notice_is_told_the_commands_with_server_lot_and_keys(world, settings):
    settings.PUBLIC_URL = "https://zhuxin.example"
    assert neighbours.how_to_bid(LOT) is None
    world.policy()
    found = neighbours.how_to_bid(LOT)
    for command in (found.seal, found.submit):
        assert f"--server https://zhuxin.example --lot {LOT} " in command
    for uscc in world.in_force.parties():
        assert f"--expect {uscc}" in found.seal
