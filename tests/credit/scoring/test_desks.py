"""An enterprise reads all of its own score, the authority everybody's, nobody else a past day."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from credit.conduct.machine import RECORD
from credit.enterprises.models import Enterprise
from credit.scoring import api, selectors, services, studies
from credit.scoring.models import CreditStudy, PointEntry, ScoreCertificate
from kernel import clock
from kernel.api import tokens
from kernel.documents.models import Document
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.parties.models import Membership, User
from kernel.web.case_pages import act_url
from kernel.workflow import judge
from tests.conftest import member
from tests.credit.conduct.samples import FIRM, officers, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(september):
    made = officers()
    Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    return made


@pytest.fixture
def record(people):
    return published(people)


def client(name):
    found = Client()
    found.force_login(User.objects.get(username=name))
    return found


def token(actor):
    membership = Membership.objects.get(person_id=actor.person_id, role=actor.role)
    expires = clock.technical_now() + timedelta(days=1)
    _, secret = tokens.issue(membership, name="test", expires_at=expires)
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def delivered():
    for pk in Delivery.objects.filter(state=Delivery.State.PENDING).values_list("pk", flat=True):
        events.deliver(pk)


def test_every_point_leads_to_its_record(people, record):
    page = client("firm").get("/credit/mine/").content.decode()
    assert f"/cases/{RECORD.code}/{record.pk}/" in page
    data = json.loads(page.split('id="chart-data" type="application/json">')[1].split("<")[0])
    total = sum(step["change"] for step in data["steps"])
    assert round(total) == round(data["total"]["change"])
    assert record.document_number in page


def test_any_day_as_known_on_any_day_is_shown(people, record):
    before = clock.legal_date(record.published_at) - timedelta(days=1)
    page = client("firm").get(f"/credit/mine/?valid_on={before}&known_on={before}")
    assert record.document_number not in page.content.decode().split('id="records"')[0]
    wrong = client("firm").get("/credit/mine/?valid_on=gestern").content.decode()
    assert "credit.score.day_unreadable" in wrong


def _by_page(people, asked):
    return client("firm").get(f"/credit/mine/?{asked}").content.decode()


def _by_api(people, asked):
    answer = Client().get(f"/api/v1/credit/scores/{FIRM}?{asked}", **token(people["firm"]))
    assert answer.status_code == 422
    return answer.content.decode()


def _by_command(people, asked):
    name, _is, day = asked.partition("=")
    with pytest.raises(CommandError) as refused:
        call_command("score", FIRM, f"--{name.replace('_', '-')}", day)
    return " ".join(each.code for each in refused.value.__cause__.refusals)


@pytest.mark.parametrize("ask", [_by_page, _by_api, _by_command])
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("known_on={tomorrow}", "credit.score.known_ahead"),
        ("valid_on=1999-12-31", "credit.score.day_beyond"),
        ("valid_on=2099-01-01", "credit.score.day_beyond"),
    ],
)
def test_days_beyond_what_can_be_known_are_refused_by_name(people, record, ask, asked, code):
    asked = asked.format(tomorrow=clock.today() + timedelta(days=1))
    assert code in ask(people, asked)


@pytest.mark.parametrize(
    ("who", "status"), [("firm", 200), ("one", 200), ("other", 403), ("operator", 403)]
)
def test_a_past_score_is_the_enterprises_and_the_authoritys(people, record, who, status):
    assert client(who).get(f"/credit/enterprises/{FIRM}/score/").status_code == status
    answer = Client().get(f"/api/v1/credit/scores/{FIRM}", **token(people[who]))
    assert answer.status_code == status


def test_who_only_works_for_an_enterprise_reads_and_orders_nothing_of_its_score(people, record):
    """What is kept and weighed without being shown stood open to every worker's log-in."""
    worker = member("worker", "worker", region="230102", serial=31)
    assert worker.uscc == FIRM
    assert client("worker").get("/credit/mine/").status_code == 403
    assert client("worker").post("/credit/mine/report/").status_code == 403
    assert not ScoreCertificate.objects.exists()
    answer = Client().get(f"/api/v1/credit/scores/{FIRM}", **token(worker))
    assert answer.status_code == 403


@pytest.mark.parametrize("who", ["firm", "one"])
def test_a_token_of_a_membership_that_ended_reads_no_score(people, record, who):
    held = services.certificate(FIRM, at=clock.now(), purpose="示例")
    secret = token(people[who])
    left = Membership.objects.filter(person_id=people[who].person_id)
    left.update(valid_to=clock.today() - timedelta(days=1))
    for address in (f"scores/{FIRM}", f"certificates/{held.number}"):
        answer = Client().get(f"/api/v1/credit/{address}", **secret)
        assert answer.status_code == 403
        assert answer.json()["refusals"][0]["code"] == "access.membership.ended"


def test_a_mistyped_code_is_told_as_unknown(people, record):
    answer = Client().get(f"/api/v1/credit/scores/{FIRM[:-1]}Z", **token(people["one"]))
    assert answer.status_code == 404


def test_the_api_says_what_the_page_says(people, record):
    answer = Client().get(f"/api/v1/credit/scores/{FIRM}?ahead=true", **token(people["firm"]))
    told = answer.json()
    parts = sum(one["millionths"] for one in told["contributions"])
    assert told["base"] + parts + told["cut"] == told["score_millionths"]
    assert told["ahead"]
    assert told["score_millionths"] == selectors.score(FIRM, clock.today(), clock.now()).millionths
    # It is written without the schema that stands for it in the description of the API.
    read = api.ScoreOut.model_validate(told)
    assert read.contributions
    assert told.keys() == api.ScoreOut.model_fields.keys()
    assert told["contributions"][0].keys() == api.ContributionOut.model_fields.keys()
    assert told["ahead"][0].keys() == api.TurnOut.model_fields.keys()
    unknown = Client().get(f"/api/v1/credit/scores/{FIRM}?scheme=nowhere", **token(people["firm"]))
    assert unknown.status_code in (404, 409, 422)


def test_a_certificate_is_read_with_its_signature_and_its_difference(people, record):
    held = services.certificate(FIRM, at=clock.now(), purpose="test:1")
    address = f"/api/v1/credit/certificates/{held.number}"
    told = Client().get(address, **token(people["firm"])).json()
    assert told["statement"] == held.statement
    assert base64.b64decode(told["signature"]) == bytes(held.signature)
    assert told["now_score_millionths"] == told["score_millionths"]
    assert Client().get(address, **token(people["other"])).status_code == 403
    file = client("firm").get(f"/credit/certificates/{held.number}.json")
    assert file.content.decode() == held.statement
    assert client("other").get(f"/credit/certificates/{held.number}.p7s").status_code == 403


def test_a_report_is_printed_once_a_day_and_can_be_checked(people, record):
    firm = client("firm")
    assert firm.post("/credit/mine/report/").status_code == 302
    delivered()
    firm.post("/credit/mine/report/")
    delivered()
    document = Document.objects.get(form="credit.report")
    assert document.state == "issued"
    data = json.loads(document.data)
    held = ScoreCertificate.objects.get(number=document.number)
    assert data["record"]["score_millionths"] == held.score_millionths
    assert firm.get(f"/documents/{document.pk}/file").status_code == 200
    assert client("other").get(f"/documents/{document.pk}/file").status_code != 200
    assert document.check_code in firm.get("/credit/mine/").content.decode()


def test_who_is_not_in_the_archive_is_told_so(people):
    assert "还不在企业信息档案中" in client("other").get("/credit/mine/").content.decode()
    assert client("other").post("/credit/mine/report/").status_code == 404


def test_the_supervisor_sees_queues_with_their_clocks(people, record):
    page = client("one").get("/credit/supervision/").content.decode()
    assert f"/cases/{RECORD.code}/?state=published" in page
    assert client("firm").get("/credit/supervision/").status_code == 403


def test_grades_are_counted_by_a_worker(people, record):
    answer = client("one").post("/credit/supervision/", {"kind": "spread"})
    study = CreditStudy.objects.get()
    assert answer["Location"] == f"/credit/supervision/{study.pk}/"
    assert "正在计算" in client("one").get(answer["Location"]).content.decode()
    delivered()
    page = client("one").get(answer["Location"]).content.decode()
    assert "示例建筑公司" in page
    study.refresh_from_db()
    assert sum(count for _grade, count in study.result["grades"]) == 1


def test_the_next_version_of_a_scheme_is_compared_with_the_one_in_force(people, record):
    next_one = "schemes.heilongjiang@2026.2"
    one = client("one")
    assert f'value="{next_one}"' in one.get("/credit/supervision/").content.decode()
    asked = one.post("/credit/supervision/", {"kind": "compare", "second": next_one})
    delivered()
    page = one.get(asked["Location"]).content.decode()
    assert page.count("2026.2") == 1 and "2025.1" in page
    assert "2026.2" in one.get("/credit/supervision/").content.decode().split('id="second"')[1]
    wrong = one.post("/credit/supervision/", {"kind": "compare", "second": f"{next_one}.9"})
    assert wrong.status_code == 422
    assert "credit.scheme.no_version" in wrong.content.decode()


@pytest.mark.parametrize("second", ["", "schemes.jiangxi", "schemes.highway"])
def test_who_has_no_record_is_counted_with_the_base(people, second):
    Enterprise.objects.create(uscc="91230102PDY000343P", name="另一企业", entered_at=clock.now())
    study = studies.ask(
        actor=people["one"], at=clock.now(), valid_on=clock.today(), first=selectors.SCHEME,
        second=second,
    )  # fmt: skip
    delivered()
    study.refresh_from_db()
    rows = study.result.get("counts") or [[count] for _g, count in study.result["grades"]]
    assert sum(map(sum, rows)) == study.result["enterprises"] == 2


def test_a_draft_is_run_over_everybody_before_it_is_law(people, record):
    text = client("one").get("/credit/supervision/").context["draft"]
    kinder = text.replace("value = 6000", "value = 9900", 1)
    assert kinder != text
    client("one").post("/credit/supervision/", {"kind": "draft", "draft": kinder})
    delivered()
    study = CreditStudy.objects.get()
    assert study.result["moved"][0][0] == FIRM
    assert (
        client("one").get(f"/credit/supervision/{study.pk}/scheme.toml").content.decode() == kinder
    )
    page = client("one").get(f"/credit/supervision/{study.pk}/").content.decode()
    assert "等级迁移表" in page


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("value = 6000", 'value = "many"'), "whole"),
        (("[rule_set]", "[rule_set"), "syntax"),
        (('code = "schemes.heilongjiang"', 'code = "values.heilongjiang"'), "no_kind"),
        (('code = "schemes.heilongjiang"', 'code = "periods.heilongjiang"'), "no_kind"),
        (('key = "base"', 'key = "ground"'), "unread_row"),
        (('key = "base"', 'key = "band.Z"'), "missing"),
        (('zh = "', 'zh = "本省企业'), "place"),
        (("value = 6000", 'value = """6000"""'), "multiline"),
        (("[rule_set]", "[other]\n[rule_set]"), "table"),
        (("valid_from = 2015-01-01", "valid_from = 2015-01-01\nvalid_to = 2014-01-01"),
         "ends_before"),
    ],
)  # fmt: skip
def test_a_faulty_draft_is_refused_with_every_fault_and_kept(people, change, code):
    text = client("one").get("/credit/supervision/").context["draft"]
    faulty = text.replace(*change)
    answer = client("one").post("/credit/supervision/", {"kind": "draft", "draft": faulty})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert {one.field for one in answer.context["errors"]} == {"draft"}
    assert f"credit.scheme.{code}" in page
    assert "credit.scheme.draft_faulty" not in page
    assert 'aria-describedby="draft_error"' in page
    assert answer.context["draft"] == faulty
    assert not CreditStudy.objects.exists()


def test_nobody_studies_a_day_to_come(people):
    tomorrow = clock.today() + timedelta(days=1)
    answer = client("one").post(
        "/credit/supervision/", {"kind": "spread", "valid_on": str(tomorrow)}
    )
    assert answer.status_code == 422
    assert "credit.study.ahead" in answer.content.decode()


def test_a_study_of_a_scheme_by_sections(people, record):
    study = studies.ask(
        actor=people["one"], at=clock.now(), valid_on=clock.today(), first="schemes.highway"
    )
    delivered()
    study.refresh_from_db()
    assert study.result["grades"][1] == ["A", 1]
    assert PointEntry.objects.filter(uscc=FIRM).exists()


DAYS = ["0001-01-01", "1999-12-31", "9999-12-31", "2300-01-01"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("name", ["valid_on", "known_on"])
def test_a_day_beyond_all_records_is_refused_or_told_and_never_a_crash(people, record, name, day):
    for scheme in ("heilongjiang", "highway", "jiangxi"):
        asked = {name: day, "ahead": "true", "scheme": scheme}
        answer = Client().get(f"/api/v1/credit/scores/{FIRM}", asked, **token(people["firm"]))
        assert answer.status_code in (200, 404, 422), answer.content
        if name == "valid_on":
            assert answer.status_code == 422
    assert client("firm").get("/credit/mine/", {name: day}).status_code == 200
    answer = client("one").post("/credit/supervision/", {"kind": "spread", "valid_on": day})
    assert answer.status_code in (302, 422)


@pytest.mark.parametrize("code", ["values.conduct", "schemes.none", "periods.conduct"])
def test_what_is_no_scheme_is_refused_as_one(people, record, code):
    answer = Client().get(
        f"/api/v1/credit/scores/{FIRM}", {"scheme": code}, **token(people["firm"])
    )
    assert answer.status_code in (404, 409, 422), answer.content
    asked = {"kind": "compare", "second": code}
    assert client("one").post("/credit/supervision/", asked).status_code == 422


def test_a_study_asked_a_thousand_times_is_made_once_and_only_few_wait(people, record):
    one = client("one")
    for _time in range(5):
        assert one.post("/credit/supervision/", {"kind": "spread"}).status_code == 302
    assert CreditStudy.objects.count() == 1
    days = [(clock.today() - timedelta(days=n)).isoformat() for n in range(1, 8)]
    for day in days:
        answer = one.post("/credit/supervision/", {"kind": "spread", "valid_on": day})
    assert answer.status_code == 422
    assert "credit.study.waiting" in answer.content.decode()
    assert CreditStudy.objects.count() == 3
    delivered()
    assert one.post("/credit/supervision/", {"kind": "spread"}).status_code == 302


def test_schemes_are_called_by_their_titles(people, record):
    one = client("one")
    asked = one.post("/credit/supervision/", {"kind": "compare", "second": "schemes.jiangxi"})
    desk = one.get("/credit/supervision/").content.decode().partition("<textarea")[0]
    told = one.get(asked["Location"]).content.decode()
    mine = client("firm").get("/credit/mine/").content.decode()
    for page in (desk, told, mine):
        assert "建筑市场信用评价方案" in page
        assert ">schemes." not in page


def test_what_can_be_done_with_a_record_is_a_way_to_do_it(people, record):
    seen = judge.what_next(RECORD, record, people["firm"], clock.now())
    possible = [one.transition.code for one in seen if one.allowed]
    assert possible
    page = client("firm").get("/credit/mine/").content.decode().split('id="records"')[1]
    for code in possible:
        assert f'<a href="{act_url(record, code)}">' in page
