"""The sandbox's legal clock: one database row, forward only, each move logged."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import NotPermitted, Refused
from kernel.evidence import services as evidence
from kernel.evidence.models import LogEntry
from kernel.queries import Prepared
from kernel.workflow.models import SandboxClock

LONGEST_MOVE = timedelta(days=400)
# Asked whenever legal time is read.
_offset = Prepared(
    lambda _slots: SandboxClock.objects.order_by().filter(pk=1).values_list("offset")
)


def current_offset() -> timedelta:
    """How far legal time stands ahead; zero where nobody moved it."""
    try:
        rows = _offset.rows()
    except DatabaseError:
        if connection.in_atomic_block:
            raise
        return timedelta()  # before the first migration there is no row and no table
    return rows[0][0] if rows else timedelta()


def install() -> None:
    """Let legal time follow the row; called at start-up, in a sandbox only."""
    if settings.SANDBOX:
        clock.use_offset(current_offset)


def move_to(target: datetime, *, actor: Actor) -> datetime:
    """Move legal time forward to an instant and return the legal time then.

    Raises Refused outside a sandbox, for a move backward, and for one of more than 400 days.
    """
    if not settings.SANDBOX:
        raise NotPermitted.because("workflow.sandbox.not_a_sandbox")
    with transaction.atomic():
        SandboxClock.objects.get_or_create(pk=1)
        row = SandboxClock.objects.select_for_update().get(pk=1)
        before = clock.technical_now() + row.offset
        step = target - before
        if step <= timedelta():
            raise Refused.because(
                "workflow.sandbox.backward",
                now=f"{before.astimezone(clock.LEGAL_ZONE):%Y-%m-%d %H:%M:%S}",
            )
        if step > LONGEST_MOVE:
            raise Refused.because("workflow.sandbox.too_far", days=LONGEST_MOVE.days)
        row.offset += step
        row.save(update_fields=["offset"])
        evidence.append(
            kind="workflow.sandbox_clock",
            case="",
            at=before,
            body={
                "from": before.isoformat(),
                "to": target.isoformat(),
                "organisation": actor.uscc,
                "person": actor.person_id,
            },
        )
    return target


def begin_at(target: datetime) -> datetime:
    """Let a sandbox's legal time begin at an instant, also a past one, and return it.

    Only where nothing has happened yet: the log is empty, and this is its first entry. Raises
    Refused outside a sandbox and for a sandbox that has begun.
    """
    if not settings.SANDBOX:
        raise NotPermitted.because("workflow.sandbox.not_a_sandbox")
    with transaction.atomic():
        SandboxClock.objects.get_or_create(pk=1)
        row = SandboxClock.objects.select_for_update().get(pk=1)
        if LogEntry.objects.exists():
            raise Refused.because("workflow.sandbox.begun")
        row.offset = target - clock.technical_now()
        row.save(update_fields=["offset"])
        evidence.append(
            kind="workflow.sandbox_began",
            case="",
            at=target,
            body={"at": target.isoformat()},
        )
    return target
