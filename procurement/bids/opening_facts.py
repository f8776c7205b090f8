"""What the guards of openings look at, of one opening and of all that wait on a desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from kernel.access.actors import Actor
from kernel.sealing.bids import closing as formats
from kernel.sealing.bids.policy import Policy
from kernel.workflow import judge
from kernel.workflow.selectors import acts_of
from procurement.bids import brought, gathering, lots, readings
from procurement.bids.machines import OPENING
from procurement.bids.models import Opening, OpeningStatement, PolicyVersion
from procurement.bids.rules.openings import OpeningFacts

Kind = OpeningStatement.Kind


@OPENING.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> OpeningFacts:
    """Everything that the guards of an opening look at."""
    if case.pk is None:
        return _beginning(payload)
    lot = lots.find(case.lot_number)
    return under(case, gathering.policy_of(case), at, payload, actor, lot.state if lot else "")


def under(
    case: Opening,
    policy: Policy,
    at: datetime,
    payload: Any,
    actor: Actor | None,
    lot_state: str,
) -> OpeningFacts:
    """The facts of an opening whose policy, and whose lot's state, was read already."""
    said = gathering.said(case)
    return OpeningFacts(
        lot_state=lot_state,
        actor_person=actor.person_id if actor else 0,
        stop_proposed_by=_proposer(case),
        actor_uscc=actor.uscc if actor and not actor.is_platform else "",
        threshold=policy.threshold,
        trustees=frozenset(t.uscc for t in policy.trustees),
        parties=frozenset(policy.parties()),
        signed=gathering.who(said, Kind.SIGNATURE),
        revealed=gathering.who(said, Kind.NONCE),
        marked=gathering.who(said, Kind.MARKS),
        released=gathering.who(said, Kind.RELEASE),
        rehearsed=gathering.who(said, Kind.REHEARSAL),
        draws=bool(policy.draws) and not case.draw_text,
        drawn=bool(case.draw_text),
        reveal_over=case.reveal_until_at is not None and at >= case.reveal_until_at,
        later=case.before_id is not None,
        uncured=gathering.uncured(case, policy, said),
        cure_over=case.cure_until_at is not None and at >= case.cure_until_at,
        protested=gathering.protested(case, said),
        faults=readings.faults(lambda: _check(case, payload, actor, at)),
    )


def _proposer(case: Opening) -> int:
    """Who proposed to stop it, nobody (0) as a rule: then nothing is asked."""
    if not case.reason:
        return 0
    acts = [act for act in acts_of(case) if act.transition == "propose_stop"]
    return acts[-1].person_id or 0 if acts else 0


def _beginning(payload: Any) -> OpeningFacts:
    number, before = getattr(payload, "lot_number", ""), getattr(payload, "before", 0)
    lot = lots.find(number)
    stage = formats.read_list(payload.text.encode()).stage if payload else ""
    earlier = Opening.objects.filter(pk=before, lot_number=number).first() if before else None
    return OpeningFacts(
        lot_found=lot is not None,
        lot_state=lot.state if lot else "",
        later=bool(before),
        earlier_state=earlier.state if earlier else "",
        other_opening=Opening.objects.filter(lot_number=number, stage=stage).exists(),
    )


def _check(case: Opening, payload: Any, actor: Actor | None, at: datetime) -> None:
    if payload is not None and actor is not None:
        brought.check(case, gathering.policy_of(case), gathering.said(case), payload, actor, at)


@OPENING.sifts
def waiting(cases: Sequence[Any], actor: Actor, at: datetime) -> dict[int, frozenset[str]]:
    """What no guard refuses an actor in each of these openings; three queries for all."""
    prefetch_related_objects(cases, "statements")
    policies = {(case.policy_id, gathering.list_of(case).policy_sha256) for case in cases}
    rows = PolicyVersion.objects.filter(policy_id__in={key for key, _ in policies})
    texts = {
        (row.policy_id, row.sha256): row.text
        for row in rows.filter(sha256__in={digest for _, digest in policies})
    }
    states = lots.states({case.lot_number for case in cases})
    able = {}
    for case in cases:
        text = texts[case.policy_id, gathering.list_of(case).policy_sha256]
        seen = under(case, readings.policy_of(text), at, None, actor, states[case.lot_number])
        able[case.pk] = frozenset(
            act.code
            for act in OPENING.transitions
            if act.desk and not judge.refusals(OPENING, act, case, seen, None)
        )
    return able
