"""Writes of declarations: what each act changes besides the state, and what it tells."""

from __future__ import annotations

from typing import Any

from credit.enterprises import entries
from credit.enterprises.corrections.rules import read_value
from credit.enterprises.declarations.machine import (
    CHECKED,
    CLAIM,
    DECLARED,
    FINANCE,
    LEVELS,
    REFUSED,
    WITHDRAWN,
)
from credit.enterprises.models import Enterprise
from kernel.events.credit import ArchiveChanged
from kernel.events.registry import DomainEvent
from kernel.workflow.machines import Doing, Machine


def _declares(machine: Machine, told: tuple[str, ...]) -> None:
    @machine.effect("declare")
    def declare(case: Any, doing: Doing) -> list[DomainEvent]:
        for name in type(doing.payload).model_fields:
            setattr(case, name, getattr(doing.payload, name))
        case.uscc = doing.actor.uscc
        case.region = Enterprise.objects.values_list("kept_in", flat=True).get(uscc=case.uscc)
        return [_told(case, tuple((f, "", entries.value_of(case, f)) for f in told), "C")]

    @machine.effect("check")
    def check(case: Any, doing: Doing) -> list[DomainEvent]:
        case.document_number = doing.payload.document_number
        return [_told(case, (("level", LEVELS[DECLARED], LEVELS[CHECKED]),), LEVELS[CHECKED])]

    @machine.effect("refuse")
    def refuse(case: Any, _doing: Doing) -> list[DomainEvent]:
        return [_told(case, (("state", case.state, REFUSED),), case.level)]

    @machine.effect("withdraw")
    def withdraw(case: Any, _doing: Doing) -> list[DomainEvent]:
        return [_told(case, (("state", case.state, WITHDRAWN),), case.level)]

    @machine.effect("correct")
    def correct(case: Any, doing: Doing) -> list[DomainEvent]:
        field = doing.payload.field
        before = entries.value_of(case, field)
        setattr(case, field, read_value(field, doing.payload.value))
        changes = ((field, before, entries.value_of(case, field)),)
        return [_told(case, changes, case.level, doing.payload.correction)]


def _told(
    case: Any, changes: tuple[tuple[str, str, str], ...], level: str, source: str = ""
) -> ArchiveChanged:
    return entries.change(case, changes, level=level, source=source)


_declares(CLAIM, ("contract_number", "name", "owner", "price_fen", "signed_on", "completed_on"))
_declares(FINANCE, ("revenue_fen", "assets_fen", "liabilities_fen", "net_profit_fen"))
