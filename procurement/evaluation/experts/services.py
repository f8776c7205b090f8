"""What the guards of an expert look at, and what each act changes besides the state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.events.registry import DomainEvent
from kernel.regulation import selectors as law
from kernel.regulation.citing import language
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from kernel.workflow.models import Act
from kernel.workflow.numbers import next_number
from procurement.evaluation.experts import two
from procurement.evaluation.experts.machine import EXPERT
from procurement.evaluation.experts.models import Expert
from procurement.evaluation.experts.rules import ExpertFacts
from procurement.evaluation.experts.schemas import Employment, ExpertPayload
from procurement.evaluation.numbers import numbers

_COLUMNS = (
    "region", "practised_on", "title", "title_number", "title_sha256", "punishments",
)  # fmt: skip

_ROOM = 20


@EXPERT.facts
def facts(case: Any, at: datetime, payload: Any = None, actor: Actor | None = None) -> ExpertFacts:
    """Everything that the guards of an expert look at, at a legal moment."""
    known = () if case.pk is None else employments(case)
    asked = payload if isinstance(payload, ExpertPayload) else _asked(case, known)
    mine = actor is not None and case.pk is not None and case.person_id == actor.person_id
    return ExpertFacts(
        today=clock.legal_date(at),
        numbers=numbers(clock.legal_date(at).isoformat(), asked.region, language()),
        asked=asked,
        others=_others(case, actor),
        own_file=not (
            asked is payload
            and actor is not None
            and scans.missing(actor.organisation_id, [asked.title_sha256])
        ),
        mine=mine,
        specialties=_codes("expert_specialty", at),
        titles=_codes("expert_title", at),
        known=known,
        state=case.state if case.pk is not None else "",
        proposed=proposed([case.pk])[case.pk] if case.pk is not None else {},
        actor_person=actor.person_id if actor is not None else 0,
    )


def proposed(pks: Collection[int]) -> dict[int, dict[str, two.Proposal]]:
    """By expert and act, what waits for another officer; one query."""
    rows = Act.objects.filter(machine=EXPERT.code, case_pk__in=pks).order_by("-version")
    acts: dict[int, list[tuple[str, int | None, Any]]] = {pk: [] for pk in pks}
    for pk, *told in rows.values_list("case_pk", "transition", "person_id", "payload"):
        acts[pk].append((told[0], told[1], told[2]))
    return {pk: two.proposals(found) for pk, found in acts.items()}


@EXPERT.sifts
def waiting(cases: Sequence[Any], actor: Actor, at: datetime) -> dict[int, frozenset[str]]:
    """An application waits for a proposal, and once there is one for another officer; one query."""
    found = proposed([case.pk for case in cases])
    return {case.pk: _next(found[case.pk].get("admit"), actor) for case in cases}


def _next(proposal: two.Proposal | None, actor: Actor) -> frozenset[str]:
    if proposal is None:
        return frozenset({"propose"})
    return frozenset({"admit"} if proposal.person != actor.person_id else ())


def _codes(name: str, at: datetime) -> frozenset[str]:
    return frozenset(code for code, _label in law.options(name, at))


def _others(case: Any, actor: Actor | None) -> int:
    if case.pk is not None or actor is None:
        return 0
    return Expert.objects.filter(person_id=actor.person_id).count()


def employments(case: Any) -> tuple[Employment, ...]:
    """Where an expert works and worked, as told."""
    return tuple(
        Employment.model_validate({name: row[name] for name in Employment.model_fields})
        for row in case.employments
    )


def _asked(case: Any, known: tuple[Employment, ...]) -> ExpertPayload:
    """What stands on the case, as it was applied for."""
    said = {name: getattr(case, name) for name in _COLUMNS}
    # Nothing that was told is taken away, so there may be more than an application has room for.
    lasting = sorted(known, key=lambda one: one.until is not None)[:_ROOM]
    return ExpertPayload(specialties=tuple(case.specialties), employments=tuple(lasting), **said)


@EXPERT.effect("apply")
def _apply(case: Expert, doing: Doing) -> list[DomainEvent]:
    """The file is the person's own, and of the organisation that they act for as an expert."""
    case.person_id = doing.actor.person_id
    case.organisation_id = doing.actor.organisation_id
    _take(case, doing)
    return []


@EXPERT.effect("reapply")
def _reapply(case: Expert, doing: Doing) -> list[DomainEvent]:
    _take(case, doing)
    case.reason = case.document_number = ""
    return []


def _take(case: Expert, doing: Doing) -> None:
    said: ExpertPayload = doing.payload
    for name in _COLUMNS:
        setattr(case, name, getattr(said, name))
    case.proposal_lapses_at = None
    case.specialties = sorted(set(said.specialties))
    case.employments = _told(case.employments, said.employments, doing.facts.today)


def _told(known: Any, said: Iterable[Employment], today: date) -> list[dict[str, Any]]:
    """Employments with what is told now: nothing that was told before is taken away.

    told_on: the day on which somebody told that they left what until then had lasted. A conflict
    counts until then at the earliest: who would be asked about a bidder does not say so.
    """
    rows = {(row["uscc"], row["since"]): dict(row) for row in known}
    for one in said:
        row = one.model_dump(mode="json")
        before = rows.get((row["uscc"], row["since"]))
        if before is not None:
            if before["until"] is None and row["until"] is not None:
                row["told_on"] = today.isoformat()
            elif "told_on" in before:
                row["told_on"] = before["told_on"]
            if row["until"] is not None and before["until"] is not None:
                row["until"] = max(row["until"], before["until"])
        rows[row["uscc"], row["since"]] = row
    return list(rows.values())


@EXPERT.effect("propose")
def _propose(case: Expert, doing: Doing) -> list[DomainEvent]:
    """The newest proposal gives all that wait the same time: whoever decides sees them together."""
    case.proposal_lapses_at = due(
        doing.at, "expert.proposal", region=case.region, provisional=True
    ).at
    return []


@EXPERT.effect("lapse_proposal")
def _lapse(case: Expert, _doing: Doing) -> list[DomainEvent]:
    case.proposal_lapses_at = None
    return []


@EXPERT.effect("admit")
def _admit(case: Expert, doing: Doing) -> list[DomainEvent]:
    """The code is the bank's own serial; the term runs from today."""
    case.code = _next_code()
    case.admitted_on = doing.facts.today
    return _check(case, doing)


def _next_code() -> str:
    """The next free one: banks that were kept before gave codes of the same shape by hand."""
    while Expert.objects.filter(code=(code := f"ZJ{next_number(EXPERT.code):04d}")).exists():
        pass
    return code


@EXPERT.effect("renew")
def _renew(case: Expert, doing: Doing) -> list[DomainEvent]:
    return _check(case, doing)


def _check(case: Expert, doing: Doing) -> list[DomainEvent]:
    case.record, case.reason, case.document_number = doing.payload.record, "", ""
    case.proposal_lapses_at = None
    case.valid_until = _years_on(doing.facts.today, doing.facts.numbers["expert.term_years"])
    return []


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


@EXPERT.effect("resume")
def _resume(case: Expert, doing: Doing) -> list[DomainEvent]:
    case.record, case.reason, case.document_number = doing.payload.record, "", ""
    case.proposal_lapses_at = None
    return []


@EXPERT.effect("report_employer")
def _report(case: Expert, doing: Doing) -> list[DomainEvent]:
    case.employments = _told(case.employments, [doing.payload], doing.facts.today)
    return []


@EXPERT.effect("change_specialties")
def _change(case: Expert, doing: Doing) -> list[DomainEvent]:
    case.specialties, case.reason = sorted(set(doing.payload.specialties)), doing.payload.reason
    case.proposal_lapses_at = None
    return []


@EXPERT.effect("decline")
@EXPERT.effect("suspend")
@EXPERT.effect("remove")
def _because(case: Expert, doing: Doing) -> list[DomainEvent]:
    case.reason = doing.payload.reason
    case.document_number = doing.payload.document_number
    case.proposal_lapses_at = None
    return []
