"""fire(): the one way a state changes. Short enough to be read whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from kernel import clock
from kernel.access import actors
from kernel.access.actors import Actor
from kernel.errors import Conflict, NotFound, NotPermitted, Refused
from kernel.queries import Prepared
from kernel.rows import fresh
from kernel.sealing import canonical
from kernel.workflow import judge
from kernel.workflow.apply import apply
from kernel.workflow.due import play_due
from kernel.workflow.guarding import firing
from kernel.workflow.machines import Machine, Payload, machine
from kernel.workflow.models import Act, Case
from kernel.workflow.receipts import Attempt, Receipt
from kernel.workflow.refused import log_refusal, what_changed

KEY_MAX = 80


def fire(
    machine_code: str,
    pk: int | None,
    transition: str,
    *,
    actor: Actor,
    payload: Mapping[str, Any] | Payload | None = None,
    key: str,
    seen_version: int | None = None,
    at: datetime | None = None,
) -> Receipt:
    """Do an act on a case, or open one (``pk`` None, a transition that comes from no state).

    key: the client's idempotency key; the same key with the same payload gives the same receipt.
    seen_version: the version of the case that the actor looked at; needed for every act but
    opening. at: legal time of an upload's last byte; else the clock is read here, once.

    Raises Refused (or its kinds NotPermitted, NotFound, Conflict) with every reason; the attempt
    is then logged and nothing else has changed.
    """
    moment = at or clock.now()
    found, code = _find(machine_code, transition)
    try:
        parsed = judge.parse_payload(code, payload)
    except Refused as refused:
        _log(found, pk, transition, actor, "", refused, moment)
        raise
    digest = canonical.digest(parsed.model_dump(mode="json")).hex()
    attempt = Attempt(found, pk, code, actor, parsed, digest, key, seen_version, moment)
    try:
        return _once(attempt)
    except Refused as refused:
        _log(found, pk, transition, actor, digest, refused, moment)
        raise


def _find(machine_code: str, transition: str) -> tuple[Machine, Any]:
    found = machine(machine_code)
    code = found.transition(transition) if found else None
    if found is None or code is None or found.model is None:
        raise NotFound.because("workflow.act.unknown", machine=machine_code, act=transition)
    return found, code


def _log(
    found: Machine,
    pk: int | None,
    transition: str,
    actor: Actor,
    digest: str,
    refused: Refused,
    at: datetime,
) -> None:
    if isinstance(refused, NotFound):
        return  # there is no case that the attempt could stand on
    kept = log_refusal(
        found, pk, transition, actor=actor, payload_sha256=digest, refused=refused, at=at
    )
    refused.attempt = kept.pk


def _once(attempt: Attempt) -> Receipt:
    if attempt.case_pk is not None:
        # What falls due later than this look, no actor can have seen: their page is stale.
        play_due(attempt.machine, attempt.case_pk, attempt.at)
    try:
        with transaction.atomic(), firing():
            return _act(attempt)
    except IntegrityError:
        # Two acts raced for one key or one number and the database let one win. Now the other
        # can see the winner: it finds its receipt, or a guard says what is taken.
        with transaction.atomic(), firing():
            return _act(attempt)


def _act(attempt: Attempt) -> Receipt:
    """Everything inside the transaction, in the order that keeps it honest."""
    actors.confirm(attempt.actor, clock.legal_date(attempt.at))
    case = _locked(attempt)
    if not judge.permitted(attempt.machine, attempt.transition, case, attempt.actor):
        raise NotPermitted.because(
            "access.act.not_permitted", act=attempt.act_name, role=attempt.actor.role
        )
    if (receipt := _replayed(attempt)) is not None:
        return receipt
    if attempt.case_pk is not None:
        _refuse_stale(attempt, case)
    facts = judge.load_facts(attempt.machine, case, attempt.at, attempt.payload, attempt.actor)
    reasons = judge.refusals(attempt.machine, attempt.transition, case, facts, attempt.payload)
    if reasons:
        raise Refused(reasons)
    if judge.interested(attempt.machine, attempt.transition, case, attempt.actor, attempt.at):
        raise NotPermitted.because("access.act.interested", act=attempt.act_name)
    act = apply(
        attempt.machine,
        attempt.transition,
        case,
        actor=attempt.actor,
        payload=attempt.payload,
        payload_sha256=attempt.payload_sha256,
        facts=facts,
        key=attempt.key,
        at=attempt.at,
    )
    return Receipt.of(act)


def _locked(attempt: Attempt) -> Case:
    """The case, locked against other acts on it; a new one where the act opens it."""
    if not attempt.key or len(attempt.key) > KEY_MAX or not attempt.key.isprintable():
        raise Refused.because("workflow.key.invalid", longest=KEY_MAX)
    model: Any = attempt.machine.model
    if attempt.case_pk is None:
        if not attempt.transition.opens:
            raise NotFound.because("workflow.case.unknown", machine=attempt.machine.code)
        return fresh(model)  # type: ignore[no-any-return]
    if attempt.transition.opens:
        raise NotFound.because(
            "workflow.act.unknown", machine=attempt.machine.code, act=attempt.transition.code
        )
    try:
        return model.objects.select_for_update().get(pk=attempt.case_pk)  # type: ignore[no-any-return]
    except model.DoesNotExist:
        raise NotFound.because(
            "workflow.case.unknown", machine=attempt.machine.code, pk=attempt.case_pk
        ) from None


_by_key = Prepared(
    lambda slots: (
        Act.objects.order_by()
        .filter(
            machine=slots.text(0),
            scope=slots.text(1),
            transition=slots.text(2),
            person_id=slots.number(3),
            organisation_id=slots.number(4),
            role=slots.text(5),
            key=slots.text(6),
        )
        .values_list("pk", "payload_sha256")
    )
)


def _replayed(attempt: Attempt) -> Receipt | None:
    """The receipt of an act done before under this key, by this actor, with this payload."""
    rows = _by_key.rows(
        attempt.machine.code,
        attempt.scope,
        attempt.transition.code,
        attempt.actor.person_id,
        attempt.actor.organisation_id,
        attempt.actor.role,
        attempt.key,
    )
    if not rows:
        return None
    act_id, payload_sha256 = rows[0]
    if payload_sha256 != attempt.payload_sha256:
        raise Conflict.because("workflow.key.other_payload", key=attempt.key)
    return Receipt.of(Act.objects.get(pk=act_id), replayed=True)


def _refuse_stale(attempt: Attempt, case: Case) -> None:
    if attempt.seen_version is None:
        raise Refused.because("workflow.act.version_missing")
    if attempt.seen_version != case.version:
        # Some may act on what they may not read: an old version is no key to it.
        may_read = judge.readable(attempt.machine, case, attempt.actor)
        raise Conflict.because(
            "workflow.act.stale",
            seen=attempt.seen_version,
            current=case.version,
            changes=what_changed(attempt.machine, case, attempt.seen_version, attempt.actor)
            if may_read
            else [],
        )
