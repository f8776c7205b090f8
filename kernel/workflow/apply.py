"""The inside of an act: state, columns, clocks, events, evidence. Called under fire()'s lock."""

from __future__ import annotations

import functools
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import DecimalField, Q, QuerySet, UUIDField

from kernel import clock, queries
from kernel.access.actors import Actor
from kernel.errors import Conflict
from kernel.events import services as events
from kernel.evidence import services as evidence
from kernel.regulation.due import due
from kernel.rows import fresh
from kernel.workflow import binding, fsm
from kernel.workflow.machines import DeadlineRule, Doing, Machine, Payload, Transition
from kernel.workflow.models import Act, Case, Deadline

_OWN_COLUMNS = frozenset({"id", "state", "version", "opened_at", "changed_at"})


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
        clocks = _restart_clocks(machine, case, source, at)
    else:
        _meet_clocks(machine, transition, case, at)
        clocks = _move_clocks(machine, case, before_it, at)
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
            "clocks": clocks,
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


def columns(case: Case) -> dict[str, Any]:
    """The case's own columns as JSON values, without what every act changes anyway."""
    found = {}
    for name, target in _fields(type(case)):
        value = getattr(case, name)
        found[name] = _json(value if target is None else _as_kept(target, value))
    return found


@functools.cache
def _fields(model: type[Case]) -> tuple[tuple[str, Any], ...]:
    fields = [f for f in model._meta.concrete_fields if f.name not in _OWN_COLUMNS]
    targets = [getattr(f, "target_field", f) for f in fields]
    return tuple(
        (f.attname, target if isinstance(target, DecimalField | UUIDField) else None)
        for f, target in zip(fields, targets, strict=True)
    )


def _as_kept(target: Any, value: Any) -> Any:
    """A value as the database will give it back: an act must say what the case then shows."""
    if value is None:
        return value
    found = target.to_python(value)
    if isinstance(target, DecimalField):
        return found.quantize(Decimal(1).scaleb(-target.decimal_places))
    return found


def _json(value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


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


def _restart_clocks(
    machine: Machine, case: Case, source: str, at: datetime
) -> list[dict[str, Any]]:
    """Stop the clocks of the state that was left; start those of the state entered."""
    if source:
        _end(
            Deadline.objects.filter(
                machine=machine.code,
                case_pk=case.pk,
                state=source,
                ended_at__isnull=True,
            ),
            at,
        )
    started = []
    for rule in machine.deadlines:
        if rule.state != case.state:
            continue
        if rule.column:
            if (started_row := _announced(machine, case, rule, at)) is not None:
                started.append(started_row)
            continue
        when = due(
            at,
            rule.period_key,
            region=case.rule_region,
            subject=case.rule_subject,
            provisional=True,
        )
        Deadline.objects.create(
            machine=machine.code,
            case_pk=case.pk,
            state=case.state,
            role=rule.role,
            on_due=rule.on_due,
            started_at=at,
            due_at=when.at,
            last_day=when.last_day,
            period_key=rule.period_key,
            unit=when.unit,
            rule_code=when.rule_code,
            rule_version=when.rule_version,
            rule_sha256=when.rule_sha256,
            calendar_version=when.calendar_version,
            article=when.article,
            article_en=when.article_en,
            source=when.source,
            provisional=when.provisional,
        )
        started.append(
            {
                "period": rule.period_key,
                "due_at": when.at.isoformat(),
                "rule": f"{when.rule_code} {when.rule_version}",
                "rule_sha256": when.rule_sha256,
                "calendar": when.calendar_version,
            }
        )
    return started


def _meet_clocks(machine: Machine, transition: Transition, case: Case, at: datetime) -> None:
    """Stop the clocks of this state that were waiting for just this act."""
    keys = [r.period_key for r in machine.deadlines if r.met_by and r.met_by == transition.code]
    if keys:
        _end(
            Deadline.objects.filter(
                machine=machine.code,
                case_pk=case.pk,
                state=case.state,
                period_key__in=keys,
                ended_at__isnull=True,
            ),
            at,
        )


def _end(clocks: QuerySet[Deadline], at: datetime) -> None:
    late = Q(due_at__lte=at)
    clocks.filter(~late).update(status=Deadline.Status.MET, ended_at=at)
    clocks.filter(late).update(status=Deadline.Status.LATE, ended_at=at)


def _announced(
    machine: Machine, case: Case, rule: DeadlineRule, at: datetime
) -> dict[str, Any] | None:
    """Start the clock whose instant the case itself announces; none while its column is empty."""
    instant: datetime | None = getattr(case, rule.column)
    if instant is None:
        return None
    # Whoever is late already stays so in the next state; that it was missed is told once.
    told = instant <= at and not rule.on_due and _was_missed(machine, case, rule, instant)
    Deadline.objects.create(
        status=Deadline.Status.MISSED if told else Deadline.Status.RUNNING,
        machine=machine.code,
        case_pk=case.pk,
        state=case.state,
        role=rule.role,
        on_due=rule.on_due,
        started_at=at,
        due_at=instant,
        last_day=_last_day(instant),
        period_key=rule.period_key,
        unit="instant",
        article=rule.article,
        source=rule.source,
    )
    return {"period": rule.period_key, "due_at": instant.isoformat()}


def _was_missed(machine: Machine, case: Case, rule: DeadlineRule, instant: datetime) -> bool:
    return Deadline.objects.filter(
        machine=machine.code,
        case_pk=case.pk,
        period_key=rule.period_key,
        due_at=instant,
        status__in=(Deadline.Status.MISSED, Deadline.Status.LATE),
    ).exists()


def _move_clocks(
    machine: Machine, case: Case, before: dict[str, Any], at: datetime
) -> list[dict[str, Any]]:
    """Let a running clock follow the column that announces its instant (an extended deadline).

    An act that empties the column has done what was due: the clock stops. One that fills it
    while the case stays where it is, starts the clock.
    """
    moved: list[dict[str, Any]] = []
    for rule in machine.deadlines:
        if not rule.column or rule.state != case.state:
            continue
        instant: datetime | None = getattr(case, rule.column)
        open_rows = Deadline.objects.filter(
            machine=machine.code,
            case_pk=case.pk,
            period_key=rule.period_key,
            ended_at__isnull=True,
        )
        if instant is None:
            _end(open_rows, at)
            continue
        if before.get(rule.column) != _json(instant) and not open_rows.exists():
            moved += filter(None, [_announced(machine, case, rule, at)])
            continue
        running = open_rows.filter(status=Deadline.Status.RUNNING).exclude(due_at=instant)
        if running.update(due_at=instant, last_day=_last_day(instant)):
            moved.append({"period": rule.period_key, "due_at": instant.isoformat()})
    return moved


def _last_day(instant: datetime) -> date:
    # An instant at 24:00 belongs to the day that ends.
    return clock.legal_date(instant - timedelta(microseconds=1))
