"""May this happen now? One facts() load, all guards, every refusal; pages and fire() ask here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from pydantic import ValidationError

from kernel.access import interests, permissions
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.errors import Refusal, Refused
from kernel.parties.models import Organisation
from kernel.workflow import texts
from kernel.workflow.machines import Machine, Payload, Transition, machines
from kernel.workflow.models import Case


def load_facts(
    machine: Machine,
    case: Case,
    at: datetime,
    payload: Payload | None = None,
    actor: Actor | None = None,
) -> Any:
    """The machine's one load of everything its guards look at."""
    if machine.facts_loader is None:
        raise LookupError(f"{machine.code} has no facts loader")
    offered = {"payload": payload, "actor": actor}
    return machine.facts_loader(case, at, **{name: offered[name] for name in machine.facts_asked})


def permitted(machine: Machine, transition: Transition, case: Case, actor: Actor) -> bool:
    """Whether the access table lets the actor do this act on this case."""
    if actor.is_platform or transition.automatic:
        return actor.is_platform and transition.automatic
    return permissions.may_act(
        actor, machine.act_name(transition.code), lambda code: _holds(machine, code, case, actor)
    )


def interested(
    machine: Machine, transition: Transition, case: Case, actor: Actor, at: datetime
) -> bool:
    """Whether who decides for an authority acts for one side of the case, too.

    Sides are the firms that the case's columns name: by credit code, by key, or in its list of
    parties.
    """
    if not by_office(machine, transition, actor) or case.pk is None:
        return False
    return interests.works_for_a_side(actor, *sides(case), at)


def by_office(machine: Machine, transition: Transition, actor: Actor) -> bool:
    """Whether an actor does an act for an authority, which takes no side."""
    allowed = TABLE.acts.get(machine.act_name(transition.code), ())
    held = any(a.role == actor.role and a.relation.endswith("authority") for a in allowed)
    return bool(actor.authority) and held


def sides(case: Case) -> tuple[set[str], set[int]]:
    """The firms that a case names, by credit code and by key."""
    fields = type(case)._meta.concrete_fields
    codes = {getattr(case, f.attname) for f in fields if f.attname.endswith("uscc")}
    codes |= {one.get("uscc", "") for one in getattr(case, "parties", ()) if isinstance(one, dict)}
    firms = {getattr(case, f.attname) for f in fields if f.related_model is Organisation}
    return codes - {""}, firms


def has_to_leave(
    machine: Machine, transition: Transition, case: Case, actor: Actor, at: datetime
) -> list[Refusal]:
    """The reason why an officer leaves an act to another; none where there is no such reason."""
    if not interested(machine, transition, case, actor, at):
        return []
    return [Refusal("access.act.interested", {"act": machine.act_name(transition.code)})]


def readable(machine: Machine, case: Case, actor: Actor) -> bool:
    """Whether the access table lets the actor open the case's page."""
    return permissions.may_read(
        actor, machine.code, lambda code: _holds(machine, code, case, actor)
    )


def _holds(machine: Machine, code: str, case: Case, actor: Actor) -> bool:
    relation = machine.relation(code)
    return relation is not None and relation.holds(case, actor)


def refusals(
    machine: Machine, transition: Transition, case: Case, facts: Any, payload: Payload | None
) -> list[Refusal]:
    """Every reason why the transition is not possible; without a payload, only looking."""
    if transition.sources and case.state not in transition.sources:
        return [
            Refusal(
                "workflow.act.not_in_state",
                {
                    "machine": machine.code,
                    "state": case.state,
                    "needed": list(transition.sources),
                },
                transition.article,
            )
        ]
    return [reason for guard in transition.guards for reason in guard(facts, payload)]


def parse_payload(transition: Transition, raw: Mapping[str, Any] | Payload | None) -> Payload:
    """Check what an act brings along against its schema.

    Raises Refused with one refusal per faulty field, the first fifty of them.
    """
    if isinstance(raw, Payload):
        raw = raw.model_dump()
    plain = texts.without_invisible(dict(raw or {}))
    try:
        parsed = transition.schema.model_validate(plain)
    except ValidationError as error:
        raise Refused(_field_refusals(error)) from None
    if unfit := list(islice(texts.unfit_fields(plain), MAX_REASONS)):
        raise Refused([Refusal("workflow.payload.characters", {}, "", name) for name in unfit])
    return parsed


# A form has fewer fields than this; a body made of faults is not told, nor kept, fault by fault.
MAX_REASONS = 50
_EXPECTED_LENGTH = 200

_FIELD_CODES = {
    "missing": "workflow.payload.missing",
    "extra_forbidden": "workflow.payload.unknown_field",
    "string_too_long": "workflow.payload.too_long",
    "string_too_short": "workflow.payload.missing",
}


def _field_refusals(error: ValidationError) -> list[Refusal]:
    found = []
    for item in error.errors(include_url=False, include_input=False)[:MAX_REASONS]:
        name = texts.shown_name(".".join(str(part) for part in item["loc"])) or "payload"
        nested = item.get("ctx", {}).get("error")
        if isinstance(nested, Refused):
            found += [Refusal(r.code, r.facts, r.article, name) for r in nested.refusals]
            continue
        code = _FIELD_CODES.get(item["type"], "workflow.payload.invalid")
        expected = texts.shown_name(str(item.get("ctx", {})), _EXPECTED_LENGTH)
        facts = {"field": name, "problem": item["type"], "expected": expected}
        found.append(Refusal(code, facts, "", name))
    return found


@dataclass(frozen=True)
class NextAct:
    """An act of the actor's role: possible now, or with the reasons why not."""

    transition: Transition
    refusals: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        """Whether it can be done now."""
        return not self.refusals


@lru_cache(maxsize=4096)
def awaited(machine: str, state: str) -> tuple[Transition, ...]:
    """The acts of people that a case in a state waits for: a desk's, and those that lead on.

    Not what ends it for good. Guards are not asked: a page of many cases cannot load the facts of
    each; whether something still stands against an act, its own page says (``what_next``).
    """
    found = machines()[machine]
    path = {code: place for place, code in enumerate(found.main_path)}
    here = path.get(state, len(path))
    return tuple(
        t
        for t in found.transitions
        if state in t.sources
        and not (t.automatic or t.grave)
        and (t.desk or path.get(t.target, -1) > here)
    )


def what_next(machine: Machine, case: Case, actor: Actor, at: datetime) -> list[NextAct]:
    """Every act that the actor's role may ever do on this case, with today's answer."""
    mine = [t for t in machine.transitions if t.sources and permitted(machine, t, case, actor)]
    # Where the state alone answers, nothing is asked of other rooms: most readers only look.
    asked = any(t.guards and case.state in t.sources for t in mine)
    facts = load_facts(machine, case, at, actor=actor) if asked else None
    # Asked once, and of who sits in an office alone.
    offices = {t.code for t in mine if case.state in t.sources and by_office(machine, t, actor)}
    leaves = bool(offices) and interests.works_for_a_side(actor, *sides(case), at)
    told = []
    for t in mine:
        reasons = refusals(machine, t, case, facts, None)
        if leaves and t.code in offices:
            reasons.append(Refusal("access.act.interested", {"act": machine.act_name(t.code)}))
        told.append(NextAct(t, tuple(reasons)))
    return told
