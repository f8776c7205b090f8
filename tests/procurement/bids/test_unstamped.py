"""A time-stamp that does not come is seen by who waits for it and by who can help.

The rule that the notice waits for it stays as it is.
"""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from kernel import clock
from kernel.documents import demo_stamps
from kernel.evidence import authorities
from kernel.sealing import demo_tsa
from kernel.web import case_pages, desk_parts, readiness
from kernel.workflow.firing import fire
from procurement.bids import closing, policy_stamps, selectors, unstamped
from procurement.bids.machines import POLICY
from procurement.bids.models import OpeningPolicy, PolicyStamp, PolicyVersion
from procurement.bids.pages import PolicyPresenter
from tests.kernel.evidence.outside import NAME, SECOND, configured, outside
from tests.procurement.bids.support import LOT, TRUSTEES
from tests.procurement.bids.test_policy_stamps import due, revoked

__all__ = ["configured", "outside"]
pytestmark = pytest.mark.django_db
GONE = "evidence.timestamp.unconfigured"


@pytest.fixture
def lot(world, configured, monkeypatch):
    """Signed by all; the only authority that the policy names does not answer. No notice yet."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    configured("fails")
    world.policy()
    world.lot.state = "approved"
    return world


@pytest.fixture
def back(world, monkeypatch):
    """The sandbox's own authority, which the policy names, fails; calling this ends that."""
    answers = demo_tsa.respond
    monkeypatch.setattr(demo_tsa, "respond", lambda *_a: b"")
    world.policy()
    world.lot.state = "approved"
    assert policy_stamps.stamp_policies() == 0
    return lambda: monkeypatch.setattr(demo_tsa, "respond", answers)


def desk(lot, name="agency"):
    """What waits for the token on somebody's desk."""
    rows = desk_parts.rows(lot.people[name], clock.now())
    return [row for row in rows if row.reference == LOT]


def shown(lot):
    """What the policy's page says, by name."""
    case = OpeningPolicy.objects.exclude(state="superseded").get()
    groups = PolicyPresenter().facts(case, clock.now())
    return {fact.label: fact.value for group in groups for fact in group.facts}


def test_who_waits_sees_what_is_missing_since_when_and_who_does_not_answer(lot):
    since = PolicyVersion.objects.get().in_force_at
    assert desk(lot) == []  # nobody was asked yet
    assert policy_stamps.stamp_policies() == 0
    (row,) = desk(lot)
    local = since.astimezone(clock.LEGAL_ZONE).strftime("%Y-%m-%d %H:%M")
    assert row.act == f"开启方案等待时间戳，公告暂不能发布（自 {local} 起）"
    assert row.party == NAME
    assert row.url == case_pages.case_url(OpeningPolicy.objects.get())
    assert len(desk(lot, "owner")) == 1
    for name in ("bidder1", "trustee2", "supervisor"):
        assert desk(lot, name) == []
    page = shown(lot)
    assert (page["各方签名的时间戳"], page["自何时起等待"]) == ("尚未取得，平台继续申请", since)
    assert (page["已申请次数"], page[NAME].split(" (")) == (
        1,
        ["没有给出可用的时间戳", "evidence.timestamp.answer)"],
    )
    # Told, and not softened.
    assert selectors.unstamped_policy(LOT) == "waiting"


def test_a_worker_that_asks_nobody_is_seen_too(lot):
    lot.at(clock.now() + unstamped.SILENT)
    (row,) = desk(lot)
    assert row.party == ""
    assert shown(lot)["已申请次数"] == 0


def test_after_the_notice_nothing_waits_and_no_desk_says_so(lot):
    policy_stamps.stamp_policies()
    lot.lot.state = "published"
    assert desk(lot) == []
    # The operator still hears of it: bidders judge the signatures as of now.
    lot.at(clock.now() + unstamped.OVERDUE)
    assert unstamped.state().startswith("1 since ")


def test_with_its_token_nothing_is_left_to_see(world, back):
    assert desk(world)
    world.at(clock.now() + unstamped.OVERDUE)
    assert unstamped.state() != "ok"
    back()
    assert due() == 1
    assert desk(world) == []
    assert unstamped.state() == "ok"
    page = shown(world)
    assert page["时间戳机构"] == demo_tsa.NAME
    assert "自何时起等待" not in page


def test_the_operator_is_warned_after_ten_minutes_and_no_lot_is_named(lot, client):
    policy_stamps.stamp_policies()
    assert client.get("/readyz").json()["policy_stamps"] == "ok"
    lot.at(clock.now() + unstamped.OVERDUE)
    told = client.get("/readyz").json()
    assert "policy_stamps" in told["warnings"]
    assert "policy_stamps" not in told["broken"]
    since = PolicyVersion.objects.get().in_force_at.isoformat(timespec="seconds")
    assert told["policy_stamps"] == f"1 since {since}: {NAME} evidence.timestamp.answer"
    assert LOT not in told["policy_stamps"]


def test_it_is_asked_again_after_growing_pauses_and_for_ever(lot, caplog):
    caplog.set_level(logging.ERROR, "procurement.bids.policy_stamps")
    pauses = []
    for _ in range(10):
        assert due() == 0
        left = PolicyStamp.objects.get().due_at - clock.technical_now()
        pauses.append(round(left.total_seconds()))
    assert policy_stamps.stamp_policies() == 0  # not its turn
    assert pauses[0] <= 3
    assert pauses == sorted(pauses)
    assert pauses[-4:] == [600] * 4
    # Whoever watches the log hears of it at each attempt once it lasts.
    said = [each.getMessage() for each in caplog.records]
    assert len(said) == 4
    assert all("has no time-stamp after" in each and LOT not in each for each in said)


def test_a_second_authority_that_was_named_answers_in_the_firsts_place(world, configured):
    configured("fails", own=True)
    world.policy()
    world.lot.state = "approved"
    assert policy_stamps.stamp_policies() == 1
    assert PolicyStamp.objects.get().authority == demo_tsa.NAME
    assert desk(world) == []


def test_the_way_out_is_a_policy_that_names_another_authority(lot, monkeypatch):
    """One that is added later is none of those whom the parties signed for."""
    policy_stamps.stamp_policies()
    monkeypatch.setattr(authorities, "_own", demo_stamps.own)
    assert demo_tsa.NAME in authorities.names()
    assert due() == 0
    assert selectors.unstamped_policy(LOT) == "waiting"
    case, agency = OpeningPolicy.objects.get(), lot.people["agency"]
    fire(POLICY.code, case.pk, "supersede", actor=agency, seen_version=case.version, key="a",
         payload={"reason": "时间戳机构停止服务，另行指定"})  # fmt: skip
    for kept in (lot.keys, lot.nonces):
        kept.clear()
    assert desk(lot) == []
    fire(
        POLICY.code, None, "draw_up", actor=agency, key="again",
        payload={
            "lot_number": LOT, "supervisor": lot.people["supervisor"].uscc,
            "trustees": [{"uscc": lot.people[n].uscc} for n in TRUSTEES],
        },
    )  # fmt: skip
    lot.announce("owner", share=False)
    for name in TRUSTEES:
        lot.announce(name)
        lot.rehearse(name)
    for name in ("owner", *TRUSTEES):
        lot.sign_policy(name)
    assert policy_stamps.stamp_policies() == 1
    assert selectors.unstamped_policy(LOT) == ""
    assert PolicyStamp.objects.exclude(token=b"").get().authority == demo_tsa.NAME
    assert desk(lot) == []


def test_an_authority_that_is_configured_no_more_is_told_as_that(lot, configured):
    configured("good", names=(SECOND,))
    assert policy_stamps.stamp_policies() == 0
    assert PolicyStamp.objects.get().failures == [{"authority": NAME, "code": GONE}]
    assert shown(lot)[NAME] == f"时间戳机构已不在平台的配置中 ({GONE})"


def test_a_configuration_that_cannot_be_read_is_a_failure_like_another(lot, monkeypatch, tmp_path):
    monkeypatch.setenv("ZHUXIN_TIMESTAMP_AUTHORITIES", str(tmp_path / "gone.toml"))
    assert policy_stamps.stamp_policies() == 0
    row = PolicyStamp.objects.get()
    assert row.failures == [{"authority": "", "code": "evidence.timestamp.configuration"}]
    assert row.due_at is not None
    assert shown(lot)["时间戳机构"].endswith("(evidence.timestamp.configuration)")


def test_a_token_that_cannot_help_any_more_says_what_to_do(world, monkeypatch):
    world.policy()
    world.lot.state = "approved"
    revoked(world, "trustee2", clock.now() - timedelta(seconds=1))
    assert policy_stamps.stamp_policies() == 0
    (row,) = desk(world)
    assert row.act.startswith("开启方案得不到时间戳，请作废后重新拟订（自 ")
    assert shown(world)["各方签名的时间戳"] == "得不到，须重新拟订"
    # No authority can help it: that is the parties' affair and not the operator's.
    world.at(clock.now() + unstamped.OVERDUE)
    assert unstamped.state() == "ok"


def test_of_an_older_version_nobody_speaks_once_a_newer_has_its_token(world, back):
    lot = world
    lot.lot.state = "published"
    lot.lot.deadline += timedelta(days=3)
    case = OpeningPolicy.objects.get()
    fire(POLICY.code, case.pk, "extend", actor=lot.people["agency"], payload={}, key="x",
         seen_version=case.version)  # fmt: skip
    for name in ("owner", *TRUSTEES):
        lot.sign_policy(name)
    back()
    PolicyStamp.objects.update(due_at=clock.technical_now() + timedelta(days=1))
    assert policy_stamps.stamp_policies() == 1
    lot.at(clock.now() + unstamped.OVERDUE)
    assert unstamped.waiting(clock.now()) == []
    assert unstamped.state() == "ok"


def test_a_policy_that_names_no_authority_waits_for_none(world, monkeypatch):
    monkeypatch.setattr(authorities, "all_of_them", lambda: ())
    world.policy()
    world.lot.state = "approved"
    policy_stamps.stamp_policies()
    world.at(clock.now() + unstamped.OVERDUE)
    assert unstamped.waiting(clock.now()) == []
    assert "各方签名的时间戳" not in shown(world)


def test_two_rooms_do_not_answer_under_one_name():
    for name in ("policy_stamps", "disk", "log_triggers_missing"):
        with pytest.raises(ValueError, match="two answers named"):
            readiness.watch(name, lambda: "ok")
