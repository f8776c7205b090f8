"""What accepted corrections say against a later line of the register.

A correction was made by two, with a document: the value that it put right does not come back by a
file. Another value may be news; it waits for an officer as a request for correction of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from credit.enterprises import entries
from credit.enterprises.corrections.machine import ACCEPTED, CORRECTION, DECLINED, FILED
from credit.enterprises.corrections.rules import read_value
from credit.enterprises.models import Achievement, Correction, NationalImport
from kernel.errors import Refused
from kernel.workflow.following import follow


@dataclass(frozen=True)
class Standing:
    """An accepted correction of a field. value: as it is now; wrong: what officers found wrong."""

    number: str
    value: Any
    wrong: frozenset[Any]


@dataclass(frozen=True)
class Held:
    """A value of the register that differs from an accepted correction."""

    row: Achievement
    field: str
    value: Any
    standing: Standing


Standings = Mapping[tuple[str, str], Standing]
"""(source of the achievement, field) -> the correction that stands."""


def standings(sources: Iterable[str]) -> dict[tuple[str, str], Standing]:
    """The corrections that stand for achievements of these sources, ended ones included.

    A contract that moves to another enterprise takes its corrections along.
    """
    named = {
        f"achievement:{pk}": source
        for pk, source in Achievement.objects.filter(source__in=set(sources)).values_list(
            "pk", "source"
        )
    }
    decided = Correction.objects.filter(entry__in=named, state__in=(ACCEPTED, DECLINED))
    found: dict[tuple[str, str], Standing] = {}
    for case in decided.order_by("changed_at", "pk"):
        key = (named[case.entry], case.field)
        before = found.get(key)
        wrong = before.wrong if before else frozenset()
        if case.state == ACCEPTED:
            value = _read(case.field, case.value)
            put_right = {_read(case.field, case.was), *([before.value] if before else [])}
            found[key] = Standing(case.number, value, (wrong | put_right) - {value})
        elif before is not None:
            declined = _read(case.field, case.should_be)
            found[key] = Standing(
                before.number, before.value, wrong | ({declined} - {before.value})
            )
    return found


def _read(field: str, text: str) -> Any:
    """A value as its field has it; what cannot be read is no value of any line."""
    try:
        return read_value(field, text)
    except (Refused, ValueError):
        return ("unreadable", text)


def settle(row: Achievement, values: dict[str, Any], standing: Standings) -> list[Held]:
    """Put what stands by a correction in the place of what a line says; tell what is news."""
    held = []
    for field in values:
        one = standing.get((row.source, field))
        if one is None or values[field] == one.value:
            continue
        if values[field] not in one.wrong:
            held.append(Held(row, field, values[field], one))
        values[field] = one.value
    return held


def said(field: str, value: Any) -> str:
    """A value as corrections and reports write it; money in yuan."""
    return entries.value_of(SimpleNamespace(**{field: value}), field)


def ask(job: NationalImport, held: Held, at: datetime) -> None:
    """Lay a value before an officer, once, in the caller's commit. The row has its key.

    Whoever brought the file asks, so that another decides.
    """
    entry, should_be = f"achievement:{held.row.pk}", said(held.field, held.value)
    same = Correction.objects.filter(entry=entry, field=held.field, should_be=should_be)
    if same.filter(state=FILED).exists():
        return
    with override("zh-hans"):
        says = _("全国平台数据表 %(table)s 的新内容与已受理的更正 %(number)s 不同，请核对。") % {
            "table": job.table, "number": held.standing.number,
        }  # fmt: skip
    follow(
        CORRECTION.code,
        None,
        "file_import",
        key=f"import:{job.pk}:{entry}:{held.field}",
        at=at,
        payload={
            "entry": entry, "field": held.field, "should_be": should_be, "says": says,
            "document_sha256": job.file_sha256, "filed_by": job.person_id,
        },
    )  # fmt: skip
