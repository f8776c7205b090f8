"""Any case by the API: open one, read it, see what comes next, do an act; and bring files along."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Schema, Status, UploadedFile

from kernel import clock
from kernel.access.actors import Actor
from kernel.api.acts import ActIn, NextOut, ReceiptOut, caller, key_of, readable, receipt_out
from kernel.api.errors import Refusals, body
from kernel.api.tokens import TokenAuth
from kernel.documents import scans
from kernel.errors import NotFound
from kernel.workflow import judge, selectors, throttle
from kernel.workflow.columns import columns
from kernel.workflow.firing import fire
from kernel.workflow.machines import machine as find_machine
from kernel.workflow.models import Case

REFUSED: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), Refusals)
router = Router(tags=["cases"], auth=TokenAuth())
files = Router(tags=["files"], auth=TokenAuth())


class OpenIn(Schema):
    """What the act brings along that opens a case."""

    payload: dict[str, Any] = {}


class AnyCaseOut(Schema):
    """A case as those see it who may read it; masked columns are left out."""

    machine: str
    id: int
    reference: str
    state: str
    version: int
    fields: dict[str, Any]
    next: list[NextOut]


class FileOut(Schema):
    """An uploaded file: cases name it by this hash."""

    sha256: str
    size: int
    media_type: str


@files.post("", response={201: FileOut, **REFUSED}, url_name="files")
def upload(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Keep a file (PDF, JPEG, PNG, XLSX, XML; at most 20 MB) for the token's organisation."""
    actor = caller(request)
    stored = scans.store(actor=actor, content=file.file, at=clock.now())  # type: ignore[arg-type]
    return Status(
        201, {"sha256": stored.sha256, "size": stored.size, "media_type": stored.media_type}
    )


@router.post("/{machine}", response={201: ReceiptOut, **REFUSED}, url_name="cases")
def opened(request: HttpRequest, machine: str, data: OpenIn) -> Any:
    """Open a case of a kind."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    found = find_machine(machine)
    opening = found.opening if found else None
    if opening is None:
        raise NotFound.because("workflow.case.unknown", machine=machine[:60])
    key = key_of(request)
    with throttle.refusals(actor):
        receipt = fire(machine, None, opening.code, actor=actor, payload=data.payload, key=key)
    return Status(201, receipt_out(receipt))


@router.get("/{machine}/{case_id}", response={200: AnyCaseOut, **REFUSED}, url_name="case")
def one(request: HttpRequest, machine: str, case_id: int) -> Any:
    """A case that the actor may read, with what they can do now."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    case = readable(_get(machine, case_id), actor)
    return {
        "machine": machine,
        "id": case.pk,
        "reference": str(getattr(case, "reference", case.pk)),
        "state": case.state,
        "version": case.version,
        "fields": {k: v for k, v in columns(case).items() if k not in case.machine.masked},
        "next": [
            {
                "act": act.transition.code,
                "label": str(act.transition.label),
                "allowed": act.allowed,
                "reasons": body(request, act.refusals)["refusals"],
            }
            for act in judge.what_next(case.machine, case, actor, clock.now())
        ],
    }


@router.post(
    "/{machine}/{case_id}/acts/{transition}",
    response={200: ReceiptOut, **REFUSED},
    url_name="case-act",
)
def act(request: HttpRequest, machine: str, case_id: int, transition: str, data: ActIn) -> Any:
    """Do an act on a case."""
    if not 0 < case_id < 2**63:
        raise NotFound.because("workflow.case.unknown")
    actor: Actor = request.auth  # type: ignore[attr-defined]
    key = key_of(request)
    with throttle.refusals(actor):
        receipt = fire(
            machine,
            case_id,
            transition,
            actor=actor,
            payload=data.payload,
            key=key,
            seen_version=data.seen_version,
        )
    return receipt_out(receipt)


def _get(machine: str, pk: int) -> Case | None:
    return selectors.get_case(machine, pk) if 0 < pk < 2**63 else None
