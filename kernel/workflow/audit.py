"""Whether cases, acts and refused attempts are what the evidence log says of them; reads only.

The log proves itself (``kernel.evidence.audit``). Here the tables that people look at are held
against it, in bounded memory: an act or a refused attempt that was changed, added or taken away
past fire(), and a case whose state or columns are not what its acts made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, TypeVar

from kernel.errors import Refused
from kernel.evidence import selectors as evidence
from kernel.evidence.models import LogEntry
from kernel.sealing import canonical
from kernel.workflow import binding
from kernel.workflow.columns import columns
from kernel.workflow.machines import machines
from kernel.workflow.models import Act, Case, RefusedAct

_CHUNK = 500
T = TypeVar("T")


class Fault(Refused):
    """The first thing found wrong: ``workflow.audit.*`` with the facts that name the place."""


@dataclass(frozen=True)
class Summary:
    """What was held against the log."""

    acts: int
    cases: int
    attempts: int


def check() -> Summary:
    """Hold every act, attempt and case against the log. Raises Fault at the first that differs."""
    size = evidence.log_size()
    acts = 0
    rows = Act.objects.filter(log_index__lt=size).order_by("log_index")
    for part in _parts(rows.iterator(_CHUNK)):
        entries = LogEntry.objects.in_bulk([act.log_index for act in part])
        for act in part:
            _check_act(act, entries.get(act.log_index))
        acts += len(part)
    logged = LogEntry.objects.filter(kind="workflow.act", index__lt=size).count()
    if acts != logged or Act.objects.filter(log_index__isnull=True).exists():
        raise Fault.because("workflow.audit.acts", acts=acts, logged=logged)
    attempts = _check_attempts(size)
    return Summary(acts, sum(map(_check_cases, _case_parts())), attempts)


def _check_attempts(size: int) -> int:
    """Every refused attempt up to a size of the log; as many as it has entries of them."""
    attempts = 0
    kept = RefusedAct.objects.filter(log_index__lt=size).select_related("organisation")
    for part in _parts(kept.order_by("log_index").iterator(_CHUNK)):
        entries = LogEntry.objects.in_bulk([row.log_index for row in part])
        for row in part:
            _check_attempt(row, entries.get(row.log_index))
        attempts += len(part)
    logged = LogEntry.objects.filter(kind="workflow.refusal", index__lt=size).count()
    if attempts != logged or RefusedAct.objects.filter(log_index__isnull=True).exists():
        raise Fault.because("workflow.audit.attempts", attempts=attempts, logged=logged)
    return attempts


def _parts(rows: Iterable[T]) -> Iterator[list[T]]:
    every = iter(rows)
    return iter(lambda: list(islice(every, _CHUNK)), [])


def _case_parts() -> Iterator[list[Case]]:
    for machine in machines().values():
        if machine.model is not None:
            yield from _parts(machine.model.objects.order_by("pk").iterator(_CHUNK))


def _check_act(act: Act, entry: LogEntry | None) -> None:
    held = (
        entry is not None
        and (entry.kind, entry.case) == ("workflow.act", f"{act.machine}:{act.case_pk}")
        and (entry.at, bytes(entry.leaf).hex()) == (act.at, act.leaf)
        # What was erased from the log by law can no longer be compared.
        and (not entry.body or _says(canonical.decode(entry.body.encode()), act))
    )
    if not held:
        raise Fault.because("workflow.audit.act", act=act.pk, index=act.log_index)


def _says(body: dict[str, Any], act: Act) -> bool:
    """Whether the body of a log entry says of an act what its row says."""
    told = {
        "act": f"{act.machine}.{act.transition}",
        "from": act.source,
        "to": act.target,
        "version": act.version,
        "role": act.role,
        **binding.held(act),
    }
    # Entries of the log's first form do not bind what an act changed.
    if "changes_sha256" not in body:
        told.pop("changes_sha256", None)
    return all(body.get(name) == value for name, value in told.items())


def _check_attempt(row: RefusedAct, entry: LogEntry | None) -> None:
    case = row.machine if row.case_pk is None else f"{row.machine}:{row.case_pk}"
    held = (
        entry is not None
        and (entry.kind, entry.case, entry.at) == ("workflow.refusal", case, row.at)
        and (not entry.body or _says_of(canonical.decode(entry.body.encode()), row))
    )
    if not held:
        raise Fault.because("workflow.audit.attempt", attempt=row.pk, index=row.log_index)


def _says_of(body: dict[str, Any], row: RefusedAct) -> bool:
    """Whether the body of a log entry says of a refused attempt what its row says."""
    told = {
        "act": f"{row.machine}.{row.transition}",
        "codes": [reason["code"] for reason in row.refusals],
        "organisation": row.organisation.uscc if row.organisation else "",
        "role": row.role,
        **binding.held_of_attempt(row),
    }
    # Entries of before bind of the reasons their codes alone.
    if "refusals_salted_sha256" not in body:
        told.pop("refusals_salted_sha256", None)
    return all(body.get(name) == value for name, value in told.items())


def _check_cases(part: list[Case]) -> int:
    """Each case of a part is what its acts, up to its version, made of it."""
    code = part[0].machine.code
    versions = {case.pk: case.version for case in part}
    acts = Act.objects.filter(machine=code, case_pk__in=versions).order_by("case_pk", "version")
    done = {pk: list(rows) for pk, rows in groupby(acts, lambda act: act.case_pk)}
    for case in part:
        # An act done while we looked stands in no case that was read before.
        known = [act for act in done.get(case.pk, []) if act.version <= case.version]
        if [act.version for act in known] != list(range(1, case.version + 1)) or not known:
            raise Fault.because("workflow.audit.versions", case=case.case_ref)
        if known[-1].target != case.state:
            raise Fault.because("workflow.audit.state", case=case.case_ref, state=case.state)
        _check_columns(case, known)
    return len(part)


def _check_columns(case: Case, acts: list[Act]) -> None:
    made: dict[str, Any] = {}
    for act in acts:
        made |= {name: values[1] for name, values in act.changes.items()}
    defaults = {f.attname: f.get_default() for f in case._meta.concrete_fields}
    for name, value in columns(case).items():
        # A column that no act ever touched is empty, or as it was when it was added to the table.
        if value not in ([made[name]] if name in made else [None, defaults[name]]):
            raise Fault.because("workflow.audit.column", case=case.case_ref, column=name)
