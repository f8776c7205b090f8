"""Trustees on machines without a network: the task they take away, the answer they bring."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import NotFound, NotPermitted, Refusal, Refused
from kernel.sealing import canonical
from kernel.sealing.bids.tasks import CLOSING, Task, read_answer
from kernel.workflow import throttle
from procurement.bids import answers, gathering, opening, policies
from procurement.bids.models import PolicyParty

# The act of each kind of statement; the same as the API's.
_ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "trustee-key": (policies.act, "announce_key"),
    "rehearsal": (policies.act, "rehearse"),
    "policy-signature": (policies.act, "sign"),
    "closing-signature": (opening.act, "countersign"),
    "nonce": (opening.act, "reveal"),
    "marks": (opening.act, "mark"),
    "cured-marks": (opening.act, "mark_cured"),
    "shares": (opening.act, "release"),
}


@dataclass(frozen=True)
class Taken:
    """What became of a statement: its kind, and why it was refused (empty where it was not)."""

    kind: str
    refusals: tuple[Refusal, ...] = ()


def party_of(number: str, actor: Actor) -> PolicyParty:
    """The actor's organisation among the lot's parties; refused for everybody else."""
    party = policies.of_lot(number).parties.filter(uscc=actor.uscc or "-").first()
    if party is None:
        raise NotPermitted.because("access.page.not_permitted", page=f"trustee:{number}")
    return party


def task(number: str, actor: Actor) -> Task:
    """All that a party of a lot is told now; the same as the API tells it."""
    party = party_of(number, actor)
    around = answers.surroundings(at := clock.now())
    nothing: dict[str, Any] = {"challenge": None, "stage": ""}
    rehearsal = _told(lambda: answers.rehearsal(number, actor)) or nothing
    return Task(
        lot=number,
        party=party.uscc,
        share=party.place is not None,
        time=at,
        demonstration=around["demonstration"],
        chain=around["chain"],
        crls=tuple(around["crls"]),
        anchors=around["anchors"],
        challenge=rehearsal["challenge"],
        stage=rehearsal["stage"],
        draft=_told(lambda: _some(answers.draft(number, actor), ("policy", "signatures"))),
        closing=_told(lambda: _some(answers.closed(number, actor), CLOSING)),
    )


def take(number: str, actor: Actor, data: bytes) -> list[Taken]:
    """Do what an answer file says, statement by statement; each is done or refused alone.

    The same file again does nothing more. Refused as a whole: ``sealing.format.*``, and
    ``procurement.task.other`` for an answer of another party or lot.
    """
    party_of(number, actor)
    said = read_answer(data)
    if (said.lot, said.party) != (number, actor.uscc):
        raise Refused.because("procurement.task.other", lot=said.lot, party=said.party)
    return [_do(number, actor, kind, dict(body)) for kind, body in said.statements]


def _do(number: str, actor: Actor, kind: str, body: dict[str, str]) -> Taken:
    act, name = _ACTS[kind]
    if kind == "rehearsal" and gathering.awaits_rehearsal(number):
        act = opening.act
    key = hashlib.sha256(canonical.encode([number, kind, body])).hexdigest()
    try:
        with throttle.refusals(actor):
            act(number, name, actor=actor, payload=body, key=key, at=clock.now())
    except Refused as refused:
        return Taken(kind, refused.refusals)
    return Taken(kind)


def _told(ask: Callable[[], Any]) -> Any:
    """What the API would tell, None where it has nothing to tell now."""
    try:
        return ask()
    except NotFound:
        return None


def _some(told: dict[str, Any], names: Any) -> dict[str, Any]:
    """Some fields of an answer, as they travel in JSON."""
    return {name: told[name] for name in names}
