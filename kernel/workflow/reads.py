"""Reads that every page makes: statements written once (``kernel.queries``), rows as objects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.fields.json import KeyTextTransform

from kernel.parties.models import Organisation, Person
from kernel.queries import Prepared
from kernel.workflow.machines import machine
from kernel.workflow.models import Act, Case, Deadline, RefusedAct


def _names(model: type[Model], *, but: Sequence[str] = ()) -> list[str]:
    return [f.attname for f in model._meta.concrete_fields if f.attname not in but]


_LONG = ("payload", "changes", "salt")
_WHO = ("person__name", "organisation__name")
_acts = Prepared(
    lambda slots: (
        Act.objects.filter(machine=slots.text(0), case_pk=slots.number(1))
        .annotate(reason=KeyTextTransform("reason", "payload"))
        .order_by("version")
        .values_list(*_names(Act, but=_LONG), "reason", *_WHO)
    )
)
REFUSED_SHOWN = 100
_refused = Prepared(
    lambda slots: (
        RefusedAct.objects.filter(machine=slots.text(0), case_pk=slots.number(1))
        .order_by("-pk")
        # One more than is shown tells whether there are any before them.
        .values_list(*_names(RefusedAct), *_WHO)[: REFUSED_SHOWN + 1]
    )
)
_deadlines = Prepared(
    lambda slots: Deadline.objects.filter(
        machine=slots.text(0), case_pk=slots.number(1)
    ).values_list(*_names(Deadline))
)


@cache
def _cases(machine_code: str) -> Prepared:
    model: Any = _model(machine_code)
    return Prepared(
        lambda slots: (
            model.objects.order_by().filter(pk=slots.number(0)).values_list(*_names(model))
        )
    )


def _model(machine_code: str) -> Any:
    found = machine(machine_code)
    return found.model if found else None


def case(machine_code: str, pk: int) -> Case | None:
    """A case by its machine's code and key, or None."""
    model = _model(machine_code)
    # Beyond what its column holds the database fails instead of finding nothing.
    if model is None or not -(2**63) <= pk < 2**63:
        return None
    rows = _cases(machine_code).rows(pk)
    found: Case | None = model.from_db(DEFAULT_DB_ALIAS, _names(model), rows[0]) if rows else None
    return found


@cache
def _by_text(model: Any, column: str) -> Prepared:
    return Prepared(
        lambda slots: model.objects.filter(**{column: slots.text(0)}).values_list(*_names(model))[
            :1
        ]
    )


def case_by(model: Any, column: str, value: str) -> Any:
    """The first case, in its model's order, that has a text in a column (its number); or None."""
    rows = _by_text(model, column).rows(value)
    return model.from_db(DEFAULT_DB_ALIAS, _names(model), rows[0]) if rows else None


def acts(of: Case) -> Iterator[Act]:
    """Acts on a case by version; ``payload`` and ``changes`` are fetched when looked at."""
    names = _names(Act, but=_LONG)
    for *row, reason, person, organisation in _acts.rows(of.machine.code, of.pk):
        act = _with_who(Act.from_db(DEFAULT_DB_ALIAS, names, row), person, organisation)
        act.reason = reason
        yield act


def refused(of: Case) -> Iterator[RefusedAct]:
    """The newest refused attempts on a case, newest first: a hundred and one."""
    names = _names(RefusedAct)
    for *row, person, organisation in _refused.rows(of.machine.code, of.pk):
        yield _with_who(RefusedAct.from_db(DEFAULT_DB_ALIAS, names, row), person, organisation)


def refused_between(
    of: Case, start: int, end: int, hidden: Collection[str] = ()
) -> QuerySet[RefusedAct]:
    """Refused attempts on a case from one place to another, as they were made.

    hidden: roles without whose attempts the places are counted.
    """
    found = _refused_on(of, hidden).select_related("person", "organisation")
    return found.order_by("pk")[start:end]


def refused_count(of: Case, hidden: Collection[str] = ()) -> int:
    """How many attempts on a case were refused, without those of some roles."""
    return _refused_on(of, hidden).count()


def _refused_on(of: Case, hidden: Collection[str]) -> QuerySet[RefusedAct]:
    found = RefusedAct.objects.filter(machine=of.machine.code, case_pk=of.pk)
    return found.exclude(role__in=hidden) if hidden else found


def deadlines(of: Case) -> Iterator[Deadline]:
    """The clocks of a case, earliest due first."""
    names = _names(Deadline)
    for row in _deadlines.rows(of.machine.code, of.pk):
        yield Deadline.from_db(DEFAULT_DB_ALIAS, names, row)


def _with_who(row: Any, person: str | None, organisation: str | None) -> Any:
    """Put who acted beside a row, as far as pages name them."""
    known = row._state.fields_cache
    known["person"] = _named(Person, row.person_id, person)
    known["organisation"] = _named(Organisation, row.organisation_id, organisation)
    return row


def _named(model: type[Model], pk: int | None, name: str | None) -> Any:
    return None if pk is None else model.from_db(DEFAULT_DB_ALIAS, ["id", "name"], [pk, name])
