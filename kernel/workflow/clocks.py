"""The clocks of a case as acts start, meet, move and end them; in the transaction of the act."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from kernel import clock
from kernel.regulation.due import due
from kernel.workflow.columns import as_json
from kernel.workflow.machines import DeadlineRule, Machine, Transition
from kernel.workflow.models import Case, Deadline


def restart(machine: Machine, case: Case, source: str, at: datetime) -> list[dict[str, Any]]:
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


def meet(machine: Machine, transition: Transition, case: Case, at: datetime) -> None:
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


def move(
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
        if before.get(rule.column) != as_json(instant) and not open_rows.exists():
            moved += filter(None, [_announced(machine, case, rule, at)])
            continue
        running = open_rows.filter(status=Deadline.Status.RUNNING).exclude(due_at=instant)
        if running.update(due_at=instant, last_day=_last_day(instant)):
            moved.append({"period": rule.period_key, "due_at": instant.isoformat()})
    return moved


def _last_day(instant: datetime) -> date:
    # An instant at 24:00 belongs to the day that ends.
    return clock.legal_date(instant - timedelta(microseconds=1))
