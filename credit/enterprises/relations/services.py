"""Writes of relations between enterprises, and what their guards look at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from credit import citing
from credit.enterprises.relations import correcting
from credit.enterprises.relations.machine import ENDED, IN_FORCE, RECORDED, RELATION
from credit.enterprises.relations.models import EnterpriseRelation
from credit.enterprises.relations.rules import RelationFacts
from credit.enterprises.relations.schemas import CorrectPayload, RelationPayload
from credit.enterprises.selectors import articles, known_keepers
from kernel import clock
from kernel.access.actors import Actor
from kernel.access.interests import works_for
from kernel.documents import scans
from kernel.events.registry import DomainEvent
from kernel.regulation import selectors as law
from kernel.workflow.machines import Doing
from kernel.workflow.relations import region_prefix


@RELATION.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> RelationFacts:
    """Everything that the guards of a relation look at."""
    day = clock.legal_date(at)
    recorded = payload if isinstance(payload, RelationPayload) else None
    both = (recorded or case).uscc, (recorded or case).other_uscc
    file = getattr(payload, "file_sha256", "")
    own = actor.region if actor else ""
    # What nobody has entered and is of another province is of no place: nobody's own for that.
    places = known_keepers(both).values()
    return RelationFacts(
        today=day,
        articles=articles(day, citing.language()),
        kinds=frozenset(code for code, _label in law.options("relation_kind", at)),
        taken=_taken(case, both, payload, day),
        brought=bool(file and actor and not scans.missing(actor.organisation_id, [file])),
        interested=any(works_for(actor, code, at) for code in both),
        elsewhere=not any(place.startswith(region_prefix(own)) for place in places),
        since=case.since,
        now_says={name: getattr(case, name) for name in correcting.FIELDS} if case.pk else {},
        proposed=case.proposed,
        proposed_by=case.proposed_by,
        person=actor.person_id if actor else 0,
    )


def _taken(case: Any, both: tuple[str, str], payload: Any, day: date) -> bool:
    """Whether another record says that the two stand in the kind that is recorded now."""
    said = isinstance(payload, RelationPayload | CorrectPayload)
    reopened = case.state == ENDED and case.proposed == correcting.REOPEN
    if not said and not reopened and case.state != RECORDED:
        return False
    kind = payload.kind if said else case.proposal["kind"] if reopened else case.kind
    # What waits stands in the way of recording it again, and of nothing that counts.
    states = (IN_FORCE, RECORDED) if isinstance(payload, RelationPayload) else (IN_FORCE,)
    found = EnterpriseRelation.objects.filter(between_q(both[0]), kind=kind, state__in=states)
    if isinstance(payload, RelationPayload):
        # Its days are over already, though its clock may not have told so yet. What takes effect
        # (confirm, reinstate) waits for that clock: two in force do not stand beside each other.
        found = found.exclude(state=IN_FORCE, until__lt=day)
    if case.state == ENDED and said and payload.until is not None:
        # One that was over before another began stands beside it.
        found = found.filter(since__lte=payload.until)
    return bool(found.filter(between_q(both[1])).exclude(pk=case.pk).exists())


def between_q(uscc: str) -> Q:
    """Relations that an enterprise is one side of."""
    return Q(uscc=uscc) | Q(other_uscc=uscc)


@RELATION.effect("record")
def _record(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    for name in RelationPayload.model_fields:
        setattr(case, name, getattr(doing.payload, name))
    case.region = doing.actor.region
    case.proposed, case.proposed_by = correcting.RECORD, doing.actor.person_id
    return []


@RELATION.effect("confirm")
def _confirm(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    case.confirmed_at = doing.at
    return _nothing_proposed(case)


@RELATION.effect("decline")
def _decline(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    case.declined_because = doing.payload.reason
    return _nothing_proposed(case)


@RELATION.effect("propose_change")
def _propose_change(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    return _propose(case, doing, _kind(case, doing.payload.until, doing))


def _kind(case: EnterpriseRelation, until: date | None, doing: Doing) -> str:
    today = clock.legal_date(doing.at)
    return correcting.kind_of_change(case.state == IN_FORCE, until, today)


@RELATION.effect("propose_end")
def _propose_end(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    return _propose(case, doing, correcting.END)


@RELATION.effect("propose_taking_back")
def _propose_taking_back(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    return _propose(case, doing, correcting.TAKE_BACK)


def _propose(case: EnterpriseRelation, doing: Doing, what: str) -> list[DomainEvent]:
    case.proposed, case.proposed_by = what, doing.actor.person_id
    case.proposal = doing.payload.model_dump(mode="json")
    return []


@RELATION.effect("confirm_change")
def _confirm_change(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    """What it said is kept beside what it says now, in the same commit: no day is without it."""
    said = CorrectPayload.model_validate(case.proposal)
    _keep(case, doing)
    for name in _CHANGED:
        setattr(case, name, getattr(said, name))
    return _nothing_proposed(case)


@RELATION.effect("reinstate")
def _reinstate(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    """Its last day is open or ahead; what said that it was over stays with what it said before."""
    _confirm_change(case, doing)
    case.ending_source = case.ending_sha256 = ""
    return []


@RELATION.effect("take_back")
def _take_back(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    if case.ending_source:
        _keep(case, doing)
    case.ending_source = case.proposal["source"]
    case.ending_sha256 = case.proposal["file_sha256"]
    return _nothing_proposed(case)


_CHANGED = (*correcting.FIELDS, "source", "file_sha256")
_ENDING = ("ending_source", "ending_sha256")


def _keep(case: EnterpriseRelation, doing: Doing) -> None:
    """Keep what it says now, with the day from which it says something else."""
    names = (*_CHANGED, *_ENDING) if case.ending_source else _CHANGED
    before = {name: _plain(getattr(case, name)) for name in names}
    day = clock.legal_date(doing.at).isoformat()
    case.earlier = [*case.earlier, {**before, "superseded_on": day}]


@RELATION.effect("drop_proposal")
def _drop(case: EnterpriseRelation, _doing: Doing) -> list[DomainEvent]:
    return _nothing_proposed(case)


def _nothing_proposed(case: EnterpriseRelation) -> list[DomainEvent]:
    case.proposed, case.proposal, case.proposed_by = "", {}, 0
    return []


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@RELATION.effect("end")
def _end(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    """By a paper that says it is over, or by a change that gives it a last day that has come."""
    said = case.proposal
    if "last_day" not in said:
        _confirm_change(case, doing)
        return []
    if case.until is not None:
        _keep(case, doing)
    case.until = date.fromisoformat(said["last_day"])
    case.ending_source, case.ending_sha256 = said["source"], said["file_sha256"]
    return _nothing_proposed(case)


@RELATION.effect("end_on_time")
def _end_on_time(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    """What waits of it waits on as what it is of one that is over: that it was over on an earlier
    day is a change of its days, and that it is over on this one nothing more.
    """
    if "last_day" in case.proposal:
        if not _was_over_earlier(case):
            return _nothing_proposed(case)
        case.proposal = _as_change(case)
    if case.proposed in (correcting.CHANGE, correcting.END):
        said = CorrectPayload.model_validate(case.proposal)
        today = clock.legal_date(doing.at)
        case.proposed = correcting.kind_of_change(False, said.until, today)
    return []


def _was_over_earlier(case: EnterpriseRelation) -> bool:
    return case.until is not None and date.fromisoformat(case.proposal["last_day"]) < case.until


def _as_change(case: EnterpriseRelation) -> dict[str, Any]:
    """A proposed end as the change that it is: everything else stays as it stands."""
    said = dict(case.proposal)
    last_day = said.pop("last_day")
    stays = {name: _plain(getattr(case, name)) for name in correcting.FIELDS}
    return stays | said | {"until": last_day}
