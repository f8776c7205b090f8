"""Who is on a list lets no machine, and who deals with it reads so on the page of the hire."""

from __future__ import annotations

import pytest

from equipment.leasing.machine import HIRE
from equipment.leasing.models import Hire
from kernel import clock
from kernel.errors import Refused
from kernel.web import presenters
from tests.conftest import member
from tests.credit.conduct import samples as conduct
from tests.equipment import samples as s

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
WHY = {"reason": "理由。"}


@pytest.fixture
def people():
    two = member("two", "credit_officer", region="230100", serial=3, authority="city")
    return s.people() | {"two": two}


def listed(people, uscc):
    """Two officers list a firm; heard, for the days have passed."""
    both = {"one": people["credit"], "two": people["two"], "operator": people["operator"]}
    record = conduct.published(both, uscc=uscc, item="collusion")
    record = conduct.act(record, "propose_list", both["one"], WHY)
    conduct.later(both, 10)
    return conduct.act(type(record).objects.get(pk=record.pk), "list", both["two"], WHY)


def shown(hire, actor):
    groups = presenters.presenter_of(HIRE).linked(hire, actor, clock.now())
    return {str(fact.label): str(fact.value) for group in groups for fact in group.facts}


def test_an_owner_on_a_list_offers_no_machine_and_is_told_by_which_document(people):
    one = s.opened(people)
    s.act(one, "apply", people["lessor"], s.PAPERS)
    s.act(one, "file", people["officer"])
    record = listed(people, people["lessor"].uscc)
    with pytest.raises(Refused) as found:
        s.act(one, "offer", people["lessor"], s.OFFER)
    (reason,) = found.value.refusals
    assert reason.code == "credit.conduct_record.listed"
    assert reason.facts == {"number": record.document_number}
    assert "241" in reason.article


def test_each_side_of_a_hire_reads_the_others_grade_and_listing(people):
    hire = Hire(
        lifting_machine=s.opened(people), lessor_uscc=people["lessor"].uscc, lessor_name="甲",
        contractor_uscc=people["contractor"].uscc, contractor_name="乙",
    )  # fmt: skip
    assert shown(hire, people["contractor"])["出租方信用等级"] == "B"
    assert "承租方信用等级" not in shown(hire, people["contractor"])
    record = listed(people, people["lessor"].uscc)
    told = shown(hire, people["contractor"])
    assert told["出租方信用等级"] == "C"
    assert told["已列入名单，依据文书"] == record.document_number
    assert shown(hire, people["lessor"]).get("承租方信用等级") == "B"
