"""Opening policies: drawn up, keys announced, rehearsed, signed, extended. Facts and effects.

What a policy then says is made in :mod:`.policy_texts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from kernel.access.actors import Actor
from kernel.errors import NotFound, Refused
from kernel.events.procurement_bids import PolicyMoved
from kernel.events.registry import DomainEvent
from kernel.parties.models import Organisation
from kernel.sealing.bids import policy as formats
from kernel.sealing.bids import trustees
from kernel.sealing.bids.policy_succession import check_successor
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import fresh_id
from kernel.workflow.receipts import Receipt
from procurement.bids import acting, lots, policy_bounds, policy_texts, readings
from procurement.bids.machines import POLICY
from procurement.bids.models import OpeningPolicy, PolicyParty, PolicySignature, PolicyVersion
from procurement.bids.presets import PRESETS
from procurement.bids.rules.policies import PolicyFacts


@POLICY.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> PolicyFacts:
    """Everything that the guards of a policy look at."""
    number = case.lot_number or getattr(payload, "lot_number", "")
    lot = lots.find(number)
    found: dict[str, Any] = {
        "lot_number": number,
        "lot_found": lot is not None,
        "lot_state": lot.state if lot else "",
        "lot_parties": frozenset({lot.owner_uscc, lot.agency_uscc} - {""}) if lot else frozenset(),
        "lot_deadline": lot.bid_deadline_at if lot else None,
        "actor_uscc": actor.uscc if actor else "",
        "at": at,
    }
    if case.pk is None:
        return PolicyFacts(**found, **_drawing_up(number, lot, payload))
    parties = list(case.parties.all())
    version = readings.newest(case)
    signed = (
        set(version.signatures.values_list("uscc", flat=True)) if version is not None else set()
    )
    return PolicyFacts(
        **found,
        deadline=case.deadline_at,
        faults=readings.faults(lambda: _check(case, parties, version, payload, actor, at)),
        missing_keys=tuple(p.uscc for p in parties if not p.announcement),
        missing_rehearsals=tuple(
            p.uscc for p in parties if p.place is not None and p.rehearsed_at is None
        ),
        missing_signatures=tuple(p.uscc for p in parties if p.uscc not in signed),
    )


def _drawing_up(number: str, lot: lots.Lot | None, payload: Any) -> dict[str, Any]:
    if payload is None or lot is None:
        return {}
    named = {t.uscc for t in payload.trustees} | {payload.supervisor}
    known = set(Organisation.objects.filter(uscc__in=named).values_list("uscc", flat=True))
    trial = policy_texts.trial(lot, payload)
    return {
        "other_policy": OpeningPolicy.objects.filter(lot_number=number)
        .exclude(state="superseded")
        .exists(),
        "unknown": tuple(sorted(named - known)),
        "faults": (*formats.faults(trial), *policy_bounds.faults(payload)) if trial else (),
    }


@POLICY.sifts
def waiting(cases: Sequence[Any], actor: Actor, at: datetime) -> dict[int, frozenset[str]]:
    """What a party has not done yet in each of these policies; two queries for all.

    It may announce another key and rehearse or sign again, but nobody waits for that.
    """
    keys = [case.pk for case in cases]
    mine = PolicyParty.objects.filter(policy_id__in=keys, uscc=actor.uscc or "-")
    newest = PolicyVersion.objects.filter(policy=OuterRef(OuterRef("policy"))).order_by("-number")
    signed = PolicySignature.objects.filter(
        version=Subquery(newest.values("pk")[:1]), uscc=OuterRef("uscc")
    )
    return {
        party.policy_id: frozenset(_undone(party))
        for party in mine.annotate(has_signed=Exists(signed))
    }


def _undone(party: Any) -> Iterator[str]:
    if not party.announcement:
        yield "announce_key"
    elif party.place is not None and party.rehearsed_at is None:
        yield "rehearse"
    if not party.has_signed:
        yield "sign"


@POLICY.effect("draw_up")
def _draw_up(case: OpeningPolicy, doing: Doing) -> list[DomainEvent]:
    payload, lot = doing.payload, lots.find(doing.payload.lot_number)
    assert lot is not None and lot.bid_deadline_at is not None  # a guard saw to it
    case.pk = fresh_id()
    case.lot_number, case.lot_id, case.title = lot.number, lot.pk, lot.title
    case.project_number, case.region = lot.project_number, lot.region
    case.owner_uscc, case.agency_uscc = lot.owner_uscc, lot.agency_uscc
    case.supervisor_uscc, case.threshold = payload.supervisor, payload.threshold
    case.decrypt_window_minutes = payload.decrypt_window_minutes
    case.draws = [
        {"name": d.name, "choices": list(policy_texts.choices(d.choices))} for d in payload.draws
    ]
    case.stages = [
        {"name": stage.name, "envelopes": list(stage.envelopes)}
        for stage in PRESETS[payload.stages].stages
    ]
    case.padding_minimum, case.maximum_size = payload.padding_minimum, payload.maximum_size
    case.deadline_at = lot.bid_deadline_at
    lines = [
        (t.uscc, policy_texts.body_of(lot, t), place) for place, t in enumerate(payload.trustees)
    ]
    if lot.owner_uscc not in {uscc for uscc, _body, _place in lines}:
        lines.insert(0, (lot.owner_uscc, lot.owner_uscc, None))  # type: ignore[arg-type]
    names = dict(
        Organisation.objects.filter(uscc__in=[line[0] for line in lines]).values_list(
            "uscc", "name"
        )
    )
    # The case's own row comes right after; the reference is looked at when all is written.
    PolicyParty.objects.bulk_create(
        PolicyParty(
            policy_id=case.pk, uscc=uscc, name=names.get(uscc, uscc), body=body, place=place,
            is_entity=uscc == lot.owner_uscc,
        )
        for uscc, body, place in lines
    )  # fmt: skip
    return []


# What is brought along -------------------------------------------------------------------------


def _check(
    case: OpeningPolicy,
    parties: Iterable[PolicyParty],
    version: PolicyVersion | None,
    payload: Any,
    actor: Actor | None,
    at: datetime,
) -> None:
    """Refuse an announcement, answer or signature that does not hold."""
    if payload is None or actor is None or actor.is_platform:
        return
    party = next((p for p in parties if p.uscc == actor.uscc), None)
    if hasattr(payload, "announcement"):
        _check_announcement(case, party, payload, actor, at)
    elif hasattr(payload, "answer"):
        if party is None or not party.challenge:
            raise Refused.because("procurement.policy.key_missing", uscc=actor.uscc)
        readings.verify(payload.p7s, payload.answer, actor.uscc, at)
        trustees.check_answer(
            payload.answer.encode(), party.challenge.encode(), bytes(party.secret)
        )
    elif hasattr(payload, "p7s") and version is not None:
        readings.verify(payload.p7s, version.text, actor.uscc, at)


def _check_announcement(
    case: OpeningPolicy, party: PolicyParty | None, payload: Any, actor: Actor, at: datetime
) -> None:
    said = trustees.read_announcement(payload.announcement.encode())
    readings.verify(payload.p7s, payload.announcement, actor.uscc, at)
    if party is None or said.uscc != actor.uscc or said.lot != case.lot_number:
        raise Refused.because("procurement.policy.announcement_other", lot=said.lot, uscc=said.uscc)
    if bool(said.key) != (party.place is not None):
        raise Refused.because("procurement.policy.key_unfit", uscc=said.uscc)
    others = case.parties.exclude(pk=party.pk).exclude(announcement="")
    for other in others:
        known = trustees.read_announcement(other.announcement.encode())
        if known.nonce_commitment == said.nonce_commitment or (said.key and known.key == said.key):
            raise Refused.because("procurement.policy.copied", uscc=other.uscc)


@POLICY.effect("announce_key")
def _announce(case: OpeningPolicy, doing: Doing) -> list[DomainEvent]:
    said = trustees.read_announcement(doing.payload.announcement.encode())
    challenge, secret = (
        trustees.new_challenge(case.lot_number, said.uscc, said.key) if said.key else (b"", b"")
    )
    case.parties.filter(uscc=said.uscc).update(
        announcement=doing.payload.announcement,
        announcement_p7s=readings.unpacked(doing.payload.p7s),
        key_sha256=trustees.key_name(said.key),
        challenge=challenge.decode(),
        secret=secret,
        answer="",
        answer_p7s=b"",
        rehearsed_at=None,
    )
    return [PolicyMoved(case.pk)]


@POLICY.effect("rehearse")
def _rehearse(case: OpeningPolicy, doing: Doing) -> list[DomainEvent]:
    case.parties.filter(uscc=doing.actor.uscc).update(
        answer=doing.payload.answer,
        answer_p7s=readings.unpacked(doing.payload.p7s),
        rehearsed_at=doing.at,
    )
    return [PolicyMoved(case.pk)]


@POLICY.effect("freeze")
def _freeze(case: OpeningPolicy, doing: Doing) -> list[DomainEvent]:
    case.deadline_at = doing.facts.lot_deadline or case.deadline_at
    policy_texts.write_version(case, 1, "", doing.at)
    return []


@POLICY.effect("extend")
def _extend(case: OpeningPolicy, doing: Doing) -> list[DomainEvent]:
    last = readings.newest(case)
    assert last is not None  # it was signed
    case.deadline_at = doing.facts.lot_deadline
    version = policy_texts.write_version(case, last.number + 1, last.sha256, doing.at)
    check_successor(readings.policy_of(version.text), readings.policy_of(last.text))
    return []


@POLICY.effect("sign")
def _sign(case: OpeningPolicy, doing: Doing) -> list[DomainEvent]:
    version = readings.newest(case)
    assert version is not None
    PolicySignature.objects.update_or_create(
        version=version,
        uscc=doing.actor.uscc,
        defaults={"p7s": readings.unpacked(doing.payload.p7s), "at": doing.at},
    )
    return [PolicyMoved(case.pk)]


@POLICY.effect("settle")
def _settle(case: OpeningPolicy, doing: Doing) -> list[DomainEvent]:
    case.versions.filter(in_force_at__isnull=True).update(in_force_at=doing.at)
    return []


# Services -------------------------------------------------------------------------------------


def of_lot(number: str) -> OpeningPolicy:
    """The policy of a lot that is not superseded. Raises NotFound."""
    found: OpeningPolicy | None = (
        OpeningPolicy.objects.filter(lot_number=number).exclude(state="superseded").first()
    )
    if found is None:
        raise NotFound.because("procurement.policy.unknown", lot=number[:80])
    return found


def act(
    number: str, transition: str, *, actor: Actor, payload: Any, key: str, at: datetime
) -> Receipt:
    """Do a party's act on a lot's policy (announce_key, rehearse, sign), and what follows."""
    policy = of_lot(number)
    receipt = acting.now_acts(
        POLICY, policy.pk, transition, actor=actor, payload=payload, key=key, at=at
    )
    advance(policy.pk, at)
    return receipt


def advance(policy_pk: int, at: datetime) -> None:
    """Let the policy go on by itself where everybody has done their part."""
    acting.follows(POLICY, policy_pk, "freeze", key="freeze", at=at)
    last = PolicyVersion.objects.filter(policy_id=policy_pk).order_by("-number").first()
    if last is not None:
        acting.follows(POLICY, policy_pk, "settle", key=f"settle:{last.number}", at=at)


def count(policy_pk: int) -> dict[str, int]:
    """How many have signed the newest version, of how many."""
    version = PolicyVersion.objects.filter(policy_id=policy_pk).order_by("-number").first()
    return {
        "signed": version.signatures.count() if version else 0,
        "needed": PolicyParty.objects.filter(policy_id=policy_pk).count(),
    }
