"""What a bid begins with, judged as soon as it has come: nobody uploads two gigabytes for nothing.

Whatever passes here is judged again when the whole is there.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from kernel.access.actors import Actor
from kernel.errors import Refusal, Refused
from kernel.sealing.bids import articles, container
from kernel.sealing.bids import receiving as formats
from kernel.sealing.bids.policy import MAX_BID
from kernel.workflow import judge as judging
from procurement.bids import believed, checking, readings, refusing, schemas, vault
from procurement.bids.bid_machine import BID
from procurement.bids.models import Bid, BidVersion, PendingUpload, ResumableUpload


class NotYet(Exception):  # noqa: N818  (no fault: the rest comes)
    """The bytes that are there end within the head."""


class _SoFar:
    """The bytes of a part that have come, as a source that says when there are no more yet."""

    def __init__(self, part: vault.Part, end: int) -> None:
        self._part, self._end, self._place = part, end, 0

    def read(self, size: int, /) -> bytes:
        if self._place + size > self._end:
            raise NotYet
        data = self._part.read(size, self._place)
        self._place += len(data)
        return data


def judge(
    row: ResumableUpload, part: vault.Part, end: int, actor: Actor, at: datetime
) -> Refused | None:
    """Judge an upload by its first ``end`` bytes; why it is refused, None where it is not.

    Sets ``row.judged`` once the head was there and held.
    """
    policy = readings.in_force(row.lot_number)
    if policy is None:
        return None
    try:
        head = container.read_head(_SoFar(part, end), MAX_BID)
        formats.judge_head(head, row.length, policy.policy, row.bidder_uscc, believed.trust(at), at)
        if reasons := _standing_faults(row, head, actor, at):
            raise Refused(reasons)
    except NotYet:
        return None
    except Refused as refused:
        return articles.resting(refused, articles.FILE)
    row.judged = True
    return None


def _standing_faults(
    row: ResumableUpload, head: container.Head, actor: Actor, at: datetime
) -> list[Refusal]:
    """What the guards of the act that is to come say now."""
    mine = {"bid__lot_number": row.lot_number, "bid__bidder_uscc": row.bidder_uscc}
    if BidVersion.objects.filter(**mine, manifest_sha256=head.manifest_sha256).exists():
        return []  # the same file again, which gives the same receipt
    bid = Bid.objects.filter(lot_number=row.lot_number, bidder_uscc=row.bidder_uscc).first()
    act = BID.transition(refusing.act_of(bid))
    assert act is not None
    payload = schemas.UploadPayload(
        upload=row.id.hex, lot_number=row.lot_number, manifest_sha256=head.manifest_sha256
    )
    looked = PendingUpload(id=row.pk, lot_number=row.lot_number, bidder_uscc=row.bidder_uscc)
    looked.found = _found(head)
    case = bid or Bid()
    with checking.checked(looked):
        facts = judging.load_facts(BID, case, at, payload, actor)
    return judging.refusals(BID, act, case, facts, payload)


def _found(head: container.Head) -> dict[str, Any]:
    return {
        "version": head.manifest.version,
        "replaces": head.manifest.replaces,
        "policy_sha256": head.manifest.policy_sha256,
        "manifest_sha256": head.manifest_sha256,
    }


def found_so_far(part: vault.Part, end: int) -> dict[str, Any]:
    """What a refusal names of an upload; empty where no manifest could be read."""
    try:
        return _found(container.read_head(_SoFar(part, end), MAX_BID))
    except (NotYet, Refused):
        return {}


def sha256_of(part: vault.Part, end: int) -> str:
    """Of the bytes that have come, hex."""
    digest, place = hashlib.sha256(), 0
    while place < end and (data := part.read(min(vault.CHUNK, end - place), place)):
        digest.update(data)
        place += len(data)
    return digest.hexdigest()


def late(at: datetime, deadline: datetime) -> Refused:
    """The refusal of what comes after the deadline, as the check of the whole would give it."""
    facts = {"at": at.isoformat(), "deadline": deadline.isoformat()}
    return Refused(Refusal("sealing.bid.deadline", facts, articles.DEADLINE))
