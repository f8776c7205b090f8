"""Attacker: one person of the supervisor, bought by a bidder that would lose, who stops an opening.

What is not opened is deleted, and nobody ever learns whose price was the best. Stopped: it takes a
second person of the supervisor, who reads the first one's reasons; until then the opening goes on.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.parties.models import User
from kernel.workflow import selectors
from kernel.workflow.models import Act
from procurement.bids import closing, opening, proposed_stops
from procurement.bids.machines import OPENING
from procurement.bids.models import BidVersion
from tests.procurement.bids.conftest import world
from tests.procurement.bids.support import LOT, told

__all__ = ["world"]
pytestmark = pytest.mark.django_db
WHY = "涉嫌串通投标。"


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    world.at(world.lot.deadline + timedelta(seconds=1))
    world.lot.state = "closing"
    closing.close(LOT)
    return world


def on_desk(world, name):
    rows = selectors.desk([OPENING], world.people[name], at=clock.now())
    return [act.code for row in rows for act in row.transitions]


def refused(world, act, name):
    with pytest.raises(Refused) as found:
        world.say(act, name, reason=WHY)
    return told(found)


def test_one_alone_stops_nothing(lot):
    assert refused(lot, "stop", "supervisor") == ["procurement.opening.stop_not_proposed"]
    lot.say("propose_stop", "supervisor", reason=WHY)
    assert refused(lot, "stop", "supervisor") == ["procurement.opening.stop_same_person"]
    assert opening.of_lot(LOT).state == "listed"
    assert not BidVersion.objects.filter(vault="").exists()


def test_while_one_proposes_the_opening_goes_on(lot):
    lot.say("propose_stop", "supervisor", reason=WHY)
    lot.countersign("trustee1", "trustee2")
    lot.reveal("owner", "trustee1", "trustee2", "trustee3")
    lot.mark("trustee1", "trustee2")
    assert opening.of_lot(LOT).state == "checked"


def test_a_second_person_decides_and_both_are_on_record(lot):
    lot.say("propose_stop", "supervisor", reason=WHY)
    assert (on_desk(lot, "supervisor"), on_desk(lot, "supervisor2")) == ([], ["stop"])
    lot.say("stop", "supervisor2", reason="经复核属实。")
    assert opening.of_lot(LOT).state == "stopped"
    acts = Act.objects.filter(transition__in=("propose_stop", "stop")).order_by("pk")
    people = [lot.people[name].person_id for name in ("supervisor", "supervisor2")]
    assert [act.person_id for act in acts] == people


def test_the_second_person_reads_why_the_first_proposed_it(lot, client):
    lot.say("propose_stop", "supervisor", reason=WHY)
    user = User.objects.get(person_id=lot.people["supervisor2"].person_id)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/cases/{OPENING.code}/{opening.of_lot(LOT).pk}/acts/stop/").content.decode()
    assert f"提议停止的理由：{WHY}" in page


def test_what_is_proposed_is_not_proposed_again_by_another_with_other_reasons(lot):
    lot.say("propose_stop", "supervisor", reason=WHY)
    assert refused(lot, "propose_stop", "supervisor2") == ["procurement.opening.stop_proposed"]
    assert opening.of_lot(LOT).reason == WHY


@pytest.mark.parametrize("name", ["owner", "agency", "trustee1", "bidder1", "auditor"])
def test_nobody_but_the_supervisor_proposes(lot, name):
    with pytest.raises(NotPermitted):
        lot.say("propose_stop", name, reason=WHY)


def test_whoever_proposed_reads_on_the_desk_that_it_waits_for_another(lot):
    def told(name):
        return [row.reference for row in proposed_stops.rows(lot.people[name], clock.now())]

    assert told("supervisor") == []
    lot.say("propose_stop", "supervisor", reason=WHY)
    own = [opening.of_lot(LOT).reference]
    assert (told("supervisor"), told("supervisor2"), told("owner")) == (own, [], [])
    lot.say("stop", "supervisor2", reason="经复核属实。")
    assert told("supervisor") == []


def test_a_proposal_is_counted_on_the_desk_of_whoever_decides_and_on_no_other(lot, client):
    lot.say("propose_stop", "supervisor", reason=WHY)
    since = proposed_stops.since(opening.of_lot(LOT))
    assert since.endswith(" 提议")
    for name, own in (("supervisor", True), ("supervisor2", False)):
        client.force_login(User.objects.get(person_id=lot.people[name].person_id))
        answer = client.get("/desk/", headers={"accept-language": "zh-hans"})
        ((row,), page) = answer.context["page"].rows, answer.content.decode()
        assert (row.only_told, row.undated) == (own, since)
        assert ("待办 1 件" in page) is not own
        # The trustees' time is nobody's here.
        assert since in page and "方办理后开始计时" not in page
