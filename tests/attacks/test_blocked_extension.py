"""Attacker: a trustee that never signs a longer opening policy, for a bidder who was early.

A clarification moves the deadline, as the law asks; everybody's tools obey the policy that was
signed. Whoever took the time that the notice gave would be refused, and the early bids opened.
Stopped: at the lot's deadline nothing is listed, so that nothing is ever opened; the owner reads so
on its desk and ends the lot. Who blocks gains nothing, and who has not signed is known.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.workflow.firing import fire
from procurement.bids import closing, extending, policies, receipts
from procurement.bids.machines import POLICY
from procurement.bids.models import Bid, Opening, OpeningPolicy
from procurement.bids.policy_pages import PolicyPresenter
from tests.procurement.bids.conftest import world
from tests.procurement.bids.support import LOT, told

__all__ = ["world"]
pytestmark = pytest.mark.django_db
MORE = timedelta(days=15)


@pytest.fixture
def moved(world, monkeypatch):
    """Two early bids; the deadline is put off, and trustee3 does not sign."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    world.lot.deadline += MORE
    return world


def extend(world):
    case = OpeningPolicy.objects.get()
    fire(
        POLICY.code, case.pk, "extend", actor=world.people["agency"], payload={}, key="x",
        seen_version=case.version,
    )  # fmt: skip


def over(world):
    world.at(world.lot.deadline + timedelta(seconds=1))
    world.lot.state = "closing"


def on_desk(world, name="owner"):
    return [row.act for row in extending.rows(world.people[name], clock.now())]


def test_who_extends_confirms_from_which_deadline_to_which(moved):
    case, now = OpeningPolicy.objects.get(), clock.now()
    act, presenter = POLICY.transition("extend"), PolicyPresenter()
    form = presenter.act_form(act, case, moved.people["owner"], now)
    shown = presenter.summary(act, case, form, now)[0].facts
    assert [fact.value for fact in shown] == [case.deadline_at, moved.lot.deadline]
    assert shown[0].value < shown[1].value


def test_who_never_signs_an_extension_gets_no_opening_of_the_early_bids(moved):
    assert on_desk(moved) == ["截止时间已顺延：延长开启方案"]
    (row,) = extending.rows(moved.people["owner"], clock.now())
    assert row.due is not None and row.due.at == moved.lot.deadline
    extend(moved)
    for name in ("owner", "trustee1", "trustee2"):
        moved.sign_policy(name)
    assert on_desk(moved) == ["延长的开启方案待各方签署，未全部签署不得开标"]
    # Who took the time that the notice gave is refused: the policy in force says so.
    moved.at(moved.in_force.deadline + timedelta(days=1))
    data, _manifest = moved.seal("bidder4")
    with pytest.raises(receipts.BidRefused) as late:
        moved.submit("bidder4", data)
    assert told(late) == ["procurement.bid.too_late"]
    over(moved)
    with pytest.raises(Refused) as refused:
        closing.close(LOT)
    assert told(refused) == ["procurement.opening.extension_unsigned"]
    assert not Opening.objects.exists()
    assert set(Bid.objects.values_list("state", flat=True)) == {"received"}
    assert on_desk(moved) == ["各方未在截止前签署延长的开启方案，不得开标：终止招标后重新招标"]
    assert on_desk(moved, "trustee3") == []


def test_an_owner_that_does_not_extend_opens_nothing_either(moved):
    over(moved)
    with pytest.raises(Refused) as refused:
        closing.close(LOT)
    assert told(refused) == ["procurement.opening.extension_unsigned"]


def test_a_signature_after_the_new_deadline_revives_nothing(moved):
    """Nobody could have sent a bid meanwhile: a late signature would choose among bids."""
    extend(moved)
    for name in ("owner", "trustee1", "trustee2"):
        moved.sign_policy(name)
    over(moved)
    with pytest.raises(Refused) as refused:
        moved.sign_policy("trustee3")
    assert told(refused) == ["procurement.policy.deadline_over"]
    assert policies.count(OpeningPolicy.objects.get().pk) == {"signed": 3, "needed": 4}


def test_who_has_not_signed_is_read_on_the_policys_page(moved):
    extend(moved)
    for name in ("owner", "trustee1", "trustee2"):
        moved.sign_policy(name)
    groups = PolicyPresenter().facts(OpeningPolicy.objects.get(), clock.now())
    said = {f.label: f.value for group in groups for f in group.facts}
    signed = {name for name, value in said.items() if "已签署" in str(value)}
    missing = moved.people["trustee3"].organisation_name
    assert missing in said and missing not in signed and len(signed) == 3


def test_signed_in_time_it_opens_with_all_bids(moved):
    extend(moved)
    for name in ("owner", "trustee1", "trustee2", "trustee3"):
        moved.sign_policy(name)
    assert on_desk(moved) == []
    moved.bid("bidder4")
    over(moved)
    assert closing.close(LOT).closed_at == moved.lot.deadline
