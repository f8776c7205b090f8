"""Drawings, permit, hazards, acceptance, filing and end, played by people who sign."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel import clock
from kernel.documents import demo_pki, trust
from kernel.documents.models import Document
from kernel.events import services as events
from kernel.events.procurement_contracts import ContractSigned
from kernel.parties.models import Organisation, Person, User
from kernel.workflow.order import violations
from procurement.demonstration import people, projects
from procurement.demonstration.play import Play
from procurement.demonstration.stages import closing, drawings, filing, hazards, works
from tests.procurement.projects import building as b

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("september")]
PIN = "2468"
SIGN = (
    "owner1", "permit1", "reviewer1", "survey1", "design1", "chief1", "bidder1", "station1",
)  # fmt: skip
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def play(settings: Any, tmp_path: Any, monkeypatch: Any) -> Play:
    """The province's people, keys of those who sign, a registered project, a signed contract."""
    settings.VAR_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"]
        | {"OPTIONS": {"location": str(tmp_path / "files"), "base_url": None}}
    }
    monkeypatch.setattr(trust, "_source", demo_pki.current)
    actors = people.create("x")
    for name in SIGN:
        demo_pki.certify(
            Person.objects.select_related("user").get(pk=actors[name].person_id),
            Organisation.objects.get(pk=actors[name].organisation_id),
            PIN,
            clock.now(),
            rounds=2000,
        )
    p = Play(actors=actors, pin=PIN)
    project = p.open("procurement.project", "owner1", projects.payload(0))
    p.act("procurement.project", project, "submit", "owner1")
    p.act("procurement.project", project, "accept", "officer1")
    p.store["project_number"] = p.case("procurement.project", project).number
    b.answered(monkeypatch)
    return p


def contract_is_signed(p: Play) -> None:
    """As the room of contracts tells it."""
    number = p.store["project_number"]
    told = ContractSigned(
        contract_id=1,
        number=f"{number}-HZ-001",
        lot_id=1,
        project_number=number,
        works_name="松江示范住宅小区一期工程施工",
        region="230102",
        owner_uscc=p.actors["owner1"].uscc,
        contractor_uscc=p.actors["bidder1"].uscc,
        supervision_uscc=p.actors["chief1"].uscc,
        price_fen=1_200_000_000_00,
        period_days=540,
        project_manager="演示·凌云志",
        signed_on=p.today,
    )
    with transaction.atomic():
        events.publish([told], case="procurement.contract:1", at=clock.now())


def test_a_building_from_drawings_to_its_end(play, client):
    drawings.play(play)
    contract_is_signed(play)
    works.play(play)
    hazards.play(play)
    filing.play(play)
    look_at_pages(play, client)
    closing.play(play)
    project = play.store["project_number"]
    broken = {v.act.name for v in violations(project, clock.now())}
    # The contract of this test is an event and no case; nothing else stands out of order.
    assert broken <= {"procurement.works.apply"}
    assert (
        not Document.objects.exclude(state="issued")
        .exclude(form="procurement.project.registration_certificate")
        .exists()
    )
    assert client.get(f"/works/{play.store['works_number']}/").status_code == 200


def look_at_pages(p: Play, client: Any) -> None:
    """Everybody sees the register, the owner the whole life, others nothing of it."""
    number, site = p.store["project_number"], p.store["works_number"]
    register = client.get("/works/").content.decode()
    assert p.case("procurement.works", p.store["works"]).permit_number in register
    assert "演示·凌云志" in client.get(f"/works/{site}/").content.decode()
    assert client.get("/works/?format=xlsx").status_code == 200
    client.force_login(User.objects.get(username="owner1"), BACKEND)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/projects/{number}/life/")
    assert page.status_code == 200
    assert len(asked) <= 30, [query["sql"][:120] for query in asked]
    text = page.content.decode()
    for word in ("施工图审查", "隐患", "竣工验收备案", "施工许可证", "移交建设档案"):
        assert word in text
    for code, key in (
        ("procurement.works", p.store["works"]),
        ("procurement.hazard", p.store["major_hazard"]),
        ("procurement.completion_filing", p.store["filing"]),
        ("procurement.drawing_review", p.store["drawing_review"]),
    ):
        assert client.get(f"/cases/{code}/{key}/").status_code == 200
    client.force_login(User.objects.get(username="owner3"), BACKEND)
    assert client.get(f"/projects/{number}/life/").status_code == 403
