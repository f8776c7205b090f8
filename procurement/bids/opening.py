"""The opening: what trustees say, the draw, and when enough has been said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kernel.access.actors import Actor
from kernel.errors import NotFound, Refused
from kernel.events.procurement_bids import BidsOpened, OpeningMoved
from kernel.events.registry import DomainEvent
from kernel.sealing import hpke
from kernel.sealing.bids import closing as formats
from kernel.sealing.bids import draw as draws
from kernel.sealing.bids.manifest import Manifest, read_manifest
from kernel.sealing.bids.policy import Policy
from kernel.workflow.machines import Doing
from kernel.workflow.receipts import Receipt
from procurement.bids import acting, closing, lots, readings
from procurement.bids.machines import CHECKED, DRAWN, LISTED, OPENING
from procurement.bids.models import BidVersion, Opening, OpeningStatement
from procurement.bids.rules import OpeningFacts
from procurement.bids.schemas import DrawPayload

Kind = OpeningStatement.Kind


@OPENING.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> OpeningFacts:
    """Everything that the guards of an opening look at."""
    if case.pk is None:
        number = getattr(payload, "lot_number", "")
        lot = lots.find(number)
        return OpeningFacts(
            lot_found=lot is not None,
            lot_state=lot.state if lot else "",
            other_opening=Opening.objects.filter(lot_number=number).exists(),
        )
    policy = readings.policy_of(closing.policy_of(case).text)
    said = list(case.statements.all())
    return OpeningFacts(
        actor_uscc=actor.uscc if actor and not actor.is_platform else "",
        threshold=policy.threshold,
        trustees=frozenset(t.uscc for t in policy.trustees),
        parties=frozenset(policy.parties()),
        signed=_who(said, Kind.SIGNATURE),
        revealed=_who(said, Kind.NONCE),
        marked=_who(said, Kind.MARKS),
        released=_who(said, Kind.RELEASE),
        draws=bool(policy.draws),
        reveal_over=at >= case.reveal_until_at,
        faults=readings.faults(lambda: _check(case, policy, payload, actor, at)),
    )


def _who(said: Iterable[OpeningStatement], kind: str) -> frozenset[str]:
    return frozenset(row.uscc for row in said if row.kind == kind)


def _check(case: Opening, policy: Policy, payload: Any, actor: Actor | None, at: datetime) -> None:
    """Refuse what a party brings along that does not hold."""
    if payload is None or actor is None:
        return
    if actor.is_platform:
        if isinstance(payload, DrawPayload):
            if payload.text:
                draws.read_draw(payload.text.encode(), policy, case.list_sha256)
            # Whoever worked it out may not have heard the last nonce; here nothing more comes in.
            if payload.text != _drawn(case):
                raise Refused.because("procurement.opening.draw_stale")
        return
    if hasattr(payload, "nonce"):
        draws.check_nonce(policy, actor.uscc, bytes.fromhex(payload.nonce))
        return
    if not hasattr(payload, "p7s"):
        return
    policy.index_of(actor.uscc)  # only a trustee signs, marks, releases
    if hasattr(payload, "marks"):
        readings.verify(payload.p7s, payload.marks, actor.uscc, at)
        _check_marks(case, formats.read_marks(payload.marks.encode()), policy, actor)
    elif hasattr(payload, "release"):
        readings.verify(payload.p7s, payload.release, actor.uscc, at)
        _check_release(case, formats.read_release(payload.release.encode()), policy, actor)
    else:
        readings.verify(payload.p7s, case.list_text, actor.uscc, at)


def _check_marks(case: Opening, said: formats.Marks, policy: Policy, actor: Actor) -> None:
    _check_named(case, said, actor)
    found = {(mark.manifest_sha256, mark.envelope) for mark in said.marks}
    if found != _wanted(case, policy):
        raise Refused.because("procurement.opening.marks_incomplete")


def _check_release(case: Opening, said: formats.Release, policy: Policy, actor: Actor) -> None:
    _check_named(case, said, actor)
    found = {(share.manifest_sha256, share.envelope) for share in said.shares}
    if found - _wanted(case, policy):
        raise Refused.because("procurement.opening.share_off_list")


def _check_named(case: Opening, said: formats.Marks | formats.Release, actor: Actor) -> None:
    if (said.lot, said.list_sha256, said.trustee) != (
        case.lot_number, case.list_sha256, actor.uscc,
    ):  # fmt: skip
        raise Refused.because("procurement.opening.statement_other", lot=said.lot)


def _wanted(case: Opening, policy: Policy) -> set[tuple[str, str]]:
    listed = formats.read_list(case.list_text.encode())
    return {(bid.manifest_sha256, name) for bid in listed.bids for name in policy.envelopes}


def _say(case: Opening, doing: Doing, kind: str, text: str, p7s: str) -> list[DomainEvent]:
    OpeningStatement.objects.create(
        opening=case, uscc=doing.actor.uscc, kind=kind, text=text,
        p7s=readings.unpacked(p7s), at=doing.at,
    )  # fmt: skip
    return [OpeningMoved(case.pk)]


@OPENING.effect("countersign")
def _countersign(case: Opening, doing: Doing) -> list[DomainEvent]:
    return _say(case, doing, Kind.SIGNATURE, "", doing.payload.p7s)


@OPENING.effect("reveal")
def _reveal(case: Opening, doing: Doing) -> list[DomainEvent]:
    return _say(case, doing, Kind.NONCE, doing.payload.nonce, "")


@OPENING.effect("mark")
def _mark(case: Opening, doing: Doing) -> list[DomainEvent]:
    return _say(case, doing, Kind.MARKS, doing.payload.marks, doing.payload.p7s)


@OPENING.effect("release")
def _release(case: Opening, doing: Doing) -> list[DomainEvent]:
    return _say(case, doing, Kind.RELEASE, doing.payload.release, doing.payload.p7s)


@OPENING.effect("draw")
def _draw(case: Opening, doing: Doing) -> list[DomainEvent]:
    case.draw_text = doing.payload.text
    return []


@OPENING.effect("gather")
def _gather(case: Opening, _doing: Doing) -> list[DomainEvent]:
    return [OpeningMoved(case.pk)]


@OPENING.effect("stop")
def _stop(case: Opening, doing: Doing) -> list[DomainEvent]:
    case.reason = doing.payload.reason
    return [OpeningMoved(case.pk)]


@OPENING.effect("open")
def _open(case: Opening, doing: Doing) -> list[DomainEvent]:
    case.record_text, case.record_p7s = doing.payload.text, doing.payload.p7s
    case.unsealed_at = doing.at
    return [BidsOpened(case.lot_id, case.lot_number, case.pk, doing.payload.bid_ids)]


# Services -------------------------------------------------------------------------------------


def of_lot(number: str) -> Opening:
    """The opening of a lot. Raises NotFound before the lot is closed."""
    found: Opening | None = Opening.objects.filter(lot_number=number).first()
    if found is None:
        raise NotFound.because("procurement.opening.unknown", lot=number[:80])
    return found


def act(
    number: str, transition: str, *, actor: Actor, payload: Any, key: str, at: datetime
) -> Receipt:
    """Do a party's act on a lot's opening, and what follows by itself."""
    opening = of_lot(number)
    receipt = acting.now_acts(
        OPENING, opening.pk, transition, actor=actor, payload=payload, key=key, at=at
    )
    advance(opening.pk, at)
    return receipt


def advance(opening_pk: int, at: datetime) -> None:
    """Let an opening go on by itself as far as what was said reaches."""
    case = Opening.objects.get(pk=opening_pk)
    if case.state == LISTED:
        text = _drawn(case)
        acting.follows(OPENING, case.pk, "draw", key="draw", at=at, payload=DrawPayload(text=text))
        case = Opening.objects.get(pk=opening_pk)
    if case.state == DRAWN:
        acting.follows(OPENING, case.pk, "check", key="check", at=at)
        case = Opening.objects.get(pk=opening_pk)
    if case.state == CHECKED and is_enough(case, at):
        acting.follows(OPENING, case.pk, "gather", key="gather", at=at)


def _drawn(case: Opening) -> str:
    policy = readings.policy_of(closing.policy_of(case).text)
    if not policy.draws:
        return ""
    nonces = {row.uscc: bytes.fromhex(row.text) for row in case.statements.filter(kind=Kind.NONCE)}
    return draws.draw(policy, case.list_sha256, nonces).encode().decode()


def listed_versions(case: Opening) -> dict[str, BidVersion]:
    """The versions on the closing list, by manifest hash, in its order."""
    listed = formats.read_list(case.list_text.encode())
    wanted = [bid.manifest_sha256 for bid in listed.bids]
    rows = BidVersion.objects.select_related("bid").filter(
        bid__lot_number=case.lot_number, manifest_sha256__in=wanted
    )
    found = {row.manifest_sha256: row for row in rows}
    return {digest: found[digest] for digest in wanted}


Shares = dict[tuple[str, str], dict[int, bytes]]


def released_shares(case: Opening) -> Shares:
    """Every share that was released and is the bidder's own, by (manifest, envelope) and trustee.

    A share that is not what its bidder signed is left out: a lying trustee harms nobody while k
    others are honest.
    """
    listed = formats.read_list(case.list_text.encode())
    policy = readings.policy_of(closing.policy_of(case).text)
    session = hpke.load_private(bytes(case.session.private))
    manifests = {
        digest: read_manifest(version.manifest.encode())
        for digest, version in listed_versions(case).items()
    }
    found: Shares = {}
    for row in case.statements.filter(kind=Kind.RELEASE):
        index = policy.index_of(row.uscc)
        for share in formats.read_release(row.text.encode()).shares:
            manifest = manifests[share.manifest_sha256]
            opened = _opened(listed, manifest, row.uscc, index, share, session)
            if opened is not None:
                found.setdefault((share.manifest_sha256, share.envelope), {})[index] = opened
    return found


def _opened(
    listed: formats.ClosingList,
    manifest: Manifest,
    trustee: str,
    index: int,
    share: formats.ReleasedShare,
    session: hpke.PrivateKey,
) -> bytes | None:
    try:
        return formats.open_released(listed, manifest, trustee, index, share, session)
    except Refused:
        return None


def is_enough(case: Opening, at: datetime) -> bool:
    """Whether every bid that can still open has k good shares of every envelope.

    A bid that cannot open, by the trustees' own marks, holds nobody up. One whose shares a trustee
    marked good and then withheld waits for another trustee.
    """
    policy = readings.policy_of(closing.policy_of(case).text)
    k, n = policy.threshold, len(policy.trustees)
    if case.statements.filter(kind=Kind.RELEASE).count() < k:
        return False
    marks = [
        formats.read_marks(row.text.encode()) for row in case.statements.filter(kind=Kind.MARKS)
    ]
    shares = released_shares(case)
    silent = 0 if at >= case.window_ends_at else n - len(marks)
    for digest, name in _wanted(case, policy):
        good = formats.good_marks(marks, digest, name)
        hopeless = good + silent < k
        if len(shares.get((digest, name), {})) < k and not hopeless:
            return False
    return True


def state_of(opening_pk: int) -> str:
    """The state that an opening is in now."""
    return str(Opening.objects.values_list("state", flat=True).get(pk=opening_pk))
