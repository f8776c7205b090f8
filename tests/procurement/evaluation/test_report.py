"""The report: drafted for all members, signed by all, with dissents and refusals in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kernel import clock
from kernel.documents import demo_pki, trust
from kernel.documents import selectors as documents
from kernel.documents.models import Document
from kernel.errors import Refused
from kernel.events.models import Delivery, Event
from kernel.events.services import deliver
from kernel.parties.models import Organisation, Person
from procurement.demonstration import signing
from procurement.evaluation import report, selectors
from procurement.evaluation.machine import EVALUATION
from tests.conftest import member
from tests.procurement.evaluation.samples import settle

pytestmark = pytest.mark.django_db
PIN = "8642-9731"


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Any, settings: Any) -> Iterator[None]:
    settings.VAR_DIR = tmp_path
    settings.SANDBOX = True
    known = trust._source
    demo_pki.install()
    yield
    trust.use(known)


def printed() -> None:
    """Let the reports that wait be drafted and printed."""
    for pk in Delivery.objects.filter(state="pending").values_list("pk", flat=True):
        assert deliver(pk), Delivery.objects.get(pk=pk).last_error


def signed(walk: Any, document: Document, *members: Any) -> Document:
    """These members sign."""
    for actor in members:
        demo_pki.certify(
            Person.objects.select_related("user").get(pk=actor.person_id),
            Organisation.objects.get(pk=actor.organisation_id),
            PIN,
            clock.now(),
            rounds=2000,
        )
        document = signing.sign(document, actor, PIN, clock.now())
    settle()
    return document


def waiting(walk: Any) -> Document:
    """The one report that waits for signatures."""
    (found,) = signing.waiting(EVALUATION.code, walk.pk)
    return found


def test_all_sign_and_the_report_tells_the_ranking(walk):
    walk.open().draw().check_in().lead().vote(4).score().summarise()
    printed()
    document, members = waiting(walk), walk.members()
    assert document.signatures.count() == 5
    signed(walk, document, *members[:4])
    assert walk.case.state == "summary"
    signed(walk, document, members[4])
    assert walk.case.state == "reported"
    told = Event.objects.filter(name="procurement.evaluation.reported").get().payload
    assert [row["rank"] for row in told["ranking"]] == [1, 2, 3]
    assert {"uscc", "price_fen", "total"} <= set(told["ranking"][0])
    assert told["rejected"][0]["codes"] == ["no_response"]
    assert told["candidates"] == [row["bid_id"] for row in told["ranking"]]
    assert told["result_sha256"] == walk.case.result_sha256
    walk.act("hand_over", walk.clerk)
    assert walk.case.state == "handed"


def test_what_the_report_says_has_the_shape_of_its_sample(walk):
    walk.open().draw().check_in().lead().vote(4).score().summarise()
    built = report.build(report.forms.CaseRef(EVALUATION.code, str(walk.pk)))
    assert set(built) == set(report.sample())
    text = json.dumps(built, ensure_ascii=False)
    assert "投标文件没有对招标文件的实质性要求和条件作出响应" in text
    assert "101.49" in text or "100.98" in text or "基准价" in text


def test_a_dissent_makes_a_new_report_and_takes_the_old_one_back(walk):
    walk.open().draw().check_in().lead().vote().score().summarise()
    printed()
    first = waiting(walk)
    walk.act("dissent", walk.members()[1], {"opinion": "第二名的方案更好"})
    printed()
    second = waiting(walk)
    first.refresh_from_db()
    assert first.state == "revoked"
    assert "第二名的方案更好" in second.data


def test_who_refuses_without_a_reason_is_taken_to_agree(walk):
    walk.open().draw().check_in().lead().vote().score().summarise()
    members = walk.members()
    walk.act("note_refusal", members[0], {"seat": walk.seat(members[4])})
    printed()
    document = waiting(walk)
    assert "视为同意评标结果" in document.data
    assert document.signatures.count() == 4
    signed(walk, document, *members[:4])
    assert walk.case.state == "reported"


def test_owner_and_agency_read_the_report_when_it_is_signed_and_not_before(walk):
    walk.open().draw().check_in().lead().vote().score().summarise()
    printed()
    document = waiting(walk)
    assert not documents.may_read(document, [walk.clerk.organisation_id])
    signed(walk, document, *walk.members())
    document.refresh_from_db()
    assert documents.may_read(document, [walk.clerk.organisation_id])


def test_a_review_keeps_the_benchmark_and_signs_again(walk):
    from tests.procurement.evaluation.samples import score

    walk.open().draw().check_in().lead().vote().score().summarise()
    printed()
    signed(walk, waiting(walk), *walk.members())
    before = selectors.result_of(walk.case)
    supervisor = member(
        "supervisor", "tender_supervisor", region="230100", serial=3, authority="city"
    )
    with pytest.raises(Refused):
        walk.act("review", supervisor, {"reason": ""})
    walk.act("review", supervisor, {"reason": "席位一打分笔误"})
    walk.act("rescore", walk.members()[0], score(1, "19.00"))
    walk.summarise()
    after = selectors.result_of(walk.case)
    assert after["benchmark"] == before["benchmark"]
    assert after["ranking"] != before["ranking"]
    printed()
    assert waiting(walk).number.endswith("-2")
