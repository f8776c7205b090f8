"""Who is in the bank of experts is there by acts: applied, checked, kept, suspended, removed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel import clock
from kernel.access.actors import from_membership
from kernel.documents import scans
from kernel.errors import Refused
from kernel.identifiers import uscc
from kernel.parties.models import Membership, Organisation, User
from kernel.regulation import selectors as law
from kernel.workflow.firing import fire
from procurement.evaluation import selectors
from procurement.evaluation.experts.machine import EXPERT
from procurement.evaluation.experts.rules import years_between
from procurement.evaluation.models import Expert
from procurement.evaluation.numbers import numbers
from tests.conftest import member
from tests.procurement.evaluation import samples

pytestmark = pytest.mark.django_db
CHECKED = {"record": "全国建筑市场监管公共服务平台"}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def people(september: None) -> dict[str, Any]:
    """An expert to be, the officers of the province and of a city far away."""
    return {
        "expert": member("expert", "expert", region="230000", serial=40),
        "keeper": samples.officer(),
        "second": samples.officer("keeper2"),
        "far": member("far", "tender_supervisor", region="230600", serial=4, authority="city"),
    }


def apply(people, **changes):
    said = samples.application(people["expert"], 1, **changes)
    receipt = fire(EXPERT.code, None, "apply", actor=people["expert"], payload=said, key="apply")
    return Expert.objects.get(pk=receipt.case_pk)


def act(case, code, actor, payload=None):
    version = Expert.objects.values_list("version", flat=True).get(pk=case.pk)
    fire(
        EXPERT.code, case.pk, code, actor=actor, payload=payload, key=f"{code}-{version}",
        seen_version=version,
    )  # fmt: skip
    case.refresh_from_db()
    return case


def refused(call, *args, **changes):
    with pytest.raises(Refused) as caught:
        call(*args, **changes)
    return {one.code.removeprefix("procurement.expert.") for one in caught.value.refusals}


def propose(case, code, officer, **said):
    return act(case, "propose", officer, {"act": code, "reason": "经核对"} | said)


def decide(case, code, people, payload):
    """One proposes, the keeper decides."""
    told = {"specialties": payload["specialties"]} if "specialties" in payload else {}
    return act(propose(case, code, people["second"], **told), code, people["keeper"], payload)


def admitted(people, **changes):
    return decide(apply(people, **changes), "admit", people, CHECKED)


def test_who_can_be_drawn_is_nothing_that_one_officer_decides(people):
    case, alone = apply(people), people["keeper"]
    assert refused(act, case, "admit", alone, CHECKED) == {"not_proposed"}
    propose(case, "admit", alone)
    assert refused(act, case, "admit", alone, CHECKED) == {"same_proposer"}
    assert refused(propose, case, "admit", people["second"]) == {"proposed_already"}
    act(case, "admit", people["second"], CHECKED)
    assert len(selectors.pool()) == 1
    why = {"reason": "调查期间"}
    for code, payload in (
        ("suspend", why), ("remove", why), ("renew", CHECKED),
        ("change_specialties", {"specialties": ["cost"], "reason": "改"}),
    ):  # fmt: skip
        assert refused(act, case, code, alone, payload) == {"not_proposed"}
    propose(case, "suspend", alone)
    # Until another decides, a proposal takes nobody out.
    assert (case.state, len(selectors.pool())) == ("admitted", 1)
    act(case, "suspend", people["second"], why)
    assert refused(act, case, "resume", alone, CHECKED) == {"not_proposed"}


def test_a_decision_overtakes_what_was_proposed_before_it(people):
    case = admitted(people)
    propose(case, "suspend", people["keeper"])
    propose(case, "remove", people["keeper"])
    act(case, "suspend", people["second"], {"reason": "调查期间"})
    why = {"reason": "调查期间"}
    assert refused(act, case, "remove", people["second"], why) == {"not_proposed"}


def test_what_is_proposed_is_what_the_file_allows_and_what_is_decided(people):
    case = admitted(people)
    assert refused(propose, case, "admit", people["second"]) == {"not_proposable"}
    assert refused(propose, case, "change_specialties", people["second"]) == {"unspecialised"}
    propose(case, "change_specialties", people["second"], specialties=["cost"])
    other = {"specialties": ["municipal"], "reason": "改"}
    found = refused(act, case, "change_specialties", people["keeper"], other)
    assert found == {"specialties_not_proposed"}


def test_who_applies_is_admitted_by_an_officer_and_only_then_drawn(people):
    case = apply(people)
    assert (case.state, case.code, selectors.pool()) == ("applied", "", [])
    decide(case, "admit", people, CHECKED)
    assert (case.state, case.code, case.valid_until) == ("admitted", "ZJ0001", date(2028, 9, 1))
    (one,) = selectors.pool()
    assert (one.code, one.specialties, one.region) == ("ZJ0001", ("building",), "230102")
    assert one.employments[0].uscc == uscc.demonstration("230103", 101)


@pytest.mark.parametrize(
    ("changes", "code", "article"),
    [
        ({"practised_on": date(2017, 9, 2)}, "years_few", "第三十七条"),
        ({"practised_on": None}, "years_few", "第三十七条"),
        ({"title": ""}, "title_missing", "第三十七条"),
        ({"title": "junior"}, "title_missing", "第三十七条"),
        ({"title_number": ""}, "title_unproven", "第三十七条"),
        ({"title_sha256": ""}, "title_unproven", "第三十七条"),
        ({"title_sha256": "ab" * 32}, "title_unproven", "第三十七条"),
        ({"punishments": "2023 年因收受好处被处罚"}, "punished", "第十二条"),
        ({"specialties": []}, "unspecialised", "第四十六条"),
        ({"specialties": ["poetry"]}, "specialty_unknown", "第四十六条"),
        ({"employments": []}, "employer_missing", "第三十七条"),
    ],
)
def test_the_law_asks_for_years_title_and_a_clean_record(people, changes, code, article):
    """Tendering Law, art. 37; order 12, art. 12."""
    with pytest.raises(Refused) as caught:
        apply(people, **changes)
    (why,) = caught.value.refusals
    assert why.code == f"procurement.expert.{code}"
    assert article in why.article


def test_eight_years_are_whole_years():
    assert years_between(date(2017, 9, 1), date(2025, 9, 1)) == 8
    assert years_between(date(2017, 9, 2), date(2025, 9, 1)) == 7
    assert years_between(date(2016, 2, 29), date(2024, 2, 28)) == 7


def test_an_equal_level_counts_as_a_title(people):
    assert apply(people, title="equivalent").state == "applied"


def test_employments_are_of_the_past_and_of_true_codes(people):
    job = {"uscc": uscc.demonstration("230103", 9), "since": date(2026, 1, 1)}
    assert refused(apply, people, employments=[job]) == {"employment_future"}
    job |= {"since": date(2020, 1, 1)}
    left = job | {"until": date(2019, 1, 1)}
    assert refused(apply, people, employments=[job, left]) == {"employment_backwards"}
    found = refused(apply, people, employments=[job | {"uscc": "9123"}])
    assert found and not found & {"employer_missing"}
    assert refused(apply, people, region="999999")


def test_a_person_has_one_file(people):
    apply(people)
    said = samples.application(people["expert"], 2)
    again = {"actor": people["expert"], "payload": said, "key": "again"}
    assert refused(fire, EXPERT.code, None, "apply", **again) == {"known"}


def test_an_officer_looks_the_record_up_and_decides_on_nobody_of_themself(people):
    case = propose(apply(people), "admit", people["second"])
    assert refused(act, case, "admit", people["keeper"], {"record": ""}) == {"record_unchecked"}
    found = CHECKED | {"found": "哈建罚〔2024〕3 号"}
    assert refused(act, case, "admit", people["keeper"], found) == {"punished"}
    for who in ("far", "expert"):
        with pytest.raises(Refused) as caught:
            act(case, "admit", people[who], CHECKED)
        assert caught.value.status == 403
    both = Membership.objects.create(
        person_id=people["expert"].person_id,
        organisation=Organisation.objects.get(pk=people["keeper"].organisation_id),
        role="tender_supervisor", valid_from=date(2020, 1, 1),
    )  # fmt: skip
    assert refused(act, case, "admit", from_membership(both), CHECKED) == {"own_file"}


def test_who_was_declined_mends_the_application(people):
    case = apply(people)
    assert refused(act, case, "decline", people["keeper"], {"reason": ""}) == {"reason_missing"}
    act(case, "decline", people["keeper"], {"reason": "证书扫描件不清"})
    assert (case.state, case.reason) == ("declined", "证书扫描件不清")
    act(case, "reapply", people["expert"], samples.application(people["expert"], 3))
    assert (case.state, case.reason, case.title_number) == ("applied", "", "黑高职〔2015〕3 号")


def test_a_new_application_takes_no_employer_away_that_was_told(people):
    case = apply(people)
    (told,) = case.employments
    act(case, "decline", people["keeper"], {"reason": "证书扫描件不清"})
    other = {"uscc": uscc.demonstration("230103", 201), "since": date(2012, 1, 1)}
    said = samples.application(people["expert"], 3, employments=[other])
    act(case, "reapply", people["expert"], said)
    assert {one["uscc"] for one in case.employments} == {told["uscc"], other["uscc"]}
    left = {"uscc": told["uscc"], "since": told["since"], "until": date(2015, 1, 1)}
    act(case, "decline", people["keeper"], {"reason": "证书扫描件不清"})
    said = samples.application(people["expert"], 3, employments=[other, left])
    act(case, "reapply", people["expert"], said)
    kept = next(one for one in case.employments if one["uscc"] == told["uscc"])
    assert (kept["until"], kept["told_on"]) == ("2015-01-01", clock.today().isoformat())
    # For conflicts it counts until the day on which the leaving was told.
    decide(case, "admit", people, CHECKED)
    (drawn,) = selectors.pool()
    assert {one.uscc: one.until for one in drawn.employments}[told["uscc"]] == kept["told_on"]


def test_employers_are_added_and_left_and_never_taken_away(people):
    case, keeper = admitted(people), people["keeper"]
    old = {"uscc": uscc.demonstration("230103", 101), "since": date(2010, 1, 1)}
    new = {"uscc": uscc.demonstration("230103", 201), "since": date(2025, 8, 1)}
    with pytest.raises(Refused) as caught:
        act(case, "report_employer", keeper, new)
    assert caught.value.status == 403
    act(case, "report_employer", people["expert"], new)
    act(case, "report_employer", people["expert"], old | {"until": date(2025, 7, 31)})
    told = {(one["uscc"], one["until"]) for one in case.employments}
    assert told == {(old["uscc"], "2025-07-31"), (new["uscc"], None)}
    moved = old | {"until": date(2015, 1, 1)}
    assert refused(act, case, "report_employer", people["expert"], moved) == {"employment_known"}


def test_specialties_are_changed_by_an_officer_within_the_list(people):
    case, keeper = admitted(people), people["keeper"]
    said = {"specialties": ["municipal", "cost"], "reason": "取得造价工程师资格"}
    decide(case, "change_specialties", people, said)
    assert case.specialties == ["cost", "municipal"]
    wrong = said | {"specialties": ["poetry"]}
    told = {"specialties": wrong["specialties"]}
    assert refused(propose, case, "change_specialties", keeper, **told) == {"specialty_unknown"}


def test_who_is_suspended_or_removed_is_not_drawn(people):
    case = admitted(people)
    why = {"reason": "涉嫌评标违规，调查期间", "document_number": "黑建招监〔2025〕7 号"}
    decide(case, "suspend", people, why)
    assert (case.state, selectors.pool()) == ("suspended", [])
    decide(case, "resume", people, CHECKED)
    assert (case.reason, len(selectors.pool())) == ("", 1)
    decide(case, "renew", people, CHECKED)
    decide(case, "remove", people, why)
    assert (case.state, selectors.pool()) == ("removed", [])


def test_renewal_asks_again_what_the_law_asks(people):
    case, keeper = admitted(people), people["keeper"]
    for job in case.employments:
        left = {"uscc": job["uscc"], "since": date(2010, 1, 1), "until": date(2025, 8, 1)}
        act(case, "report_employer", people["expert"], left)
    propose(case, "renew", people["second"])
    assert refused(act, case, "renew", keeper, CHECKED) == {"employer_missing"}


def test_who_is_suspended_after_the_draw_is_called_no_more(walk):
    walk.open(experts=5).draw()
    first = walk.members()[0]
    seated = {one.person_id for one in walk.members()}
    keeper, second = (
        from_membership(Membership.objects.get(person__user__username=name))
        for name in ("keeper", "keeper2")
    )
    for expert in Expert.objects.exclude(person_id__in=seated):
        propose(expert, "suspend", second)
        act(expert, "suspend", keeper, {"reason": "调查期间"})
    said = {"cause": "unable", "statement": "生病"}
    with pytest.raises(Refused) as caught:
        walk.act("declare", first, said)
    assert caught.value.refusals[0].code == "procurement.evaluation.reserve_empty"


def test_every_trade_of_the_law_has_its_specialties(september):
    known = numbers("2025-09-01", "230102", "zh").values
    listed = selectors.codes("expert_specialty", samples.moment())
    trades = [code for code, _label in law.options("qualification_trade", samples.moment())]
    assert trades
    for trade in trades:
        wanted = known[f"specialty.{trade}"]
        assert wanted and set(wanted) <= listed, trade


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "核对入库"), ("en", "Check and admit")]
)
def test_an_officer_reads_and_admits_on_the_page(client, people, language, words):
    case = propose(apply(people), "admit", people["second"])
    client.force_login(User.objects.get(username="keeper"), BACKEND)
    spoken = {"accept-language": language}
    page = client.get(f"/cases/{EXPERT.code}/{case.pk}/", headers=spoken).content.decode()
    assert words in page and "黑高职〔2015〕1 号" in page
    assert str(case.reference) in client.get("/desk/").content.decode()
    form = client.get(f"/cases/{EXPERT.code}/{case.pk}/acts/admit/")
    assert form.status_code == 200


def test_what_one_officer_proposed_stands_on_the_desk_of_the_other_alone(client, people):
    case = admitted(people)
    propose(case, "suspend", people["second"], specialties=["cost"])
    told = "决定另一人的提议：暂停抽取"
    for name, told_to in (("keeper", True), ("second", False), ("far", False)):
        client.force_login(User.objects.get(person_id=people[name].person_id), BACKEND)
        assert (told in client.get("/desk/").content.decode()) is told_to, name
    client.force_login(User.objects.get(person_id=people["keeper"].person_id), BACKEND)
    page = client.get(f"/cases/{EXPERT.code}/{case.pk}/").content.decode()
    # What the form carried along is no part of a proposal to suspend.
    assert "待另一人决定的提议" in page
    assert "、工程造价" not in page.split("待另一人决定的提议")[1].split("从业年限和职称")[0]
    act(case, "suspend", people["keeper"], {"reason": "调查期间"})
    assert told not in client.get("/desk/").content.decode()


def test_an_expert_applies_from_the_desk_and_others_read_nothing(client, people):
    client.force_login(User.objects.get(username="expert"), BACKEND)
    assert "申请进入评标专家库" in client.get("/desk/").content.decode()
    page = client.get(f"/cases/{EXPERT.code}/new/")
    assert page.status_code == 200 and "从业起始日期" in page.content.decode()
    case = apply(people)
    assert "我的专家档案" in client.get("/desk/").content.decode()
    assert client.get(f"/cases/{EXPERT.code}/{case.pk}/").status_code == 200
    client.force_login(User.objects.get(username="far"), BACKEND)
    assert client.get(f"/cases/{EXPERT.code}/{case.pk}/").status_code in {403, 404}
    client.logout()
    assert client.get(f"/cases/{EXPERT.code}/{case.pk}/").status_code in {302, 403, 404}


def test_the_file_of_the_title_is_the_applicants_own(people):
    scans.record(actor=people["keeper"], sha256="cd" * 32, at=samples.moment())
    assert refused(apply, people, title_sha256="cd" * 32) == {"title_unproven"}


def ticked(client, case, code, officer):
    """The specialties that an act's page comes with."""
    client.force_login(User.objects.get(person_id=officer.person_id), BACKEND)
    url = f"/cases/{EXPERT.code}/{case.pk}/acts/{code}/"
    return list(client.get(url).context["page"].form["specialties"].value() or [])


def test_specialties_are_ticked_only_where_the_act_is_about_them(client, people):
    case = admitted(people)
    assert ticked(client, case, "propose", people["second"]) == []
    page = client.get(f"/cases/{EXPERT.code}/{case.pk}/acts/propose/").content.decode()
    assert "只在提议调整评标专业时勾选" in page
    propose(case, "change_specialties", people["second"], specialties=["cost"])
    # Who decides finds what was proposed, and not what is on file.
    assert case.specialties != ["cost"]
    assert ticked(client, case, "change_specialties", people["keeper"]) == ["cost"]
