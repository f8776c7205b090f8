"""The cases of a project, those of all machines together, in one query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Exists, F, Func, Model, OuterRef, QuerySet, Value
from django.db.models.functions import Cast

from kernel.queries import Prepared
from kernel.workflow.machines import Machine, machines
from kernel.workflow.models import Act, Case, Deadline

# What a union can line up without a cast: every machine's cases have some of each.
_TIMES = ("opened_at", "changed_at")
_NUMBER = models.IntegerField


@dataclass(frozen=True)
class Stays:
    """Cases that were with a project for a time and lost its number when they left.

    over: the stays with a project that have ended, by its number, as a query of cases: each lasted
    from its opening to its last change. case: their column with the key of the case that stayed.
    """

    over: Callable[[Any], QuerySet[Any]]
    case: str

    def left(self, project_number: str) -> dict[int, datetime]:
        """Cases that stayed with a project -> when the last stay ended."""
        rows = self.over(project_number).order_by("changed_at")
        return dict(rows.values_list(self.case, "changed_at"))

    def gone(self, model: type[Model], column: str, number: Any) -> QuerySet[Any]:
        """The cases that stayed with a project and are not with it now."""
        rows: QuerySet[Any] = model._default_manager.order_by()
        return rows.filter(pk__in=self.over(number).values(self.case)).exclude(**{column: number})

    def meanwhile(self, number: Any, key: Any, at: str) -> Exists:
        """Whether something that happened to a case did while it stayed with a project."""
        last = {"opened_at__lte": OuterRef(at), "changed_at__gte": OuterRef(at)}
        return Exists(
            self.over(number).annotate(of=key(self.case)).filter(of=OuterRef("case_pk"), **last)
        )


_stays: dict[str, Stays] = {}


def stays_by(machine: str, stays: Stays) -> None:
    """Let a package say, once, at start-up, by what cases of a machine come to a project."""
    if _stays.setdefault(machine, stays) is not stays:
        raise ValueError(f"cases of {machine} stay by two kinds of cases")


def stays_of(machine: str) -> Stays | None:
    """By what cases of a machine come to a project, if they leave it again."""
    return _stays.get(machine)


def outlines_of(
    project_number: str, wanted: Callable[[Machine], bool] = lambda _machine: True
) -> list[Case]:
    """Every case of a project: itself, all that carry its number or did for a time; one query.

    By machine, then by key. Of a row its short texts, its numbers and the times of its opening and
    last change are loaded: where a case stands and who stands to it. Whatever else is looked at,
    the database is asked for, case by case. wanted: leaves out machines whose cases are of no
    interest.
    """
    kinds = tuple(code for code in project_columns() if wanted(machines()[code]))
    if not kinds:
        return []
    statement, shapes = _prepared(kinds)
    order = {kind: place for place, kind in enumerate(kinds)}
    rows = [(order[row[0]], shapes[row[0]].case(row)) for row in statement.rows(project_number)]
    return [case for _place, case in sorted(rows, key=lambda found: (found[0], found[1].pk))]


ActRow = tuple[datetime, int, str, int, str, int | None, str, str | None, str | None]
"""at, pk, machine, case_pk, transition, log_index, role, names of person and organisation."""
_TOLD = ("at", "pk", "machine", "case_pk", "transition", "log_index", "role")


def acts_in(project_number: str, kinds: Iterable[str]) -> list[ActRow]:
    """All acts on a project's cases of some machines, oldest first; one query.

    Of a case that has left again, those of its stay.
    """
    found = map(tuple, _acts(tuple(sorted(kinds))).rows(project_number))
    return sorted(found, key=itemgetter(0, 1))


def clocks_in(project_number: str, kinds: Iterable[str]) -> list[Deadline]:
    """The clocks that run on a project's cases of some machines, earliest due first; one query."""
    rows = _clocks(tuple(sorted(kinds))).rows(project_number)
    found = (Deadline.from_db(DEFAULT_DB_ALIAS, _clock_names(), row) for row in rows)
    return sorted(found, key=lambda clock: (clock.due_at, clock.pk))


def _clock_names() -> list[str]:
    return [field.attname for field in Deadline._meta.concrete_fields]


@lru_cache(maxsize=64)
def _acts(kinds: tuple[str, ...]) -> Prepared:
    names = (*_TOLD, "person__name", "organisation__name")
    return about(kinds, lambda: Act.objects.order_by().values_list(*names), at="at")


@lru_cache(maxsize=64)
def _clocks(kinds: tuple[str, ...]) -> Prepared:
    running = Deadline.objects.order_by().filter(ended_at__isnull=True)
    return about(kinds, lambda: running.values_list(*_clock_names()))


def about(
    kinds: tuple[str, ...],
    rows: Callable[[], Any],
    *,
    machine: str = "machine",
    text: bool = False,
    at: str = "",
) -> Prepared:
    """Rows of a table that names cases: those about a project's cases, by the project's number.

    rows: the table's rows as ``values_list`` gives them, in no order. machine: its column of the
    machine's code; the case's key stands in ``case_pk``, maybe as a text. at: its column of when
    it happened, where what happened to a case during its stay belongs to the project for ever.

    A part for each machine, because PostgreSQL reads the whole table where one condition has them
    all in it.
    """

    def key(column: str) -> Any:
        return Cast(column, models.CharField()) if text else F(column)

    def part(kind: str, cases: QuerySet[Any]) -> Any:
        keys = cases.annotate(key_of_case=key("pk")).values("key_of_case")
        return rows().filter(**{machine: kind, "case_pk__in": keys})

    def parts(kind: str, number: str) -> Iterator[Any]:
        model: Any = machines()[kind].model
        column, stays = project_columns()[kind], stays_of(kind)
        yield part(kind, model.objects.order_by().filter(**{column: number}))
        if at and stays is not None:
            gone = part(kind, stays.gone(model, column, number))
            yield gone.filter(stays.meanwhile(number, key, at))

    def build(slots: Any) -> Any:
        first, *rest = (found for kind in kinds for found in parts(kind, slots.text(0)))
        return first.union(*rest, all=True) if rest else first

    return Prepared(build)


def project_columns() -> dict[str, str]:
    """Machine -> the column of its cases that holds their project's number."""
    found = {}
    for code, machine in machines().items():
        names = {f.name for f in machine.model._meta.concrete_fields} if machine.model else set()
        if "project_number" in names:
            found[code] = "project_number"
        elif "number" in names and code == "procurement.project":
            found[code] = "number"
    return found


@dataclass(frozen=True)
class _Shape:
    """Where the columns of a kind of case stand in a row of the union."""

    model: Any
    names: tuple[str, ...]
    places: tuple[int, ...]

    def case(self, row: Any) -> Any:
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, [row[p] for p in self.places])


@lru_cache(maxsize=64)
def _prepared(kinds: tuple[str, ...]) -> tuple[Prepared, Mapping[str, _Shape]]:
    """The statement for these kinds; of the frozen kind of things that a process may keep."""
    columns = {kind: _split(machines()[kind].model) for kind in kinds}
    texts = max(len(found[0]) for found in columns.values())
    numbers = max(len(found[1]) for found in columns.values())

    def branches(slots: Any, kind: str) -> Iterator[Any]:
        model: Any = machines()[kind].model
        column, number, stays = project_columns()[kind], slots.text(0), stays_of(kind)
        yield branch(kind, model.objects.order_by().filter(**{column: number}))
        if stays is not None:
            yield branch(kind, stays.gone(model, column, number))

    def branch(kind: str, rows: QuerySet[Any]) -> Any:
        short, whole = columns[kind]
        of_kind: list[Any] = [Value(kind, models.CharField()), *map(F, _TIMES)]
        of_kind += [_cell(short, i, "''", models.CharField()) for i in range(texts)]
        of_kind += [_cell(whole, i, "0", models.BigIntegerField()) for i in range(numbers)]
        cells = {f"cell{i}": cell for i, cell in enumerate(of_kind)}
        return rows.annotate(**cells).values_list(*cells)

    def build(slots: Any) -> Any:
        first, *rest = (found for kind in kinds for found in branches(slots, kind))
        return first.union(*rest, all=True) if rest else first

    shapes = {}
    for kind, (short, whole) in columns.items():
        after = 1 + len(_TIMES)
        at = {name: 1 + i for i, name in enumerate(_TIMES)}
        at |= {name: after + i for i, name in enumerate(short)}
        at |= {name: after + texts + i for i, name in enumerate(whole)}
        model: Any = machines()[kind].model
        names = tuple(f.attname for f in model._meta.concrete_fields if f.attname in at)
        shapes[kind] = _Shape(model, names, tuple(at[name] for name in names))
    return Prepared(build), shapes


def _split(model: Any) -> tuple[list[str], list[str]]:
    """Names of a model's columns of short texts and of whole numbers."""
    fields = model._meta.concrete_fields
    return (
        [f.attname for f in fields if isinstance(f, models.CharField)],
        # A key is a number where what it points at has one.
        [f.attname for f in fields if isinstance(f.target_field if f.many_to_one else f, _NUMBER)],
    )


def _cell(names: list[str], place: int, filler: str, kind: Any) -> Any:
    if place < len(names):
        return F(names[place])
    return Func(template=filler, output_field=kind)
