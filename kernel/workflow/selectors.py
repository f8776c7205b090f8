"""Reads: a case's life as rows, and what stands on a desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from kernel import clock
from kernel.access import interests
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.workflow import judge, reads
from kernel.workflow.machines import Machine, Transition
from kernel.workflow.models import Act, Case, Deadline, RefusedAct


def get_case(machine_code: str, pk: int) -> Case | None:
    """A case by its machine's code and key, or None."""
    return reads.case(machine_code, pk)


def acts_of(case: Case) -> list[Act]:
    """All acts done on a case, oldest first, with who did them and the ``reason`` they gave.

    What else an act brought along and changed may be long: it is asked for where it is looked at.
    """
    return list(reads.acts(case))


def refused_on(
    case: Case, before: int | None = None, *, hidden: Collection[str] = ()
) -> tuple[list[RefusedAct], int | None]:
    """A hundred refused attempts on a case, the newest or those before a place, oldest first.

    before: so many of the case's own, from the first on, are left to show; the next hundred's comes
    with them, None where these were the first. Never a row's key: two of those would count what
    everybody tried between, sealed bids too. Anybody who is logged in can make such attempts, so no
    page may show them without an end.
    hidden: roles whose attempts the reader may not see; such attempts take no place, or the places
    would count them.
    """
    if before is not None or hidden:
        count = reads.refused_count(case, hidden)
        end = count if before is None else min(before, count)
        start = max(end - reads.REFUSED_SHOWN, 0)
        return list(reads.refused_between(case, start, end, hidden)), start or None
    found = list(reads.refused(case))
    shown = found[: reads.REFUSED_SHOWN]
    more = len(found) > len(shown)
    return shown[::-1], reads.refused_count(case) - len(shown) if more else None


def deadlines_of(case: Case) -> list[Deadline]:
    """All clocks of a case, earliest due first."""
    return list(reads.deadlines(case))


OVERDUE_SHOWN = 200


@dataclass(frozen=True)
class DeskRow:
    """A case that waits for an actor, the acts they can do, and the clock that runs, if any."""

    case: Case
    transitions: tuple[Transition, ...]
    deadline: Deadline | None


def desk(
    machines: Iterable[Machine],
    actor: Actor,
    *,
    at: datetime | None = None,
    related: Mapping[str, tuple[str, ...]] | None = None,
    limit: int = 200,
) -> list[DeskRow]:
    """What an actor can do, by due time; undated rows last, the longest untouched first.

    at: the legal moment, now where none is given. related: by a machine's code, the foreign keys
    of its case that a row on the desk shows.
    limit: of cases of one kind. A kind of case costs one query where the role has an act on it and
    none elsewhere, and what its sifter asks where there are such cases; the clocks of all kinds
    cost one more.
    """
    at = at or clock.now()
    waiting: list[tuple[Case, tuple[Transition, ...]]] = []
    for kind in machines:
        found = _waiting(kind, actor, (related or {}).get(kind.code, ()), limit)
        waiting += _sifted(kind, found, actor, at)
    waiting = _without_own(waiting, actor, at)
    clocks = _clocks([case for case, _ in waiting], actor.role)
    return sorted(
        (DeskRow(case, acts, clocks.get((case.machine.code, case.pk))) for case, acts in waiting),
        key=lambda r: (r.deadline is None, r.deadline.due_at if r.deadline else r.case.changed_at),
    )


def _waiting(
    machine: Machine, actor: Actor, related: tuple[str, ...], limit: int
) -> list[tuple[Case, tuple[Transition, ...]]]:
    """Cases of one kind that wait for an actor, each with the acts that they can do."""
    wanted = [
        t
        for t in machine.transitions
        if t.desk
        and any(a.role == actor.role for a in TABLE.acts.get(machine.act_name(t.code), ()))
    ]
    states = sorted({s for t in wanted for s in t.sources})
    if not states or machine.model is None:
        return []
    model: Any = machine.model
    rows = model.objects.filter(scope(machine, actor, wanted), state__in=states)
    if related:
        rows = rows.select_related(*related)
    found = [
        (case, tuple(t for t in wanted if case.state in t.sources and _offered(t, case, actor)))
        for case in rows.order_by("changed_at")[:limit]
    ]
    return [(case, acts) for case, acts in found if acts]


def _sifted(
    kind: Machine, found: list[tuple[Case, tuple[Transition, ...]]], actor: Actor, at: datetime
) -> list[tuple[Case, tuple[Transition, ...]]]:
    """Without the acts against which something stands that the case's row does not tell."""
    if kind.sifter is None or not found:
        return found
    able = kind.sifter([case for case, _ in found], actor, at)
    left = [
        (case, tuple(t for t in acts if t.code in able.get(case.pk, ()))) for case, acts in found
    ]
    return [(case, acts) for case, acts in left if acts]


def _without_own(
    waiting: list[tuple[Case, tuple[Transition, ...]]], actor: Actor, at: datetime
) -> list[tuple[Case, tuple[Transition, ...]]]:
    """Without what an officer has to leave to another: cases of a firm that they act for, too."""
    firms = interests.firms_of(actor, at) if waiting else []
    if not firms:
        return waiting
    left = []
    for case, acts in waiting:
        codes, keys = judge.sides(case)
        if any(uscc in codes or pk in keys for uscc, pk in firms):
            acts = tuple(t for t in acts if not judge.by_office(case.machine, t, actor))
        left.append((case, acts))
    return [(case, acts) for case, acts in left if acts]


def _offered(transition: Transition, case: Case, actor: Actor) -> bool:
    return transition.offered is None or transition.offered(case, actor)


def _clocks(cases: Iterable[Case], role: str) -> dict[tuple[str, int], Deadline]:
    """The clock that runs out first for a role on each of these cases, by kind and key.

    Without those that run aside: nobody has to do anything by them.
    """
    keys: dict[str, list[int]] = {}
    kinds: dict[str, Machine] = {}
    for case in cases:
        keys.setdefault(case.machine.code, []).append(case.pk)
        kinds[case.machine.code] = case.machine
    if not keys:
        return {}
    of_cases = Q()
    for code, pks in keys.items():
        of_cases |= Q(machine=code, case_pk__in=pks)
    running = Deadline.objects.filter(of_cases, ended_at__isnull=True)
    running = running.filter(role__in=TABLE.addressed_as(role))
    # Of two clocks on one case the earlier stays, because it comes last.
    return {
        (d.machine, d.case_pk): d
        for d in running.order_by("-due_at")
        if not kinds[d.machine].is_aside(d.state, d.period_key)
    }


def late_clocks(machines: Iterable[Machine], actor: Actor, now: datetime) -> list[Deadline]:
    """Clocks that ran out on cases of those machines that the actor's role reads, in one query."""
    codes = [
        machine.code
        for machine in machines
        if any(row.role == actor.role for row in TABLE.readers.get(machine.code, ()))
    ]
    if not codes:
        return []
    late = Deadline.objects.filter(machine__in=codes, ended_at__isnull=True, due_at__lte=now)
    return list(late.order_by("-due_at"))


def overdue(
    machine: Machine,
    actor: Actor,
    now: datetime,
    late: Iterable[Deadline],
    *,
    related: tuple[str, ...] = (),
) -> list[DeskRow]:
    """Of clocks that ran out: the cases that an actor may read and nobody has dealt with yet."""
    clocks = {row.case_pk: row for row in late if row.machine == machine.code}
    if machine.model is None or not clocks:
        return []
    cases: Any = machine.model.objects
    found = cases.filter(readable(machine, actor), pk__in=list(clocks)[:OVERDUE_SHOWN])
    if related:
        found = found.select_related(*related)
    rows = [DeskRow(case, (), clocks[case.pk]) for case in found]
    return sorted(rows, key=lambda row: row.deadline.due_at if row.deadline else now)


def scope(machine: Machine, actor: Actor, transitions: Iterable[Transition]) -> Q:
    """The cases that an actor stands to as the given acts demand."""
    allowed = [a for t in transitions for a in TABLE.acts.get(machine.act_name(t.code), ())]
    return _relations(machine, actor, {a.relation for a in allowed if a.role == actor.role})


def readable(machine: Machine, actor: Actor) -> Q:
    """The cases whose pages an actor may open."""
    rows = TABLE.readers.get(machine.code, ())
    return _relations(machine, actor, {a.relation for a in rows if a.role == actor.role})


def reads_some(machine: Machine, actor: Actor) -> bool:
    """Whether the actor's role may open any case of this kind, of whomever."""
    return any(row.role == actor.role for row in TABLE.readers.get(machine.code, ()))


def readable_among(cases: Iterable[Case], actor: Actor) -> list[Case]:
    """Those of some cases, of any kinds, whose pages an actor may open, in their order.

    As ``judge.readable`` says of each. A kind of which some cases are readable only by a relation
    that asks the database costs one query.
    """
    by_kind: dict[str, list[Case]] = {}
    all_cases = list(cases)
    for case in all_cases:
        by_kind.setdefault(case.machine.code, []).append(case)
    mine = {code: set(_readable_keys(group, actor)) for code, group in by_kind.items()}
    return [case for case in all_cases if case.pk in mine[case.machine.code]]


def _readable_keys(cases: Sequence[Case], actor: Actor) -> Iterable[int]:
    """Keys of the readable ones of some cases of one kind."""
    kind = cases[0].machine
    rows = [row for row in TABLE.readers.get(kind.code, ()) if row.role == actor.role]
    named = [kind.relation(row.relation) for row in rows if row.relation != "any"]
    relations = [relation for relation in named if relation]
    if len(cases) == 1 or not any(relation.asks for relation in relations):
        return [case.pk for case in cases if judge.readable(kind, case, actor)]
    plain = [relation for relation in relations if not relation.asks]
    everyone = any(row.relation == "any" for row in rows)
    mine = {c.pk for c in cases if everyone or any(one.holds(c, actor) for one in plain)}
    if rest := [case.pk for case in cases if case.pk not in mine]:
        model: Any = kind.model
        found = model.objects.filter(readable(kind, actor), pk__in=rest).order_by()
        mine |= set(found.values_list("pk", flat=True))
    return mine


def _relations(machine: Machine, actor: Actor, codes: set[str]) -> Q:
    if "any" in codes:
        return Q()
    condition: Any = Q(pk__in=[])
    for code in sorted(codes):
        if relation := machine.relation(code):
            condition |= relation.query(actor)
    return condition  # type: ignore[no-any-return]
