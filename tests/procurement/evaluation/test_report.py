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
from kernel.parties.models import Organisation, Person, User
from kernel.workflow.guarding import firing
from procurement.demonstration import signing
from procurement.evaluation import connections, report, selectors
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation
from tests.conftest import member
from tests.procurement.evaluation import samples
from tests.procurement.evaluation.samples import NUMBER, settle

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


def test_candidates_are_told_with_certificate_licence_and_what_members_found(walk, monkeypatch):
    from procurement.bids import selectors as bids
    from tests.credit.enterprises import samples as archive
    from tests.procurement.evaluation.test_connections import bid

    walk.open().draw().check_in().lead().vote(4).score().summarise()
    printed()
    signed(walk, waiting(walk), *walk.members())
    opened = [
        bid(one.bid_id, bidder_uscc=one.uscc, project_manager=one.manager)
        for one in walk.market.opened.bids
    ]
    monkeypatch.setattr(bids, "opened_bids", lambda _number: opened)
    best = selectors.result_of(walk.case)["ranking"][0]
    manager = next(one.manager for one in walk.market.opened.bids if one.uscc == best["uscc"])
    officer = member("archivist", "credit_officer", region="230100", serial=3, authority="city")
    archive.licence(
        {"one": officer}, uscc=best["uscc"], kind="person", number="黑1232024000001",
        holder=manager, certificate="constructor_first", grade="",
    )  # fmt: skip
    monkeypatch.setattr(connections, "lot_terms", walk.market.lot)
    found = connections.evaluation_report(NUMBER)
    assert found is not None
    first, second = found.candidates[:2]
    assert (first.manager_certificate, first.passed_by, first.voted) == ("黑1232024000001", 5, 5)
    assert second.manager_certificate == ""


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


def test_an_expert_of_the_bank_who_does_not_sit_reads_no_report(walk, client):
    """All experts act for one bank: to be of it is no right to know who judged, and how."""
    walk.open().draw().check_in().lead().vote().score().summarise()
    printed()
    address = f"/documents/{waiting(walk).pk}"
    member_of_it, *_rest = walk.members()
    other = next(a for a in walk.bank.values() if a not in walk.members())
    assert other.organisation_id == member_of_it.organisation_id
    for actor, status in ((member_of_it, 200), (other, 404)):
        client.force_login(User.objects.get(person_id=actor.person_id))
        assert client.get(f"{address}/file").status_code == status
        assert client.get(f"{address}/sign").status_code == status


def replaced(walk: Any, seat: int) -> Any:
    """A member falls ill; the next of the draw checks in, and the review begins again."""
    said = {"cause": "unable", "statement": "突发疾病"}
    walk.act("step_back", next(a for a in walk.members() if walk.seat(a) == seat), said)
    assert walk.case.state == "in_session" and walk.case.result_sha256 == ""
    new = walk.members()[-1]
    walk.act("check_in", new, {"no_conflict": True})
    walk.act("start_preliminary", walk.members()[0])
    return new


def test_a_member_is_replaced_while_the_report_waits_and_the_result_falls(walk):
    from tests.procurement.evaluation.samples import score, vote

    walk.open().draw().check_in().lead().vote(1).score().summarise()
    printed()
    first, before = waiting(walk), selectors.result_of(walk.case)
    walk.act("dissent", walk.members()[1], {"opinion": "第二名的方案更好"})
    printed()
    second = waiting(walk)
    new = replaced(walk, 5)
    printed()
    assert {d.state for d in Document.objects.filter(pk__in=[first.pk, second.pk])} == {"revoked"}
    assert selectors.result_of(walk.case) is None
    assert not walk.case.seats.exclude(opinion="").exists()
    # The others are asked again about the first bid: no majority rejects it any more, and the
    # benchmark that no report ever stated is counted anew.
    for bid in (1, 2, 3, 4):
        walk.act("vote", new, vote(bid))
        for actor in walk.members()[:2] if bid == 1 else ():
            walk.act("vote", actor, vote(bid))
    assert walk.valid() == [1, 2, 3, 4]
    for actor in walk.members():
        for bid in walk.valid():
            if actor == new or bid == 1:
                walk.act("score_detail", actor, score(bid))
    walk.summarise()
    after = selectors.result_of(walk.case)
    assert len(after["ranking"]) == 4 and after["benchmark"] != before["benchmark"]
    printed()
    signed(walk, waiting(walk), *walk.members())
    assert walk.case.state == "reported"


def test_a_member_is_replaced_in_a_review_under_the_benchmark_that_was_reported(walk):
    from tests.procurement.evaluation.samples import score, vote

    walk.open().draw().check_in().lead().vote(1).score().summarise()
    printed()
    signed(walk, waiting(walk), *walk.members())
    before = selectors.result_of(walk.case)
    walk.act("review", walk.members()[0], {"reason": "席位一打分笔误"})
    new = replaced(walk, 5)
    for bid in (1, 2, 3, 4):
        walk.act("vote", new, vote(bid))
    for bid in walk.valid():
        walk.act("score_detail", new, score(bid, "17.00"))
    walk.summarise()
    after = selectors.result_of(walk.case)
    assert after["benchmark"] == before["benchmark"]
    assert after["inputs_sha256"] != before["inputs_sha256"]


def test_one_member_who_saw_the_ranking_does_not_have_it_judged_again(walk):
    walk.open().draw().check_in().lead().vote().score().summarise()
    with firing():
        Evaluation.objects.filter(pk=walk.pk).update(state="reported")
    leader, second = walk.members()[:2]
    said = {"reason": "席位二打分笔误"}
    with pytest.raises(Refused) as caught:
        walk.act("review", second, said)
    assert [r.code for r in caught.value.refusals] == ["procurement.evaluation.not_the_leader"]
    walk.act("review", leader, said)
    assert walk.case.state == "review"


def test_a_review_keeps_the_benchmark_and_signs_again(walk):
    from tests.procurement.evaluation.samples import score

    walk.open().draw().check_in().lead().vote().score().summarise()
    printed()
    signed(walk, waiting(walk), *walk.members())
    before = selectors.result_of(walk.case)
    supervisor = samples.supervisor()
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
