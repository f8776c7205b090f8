"""The inside of an act: state, columns, clocks, events, evidence. Called under fire()'s lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel import clock, queries
from kernel.access.actors import Actor
from kernel.errors import Conflict
from kernel.events import services as events
from kernel.evidence import services as evidence
from kernel.rows import fresh
from kernel.workflow import binding, clocks, fsm
from kernel.workflow.columns import columns
from kernel.workflow.machines import Doing, Machine, Payload, Transition
from kernel.workflow.models import Act, Case


def apply(
    machine: Machine,
    transition: Transition,
    case: Case,
    *,
    actor: Actor,
    payload: Payload,
    payload_sha256: str,
    facts: Any,
    key: str,
    at: datetime,
    before: evidence.NewEntry | None = None,
) -> Act:
    """Carry an act out that was found possible, and return its row. Everything is one commit.

    before: what the log has to say first. It waits until here, because the log's one lock is
    taken last: whoever held it and then waited for a row or a number would be a deadlock.
    Raises Conflict when the row changed since it was read (compare-and-swap on the version).
    """
    opening = case.pk is None
    source = "" if opening else str(case.state)
    before_it = {} if opening else columns(case)
    effect = machine.effects.get(transition.code)
    doing = Doing(facts, payload, actor, at)
    happened = list(effect(case, doing)) if effect else []
    if opening:
        case.opened_at = case.changed_at = at
        case.version = 1
        case.insert()
    else:
        getattr(case, fsm.method_name(transition.code))()
        _swap(case, before_it, at)
    moved = case.state != source
    if moved:
        told = clocks.restart(machine, case, source, at)
    else:
        clocks.meet(machine, transition, case, at)
        told = clocks.move(machine, case, before_it, at)
    salt, said = binding.new_salt(), payload.model_dump(mode="json")
    after = columns(case)
    changes = {k: [before_it.get(k), v] for k, v in after.items() if before_it.get(k) != v}
    events.publish(happened, case=case.case_ref, at=at)
    scope = "new" if opening else str(case.pk)
    own = evidence.NewEntry(
        kind="workflow.act",
        case=case.case_ref,
        at=at,
        body={
            "act": machine.act_name(transition.code),
            "from": source,
            "to": case.state,
            "version": case.version,
            "organisation": actor.uscc,
            "role": actor.role,
            # What is looked at later is bound too, not only what was sent.
            **binding.entry(salt, person=actor.person_id, payload=said, changes=changes),
            "clocks": told,
        },
        # Who may read it is decided by who may read the case; its existence is proven to all.
        public=False,
    )
    entry = _log(doing, before, own)
    act = fresh(
        Act,
        machine=machine.code,
        case_pk=case.pk,
        scope=scope,
        transition=transition.code,
        key=key,
        payload=said,
        payload_sha256=payload_sha256,
        salt=salt,
        source=source,
        target=case.state,
        version=case.version,
        person_id=actor.person_id or None,
        organisation_id=actor.organisation_id or None,
        role=actor.role,
        at=at,
        recorded_at=clock.technical_now(),
        changes=changes,
        log_index=entry.index,
        leaf=entry.leaf.hex(),
    )
    queries.insert(act)
    return act


def _log(doing: Doing, before: evidence.NewEntry | None, own: evidence.NewEntry) -> evidence.Placed:
    """Write all that the act has to log at once; where its own entry stands."""
    entries = [before] if before is not None else []
    wanted = []
    for more, noted in doing.logged:
        wanted.append((noted, len(entries), len(entries) + len(more)))
        entries += more
    placed = evidence.place([*entries, own])
    for noted, start, end in wanted:
        noted(placed[start:end])
    return placed[-1]


def _swap(case: Case, before: dict[str, Any], at: datetime) -> None:
    """Write what changed, if nobody else did since the row was read."""
    seen = case.version
    now = columns(case)
    changed = {name: getattr(case, name) for name in now if now[name] != before[name]}
    case.version, case.changed_at = seen + 1, at
    written = (
        type(case)
        .objects.filter(pk=case.pk, version=seen)
        .update(state=case.state, version=case.version, changed_at=at, **changed)
    )
    if not written:
        raise Conflict.because("workflow.act.lost_race", seen=seen)
