"""Whoever is recorded is told in writing: a numbered paper, signed by the authority's officer."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from credit.conduct import papers, serving
from credit.conduct.machine import RECORD
from credit.enterprises.models import Enterprise
from kernel import clock
from kernel.documents import engine, issuing, selectors, storage
from kernel.documents.models import Document
from kernel.events.models import Delivery
from kernel.parties.models import User
from kernel.web import documents_desk
from kernel.web.case_pages import document_links
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, REPAIR, act, captured, later, listed, published
from tests.credit.conduct.test_proposals import WHY
from tests.kernel.documents import pdf_facts

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("september"),
    pytest.mark.skipif(not engine.available()[0], reason="no Pango"),
]


@pytest.fixture
def people():
    return samples.officers()


def served(record):
    """Papers of a record by form, oldest first, with what each says."""
    samples.settle(papers=True)
    found = Document.objects.filter(case_machine=RECORD.code, case_pk=str(record.pk))
    return [(d.form.removeprefix("credit.conduct."), d) for d in found.order_by("pk")]


def says(document):
    """The values that a paper names, by their labels."""
    rows = issuing.data_of(document)["rows"]
    return {cell["label"]: cell["value"] for row in rows for cell in row["cells"]}


def waiting():
    """The papers that were asked for and are not printed yet, by act."""
    rows = Delivery.objects.filter(subscriber="credit.conduct.paper").select_related("event")
    return [row.event.payload["act"] for row in rows.order_by("pk")]


def test_a_notice_tells_what_was_found_and_until_when_the_firm_has_its_say(people):
    record = samples.notified(people)
    ((form, paper),) = served(record)
    assert (form, paper.state, paper.language) == ("notice", "awaiting_signature", "zh-hans")
    assert paper.number.startswith("WS-2025-") and paper.check_code
    assert paper.issuer_id == people["two"].organisation_id
    told = says(paper)
    assert told["事实"] == record.fact
    assert told["文书编号"] == record.document_number
    assert told["陈述申辩"] == "自本文书签发之日起 5 个工作日内"
    assert paper.draft_file is not None
    printed = pdf_facts.read(storage.read(paper.draft_file))
    assert (printed.pages, printed.title) == (1, f"行为认定告知书 {paper.number}")


def test_the_firm_and_the_authority_open_it_and_nobody_else(people):
    ((_form, paper),) = served(samples.notified(people))
    paper = selectors.of_case(paper.case_machine, paper.case_pk).get()
    assert selectors.may_read(paper, [people["firm"].organisation_id])
    assert selectors.may_read(paper, [people["one"].organisation_id])
    assert not selectors.may_read(paper, [people["other"].organisation_id])


def test_an_officer_of_the_authority_has_it_to_sign_within_a_working_day(people):
    ((_form, paper),) = served(samples.notified(people))
    (row,) = documents_desk.to_sign(people["one"], clock.now())
    assert row.reference == paper.number
    assert row.due is not None and row.due.last_day.isoformat() == "2025-09-02"
    assert not list(documents_desk.to_sign(people["far"], clock.now()))


def test_a_decision_gives_the_reason_that_the_first_officer_gave(people):
    record = published(people)
    later(people, 200)
    record = samples.mended(people, record)
    record = act(record, "propose_repair", people["one"], {"reason": "整改属实。"})
    act(record, "repair", people["two"])
    form, paper = served(record)[-1]
    assert form == "repair"
    assert says(paper) | {"决定": "准予修复", "理由": "整改属实。"} == says(paper)
    assert "公示至" not in says(paper)


def test_a_correction_names_the_item_as_it_is_now_and_a_listing_its_last_day(people):
    record = samples.accepted(people, published(people, item="hazard_major"))
    record = act(record, "amend", people["two"], {"item": "hazard_general", **WHY})
    form, paper = served(record)[-1]
    assert (form, says(paper)["轻重"]) == ("correction", "一般")
    record = listed(people, record)
    papers_of = dict(served(record))
    assert says(papers_of["list_notice"])["陈述申辩"] == "自本文书签发之日起 5 个工作日内"
    assert says(papers_of["listing"])["名单期限至"] == "2026-09-19"
    assert papers_of["listing"].number != papers_of["list_notice"].number


def test_an_early_exit_is_answered_in_writing_either_way(people):
    record = listed(people, published(people))
    later(people, 190)
    record = act(record, "apply_exit", people["firm"], REPAIR)
    record = act(record, "reject_exit", people["one"], WHY)
    record = act(record, "apply_exit", people["firm"], REPAIR)
    record = act(record, "propose_removal", people["one"], WHY)
    act(record, "remove", people["two"])
    assert waiting()[-2:] == ["reject_exit", "remove"]


def test_of_what_was_undone_before_it_was_told_nobody_is_told(people):
    record = act(captured(people), "verify", people["one"])
    record = act(record, "confirm", people["two"])
    samples.revoked(people, record)
    assert waiting() == []
    samples.revoked(people, published(people))
    assert waiting() == ["notify", "revoke"]


def test_every_act_with_a_paper_is_one_of_people_and_every_paper_has_words():
    assert set(serving.PAPERS) == set(papers.PAPERS)
    for acts in serving.PAPERS.values():
        assert all(not RECORD.transition(code).automatic for code in acts)


def test_the_same_act_delivered_again_is_the_same_paper(people):
    record = samples.notified(people)
    served(record)
    Delivery.objects.filter(subscriber="credit.conduct.paper").update(state="pending")
    assert len(served(record)) == 1


@pytest.mark.parametrize("known", [True, False], ids=["in-the-archive", "not-yet"])
def test_the_firm_finds_its_papers_on_its_credit_page(people, known):
    if known:
        Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    ((_form, paper),) = served(samples.notified(people))
    browser = Client()
    browser.force_login(User.objects.get(username="firm"))
    page = browser.get("/credit/mine/").content.decode()
    assert paper.number in page and f"/documents/{paper.pk}" in page
    browser.force_login(User.objects.get(username="one"))
    assert paper.number not in browser.get(f"/credit/mine/{FIRM}/").content.decode()


def told_of(record, act):
    """What the paper of an act was given: its reason, and the document that it rests on."""
    rows = Delivery.objects.filter(
        subscriber="credit.conduct.paper", event__payload__record_id=record.pk
    )
    for row in rows.select_related("event").order_by("-pk"):
        if (said := row.event.payload)["act"] == act:
            return said["reason"], said["basis"]
    raise AssertionError(act)


def test_a_notice_gives_no_reason_of_another_act_that_waits_for_its_second_officer(people):
    record = act(act(captured(people), "verify", people["one"]), "confirm", people["two"])
    record = act(record, "propose_revocation", people["one"], {"reason": "认定有误，撤销。"})
    record = act(record, "notify", people["two"])
    assert told_of(record, "notify") == ("", "")


def test_a_withdrawal_does_not_give_the_reason_for_keeping_the_record(people):
    record = samples.annulled(people, published(people))
    record = act(record, "propose_keep", people["one"], {"reason": "登记有误，应当继续公布。"})
    record = act(record, "withdraw", people["two"])
    assert told_of(record, "withdraw") == ("", "示例行初〔2025〕1 号")


def test_what_was_kept_rests_on_no_document_that_changed_nothing(people):
    record = samples.annulled(people, published(people))
    record = act(record, "propose_keep", people["one"], {"reason": "登记有误。"})
    record = act(record, "keep", people["two"])
    record = listed(people, record)
    assert told_of(record, "propose_list") == ("理由。", "")
    assert told_of(record, "list") == ("理由。", "")


def test_a_refused_exit_rests_on_no_document_of_a_suspension_that_nobody_confirmed(people):
    record = listed(people, published(people))
    later(people, 190)
    record = act(record, "apply_exit", people["firm"], REPAIR)
    order = {"document_number": "示例行保〔2026〕2 号", "reason": "停止执行。"}
    record = act(record, "propose_suspension", people["one"], order)
    record = act(record, "reject_exit", people["two"], {"reason": "未整改。"})
    assert told_of(record, "reject_exit") == ("未整改。", "")


def test_many_papers_are_read_in_as_many_queries_as_one(people):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert document_links(papers.of(FIRM))
        return len(asked)

    served(samples.notified(people))
    one = queries()
    served(samples.notified(people, item="hazard_major"))
    assert papers.of(FIRM).count() == 2
    assert queries() == one
