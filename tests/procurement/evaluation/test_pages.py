"""A member's pages, a bidder's questions, the public result: who sees what, and what it does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.documents import storage
from procurement.evaluation import connections
from procurement.evaluation.inputs import BidFile, Opened
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import BidScore, BidVote, Evaluation
from tests.conftest import member
from tests.procurement.evaluation.samples import NUMBER, vote

pytestmark = pytest.mark.django_db


def test_a_member_votes_and_scores_on_the_pages_of_a_bid(walk, enter):
    walk.open().draw().check_in().lead()
    actor = walk.members()[1]
    client, base = enter(actor), f"/evaluations/{walk.pk}/session/"
    assert "还有 4 份投标文件待表决" in client.get(base).content.decode()
    page = client.get(f"{base}1/").content.decode()
    assert "形式评审" in page and "资格评审" in page and "响应性评审" in page
    sent = {"key": "k1", "form": "pass", "qualification": "pass", "response": "fail"}
    answer = client.post(f"{base}1/", sent)
    assert answer.status_code == 422
    assert "不在法定情形之列" in answer.content.decode()
    sent |= {"response_ground": "no_response", "response_evidence": "第 3 页缺少承诺"}
    answer = client.post(f"{base}1/", sent)
    assert (answer.status_code, answer.url) == (302, f"{base}#bid-1")
    assert BidVote.objects.filter(seat__person_id=actor.person_id, bid_id=1).count() == 1
    assert "还有 3 份投标文件待表决" in client.get(base).content.decode()
    # The page shows what was given before.
    assert "第 3 页缺少承诺" in client.get(f"{base}1/").content.decode()
    walk.vote()
    page = client.get(f"{base}2/").content.decode()
    assert "施工组织设计" in page and "满分 20.00" in page and "企业业绩" in page
    marks = {"mark-plan": "18.5", "mark-safety": "9", "mark-record": "7.25"}
    assert client.post(f"{base}2/", {"key": "k2", **marks, "mark-plan": "21"}).status_code == 422
    assert client.post(f"{base}2/", {"key": "k3", **marks}).status_code == 302
    score = BidScore.objects.get(seat__person_id=actor.person_id, bid_id=2)
    assert (score.technical, score.commercial) == (27_50, 7_25)
    assert "已打 34.75 分" in client.get(base).content.decode()


def test_the_session_says_who_is_far_off(walk, enter):
    from tests.procurement.evaluation.samples import score

    walk.open().draw().check_in().lead().vote()
    members = walk.members()
    for actor in members:
        for bid in (1, 2, 3, 4):
            far = actor == members[-1] and bid == 1
            walk.act("score_detail", actor, score(bid, "0.00" if far else "18.00"))
    base = f"/evaluations/{walk.pk}/session/"
    assert "打分与平均分相差较大" in enter(members[-1]).get(base).content.decode()
    assert "打分与平均分相差较大" not in enter(members[0]).get(base).content.decode()


def test_while_a_question_waits_the_session_says_so_and_offers_no_points(walk, enter):
    walk.open().draw().check_in().lead().vote()
    leader, case = walk.members()[0], f"/cases/{EVALUATION.code}/{walk.pk}/"
    session, recall = f"/evaluations/{walk.pk}/session/", f"{case}acts/recall_question/"
    later = clock.now() + timedelta(hours=1)
    asked = {"bid_id": 2, "question": "请说明工期安排", "reply_by": later.isoformat()}
    before = enter(leader).get(session).content.decode()
    assert ">打分<" in before and recall not in before
    walk.act("clarify", leader, asked)
    page = enter(leader).get(session).content.decode()
    assert "等待“示例2建筑公司”答复澄清" in page and recall in page and ">打分<" not in page
    form = enter(leader).get(recall).content.decode()
    assert "请说明工期安排" in form and "准许理由" not in form
    said = {"clarification": walk.case.questions.get().pk, "reason": "无须再等待"}
    walk.act("recall_question", leader, said)
    page = enter(leader).get(session).content.decode()
    assert "答复澄清，至" not in page and recall not in page and ">打分<" in page


def test_the_session_is_for_its_members_alone(walk, enter):
    walk.open().draw()
    base = f"/evaluations/{walk.pk}/session/"
    outsider = next(a for a in walk.bank.values() if a not in walk.members())
    assert enter(outsider).get(base).status_code == 404
    called = walk.members()[0]
    assert enter(called).get(base).status_code == 200
    walk.market.open(1, 2, 3)
    # Called and not checked in: who bids is told, for the declaration; no bid of theirs is shown.
    told = enter(called).get(base).content.decode()
    assert "示例1建筑公司" in told and "投标报价" not in told
    check_in = f"/cases/{EVALUATION.code}/{walk.pk}/acts/check_in/"
    assert "示例1建筑公司" in enter(called).get(check_in).content.decode()
    assert enter(called).get(f"{base}1/").status_code == 403
    assert enter(walk.clerk).get(base).status_code == 403


def test_a_member_reads_the_files_of_opened_bids_and_no_other_file(walk, enter):
    walk.open().draw()
    walk.market.open(1, 2, 3)
    ours = storage.put(b"%PDF-1.7 plan", media_type="application/pdf")
    other = storage.put(b"%PDF-1.7 other", media_type="application/pdf")
    bids = walk.market.opened.bids
    first = bids[0].__class__(**vars(bids[0]) | {"files": (BidFile("技术文件", ours.sha256),)})
    walk.market.opened = Opened((first, *bids[1:]), 50, "ab")
    walk.check_in()
    inside = enter(walk.members()[0])
    assert "技术文件" in inside.get(f"/evaluations/{walk.pk}/session/").content.decode()
    got = inside.get(f"/evaluations/{walk.pk}/files/{ours.sha256}/")
    assert b"".join(got.streaming_content) == b"%PDF-1.7 plan"
    assert inside.get(f"/evaluations/{walk.pk}/files/{other.sha256}/").status_code == 404
    outsider = next(a for a in walk.bank.values() if a not in walk.members())
    assert enter(outsider).get(f"/evaluations/{walk.pk}/files/{ours.sha256}/").status_code == 404


def test_a_bidder_answers_its_question_and_sees_nothing_else(walk, enter):
    walk.open().draw().check_in().lead().vote()
    later = (clock.now() + timedelta(hours=1)).isoformat()
    asked = {"bid_id": 2, "question": "请说明工期安排", "reply_by": later}
    walk.act("clarify", walk.members()[0], asked)
    bidder = member("bidder2", "contractor_clerk", serial=32)
    rival = member("bidder3", "contractor_clerk", serial=33)
    assert "请说明工期安排" not in enter(rival).get("/evaluations/questions/").content.decode()
    pk = walk.case.questions.get().pk
    assert (
        enter(rival)
        .post("/evaluations/questions/", {"key": "k", "clarification": pk, "answer": "替答"})
        .status_code
        == 404
    )
    client = enter(bidder)
    assert "请说明工期安排" in client.get("/evaluations/questions/").content.decode()
    assert client.get(f"/cases/{EVALUATION.code}/{walk.pk}/").status_code == 403
    sent = {"key": "k", "clarification": pk, "answer": ""}
    assert client.post("/evaluations/questions/", sent).status_code == 422
    assert client.post("/evaluations/questions/", sent | {"answer": "300 天"}).status_code == 302
    assert walk.case.questions.get().answer == "300 天"


def test_a_question_that_was_taken_back_reads_so_to_the_bidder(walk, enter):
    walk.open().draw().check_in().lead().vote()
    leader, url = walk.members()[0], "/evaluations/questions/"
    later = (clock.now() + timedelta(hours=1)).isoformat()
    for question in ("请说明工期安排", "请说明材料来源"):
        asked = {"bid_id": 2, "question": question, "reply_by": later}
        walk.act("clarify", leader, asked)
    back, stays = walk.case.questions.order_by("pk")
    walk.act("recall_question", leader, {"clarification": back.pk, "reason": "无须再等待"})
    client = enter(member("bidder2", "contractor_clerk", serial=32))
    page = client.get(url).content.decode()
    assert "撤回这一问题，不必答复" in page and "答复时间已过" not in page
    # Why the committee waits no more is its own affair; the other question still has its form.
    assert "无须再等待" not in page and page.count("答复截止") == page.count("<textarea") == 1
    sent = {"key": "k", "clarification": back.pk, "answer": "300 天"}
    refused = client.post(url, sent)
    codes = [reason.code for reason in refused.context["refusals"]]
    assert codes == ["procurement.evaluation.question_recalled"]
    assert client.post(url, sent | {"clarification": stays.pk}).status_code == 302


def test_the_result_is_public_with_the_publicity_and_not_before(walk, client):
    walk.open().draw().check_in().lead().vote(4).score().summarise()
    url = f"/evaluations/results/{NUMBER}/"
    assert client.get(url).status_code == 404
    from kernel.workflow.guarding import firing

    with firing():
        Evaluation.objects.filter(pk=walk.pk).update(state="reported")
    assert client.get(url).status_code == 404
    walk.market.terms = walk.market.terms.__class__(
        **vars(walk.market.terms) | {"publicised": True}
    )
    page = client.get(url).content.decode()
    assert "示例2建筑公司" in page and "没有对招标文件的实质性要求" in page
    assert not [a.person_name for a in walk.members() if f">{a.person_name}<" in page]


def test_that_all_bids_were_rejected_is_public_with_grounds_and_what_follows(walk, client):
    walk.open().draw().check_in().lead()
    for actor in walk.members():
        for bid in (1, 2, 3, 4):
            walk.act("vote", actor, vote(bid, "no_response", f"第 {bid} 份缺少承诺"))
    url = f"/evaluations/results/{NUMBER}/"
    assert client.get(url).status_code == 404
    assert connections.result_page(NUMBER) == ""
    walk.act("fail", walk.members()[0], {"reason": "无有效投标"})
    assert connections.result_page(NUMBER) == url
    page = client.get(url).content.decode()
    for said in ("否决了全部投标", "示例2建筑公司", "没有对招标文件的实质性要求", "第五十一条",
                 "第四十二条", "重新招标", f"/notices/{NUMBER}/"):  # fmt: skip
        assert said in page, said
    # What members found is told to the bidder alone.
    assert "缺少承诺" not in page
    assert not [a.person_name for a in walk.members() if f">{a.person_name}<" in page]
    english = client.get(url, headers={"Accept-Language": "en"}).content.decode()
    assert "can complain to the supervising authority" in english


def test_the_pages_of_all_acts_open_with_words(walk, enter):
    client = enter(walk.clerk)
    page = client.get(f"/cases/{EVALUATION.code}/new/").content.decode()
    assert "标段编号" in page and "抽取专家人数" in page
    walk.open()
    page = client.get(f"/cases/{EVALUATION.code}/{walk.pk}/acts/draw/").content.decode()
    assert "招标人随机数" in page
    walk.draw()
    page = client.get(f"/cases/{EVALUATION.code}/{walk.pk}/acts/replace_member/").content.decode()
    assert "席位 1" in page and walk.members()[0].person_name not in page
    walk.check_in()
    first = enter(walk.members()[0])
    page = first.get(f"/cases/{EVALUATION.code}/{walk.pk}/acts/elect_leader/").content.decode()
    assert walk.members()[1].person_name in page


@pytest.mark.parametrize("pk", [2**63, 10**30])
def test_an_evaluation_with_an_endless_key_is_not_there(walk, enter, pk):
    client = enter(walk.bank["ZJ0001"])
    for address in ("session/", "session/1/", f"files/{'0' * 64}/"):
        assert client.get(f"/evaluations/{pk}/{address}").status_code == 404


def test_a_question_asked_by_an_endless_number_is_not_there(enter, september):
    client = enter(member("asked", "contractor_clerk", region="230102", serial=31))
    answer = client.post("/evaluations/questions/", {"clarification": "9" * 5000, "answer": "是"})
    assert answer.status_code == 404
