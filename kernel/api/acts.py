"""What every machine's API shares: receipts, what is possible now, acts with their key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema

from kernel import clock
from kernel.access import actors
from kernel.access.actors import Actor
from kernel.errors import NotFound, Refused
from kernel.workflow import judge
from kernel.workflow.models import Case
from kernel.workflow.receipts import Receipt


class ReceiptOut(Schema):
    """Proof of a done act; ``replayed`` where the same key had done it before.

    The act is named by its case and version. Its own key is told to nobody: from one to the next it
    would count what everybody does, sealed bids among it.
    """

    machine: str
    case_pk: int
    transition: str
    state: str
    version: int
    at: datetime
    log_index: int | None
    leaf: str = Field(description="SHA-256 leaf of the evidence log, hex")
    replayed: bool


class ActIn(Schema):
    """An act on a case. seen_version: the version that the actor looked at."""

    seen_version: int = Field(ge=0, le=2**31 - 1)
    payload: dict[str, Any] = Field(default_factory=dict)


class NextOut(Schema):
    """An act of the actor's role, with the reasons why it is not possible now, if any."""

    act: str
    label: str
    allowed: bool
    reasons: list[dict[str, Any]]


def caller(request: HttpRequest) -> Actor:
    """Whom a request's token acts for. Raises NotPermitted where the membership has ended.

    A token outlives its membership; of what goes through ``fire`` or ``readable`` these ask.
    """
    actor: Actor = request.auth  # type: ignore[attr-defined]
    actors.confirm(actor, clock.today())
    return actor


def key_of(request: HttpRequest) -> str:
    """The Idempotency-Key of a write. Refused ``api.key.missing`` without one."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise Refused.because("api.key.missing", field="Idempotency-Key")
    return key


def receipt_out(receipt: Receipt) -> dict[str, Any]:
    """A receipt as the API says it."""
    return {name: said for name, said in receipt.__dict__.items() if name != "act_id"}


def readable(case: Case | None, actor: Actor) -> Case:
    """A case that the actor may read; one that they may not is not there.

    Raises NotPermitted where the actor's membership has ended.
    """
    actors.confirm(actor, clock.today())
    if case is None or not judge.readable(case.machine, case, actor):
        raise NotFound.because("workflow.case.unknown")
    return case
