"""A notice is served when an officer of the authority has signed it: the firm's days begin then."""

from __future__ import annotations

import pytest

from credit.conduct import papers
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from kernel import clock
from kernel.documents import demo_pki, engine, selectors, trust
from kernel.documents.models import Document
from kernel.errors import Conflict, Refused
from kernel.parties.models import Organisation, Person
from kernel.regulation.due import due
from kernel.workflow.models import Deadline
from procurement.demonstration import signing
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, act, captured, later, published
from tests.credit.conduct.test_proposals import WHY, refused

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("september"),
    pytest.mark.skipif(not engine.available()[0], reason="no Pango"),
]
PIN = "8642-9731"


@pytest.fixture(autouse=True)
def _own_keys(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    settings.SANDBOX = True
    known = trust._source
    demo_pki.install()
    yield
    trust.use(known)


@pytest.fixture
def people():
    found = samples.officers()
    person = Person.objects.select_related("user").get(pk=found["one"].person_id)
    office = Organisation.objects.get(pk=found["one"].organisation_id)
    demo_pki.certify(person, office, PIN, clock.now(), rounds=2000)
    return found


def drawn_up(people, **changes):
    record = act(captured(people, **changes), "verify", people["one"])
    return act(act(record, "confirm", people["two"]), "notify", people["two"])


def paper(record):
    """The newest paper of a record, printed."""
    samples.settle(papers=True)
    found = Document.objects.filter(case_machine=RECORD.code, case_pk=str(record.pk))
    return found.order_by("pk").last()


def sign(people, document):
    return signing.sign(document, people["one"], PIN, clock.now())


def fresh(record):
    return ConductRecord.objects.get(pk=record.pk)


def test_nothing_is_published_before_its_notice_was_signed_and_the_days_run_from_then(people):
    record = drawn_up(people)
    later(people, 8)
    record = fresh(record)
    assert record.state == "notice_due"
    assert Deadline.objects.get(case_pk=record.pk, period_key="conduct.paper.sign").status
    sign(people, paper(record))
    record = fresh(record)
    assert record.state == "notified"
    clock_ = Deadline.objects.get(case_pk=record.pk, period_key="conduct.prior_notice")
    assert clock_.due_at == due(record.changed_at, "conduct.prior_notice").at
    later(people, 10)
    assert (fresh(record).state, fresh(record).published_at) == ("published", clock_.due_at)


def test_the_firm_reads_nothing_of_a_notice_that_nobody_signed(people):
    record = drawn_up(people)
    document = paper(record)
    firm = [people["firm"].organisation_id]
    read = selectors.of_case(document.case_machine, document.case_pk).get
    assert not selectors.may_read(read(), firm)
    assert not papers.of(FIRM).exists()
    sign(people, document)
    assert selectors.may_read(read(), firm)
    assert papers.of(FIRM).get() == document


def test_a_notice_taken_back_before_it_was_signed_is_no_longer_there_to_sign(people):
    record = drawn_up(people)
    document = paper(record)
    record = act(fresh(record), "recall_notice", people["two"], WHY)
    assert (record.state, record.awaited_paper) == ("confirmed", "")
    document.refresh_from_db()
    assert document.state == "revoked"
    record = act(record, "notify", people["two"])
    again = paper(record)
    assert again.number != document.number
    sign(people, again)
    assert fresh(record).state == "notified"


def test_a_notice_taken_back_before_it_was_printed_is_not_printed(people):
    record = act(drawn_up(people), "recall_notice", people["two"], WHY)
    assert paper(record) is None


def test_a_paper_that_another_replaced_is_not_signed(people):
    record = drawn_up(people)
    document = paper(record)
    ConductRecord.objects.filter(pk=record.pk).update(awaited_paper="WS-2025-999999")
    with pytest.raises(Conflict) as found:
        sign(people, document)
    assert found.value.refusals[0].code == "credit.conduct_record.paper_recalled"
    assert fresh(record).state == "notice_due"


def test_what_can_no_longer_be_shown_when_its_notice_is_signed_is_not_served(people):
    record = drawn_up(people, item="late_filing", occurred_on=clock.today())
    document = paper(record)
    ConductRecord.objects.filter(pk=record.pk).update(occurred_on="2021-03-01")
    with pytest.raises(Refused) as found:
        sign(people, document)
    assert {r.code for r in found.value.refusals} == {"credit.conduct_record.term_over"}
    record = act(fresh(record), "recall_notice", people["two"], WHY)
    assert act(record, "propose_storage", people["one"], WHY).proposed == "store"


def test_an_answer_is_given_when_it_is_signed_and_may_be_taken_back_until_then(people):
    record = drawn_up(people)
    sign(people, paper(record))
    record = act(fresh(record), "state", people["firm"], {"statement": "已整改。"})
    record = act(record, "answer_statement", people["two"], WHY)
    assert record.state == "answer_due"
    record = act(record, "recall_answer", people["two"], WHY)
    assert record.state == "stated"
    record = act(record, "answer_statement", people["two"], WHY)
    sign(people, paper(record))
    assert fresh(record).state == "notified"


def test_a_firm_is_heard_on_a_listing_from_the_day_its_notice_was_signed(people):
    record = act(published(people), "propose_list", people["one"], WHY)
    later(people, 10)
    assert "not_heard" in refused(fresh(record), "list", people["two"], WHY)
    sign(people, paper(record))
    assert fresh(record).hearing_ends_at == due(clock.now(), "conduct.list.hearing").at
    later(people, 10)
    assert act(fresh(record), "list", people["two"], WHY).state == "listed"


def test_of_a_listing_that_is_not_gone_on_with_nobody_signs_the_notice(people):
    record = act(published(people), "propose_list", people["one"], WHY)
    document = paper(record)
    act(fresh(record), "drop_proposal", people["two"], WHY)
    document.refresh_from_db()
    assert document.state == "revoked"


def test_whoever_objects_while_a_list_is_proposed_takes_its_unsigned_notice_along(people):
    record = act(published(people), "propose_list", people["one"], WHY)
    document = paper(record)
    act(fresh(record), "dispute", people["firm"], WHY)
    document.refresh_from_db()
    assert document.state == "revoked"
    record = act(fresh(record), "refuse_objection", people["two"], WHY)
    assert act(record, "propose_list", people["one"], WHY).state == "proposed_list"
