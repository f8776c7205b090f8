"""A trustee's part in the opening: close, draw, check, release, in this order and no other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kernel.errors import Refusal, Refused
from kernel.evidence import merkle
from kernel.sealing import cms
from kernel.sealing.bids import (
    closing,
    cures,
    manifest,
    protests,
    receipts,
    releasing,
)
from kernel.sealing.bids.bundles import check_signer, enough
from kernel.sealing.bids.closing import LiveBid
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.receiving import check_pinned
from procurement.bidder import resting, stamps
from procurement.bidder.answers import Answer, bundle, hashes, moment, raw, rows, text, trust
from procurement.bidder.http import ServerRefused
from procurement.bidder.resting import Hearing, pairs
from procurement.bidder.submit import check_log
from procurement.bidder.trustee import Desk


def check(desk: Desk) -> dict[str, Any]:
    """Check the closing list and every bid on it with own eyes; sign it."""
    here = _hear(desk)
    listed = here.list
    reasons = list(closing.list_faults(listed, here.policy, here.now))
    data = text(here.answer, "list")
    here.trust.verify(raw(here.answer, "p7s"), data, here.policy.operator.uscc, here.now)
    stamped = _check_stamp(desk, here)
    versions = {policy.sha256: policy for policy in desk.keep.policies()}
    for bid, row in pairs(here):
        reasons += _bid_reasons(here, bid, row, versions)
    if listed.follows:
        reasons += resting.following(desk, here)
    if reasons:
        raise Refused(reasons)
    name = f"list-{listed.stage}"
    before = desk.keep.state().get(name, listed.sha256)
    if before != listed.sha256 or listed.corrects:
        resting.check_correction(desk, here)
    # Remembered before it is sent: whatever happens then, no second list is signed.
    desk.keep.add_list(data)
    if before != listed.sha256:
        desk.keep.note(**{f"replaced-{before}": listed.sha256})
    desk.keep.note(**{name: listed.sha256})
    desk.server.post("/closing/signature", p7s=desk.signed(data, here.answer))
    return {
        "list_sha256": listed.sha256,
        "bids": len(listed.bids),
        "closed_at": instant_text(listed.closed_at),
        "timestamp": stamped,
    }


def _check_stamp(desk: Desk, here: Hearing) -> dict[str, Any] | None:
    """The list was made after the deadline by another clock than the operator's.

    Required where the policy names authorities. ``bidder.list.no_timestamp``, ``.timestamp``, and
    as :func:`procurement.bidder.stamps.prove`.
    """
    names, deadline = here.policy.timestamp_authorities, here.policy.deadline
    if not names:
        return None
    row = here.answer.get("timestamp")
    if not isinstance(row, dict):
        raise Refused.because("bidder.list.no_timestamp")
    if not stamps.roots(desk.options):
        raise Refused.because("bidder.usage.needs", option="--tsa-anchors")
    digest = bytes.fromhex(here.list.sha256)
    found = stamps.prove(raw(row, "token"), digest, names, desk.options, here.trust)
    if found.gen_time <= deadline:
        raise Refused.because(
            "bidder.list.timestamp",
            at=instant_text(found.gen_time),
            deadline=instant_text(deadline),
        )
    return found.as_json()


def reveal(desk: Desk) -> dict[str, Any]:
    """Reveal the nonce for the draw, once k trustees signed the list that this one signed."""
    here = _signed_list(desk)
    nonce = desk.keep.nonce(desk.key())
    if not here.answer.get("draw"):
        # Remembered before it is sent: from now on a draw without it is not this one's doing.
        desk.keep.note(revealed=here.list.draw_sha256)
    desk.server.post("/closing/nonce", nonce=nonce.hex())
    return {"nonce": nonce.hex()}


def mark(desk: Desk) -> dict[str, Any]:
    """Open this trustee's shares on this machine and sign, for each, whether it is good."""
    here = _signed_list(desk)
    found = [made for made, _, _ in _shares(desk, here, cures.Told((), {}, ()))]
    marks = releasing.Marks(desk.lot, here.list.sha256, desk.me.uscc, tuple(found)).encode()
    p7s = desk.signed(marks, here.answer)
    try:
        desk.server.post("/closing/marks", marks=marks.decode(), p7s=p7s)
    except ServerRefused as refused:
        # Only that it is too early: whatever else the platform says is no waiting.
        told = {reason.get("code") for reason in refused.reasons}
        if told == {"workflow.act.not_in_state"} and resting.waits_for_draw(here):
            raise Refused.because("bidder.release.no_draw") from None
        raise
    bad = [f"{m.manifest_sha256} {m.envelope} {m.reason}" for m in found if not m.good]
    return {"good": len(found) - len(bad), "bad": bad}


def mark_cures(desk: Desk) -> dict[str, Any]:
    """Open the shares of bidders' cures and sign, for each not marked before, whether it is good.

    A cure counts under its bidder's signature, for this list and the old commitment only.
    """
    here = _signed_list(desk)
    said, key = resting.told(here), desk.key()
    index = here.policy.index_of(desk.me.uscc)
    before = {m.cure_sha256 for c in said.cured if c.trustee == desk.me.uscc for m in c.marks}
    found = [
        cures.CuredMark.of(
            cure,
            releasing.try_share(
                resting.manifests(here)[place[0]], place[1], index, cure.sealed[index], key,
                cure.again,
            )[0],
        )
        for place, cure in said.cures.items()
        if cure.sha256 not in before
    ]  # fmt: skip
    if found:
        marks = cures.CuredMarks(desk.lot, here.list.sha256, desk.me.uscc, tuple(found)).encode()
        desk.server.post(
            "/closing/cured-marks",
            cured_marks=marks.decode(),
            p7s=desk.signed(marks, here.answer),
        )
    bad = [f"{m.manifest_sha256} {m.envelope} {m.reason}" for m in found if not m.good]
    return {"good": len(found) - len(bad), "bad": bad}


def release(desk: Desk) -> dict[str, Any]:
    """Send the good shares, sealed to the opening's session, after the draw and the marks.

    Not while a founded protest lies with the list, nor while a bidder may still cure.
    """
    here = _signed_list(desk)
    listed = here.list
    resting.check_draw(here, desk)
    said = resting.told(here)
    resting.check_ready(here, said, envelopes_of(here))
    shares = tuple(
        releasing.reseal(listed, made, mark.envelope, desk.me.uscc, share)
        for mark, made, share in _shares(desk, here, said)
        if share is not None
    )
    made = releasing.Release(desk.lot, listed.sha256, desk.me.uscc, shares)
    sent = _sealed_before(desk, made) or made.encode()
    p7s = desk.signed(sent, here.answer)
    # Remembered before it is sent: from now on no corrected list is signed.
    desk.keep.note(**{f"released-{listed.stage}": listed.sha256})
    desk.server.post("/closing/shares", release=sent.decode(), p7s=p7s)
    return {"released": len(shares), "list_sha256": listed.sha256}


def _sealed_before(desk: Desk, made: releasing.Release) -> bytes | None:
    """The same shares as they wait for their signature: sealed anew, they would be other bytes."""
    data = desk.hand.waiting(desk.statement("share-release"))
    before = releasing.read_release(data) if data else None
    if before is None or before.list_sha256 != made.list_sha256:
        return None
    same = [{**vars(share), "sealed": b""} for share in before.shares] == [
        {**vars(share), "sealed": b""} for share in made.shares
    ]
    return data if same else None


def _hear(desk: Desk) -> Hearing:
    answer = desk.server.get("/closing")
    answer = {**answer, "protests": [*rows(answer, "protests"), *handed(desk)]}
    listed = closing.read_list(text(answer, "list"))
    return Hearing(
        answer,
        desk.keep.newest(),
        trust(desk.options, answer),
        moment(desk.options, answer),
        listed,
    )


def handed(desk: Desk) -> list[Answer]:
    """Protests that bidders handed over themselves, lest the operator show them to nobody.

    Those by the receipt of a withdrawal only (``bidder.protest.handed``): nothing that the operator
    could answer makes such a bid live again, while a bid that seems missing may have fallen.
    """
    found: list[Answer] = []
    for path in desk.options.protest:
        try:
            row = json.loads(path.read_bytes())
            if not isinstance(row, dict):
                raise Refused.because("bidder.server.answer", part="protest")
            if not protests.read_protest(text(row, "protest")).withdrawn:
                raise Refused.because("bidder.protest.handed", file=path.name)
        except ValueError as fault:
            raise Refused.because("bidder.server.answer", part="protest") from fault
        raw(row, "p7s")
        found.append(row)
    return found


def _signed_list(desk: Desk) -> Hearing:
    """The closing under k signatures, of the very list that this trustee signed.

    A procuring entity without a share signs none, and relies on those of k trustees.
    """
    here = _hear(desk)
    own = desk.keep.state().get(f"list-{here.list.stage}")
    if own != here.list.sha256 and not desk.options.no_share:
        raise Refused.because("bidder.list.none")
    since = here.list.closed_at
    enough(bundle(here.answer, "list"), here.policy, here.trust, here.now, since)
    desk.keep.add_answer(here.list.stage, here.answer)
    return here


def _bid_reasons(
    here: Hearing, bid: LiveBid, row: Answer, versions: Mapping[str, Policy]
) -> Iterable[Refusal]:
    """Every reason against one bid; where it cannot even be read, that reason."""
    try:
        head, told = text(row, "manifest"), text(row, "receipt")
        made, receipt = manifest.read_manifest(head), receipts.read_receipt(told)
        signed = cms.check(raw(row, "p7s"), head)
        check_signer(signed, made.bidder)
        if "crl" not in receipt.provisional:
            check_pinned(here.trust.chains.trusted(signed, receipt.received_at).chain, here.policy)
        operator = here.policy.operator.uscc
        here.trust.verify(raw(row, "receipt_p7s"), told, operator, receipt.received_at)
        receipts.check_receipt(receipt, head, raw(row, "p7s"))
        check_log(receipt.log)
        proof = hashes(row, "proof")
    except Refused as refused:
        return refused.refusals
    reasons = list(closing.bid_faults(here.list, bid, made, receipt, versions))
    if policy := versions.get(made.policy_sha256):
        reasons += manifest.faults(made, policy)
    root = bytes.fromhex(here.list.tree_root)
    log = receipt.log
    if not merkle.verify_inclusion(log.leaf, log.index, here.list.tree_size, proof, root):
        reasons.append(Refusal("bidder.list.proof", {"bidder": bid.bidder}))
    return reasons


def envelopes_of(here: Hearing) -> tuple[str, ...]:
    """The envelopes of the list's stage."""
    return next(s.envelopes for s in here.policy.stages if s.name == here.list.stage)


def _shares(
    desk: Desk, here: Hearing, said: cures.Told
) -> list[tuple[releasing.Mark, manifest.Manifest, bytes | None]]:
    """A mark for each bid and envelope of the stage, and the share where it is good.

    Of an envelope whose cure k trustees found good, the cured share.
    """
    key, index = desk.key(), here.policy.index_of(desk.me.uscc)
    sealed = here.answer.get("sealed_shares")
    if not isinstance(sealed, dict):
        raise Refused.because("bidder.server.answer", part="sealed_shares")
    result = []
    for digest, made in resting.manifests(here).items():
        mine = sealed.get(digest, {})
        for name in envelopes_of(here):
            again = said.again((digest, name), here.policy.threshold)
            if again:
                given = said.cures[digest, name].sealed[index]
            else:
                given = raw(mine, name) if name in mine else b""
            mark_, share = releasing.try_share(made, name, index, given, key, again)
            result.append((mark_, made, share))
    return result
