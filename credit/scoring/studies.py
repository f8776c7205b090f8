"""Studies of everybody's scores: asked for here, made by :mod:`credit.scoring.studying`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from credit.scoring import draft_faults, rules, selectors, soundness
from credit.scoring.models import CreditStudy
from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.events import services as events
from kernel.events.credit import CreditStudyAsked
from kernel.regulation.reading import parse
from kernel.regulation.rows import Fault, LawFault

LONGEST_DRAFT = 200_000  # characters; the longest scheme we hold has a tenth of it
# Each keeps a worker for half a minute: so many wait for one person at a time, for a day at most.
_WAITING, _GIVEN_UP = 3, timedelta(days=1)
_FAULTS = 100  # of a draft, told at once


def ask(
    *, actor: Actor, at: datetime, valid_on: date, first: str, second: str = "", draft: str = ""
) -> CreditStudy:
    """Ask for a study; a worker makes it. The same one that still waits is not asked for again.

    Raises Refused ``credit.study.waiting`` for who has enough of them waiting,
    ``credit.study.ahead`` for a day to come, every fault of a draft, and what
    ``selectors.named`` raises for a code, or a code with its version (``code@version``).
    """
    if valid_on > clock.legal_date(at):
        raise Refused.because("credit.study.ahead", on=valid_on.isoformat(), field="valid_on")
    for name in filter(None, (first, second)):
        selectors.named(name, clock.start_of(valid_on))
    if draft:
        drafted(draft)
    waiting = CreditStudy.objects.filter(asked_by=actor.person_id, done_at=None)
    same = waiting.filter(valid_on=valid_on, first=first, second=second, draft=draft)
    if (found := same.first()) is not None:
        return found
    if waiting.filter(asked_at__gt=at - _GIVEN_UP).count() >= _WAITING:
        raise Refused.because("credit.study.waiting", most=_WAITING)
    with transaction.atomic():
        study = CreditStudy.objects.create(
            asked_by=actor.person_id, asked_at=at, valid_on=valid_on, first=first, second=second,
            draft=draft,
        )  # fmt: skip
        events.publish([CreditStudyAsked(study.pk)], case=f"credit.study:{study.pk}", at=at)
    return study


def drafted(text: str) -> rules.Scheme:
    """The scheme of a draft's text; refused with every fault, each a reason of its own."""
    if len(text) > LONGEST_DRAFT:
        raise Refused.because("credit.scheme.draft_long", longest=LONGEST_DRAFT, field="draft")
    try:
        found = parse(text, "scheme.toml")
        if found.kind != "schemes":
            raise LawFault([Fault(f"{found.code} is no scheme", "no_kind", key="code")])
        if "base" not in found.by_key:
            raise LawFault([Fault("base is needed", "missing_row", row="base")])
        scheme = selectors.scheme_of(found)
        lines = {row.key: row.line for row in found.rows}
        if faults := [
            Fault.of(each, each, row=each.row, key=each.key, line=lines.get(each.row, 0))
            for each in soundness.faults(scheme)
        ]:
            raise LawFault(faults)
        return scheme
    except LawFault as fault:
        refused = draft_faults.refusals(fault.faults[:_FAULTS], text)
    raise Refused(refused)


def keep(study_id: int, result: dict[str, Any]) -> None:
    """Put a result where it was asked for."""
    CreditStudy.objects.filter(pk=study_id, done_at=None).update(done_at=clock.now(), result=result)
