"""A crew whose firm is on a list takes nobody on."""

from __future__ import annotations

import pytest

from credit.conduct.models import ConductRecord
from kernel import clock
from kernel.errors import Refused
from kernel.web import presenters
from labour.roster.machine import WORKER
from tests.credit.conduct import samples as conduct
from tests.labour.samples import act, attended, brought, offer, sign_payload, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
WHY = {"reason": "理由。"}


def listed(officers, uscc):
    record = conduct.published(officers, uscc=uscc, item="collusion")
    record = conduct.act(record, "propose_list", officers["one"], WHY)
    record = conduct.signed(record, "serve_list_notice")
    conduct.later(officers, 10)
    return conduct.act(ConductRecord.objects.get(pk=record.pk), "list", officers["two"], WHY)


def refused(pk, step, actor, data=None):
    with pytest.raises(Refused) as found:
        act("labour.worker", pk, step, actor, data)
    return [(reason.code, reason.facts) for reason in found.value.refusals]


def test_a_crew_on_a_list_takes_on_no_worker_and_is_told_by_which_document():
    who, officers = world(), conduct.officers()
    record = listed(officers, who["leader"].uscc)
    reasons = refused(None, "offer", who["leader"], offer(who, "worker1"))
    assert reasons == [("credit.conduct_record.listed", {"number": record.document_number})]


@pytest.mark.parametrize(("until", "step"), [("offer", "sign"), ("train", "admit")])
def test_nobody_comes_to_a_site_for_a_crew_that_was_listed_meanwhile(until, step):
    who, officers = world(), conduct.officers()
    case = brought(who, "worker1", until)
    by = who["worker1"] if step == "sign" else who["clerk"]
    data = sign_payload(who, "worker1") if step == "sign" else None
    record = listed(officers, who["leader"].uscc)
    reasons = refused(case.pk, step, by, data)
    assert reasons == [("credit.conduct_record.listed", {"number": record.document_number})]
    conduct.unlisted(officers["one"], officers["two"], record)
    assert act("labour.worker", case.pk, step, by, data).state != case.state


def test_who_is_at_work_already_goes_on_working_and_is_paid():
    who, officers = world(), conduct.officers()
    case = brought(who, "worker1")
    listed(officers, who["leader"].uscc)
    assert attended(who, case, 3).state == "working"


def test_a_crew_reads_the_contractors_grade_and_listing_where_it_reads_of_its_worker():
    who, officers = world(), conduct.officers()
    case = brought(who, "worker1", "offer")
    assert shown(case, who["leader"])["总承包单位信用等级"] == "B"
    assert "总承包单位信用等级" not in shown(case, who["clerk"])
    record = listed(officers, case.contractor_uscc)
    told = shown(case, who["leader"])
    assert told["总承包单位信用等级"] == "C"
    assert told["已列入名单，依据文书"] == record.document_number


def shown(case, actor):
    groups = presenters.presenter_of(WORKER).linked(case, actor, clock.now())
    return {str(fact.label): str(fact.value) for group in groups for fact in group.facts}
