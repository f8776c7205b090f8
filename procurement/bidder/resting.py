"""What a list rests on, as a trustee's tool checks it: protests, cures, the stage before.

The server tells all of it; nothing is believed that is not under the signature of whom it binds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kernel.errors import Refusal, Refused
from kernel.evidence import formats, merkle
from kernel.sealing import canonical, cms
from kernel.sealing.bids import closing, cures, draw, moments, protests, releasing, results, windows
from kernel.sealing.bids.bundles import Trust, enough
from kernel.sealing.bids.closing import ClosingList, LiveBid
from kernel.sealing.bids.manifest import Manifest, read_manifest
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.receipts import read_log
from procurement.bidder.answers import Answer, bundle, hashes, raw, rows, text

if TYPE_CHECKING:
    from procurement.bidder.trustee import Desk

_RESULT = "procurement.opening.result"


@dataclass(frozen=True)
class Hearing:
    """The closing as the server tells it, and what this trustee knows itself."""

    answer: Answer
    policy: Policy
    trust: Trust
    now: datetime
    list: ClosingList

    def verify(self, p7s: bytes, data: bytes, uscc: str) -> None:
        """Refuse a statement of this list that its party did not sign by a certificate of then."""
        self.trust.verify_said(p7s, data, uscc, self.list.closed_at, self.now)


def pairs(here: Hearing) -> list[tuple[LiveBid, Answer]]:
    """Each bid on the list with its row in the answer; ``bidder.list.bids`` where they differ."""
    found = rows(here.answer, "bids")
    if not all(isinstance(row, dict) for row in found) or [row.get("bidder") for row in found] != [
        bid.bidder for bid in here.list.bids
    ]:
        raise Refused.because("bidder.list.bids")
    return list(zip(here.list.bids, found, strict=True))


def manifests(here: Hearing) -> dict[str, Manifest]:
    """The manifests of the list by their hashes; ``bidder.list.bids`` for another one."""
    found = {}
    for bid, row in pairs(here):
        made = read_manifest(text(row, "manifest"))
        if made.sha256 != bid.manifest_sha256:
            raise Refused.because("bidder.list.bids")
        found[made.sha256] = made
    return found


def told(here: Hearing) -> cures.Told:
    """Marks, cures and marks of cures of this list, each under the signature of whom it binds."""
    holders = {t.uscc for t in here.policy.trustees}
    marks, cured = {}, []
    for row in _dicts(here.answer, "marks"):
        data = text(row, "marks")
        said = releasing.read_marks(data)
        if said.list_sha256 == here.list.sha256 and said.trustee in holders:
            here.verify(raw(row, "p7s"), data, said.trustee)
            marks[said.trustee] = said
    for row in _dicts(here.answer, "cured_marks"):
        data = text(row, "cured_marks")
        again = cures.read_cured_marks(data)
        if again.list_sha256 == here.list.sha256 and again.trustee in holders:
            here.verify(raw(row, "p7s"), data, again.trustee)
            cured.append(again)
    return cures.Told(tuple(marks.values()), dict(_cures(here)), tuple(cured))


def _cures(here: Hearing) -> Iterator[tuple[cures.Place, cures.Cure]]:
    listed = manifests(here)
    for row in _dicts(here.answer, "cures"):
        data = text(row, "cure")
        cure = cures.read_cure(data)
        made = listed.get(cure.manifest_sha256)
        if made is None:
            raise Refused.because("sealing.cure.other", part="manifest_sha256")
        here.verify(raw(row, "p7s"), data, made.bidder)
        if reasons := list(cures.cure_faults(cure, made, here.policy, here.list.sha256)):
            raise Refused(reasons)
        yield (cure.manifest_sha256, cure.envelope), cure


def check_ready(here: Hearing, said: cures.Told, envelopes: Iterable[str]) -> None:
    """After a release nothing is cured or corrected: refuse while something still may be.

    ``bidder.release.marks`` (fewer than k have marked), ``.protest``, ``.cure``.
    """
    k = here.policy.threshold
    if len(said.marks) < k:
        raise Refused.because("bidder.release.marks", found=len(said.marks), needed=k)
    founded, dated = heard(here, here.list)
    if open_yet := len(founded.every) + dated:
        raise Refused.because("bidder.release.protest", found=open_yet)
    places = [(bid.manifest_sha256, name) for bid in here.list.bids for name in envelopes]
    waiting = said.uncured(places, k)
    if waiting and not _cure_is_over(here):
        raise Refused.because("bidder.release.cure", found=len(waiting))


def _cure_is_over(here: Hearing) -> bool:
    since = moments.when(moments_of(here), moments.MARKED, here.list.sha256)
    return since is not None and here.now >= windows.cure_until(
        since, here.policy.decrypt_window_minutes
    )


def moments_of(here: Hearing) -> tuple[moments.Moment, ...]:
    """The signed moments of this opening's lists that can be; none of another lot."""
    operator = here.policy.operator.uscc
    found, closed = [], {here.list.sha256: here.list.closed_at}
    for row in _dicts(here.answer, "moments"):
        data = text(row, "moment")
        here.verify(raw(row, "p7s"), data, operator)
        found.append(moments.read_moment(data))
    for row in _dicts(here.answer, "replaced"):
        data = text(row, "list")
        here.verify(raw(row, "p7s"), data, operator)
        before = closing.read_list(data)
        closed[before.sha256] = before.closed_at
    signed = {}
    for row in _dicts(here.answer, "signatures"):
        p7s = raw(row, "p7s")
        said = cms.check(p7s, here.list.encode()).attributes.signing_time
        signed[moments.named([p7s])[0]] = said
    own = (each for each in found if each.lot == here.policy.lot)
    return moments.sound(own, closed, signed, here.list.sha256, here.now)


def heard(here: Hearing, listed: ClosingList) -> tuple[protests.Wrong, int]:
    """What founded protests say of a list, and how many more say that something is dated back.

    One that does not hold is no reason to wait: it is the platform's affair why it shows it.
    """
    found, dated = protests.Wrong(), 0
    for row in _dicts(here.answer, "protests"):
        data = text(row, "protest")
        try:
            said = protests.read_protest(data)
            here.verify(raw(row, "p7s"), data, said.bidder)
            protests.check_protest(said, here.policy, listed, here.trust, formats.log_holds)
        except Refused as refused:
            dated += [reason.code for reason in refused.refusals] == [protests.TREE]
            continue
        found |= protests.said_of(said, listed)
    return found, dated


def struck(here: Hearing) -> frozenset[str]:
    """The withdrawn bids that founded protests took off the lists that this one follows upon."""
    found = protests.Wrong()
    for row in _dicts(here.answer, "replaced") if here.list.corrects else ():
        found |= heard(here, closing.read_list(text(row, "list")))[0]
    return found.dead


def check_correction(desk: Desk, here: Hearing) -> None:
    """A second list of a stage is signed only where it corrects the first for founded protests.

    ``bidder.list.second``: it corrects another than was signed; ``bidder.list.released``: shares
    left under the first; ``sealing.closing.correction`` names what else it changes.
    """
    stage = here.list.stage
    own = desk.keep.state().get(f"list-{stage}")
    if own == here.list.sha256:
        return
    if own is not None and own != here.list.corrects:
        raise Refused.because("bidder.list.second")
    if desk.keep.state().get(f"released-{stage}"):
        raise Refused.because("bidder.list.released")
    data = desk.keep.list(here.list.corrects) or next(
        (
            text(row, "list")
            for row in _dicts(here.answer, "replaced")
            if hashlib.sha256(text(row, "list")).hexdigest() == here.list.corrects
        ),
        None,
    )
    if data is None:
        raise Refused.because("bidder.list.second")
    before = closing.read_list(data)
    wrong, _dated = heard(here, before)
    if reasons := list(
        results.correcting_faults(here.list, before, wrong.missing, wrong.dead)
    ):  # fmt: skip
        raise Refused(reasons)


def following(desk: Desk, here: Hearing) -> Iterator[Refusal]:
    """Why a later stage's list does not follow from a logged, signed result: every reason.

    The list before under k signatures (and the very one that this trustee signed, if it did), the
    result under the procuring entity's, its entry in the tree of this list.
    """
    told_ = here.answer.get("earlier")
    if not isinstance(told_, dict):
        raise Refused.because("bidder.server.answer", part="earlier")
    if not desk.keep.state().get(f"rehearsed-{here.list.stage}"):
        yield Refusal("bidder.stage.not_rehearsed", {"stage": here.list.stage})
    before = closing.read_list(text(told_, "list"))
    enough(bundle(told_, "list"), here.policy, here.trust, here.now, before.closed_at)
    own = desk.keep.state().get(f"list-{before.stage}")
    if own not in (None, before.sha256):
        yield Refusal("bidder.list.second", {})
    data = text(told_, "result")
    here.verify(raw(told_, "result_p7s"), data, here.policy.procuring_entity.uscc)
    result = results.read_result(data)
    yield from results.following_faults(here.list, before, result, here.policy, struck(here))
    if not _is_logged(here, told_, result):
        yield Refusal("bidder.stage.not_logged", {"stage": before.stage})


def _is_logged(here: Hearing, told_: Answer, result: results.StageResult) -> bool:
    proof = read_log(told_.get("log"))
    entry = canonical.decode(proof.entry.encode())
    body = entry.get("body") if isinstance(entry, dict) else None
    named = isinstance(body, dict) and body.get("result_sha256") == result.sha256
    leaf = formats.entry_leaf(proof.salt, proof.entry.encode())
    return (
        named
        and isinstance(entry, dict)
        and entry.get("kind") == _RESULT
        and merkle.verify_inclusion(
            leaf, proof.index, here.list.tree_size, hashes(told_, "proof"),
            bytes.fromhex(here.list.tree_root),
        )
    )  # fmt: skip


def _dicts(answer: Answer, name: str) -> Iterator[Answer]:
    """The rows of a list in an answer; none where an older server does not tell it."""
    for row in rows(answer, name) if name in answer else ():
        if not isinstance(row, dict):
            raise Refused.because("bidder.server.answer", part=name)
        yield row


def waits_for_draw(here: Hearing) -> bool:
    """Whether a factor is to be drawn that nobody could draw yet."""
    return bool(here.policy.draws) and not here.answer.get("draw")


def check_draw(here: Hearing, desk: Desk) -> None:
    """No share leaves before the draw, nor under one that others could have chosen.

    Whoever came too late to reveal releases all the same, once its time was over by signed moments;
    whoever told its nonce does not release under a draw that leaves it out.
    """
    if not here.policy.draws:
        return
    if waits_for_draw(here):
        raise Refused.because("bidder.release.no_draw")
    data = text(here.answer, "draw")
    drawn = draw.read_draw(data, here.policy, here.list.draw_sha256)
    told = desk.keep.state().get("revealed") == here.list.draw_sha256
    if desk.me.uscc in drawn.withheld and told:
        raise Refused.because("bidder.release.nonce")
    # In a later stage the draw is long over, and was judged in the first.
    if not here.list.follows:
        moments.check_draw(drawn, data, here.policy, moments_of(here))
