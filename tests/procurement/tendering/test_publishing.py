"""From draft to notice: each guard once refusing and once not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel import clock
from kernel.errors import Refused
from kernel.identifiers import uscc
from kernel.workflow.firing import fire
from procurement.tendering import needs
from procurement.tendering.models import Lot
from procurement.tendering.needs import HowToBid
from procurement.tendering.plans.machine import PLAN
from procurement.tendering.plans.models import TenderPlan
from procurement.tendering.services import open_lot
from tests.procurement.projects.samples import submitted
from tests.procurement.tendering.samples import (
    POLICY,
    act,
    answered,
    approved,
    at_hour,
    automatic,
    opened,
    project,
    published,
    uploaded,
    whole,
)
from tests.procurement.tendering.test_pages import begun

pytestmark = pytest.mark.django_db

STATE_FUNDS = {
    "funding": [
        {"source": "state_enterprise", "amount_fen": 6_000_000_00},
        {"source": "bank_loan", "amount_fen": 4_000_000_00},
    ]
}


def codes(refused):
    return {r.code.rpartition(".")[2] for r in refused.value.refusals}


def refused_for(people, transition="approve", case=None, **changes):
    lot = opened(people, case, **changes)
    if transition == "publish":
        act(lot, "approve", people["owner"])
    with pytest.raises(Refused) as refused:
        act(lot, transition, people["owner"])
    assert lot.state == ("approved" if transition == "publish" else "draft")
    return codes(refused)


def test_a_whole_lot_is_published_under_its_policy(market):
    lot = published(market)
    assert (lot.state, lot.number) == ("published", f"{lot.project_number}-01")
    assert (lot.policy_sha256, lot.owner_uscc) == (POLICY, market["owner"].uscc)


def test_lots_of_a_project_are_numbered_in_turn(market):
    case = project(market)
    assert [opened(market, case).number[-3:] for _ in range(3)] == ["-01", "-02", "-03"]


def test_a_project_that_is_not_registered_has_no_lot(market):
    waiting = submitted(market["owner"])
    for number in ("", str(waiting.pk), "2301022511240101"):
        with pytest.raises(Refused) as refused:
            open_lot(actor=market["owner"], payload={"project_number": number}, key=f"k{number}")
        assert codes(refused) == {"project_unregistered"}


def test_only_the_owner_or_an_agency_that_names_its_engagement_opens_a_lot(market):
    number = project(market).number
    form = whole(number, uploaded(market["agency"]))
    for actor, changes, expected in (
        ("other_owner", {}, {"agency_unnamed"}),
        ("agency", {}, {"agency_unnamed"}),
        ("agency", {"agency_uscc": market["agency"].uscc}, {"engagement_missing"}),
        (
            "owner",
            {"agency_uscc": market["owner"].uscc, "agency_engagement": "委-1"},
            {"agency_is_owner"},
        ),
    ):
        uploaded(market[actor])  # the same file, brought by each
        with pytest.raises(Refused) as refused:
            open_lot(actor=market[actor], payload=form | changes, key=f"{actor}{changes}"[:80])
        assert codes(refused) == expected
    engaged = {"agency_uscc": market["agency"].uscc, "agency_engagement": "委〔2025〕1 号"}
    receipt = open_lot(actor=market["agency"], payload=form | engaged, key="engaged")
    lot = Lot.objects.get(pk=receipt.case_pk)
    assert lot.owner_uscc == market["owner"].uscc
    # What the agency wrote, only the owner can sign.
    with pytest.raises(Refused):
        act(lot, "approve", market["agency"])
    act(lot, "approve", market["owner"])
    act(lot, "publish", market["agency"])


def test_no_owner_makes_a_bidder_its_agency(market):
    """Named so against its will it could neither bid nor object, and its own files, whose hashes
    somebody knew, were published with the notice."""
    theirs = uploaded(market["bidder"], "投标人自己的文件")
    form = whole(project(market).number, theirs)
    named = {"agency_uscc": market["bidder"].uscc, "agency_engagement": "委-1"}
    with pytest.raises(Refused) as found:
        open_lot(actor=market["owner"], payload=form | named, key="named")
    assert codes(found) == {"agency_unknown", "file_missing"}


def test_not_even_a_draft_names_a_file_that_nobody_brought(market):
    named = [{"kind": "document", "name": "招标文件", "file_sha256": "9" * 64}]
    with pytest.raises(Refused) as refused:
        opened(market, documents=named)
    assert codes(refused) == {"file_missing"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "", "contact": ""}, {"field_missing"}),
        ({"kind": "castles"}, {"code_unlisted"}),
        ({"documents": []}, {"document_missing"}),
        ({"ceiling_price_fen": 0}, {"ceiling_missing"}),
        ({"minimum_price_fen": 1}, {"minimum_price"}),
        ({"bill_sha256": ""}, {"bill_missing"}),
        ({"security_fen": 160_000_01}, {"security_too_high"}),
        ({"security_fen": 800_000_01, "estimate_fen": 90_000_000_00}, {"security_too_high"}),
        ({"accepts_guarantee": False}, {"cash_only"}),
        ({"price_points": 59}, {"points_differ"}),
        ({"factors": ["0", "0.0"]}, {"factors_missing"}),
        ({"slope_above": ""}, {"field_missing"}),
        ({"criteria": [{"part": "technical", "name": "施工组织设计", "points": 24},
                       {"part": "taste", "name": "观感", "points": 5}]},
         {"criteria_differ", "code_unlisted"}),
        ({"publicity_days": 2}, {"publicity_short"}),
        ({"method": "invited", "invited": [uscc.demonstration("230102", 31)] * 3},
         {"invitees_too_few"}),
        ({"scored_awards": [{"name": "本市优质工程", "scope": "region", "points": 3}]},
         {"award_not_neutral"}),
        ({"retender_of": "2301022511240101-07"}, {"retender_unknown"}),
        ({"plan": 77}, {"plan_unknown"}),
    ],
)  # fmt: skip
def test_each_guard_of_signing_refuses(market, changes, expected):
    if changes.keys() & {"retender_of", "plan"}:
        with pytest.raises(Refused) as refused:
            opened(market, **changes)
        assert codes(refused) == expected
        return
    assert refused_for(market, **changes) >= expected


def test_a_bid_security_at_its_limits_is_lawful(market):
    assert approved(market, security_fen=160_000_00).state == "approved"
    capped = approved(market, security_fen=800_000_00, estimate_fen=90_000_000_00)
    assert capped.state == "approved"


def test_a_bill_that_the_platform_does_not_hold_is_refused(market, silent):
    silent("bill")
    assert refused_for(market) == {"bill_unknown"}


def test_state_money_over_the_threshold_is_tendered_in_the_open(market):
    case = project(market, **STATE_FUNDS)
    trio = [uscc.demonstration("230102", 50 + n) for n in range(3)]
    invited = {"method": "invited", "invited": trio}
    assert refused_for(market, case=case, **invited) == {"method_unlawful"}
    assert refused_for(market, case=case, method="direct") == {"method_unlawful"}
    paper = {
        "override_number": "批〔2025〕3 号",
        "override_sha256": uploaded(market["owner"], "批"),
    }
    assert approved(market, case, **invited, **paper).state == "approved"


def test_a_mandatory_tender_uses_a_standard_text_and_another_need_not(market):
    assert approved(market, standard_text="").state == "approved"
    case = project(market, **STATE_FUNDS)
    assert refused_for(market, case=case, standard_text="") == {"standard_text_missing"}


def test_lots_that_could_be_one_count_together(market):
    case = project(market, **STATE_FUNDS)
    small = {"estimate_fen": 2_500_000_00, "security_fen": 0, "method": "direct"}
    first = opened(market, case, **small)
    act(first, "approve", market["owner"])
    assert refused_for(market, case=case, **small) == {"method_unlawful"}


@pytest.mark.parametrize(
    ("field", "text", "clause"),
    [
        ("scope", "图纸仅向已登记的企业提供。", 1),
        ("qualification_text", "注册资本不低于5000万元。", 2),
        ("evaluation_text", "获得黑龙江省优质工程奖的加2分。", 3),
        ("evaluation_text", "对外地企业另行制定标准。", 4),
        ("contract_text", "电缆必须采用示例牌品牌。", 5),
        ("qualification_text", "仅限国有企业投标。", 6),
        ("qualification_text", "中标前须在本市设立分公司。", 7),
    ],
)
def test_each_kind_of_restriction_is_found_and_named(market, field, text, clause):
    lot = opened(market, **{field: text})
    with pytest.raises(Refused) as refused:
        act(lot, "approve", market["owner"])
    found = [r for r in refused.value.refusals if r.code.endswith(".restriction")]
    assert clause in {r.facts["clause"] for r in found}
    assert {r.field for r in found} == {field}
    assert all(r.facts["advice"] and r.facts["words"] in text for r in found)


def test_what_was_signed_is_signed_again_after_a_change(market):
    lot = approved(market)
    form = whole(lot.project_number, lot.documents[0]["file_sha256"], quality="优良")
    act(lot, "amend", market["owner"], form)
    assert (lot.state, lot.quality) == ("draft", "优良")
    with pytest.raises(Refused):
        act(lot, "publish", market["owner"])


def test_a_lot_stays_in_its_project(market):
    lot, other = opened(market), project(market)
    act(lot, "amend", market["owner"], whole(other.number, lot.documents[0]["file_sha256"]))
    assert lot.project_number != other.number
    assert lot.number.startswith(lot.project_number)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sale_ends_at": lambda: at_hour(5, 23)}, {"sale_short"}),
        ({"sale_ends_at": lambda: at_hour(26)}, {"sale_after_deadline"}),
        ({"bid_deadline_at": lambda: at_hour(19, 23)}, {"deadline_early"}),
        ({"method": lambda: "direct"}, {"direct_not_published"}),
    ],
)
def test_each_guard_of_the_notice_refuses(market, changes, expected):
    made = {name: value() for name, value in changes.items()}
    assert refused_for(market, "publish", **made) == expected


def test_the_law_s_shortest_times_suffice(market):
    sale = clock.end_of(clock.today() + timedelta(days=7))  # the sixth is a Saturday: it rolls
    lot = published(market, sale_ends_at=sale, bid_deadline_at=at_hour(21, 0))
    assert lot.state == "published"


@pytest.mark.parametrize(
    ("room", "code"),
    [("signed_policy", "policy_unsigned"), ("drawings_passed", "drawings_unreviewed")],
)
def test_what_other_rooms_have_not_done_keeps_the_notice_back(market, silent, room, code):
    lot = approved(market)
    silent(room)
    with pytest.raises(Refused) as refused:
        act(lot, "publish", market["owner"])
    assert codes(refused) == {code}


@pytest.mark.parametrize(
    ("waits", "code"),
    [("waiting", "policy_unstamped"), ("sealing.certificate.revoked", "policy_fallen")],
)
def test_a_notice_waits_for_the_time_stamp_of_its_policy(market, monkeypatch, waits, code):
    lot = approved(market)
    monkeypatch.setattr(needs.unstamped_policy, "_answer", lambda _number: waits)
    with pytest.raises(Refused) as refused:
        act(lot, "publish", market["owner"])
    assert codes(refused) == {code}


def test_design_and_build_is_tendered_before_the_drawings(market, silent):
    lot = approved(market, epc=True)
    silent("drawings_passed")
    act(lot, "publish", market["owner"])
    assert lot.state == "published"


def test_a_draft_is_given_up_with_a_reason(market):
    lot = opened(market)
    with pytest.raises(Refused):
        act(lot, "discard", market["owner"], {"reason": ""})
    act(lot, "discard", market["owner"], {"reason": "重复编制"})
    assert lot.state == "terminated"


def test_an_instant_without_its_offset_is_no_instant(market):
    form = whole(project(market).number, uploaded(market["owner"]))
    with pytest.raises(Refused) as refused:
        open_lot(
            actor=market["owner"],
            payload=form | {"bid_deadline_at": "2025-10-20T09:00:00"},
            key="naive",
        )
    assert codes(refused) == {"invalid"}


def test_a_notice_tells_how_to_bid_for_as_long_as_bids_are_taken(market, monkeypatch, client):
    told = HowToBid("seal --lot 1", "submit --lot 1", "/upload/", "/policy/")
    answered(monkeypatch, how_to_bid=lambda _number: told)
    lot = published(market)
    page = client.get(f"/notices/{lot.number}/").content.decode()
    assert all(part in page for part in ("seal --lot 1", "submit --lot 1", "/upload/", "/policy/"))
    automatic(lot, "close", at=lot.bid_deadline_at)
    assert "submit --lot 1" not in client.get(f"/notices/{lot.number}/").content.decode()


@pytest.mark.parametrize(
    ("who", "code"), [("bidder", "agency_unknown"), ("owner", "agency_is_owner")]
)
def test_no_plan_makes_a_bidder_or_its_owner_its_agency(market, who, code):
    lot = {"name": "施工", "kind": "works", "estimate_fen": 100, "month": "2025-11"}
    plan = {"project_number": project(market).number, "lots": [lot]}
    with pytest.raises(Refused) as found:
        begun(PLAN.code, market["owner"], "draw_up", plan | {"agency_uscc": market[who].uscc})
    assert [r.code for r in found.value.refusals] == [f"procurement.tender_plan.{code}"]
    begun(PLAN.code, market["owner"], "draw_up", plan | {"agency_uscc": market["agency"].uscc})


def test_an_announced_plan_has_no_public_page_and_says_so(market, client):
    """Everybody may know of it, and who asked for its page met a fault of ours."""
    lot = {"name": "施工", "kind": "works", "estimate_fen": 100, "month": "2025-11"}
    plan = {"project_number": project(market).number, "lots": [lot]}
    begun(PLAN.code, market["owner"], "draw_up", plan)
    pk = TenderPlan.objects.get().pk
    fire(PLAN.code, pk, "announce", actor=market["owner"], key="a", seen_version=1)
    assert client.get(reverse("web:case-public", args=[PLAN.code, pk])).status_code == 404
