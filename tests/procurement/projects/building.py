"""People of a building and short ways to bring its cases somewhere, without printing anything."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.errors import Refused
from kernel.events import registry
from kernel.events.models import Event
from kernel.events.registry import Envelope
from kernel.workflow import sandbox
from kernel.workflow.firing import fire
from kernel.workflow.following import follow
from kernel.workflow.machines import machine
from procurement.projects.works import needs
from tests.conftest import member
from tests.procurement.projects.samples import registered

REVIEW, WORKS = "procurement.drawing_review", "procurement.works"
FILING, HAZARD = "procurement.completion_filing", "procurement.hazard"
_keys = itertools.count(1)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


def people() -> dict[str, Actor]:
    """Everybody who has a part in one building, and somebody who has none."""
    city = {"region": "230100", "authority": "city"}
    return {
        "owner": member("owner", "owner_clerk", serial=1),
        "stranger": member("stranger", "owner_clerk", serial=2),
        "officer": member("officer", "registration_officer", serial=3, **city),
        "permit": member("permit", "permit_officer", serial=3, **city),
        "operator": member("operator", "operator", serial=6),
        "survey": member("survey", "survey_clerk", serial=21),
        "design": member("design", "design_clerk", serial=22),
        "reviewer": member("reviewer", "drawing_reviewer", serial=23),
        "chief": member("chief", "chief_supervisor", serial=24),
        "other_chief": member("other_chief", "chief_supervisor", serial=25),
        "contractor": member("contractor", "contractor_clerk", serial=31),
        "manager": member("manager", "project_manager", serial=31),
        "station": member("station", "station_officer", serial=46, **city),
        "elsewhere": member(
            "elsewhere", "station_officer", serial=47, region="230600", authority="city"
        ),
    }


def case(code: str, pk: int) -> Any:
    """A case as it is now."""
    model: Any = machine(code).model
    return model.objects.get(pk=pk)


def act(code: str, pk: int | None, transition: str, actor: Actor, payload: Any = None) -> Any:
    """Do an act, having just looked; the case afterwards."""
    seen = case(code, pk).version if pk is not None else None
    receipt = fire(
        code, pk, transition, actor=actor, payload=payload, key=f"b-{next(_keys)}",
        seen_version=seen,
    )  # fmt: skip
    return case(code, receipt.case_pk)


def codes(
    code: str, pk: int | None, transition: str, actor: Actor, payload: Any = None
) -> set[str]:
    """The codes an act is refused with; none where it is done."""
    try:
        act(code, pk, transition, actor, payload)
    except Refused as refused:
        return {reason.code for reason in refused.refusals}
    return set()


def caused(code: str, pk: int | None, transition: str, payload: Any = None) -> Any:
    """An automatic act, as an event causes it."""
    receipt = follow(
        code, pk, transition, key=f"event:{next(_keys)}", at=clock.now(), payload=payload
    )
    return case(code, receipt.case_pk) if receipt else None


def move(who: dict[str, Actor], instant: datetime) -> None:
    """Let legal time pass."""
    sandbox.move_to(instant, actor=who["operator"])


def photo(actor: Actor) -> str:
    """A picture that somebody's organisation uploaded; its hash."""
    return scans.store(actor=actor, content=PNG, at=clock.now()).sha256


def papers(*kinds: str) -> list[dict[str, Any]]:
    """Papers of these kinds."""
    return [
        {"kind": kind, "number": f"示例{n}号", "issued_on": "2025-08-01"}
        for n, kind in enumerate(kinds, start=1)
    ]


DRAWINGS = ("full_drawings", "survey_report", "fire_chapter", "energy_chapter")
PERMIT_PAPERS = (
    "land_use", "planning_permit", "site_condition", "funding_arrangement", "quality_measures",
    "safety_measures", "quality_procedure", "safety_procedure",
)  # fmt: skip
COMPLETION = (
    "scope_complete", "technical_file", "material_tests", "quality_documents", "warranty",
    "fire_acceptance", "planning_acceptance",
)  # fmt: skip
FILING_PAPERS = (
    "filing_form", "acceptance_report", "planning_acceptance", "fire_acceptance", "warranty",
)  # fmt: skip


def drawings(number: str, who: dict[str, Actor], **changes: Any) -> dict[str, Any]:
    """A whole filing of drawings."""
    return {
        "project_number": number,
        "name": "示例小学施工图",
        "scale": "medium_small",
        "reviewer_uscc": who["reviewer"].uscc,
        "survey_uscc": who["survey"].uscc,
        "design_uscc": who["design"].uscc,
        "documents": papers(*DRAWINGS),
        **changes,
    }


def passed(number: str, who: dict[str, Actor]) -> Any:
    """Drawings that passed."""
    review = act(REVIEW, None, "file", who["owner"], drawings(number, who))
    act(REVIEW, review.pk, "start", who["reviewer"])
    return act(REVIEW, review.pk, "pass", who["reviewer"], {"conclusion": "符合要求"})


def contracted(number: str, who: dict[str, Actor]) -> Any:
    """Works as a signed contract opens them."""
    return caused(
        WORKS,
        None,
        "open",
        {
            "contract_id": 7,
            "contract_number": f"{number}-HZ-001",
            "project_number": number,
            "name": "示例小学教学楼",
            "region": "230102",
            "owner_uscc": who["owner"].uscc,
            "contractor_uscc": who["contractor"].uscc,
            "supervision_uscc": who["chief"].uscc,
            "price_fen": 9_000_000_00,
            "period_days": 400,
            "project_manager": "示例经理",
        },
    )


def signed_contract(contract: Any) -> dict[str, Any]:
    """What a signed contract says of its works."""
    return {
        "contract_id": contract.pk,
        "contract_number": contract.number,
        "project_number": contract.project_number,
        "name": "示例小学教学楼",
        "region": "230102",
        "owner_uscc": contract.owner_uscc,
        "contractor_uscc": contract.contractor_uscc,
        "price_fen": 9_000_000_00,
        "period_days": 400,
    }


WARRANTY = {
    "design_life_years": 50,
    "warranty_structure_years": 50,
    "warranty_waterproofing_years": 5,
    "warranty_heating_seasons": 2,
    "warranty_services_years": 2,
}


def leaders() -> list[dict[str, Any]]:
    """The leader of each of the five parties; the contractor's as the contract names."""
    return [
        {
            "role": role,
            "name": "示例经理" if role == "contractor" else f"示例{role}",
            "authorisation_number": f"授{number}",
            "commitment_number": f"承{number}",
            "signed_on": "2025-08-01",
        }
        for number, role in enumerate(("owner", "survey", "design", "contractor", "supervision"))
    ]


def application(who: dict[str, Actor], **changes: Any) -> dict[str, Any]:
    """A whole application for a permit."""
    return {
        "trade": "01",
        "size": "教学楼一栋",
        "survey_uscc": who["survey"].uscc,
        "design_uscc": who["design"].uscc,
        "supervision_uscc": who["chief"].uscc,
        "papers": papers(*PERMIT_PAPERS),
        "leaders": leaders(),
        "dangerous": [{"kind": "deep_pit", "part": "基坑", "measures": "放坡并监测"}],
        **changes,
    }


def answered(monkeypatch: Any, **answers: str) -> None:
    """Let every need be answered; by what it says here, else by a number."""
    for need in needs.NEEDS:
        held = answers.get(need, f"示例{need}")
        monkeypatch.setitem(needs._providers, need, lambda _asked, held=held: held)


def permitted(who: dict[str, Actor]) -> Any:
    """Works with a permit (the needs must be answered)."""
    number = registered(who["owner"], who["officer"]).number
    passed(number, who)
    works = contracted(number, who)
    act(WORKS, works.pk, "apply", who["owner"], application(who))
    return act(WORKS, works.pk, "permit", who["permit"])


def started(who: dict[str, Actor]) -> Any:
    """Works under construction."""
    return act(WORKS, permitted(who).pk, "start", who["owner"])


def told(name: str) -> Envelope:
    """The newest event of a name, as a subscriber is given it."""
    row = Event.objects.filter(name=name).latest("pk")
    event = registry.parse(row.name, row.version, row.payload)
    return Envelope(row.pk, row.case, row.occurred_at, event)


def completion(**changes: Any) -> dict[str, Any]:
    """A whole report that works are complete."""
    return {"completion_papers": papers(*COMPLETION), **WARRANTY, **changes}


def completed(who: dict[str, Actor], works: Any) -> Any:
    """Works before their acceptance, the station told nine working days ago."""
    day = datetime(2025, 9, 22, 10, tzinfo=clock.LEGAL_ZONE)
    act(WORKS, works.pk, "notify_acceptance", who["owner"], {"planned_on": day.date()})
    move(who, day)
    return act(WORKS, works.pk, "report_completion", who["owner"], completion())


def closed(who: dict[str, Actor], works: Any) -> Any:
    """Works that are done with (their filing is only named)."""
    caused(WORKS, completed(who, works).pk, "accept")
    caused(WORKS, works.pk, "file", {"filing_id": works.pk})
    act(WORKS, works.pk, "hand_over_archive", who["owner"], {"archive_receipt": "示例 1 号"})
    return act(WORKS, works.pk, "close", who["owner"])


def filing_of(works: Any) -> Any:
    """The filing as the acceptance opens it."""
    said = ("contract_number", "project_number", "name", "region", "owner_uscc", "contractor_uscc")
    return caused(
        FILING,
        None,
        "open",
        {"works_id": works.pk, "works_number": works.number}
        | {name: getattr(works, name) for name in said},
    )


def file_payload(**changes: Any) -> dict[str, Any]:
    """A whole filing."""
    return {
        "documents": papers(*FILING_PAPERS),
        "performance": "good",
        "performance_reasons": "按期完工。",
        **changes,
    }


def finding(
    who: dict[str, Actor], works: Any, by: str = "station", **changes: Any
) -> dict[str, Any]:
    """A hazard as it is found."""
    return {
        "photos": [{"file_sha256": photo(who[by]), "note": "连墙件"}],
        "works_number": works.number,
        "area": "scaffold",
        "place": "北立面六层",
        "description": "连墙件整层缺失",
        **changes,
    }


FIVE = {
    "responsible": "示例经理",
    "measure": "补设连墙件",
    "money_fen": 20_000_00,
    "rectify_by_on": "2025-09-10",
    "plan": "撤出人员，设警戒",
}


def graded(who: dict[str, Actor], works: Any, criterion: str = "edge_guard") -> Any:
    """A hazard with its grade."""
    found = act(HAZARD, None, "find", who["station"], finding(who, works))
    return act(HAZARD, found.pk, "grade", who["station"], {"criterion": criterion})


def repaired(who: dict[str, Actor]) -> dict[str, Any]:
    """A repair with its picture."""
    return {"rectified_photos": [{"file_sha256": photo(who["manager"])}], "result": "已补设"}
