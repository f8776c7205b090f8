"""What parties bring to an opening, checked: form, signature, and that it is of this list."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kernel.access.actors import Actor
from kernel.errors import Conflict, NotFound, Refusal, Refused
from kernel.evidence import formats as log
from kernel.sealing.bids import closing as formats
from kernel.sealing.bids import cures, protests, releasing, results, trustees
from kernel.sealing.bids import draw as draws
from kernel.sealing.bids.manifest import read_manifest
from kernel.sealing.bids.opening import read_record
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.receipts import Receipt
from procurement.bids import believed, gathering, later_lists, readings
from procurement.bids.bid_machine import VOID
from procurement.bids.models import Bid, BidVersion, Opening, OpeningStatement
from procurement.bids.rules.common import ARTICLE_VOID
from procurement.bids.schemas import DrawPayload, ListPayload

Kind = OpeningStatement.Kind


def check(
    case: Opening,
    policy: Policy,
    said: list[OpeningStatement],
    payload: Any,
    actor: Actor,
    at: datetime,
) -> None:
    """Refuse what an act brings along that does not hold."""
    if actor.is_platform:
        _check_own(case, policy, said, payload)
    elif hasattr(payload, "nonce"):
        draws.check_nonce(policy, actor.uscc, bytes.fromhex(payload.nonce))
    elif hasattr(payload, "cure"):
        readings.verify(payload.p7s, payload.cure, actor.uscc, at, case.closed_at)
        _check_cure(case, policy, said, cures.read_cure(payload.cure.encode()), actor)
    elif hasattr(payload, "protest"):
        readings.verify(payload.p7s, payload.protest, actor.uscc, at, case.closed_at)
        protest_of(case, policy, payload.protest, actor, at)
    elif hasattr(payload, "result"):
        readings.verify(payload.p7s, payload.result, policy.procuring_entity.uscc, at)
        _check_result(case, results.read_result(payload.result.encode()))
    elif hasattr(payload, "p7s"):
        _check_trustees(case, policy, said, payload, actor, at)


def _check_own(case: Opening, policy: Policy, said: list[OpeningStatement], payload: Any) -> None:
    """What the platform works out may be overtaken by what has come in meanwhile."""
    if isinstance(payload, DrawPayload):
        if payload.text:
            draws.read_draw(
                payload.text.encode(), policy, gathering.list_of(case).draw_sha256
            )  # fmt: skip
        # Whoever worked it out may not have heard the last nonce; here nothing more comes in.
        if payload.text != drawn(case, policy):
            raise Refused.because("procurement.opening.draw_stale")
    if isinstance(payload, ListPayload):
        listed, wrong = formats.read_list(payload.text.encode()), gathering.wrong(case, said)
        reasons = list(
            results.correcting_faults(listed, gathering.list_of(case), wrong.missing, wrong.dead)
        )
        if reasons:
            raise Refused(reasons)


def drawn(case: Opening, policy: Policy) -> str:
    """The draw's text as it comes out now; what is drawn once stays, also for later stages."""
    if not policy.draws or case.draw_text:
        return case.draw_text
    nonces = {row.uscc: bytes.fromhex(row.text) for row in case.statements.filter(kind=Kind.NONCE)}
    return draws.draw(policy, gathering.list_of(case).draw_sha256, nonces).encode().decode()


def _check_trustees(
    case: Opening,
    policy: Policy,
    said: list[OpeningStatement],
    payload: Any,
    actor: Actor,
    at: datetime,
) -> None:
    policy.index_of(actor.uscc)  # only a trustee signs, marks, releases
    if hasattr(payload, "answer"):
        readings.verify(payload.p7s, payload.answer, actor.uscc, at)
        row = case.rehearsals.filter(uscc=actor.uscc).first()
        if row is None:
            raise NotFound.because("procurement.policy.key_missing", uscc=actor.uscc)
        trustees.check_answer(payload.answer.encode(), row.challenge.encode(), bytes(row.secret))
    elif hasattr(payload, "cured_marks"):
        readings.verify(payload.p7s, payload.cured_marks, actor.uscc, at, case.closed_at)
        _check_cured(case, said, cures.read_cured_marks(payload.cured_marks.encode()), actor)
    elif hasattr(payload, "marks"):
        readings.verify(payload.p7s, payload.marks, actor.uscc, at, case.closed_at)
        marks = releasing.read_marks(payload.marks.encode())
        _check_named(case, marks, actor)
        found = {(mark.manifest_sha256, mark.envelope) for mark in marks.marks}
        if found != gathering.wanted(case, policy):
            raise Refused.because("procurement.opening.marks_incomplete")
    elif hasattr(payload, "release"):
        readings.verify(payload.p7s, payload.release, actor.uscc, at, case.closed_at)
        release = releasing.read_release(payload.release.encode())
        _check_named(case, release, actor)
        sent = {(share.manifest_sha256, share.envelope) for share in release.shares}
        if sent - gathering.wanted(case, policy):
            raise Refused.because("procurement.opening.share_off_list")
    else:
        readings.verify(payload.p7s, case.list_text, actor.uscc, at, case.closed_at)


def _check_named(case: Opening, said: Any, actor: Actor) -> None:
    if (said.lot, said.list_sha256, said.trustee) != (
        case.lot_number, case.list_sha256, actor.uscc,
    ):  # fmt: skip
        raise Refused.because("procurement.opening.statement_other", lot=said.lot)


def _check_cured(
    case: Opening, said: Iterable[OpeningStatement], marks: cures.CuredMarks, actor: Actor
) -> None:
    """Marks of cures that were given, each marked once by each trustee."""
    _check_named(case, marks, actor)
    now = gathering.told(said)
    known = {cure.sha256: place for place, cure in now.cures.items()}
    before = {m.cure_sha256 for each in now.cured if each.trustee == actor.uscc for m in each.marks}
    for mark in marks.marks:
        if known.get(mark.cure_sha256) != (mark.manifest_sha256, mark.envelope):
            raise Refused.because("procurement.opening.cure_unknown", envelope=mark.envelope)
        if mark.cure_sha256 in before:
            raise Refused.because("procurement.opening.done_before", uscc=actor.uscc)


def _check_cure(
    case: Opening, policy: Policy, said: list[OpeningStatement], cure: cures.Cure, actor: Actor
) -> None:
    """A cure is the bidder's own, of an envelope that needs one, and the only one."""
    version = gathering.listed_versions(case).get(cure.manifest_sha256)
    if version is None or version.bid.bidder_uscc != actor.uscc:
        raise Refused.because("sealing.cure.other", part="manifest_sha256")
    manifest = read_manifest(version.manifest.encode())
    reasons = list(cures.cure_faults(cure, manifest, policy, case.list_sha256))
    place = (cure.manifest_sha256, cure.envelope)
    if place in gathering.told(said).cures:
        reasons.append(Refusal("procurement.opening.cured_before", {"envelope": cure.envelope}))
    elif place not in gathering.uncured(case, policy, said):
        reasons.append(Refusal("procurement.opening.cure_needless", {"envelope": cure.envelope}))
    if reasons:
        raise Refused(reasons)


def protest_of(case: Opening, policy: Policy, text: str, actor: Actor, at: datetime) -> Receipt:
    """The receipt of a founded protest; refused with every reason where it is not.

    What its bidder itself took back or replaced, by files under its own signature, is no loss. By
    the receipt of a withdrawal nothing is asked of our own rows: we signed it.
    """
    protest = protests.read_protest(text.encode())
    receipt = protests.check_protest(
        protest, policy, gathering.list_of(case), believed.trust(at), log.log_holds
    )
    if receipt.bidder != actor.uscc:
        raise Refused.because("sealing.protest.other", part="bidder")
    if protest.withdrawn:
        return receipt
    if case.before_id is not None:
        # Who did not pass is named in the signed result; an objection goes to the supervisor.
        raise Refused.because("procurement.opening.protest_late")
    rows = BidVersion.objects.filter(
        bid__lot_number=case.lot_number, bid__bidder_uscc=receipt.bidder
    )
    own = rows.filter(manifest_sha256=receipt.manifest_sha256).first()
    if own is None:
        raise Conflict.because("procurement.opening.protest_unknown", version=receipt.version)
    if own.withdrawal:
        raise Refused.because(
            "procurement.opening.protest_withdrawn",
            statement_sha256=hashlib.sha256(own.withdrawal.encode()).hexdigest(),
        )
    if later_lists.fallen(own):
        # It was never validly signed; the signed refusal and its entry in the log say why.
        raise Refused.because("procurement.opening.protest_fallen")
    last = rows.order_by("-number").first()
    if last is not None and last.number > own.number:
        raise Refused.because("sealing.protest.superseded", version=last.number)
    return receipt


def _check_result(case: Opening, result: results.StageResult) -> None:
    """A result judges exactly the bids that this stage opened, and lets none pass that is void."""
    record = read_record(case.record_text.encode())
    opened = {bid.manifest_sha256 for bid in record.bids if bid.whole}
    parts = {
        "lot": result.lot == case.lot_number,
        "stage": result.stage == case.stage,
        "list_sha256": result.list_sha256 == case.list_sha256,
        "bids": {*result.passed, *(row.manifest_sha256 for row in result.failed)} == opened,
    }
    reasons = [
        Refusal("procurement.opening.result_other", {"part": part})
        for part, holds in parts.items()
        if not holds
    ]
    void = Bid.objects.filter(
        lot_number=case.lot_number, manifest_sha256__in=result.passed, state=VOID
    ).order_by("received_at")
    if found := list(void.values_list("bidder_uscc", flat=True)):
        told = {"bidders": found}
        reasons.append(Refusal("procurement.opening.result_void", told, ARTICLE_VOID))
    if reasons:
        raise Refused(reasons)
