"""Tendering from the plan to the archive and to a second try, played by people who sign."""

from __future__ import annotations

from typing import Any

import pytest

from kernel import clock
from kernel.documents import demo_pki, trust
from kernel.documents.models import Document
from kernel.parties.models import Organisation, Person
from kernel.workflow.following import follow
from kernel.workflow.order import violations
from procurement.demonstration import people, projects
from procurement.demonstration.play import Play
from procurement.demonstration.stages import tendering
from procurement.tendering import needs
from procurement.tendering.models import Lot
from tests.procurement.tendering.samples import BILL, LIST, answered

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("september")]
PIN = "2468"
LOT = "procurement.tender"


@pytest.fixture
def play(settings: Any, tmp_path: Any, monkeypatch: Any) -> Play:
    """The province's people, the owner's key, a registered project; other rooms say yes."""
    settings.VAR_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"]
        | {"OPTIONS": {"location": str(tmp_path / "files"), "base_url": None}}
    }
    monkeypatch.setattr(trust, "_source", demo_pki.current)
    actors = people.create("x")
    owner = actors["owner1"]
    demo_pki.certify(
        Person.objects.select_related("user").get(pk=owner.person_id),
        Organisation.objects.get(pk=owner.organisation_id),
        PIN,
        clock.now(),
        rounds=2000,
    )
    answered(monkeypatch)
    p = Play(actors=actors, pin=PIN)
    project = p.open("procurement.project", "owner1", projects.payload(0))
    p.act("procurement.project", project, "submit", "owner1")
    p.act("procurement.project", project, "accept", "officer1")
    p.store["project_number"] = p.case("procurement.project", project).number
    p.store["bill_sha256"] = BILL
    return p


def cause(p: Play, lot: int, act: str, payload: Any = None) -> None:
    """What the rooms of bids, evaluation and contracts cause."""
    follow(LOT, lot, act, key=f"test-{act}", at=p.now, payload=payload)
    p.settle()


def report(p: Play, lot_number: str) -> needs.EvaluationReport | None:
    lot = Lot.objects.get(number=lot_number)
    if lot.reported_at is None:
        return None
    candidates = tuple(
        needs.Candidate(
            rank, rank, p.actors[who].uscc, p.actors[who].organisation_name,
            lot.ceiling_price_fen * (100 - 2 * rank) // 100, 530, "合格", "演示·凌云志",
            "黑1232024000001", 9200 - rank,
        )
        for rank, who in enumerate(tendering.BIDDERS[:3], start=1)
    )  # fmt: skip
    loser = p.actors[tendering.BIDDERS[3]]
    losers = ((loser.uscc, loser.organisation_name),)
    return needs.EvaluationReport(7, lot.reported_at, "PB-7", candidates, losers)


def test_two_lots_from_the_plan_to_the_archive_and_to_a_second_try(play, monkeypatch):
    p = play
    monkeypatch.setattr(needs.evaluation_report, "_answer", lambda number: report(p, number))
    tendering.play(p)
    lot, lot2 = p.store["lot"], p.store["lot2"]
    tendering.until_deadline(p, lot)
    p.expect_state(LOT, lot, "closing")
    cause(p, lot, "open_bids", {"live_bids": 4, "closing_list_sha256": LIST})
    cause(p, lot, "start_evaluation")
    p.days(1)
    cause(p, lot, "receive_report", {"evaluation_id": 7, "reported_at": p.now.isoformat()})
    p.days(1)
    tendering.publicise(p)
    tendering.award(p)
    tendering.report(p)
    cause(p, lot, "contract", {"contract_number": "HT-1"})
    tendering.return_securities(p)
    tendering.archive(p)
    p.expect_state(LOT, lot, "archived")
    tendering.until_deadline(p, lot2)
    cause(p, lot2, "fail", {"live_bids": 2, "closing_list_sha256": LIST})
    tendering.retender(p)
    assert p.case(LOT, lot2).state == "retendered"
    again = p.case(LOT, p.store["lot3"])
    assert (again.retender_of, again.failures) == (p.store["lot2_number"], 1)
    # Drawings and the report come from rooms that this test answers for.
    others = ("procurement.drawing_review.pass", "procurement.evaluation.report")
    found = violations(p.store["project_number"], p.now)
    assert [v.act.name for v in found if not set(v.must_follow) & set(others)] == []
    issued = Document.objects.exclude(issued_at=None)
    assert issued.filter(form__startswith="procurement.tender.").count() == 8
    assert issued.filter(form="procurement.objection.answer").count() == 1
