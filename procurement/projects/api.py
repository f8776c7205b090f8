"""The API of project registration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from kernel import clock
from kernel.access.actors import Actor
from kernel.api.acts import ActIn, NextOut, ReceiptOut, key_of, readable, receipt_out
from kernel.api.errors import Refusals, body
from kernel.api.tokens import TokenAuth
from kernel.errors import NotFound
from kernel.identifiers import masks
from kernel.queries import Prepared
from kernel.workflow import judge, throttle
from kernel.workflow.firing import fire
from kernel.workflow.relations import region_prefix
from procurement.projects import selectors, services
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project
from procurement.projects.schemas import ProjectPayload

router = Router(tags=["projects"])
REFUSED: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Refusals)
_PUBLIC_REFUSED: dict[Any, Any] = dict.fromkeys((400, 404, 422), Refusals)
PAGE = 100


class OwnerOut(Schema):
    """An organisation by name and code."""

    uscc: str
    name: str


class ProjectOut(Schema):
    """A registered project. Money in fen, area in m²."""

    number: str
    project_code: str
    name: str
    state: str
    owner: OwnerOut
    region: str
    address: str
    project_class: str
    nature: str
    total_investment_fen: int
    floor_area_m2: int
    planned_start_on: date | None
    planned_end_on: date | None
    registered_at: datetime
    funding: list[dict[str, Any]]
    parties: list[dict[str, Any]]


class ProjectRow(Schema):
    """A registered project in a list."""

    number: str
    project_code: str
    name: str
    state: str
    owner_uscc: str
    owner_name: str
    region: str
    total_investment_fen: int
    registered_at: datetime


class ProjectPage(Schema):
    """One page; ``next`` is the ``after`` of the next one, null on the last."""

    items: list[ProjectRow]
    next: str | None


class CaseOut(Schema):
    """A case as its parties see it."""

    id: int
    reference: str
    state: str
    version: int
    fields: dict[str, Any]
    next: list[NextOut]


_ROW = (
    "number", "project_code", "name", "state", "owner__uscc", "owner__name", "region",
    "total_investment_fen", "registered_at", "pk",
)  # fmt: skip


def _listed() -> QuerySet[Project]:
    return selectors.public_register().select_related(None)


_first_page = Prepared(lambda _slots: _listed().values_list(*_ROW)[: PAGE + 1])


@router.get("", response={200: ProjectPage, **_PUBLIC_REFUSED}, url_name="projects")
def listed(
    request: HttpRequest,
    after: Annotated[
        str, Query(pattern=r"^(\d{4}-[0-9T:.+-]{6,40}_\d{1,18})?$", max_length=60)
    ] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    region: Annotated[str, Query(pattern=r"^(\d{6})?$")] = "",
) -> Any:
    """The public register, newest registration first, paged by position and not by offset."""
    if not (region or after) and limit == PAGE:
        rows = _first_page.rows()
    else:
        found = _listed()
        if region:
            found = found.filter(region__startswith=region_prefix(region))
        if after:
            instant, _, pk = after.partition("_")
            found = _behind(found, instant, int(pk))
        rows = list(found.values_list(*_ROW)[: limit + 1])
    items = [_row(row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return {"items": items, "next": f"{last[8].isoformat()}_{last[9]}" if last else None}


def _behind(found: Any, instant: str, pk: int) -> Any:
    from django.db.models import Q

    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        raise NotFound.because("api.page.not_found") from None
    # The first and last days of the calendar overflow when they are told in another zone.
    if at.tzinfo is None or not 1900 <= at.year < 3000:
        raise NotFound.because("api.page.not_found")
    return found.filter(Q(registered_at__lt=at) | Q(registered_at=at, pk__lt=pk))


def _row(row: Sequence[Any]) -> dict[str, Any]:
    return {
        "number": row[0],
        "project_code": row[1],
        "name": row[2],
        "state": row[3],
        "owner_uscc": row[4],
        "owner_name": row[5],
        "region": row[6],
        "total_investment_fen": row[7],
        "registered_at": row[8],
    }


_ONE = (
    "number", "project_code", "name", "state", "owner__uscc", "owner__name", "region", "address",
    "project_class", "nature", "total_investment_fen", "floor_area_m2", "planned_start_on",
    "planned_end_on", "registered_at", "funding", "parties",
)  # fmt: skip
_one = Prepared(
    lambda slots: (
        selectors.public_register()
        .select_related(None)
        .order_by()
        .filter(number=slots.text(0))
        .values_list(*_ONE)
    )
)


@router.get("/{number}", response={200: ProjectOut, **_PUBLIC_REFUSED}, url_name="project")
def one(request: HttpRequest, number: str) -> Any:
    """A registered project, as the public register shows it."""
    rows = _one.rows(number) if number.isascii() and number.isdigit() else []
    if not rows:
        raise NotFound.because("workflow.case.unknown", number=number)
    fields = dict(zip(_ONE, rows[0], strict=True))
    owner = {"uscc": fields.pop("owner__uscc"), "name": fields.pop("owner__name")}
    return {**fields, "owner": owner}


mine = Router(tags=["registrations"], auth=TokenAuth())


@mine.post("", response={201: ReceiptOut, **REFUSED}, url_name="registrations")
def opened(request: HttpRequest, payload: ProjectPayload) -> Any:
    """Open a registration for the token's organisation."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    key = key_of(request)
    with throttle.refusals(actor):
        receipt = services.open_project(actor=actor, payload=payload.model_dump(), key=key)
    return Status(201, receipt_out(receipt))


@mine.get("/{case_id}", response={200: CaseOut, **REFUSED}, url_name="registration")
def case(request: HttpRequest, case_id: int) -> Any:
    """A registration that the actor may read, with what they can do now."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    project: Any = readable(_get(case_id), actor)
    return {
        "id": project.pk,
        "reference": project.reference,
        "state": project.state,
        "version": project.version,
        "fields": {name: _shown(project, name, actor) for name in ProjectPayload.model_fields},
        "next": [
            {
                "act": act.transition.code,
                "label": str(act.transition.label),
                "allowed": act.allowed,
                "reasons": body(request, act.refusals)["refusals"],
            }
            for act in judge.what_next(PROJECT, project, actor, clock.now())
        ],
    }


def _shown(project: Project, name: str, actor: Actor) -> Any:
    """A column's value; the owner's own entries whole, to others as masked as on the page."""
    value = getattr(project, name)
    if name in PROJECT.masked and project.owner_id != actor.organisation_id and value:
        return masks.phone(value)
    return value


def _get(case_id: int) -> Project | None:
    if not 0 < case_id < 2**63:
        return None
    found: Project | None = Project.objects.filter(pk=case_id).select_related("owner").first()
    return found


@mine.post("/{case_id}/acts/{transition}", response={200: ReceiptOut, **REFUSED}, url_name="act")
def act(request: HttpRequest, case_id: int, transition: str, data: ActIn) -> Any:
    """Do an act on a registration: amend, submit, accept, return, terminate."""
    if not 0 < case_id < 2**63:
        raise NotFound.because("workflow.case.unknown")
    actor: Actor = request.auth  # type: ignore[attr-defined]
    key = key_of(request)
    with throttle.refusals(actor):
        receipt = fire(
            PROJECT.code,
            case_id,
            transition,
            actor=actor,
            payload=data.payload,
            key=key,
            seen_version=data.seen_version,
        )
    return receipt_out(receipt)
