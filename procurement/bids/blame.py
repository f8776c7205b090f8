"""Whose failure it is that an envelope did not open: its bidder's, or never."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kernel.evidence.services import NewEntry
from kernel.sealing.bids.cures import BROKEN
from kernel.sealing.bids.opening import OpenedBid
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.releasing import read_release
from procurement.bids import copies, gathering
from procurement.bids.models import OpenedEnvelope, Opening, OpeningStatement

Kind = OpeningStatement.Kind
KIND = "procurement.opening.share_broken"
# Codes of what is never its bidder's fault.
NOT_BLAMED = (*copies.NOT_BLAMED, BROKEN)


def of_bidder(reasons: Iterable[str]) -> str:
    """The first of an unopened bid's codes that is its bidder's own fault; empty without one."""
    return next((code for code in reasons if code not in ("", *NOT_BLAMED)), "")


def excused(bids: Iterable[OpenedBid]) -> frozenset[str]:
    """The manifests (hex) of the bids that did not open by no fault of their bidders."""
    return frozenset(
        bid.manifest_sha256
        for bid in bids
        if not bid.whole and not of_bidder(each.reason for each in bid.envelopes)
    )


@dataclass(frozen=True)
class Unkept:
    """A share that its trustee had found good and, asked for it, did not give.

    sent: another was sent than its bidder had signed; else none.
    """

    trustee: str
    manifest_sha256: str
    envelope: str
    sent: bool


def unkept(case: Opening, policy: Policy) -> list[Unkept]:
    """Those for want of which an envelope of a stage did not open, once its envelopes were tried.

    What each trustee signed (marks, releases) is kept, and so are the good shares that came.
    """
    names = gathering.envelopes_of(case, policy)
    rows = OpenedEnvelope.objects.select_related("version").filter(
        version__bid__lot_number=case.lot_number, name__in=names, failure=BROKEN
    )
    if not rows:
        return []
    said = gathering.said(case)
    now = gathering.told(said)
    released = {
        row.uscc: {(s.manifest_sha256, s.envelope) for s in read_release(row.text.encode()).shares}
        for row in said
        if row.kind == Kind.RELEASE
    }
    listed = {bid.manifest_sha256 for bid in gathering.list_of(case).bids}
    found = []
    for row in rows:
        place = row.version.manifest_sha256, row.name
        if place[0] not in listed:
            continue
        for uscc in sorted(now.found_good(place, policy.threshold)):
            if str(policy.index_of(uscc)) not in row.shares:
                found.append(Unkept(uscc, *place, place in released.get(uscc, ())))
    return found


def told(case: Opening) -> list[str]:
    """Broken shares for people to read: trustee, bid, envelope, what it did."""
    policy = gathering.policy_of(case)
    names = {trustee.uscc: trustee.name for trustee in policy.trustees}
    of = {bid.manifest_sha256: bid.bidder for bid in gathering.list_of(case).bids}
    return [
        _("%(trustee)s：%(bidder)s 的信封 %(envelope)s，%(how)s")
        % {
            "trustee": names[share.trustee],
            "bidder": of[share.manifest_sha256],
            "envelope": share.envelope,
            "how": _("给出的份额与投标人签署的不符") if share.sent else _("没有给出份额"),
        }
        for share in unkept(case, policy)
    ]


def entries(case: Opening, broken: Iterable[Any], at: datetime) -> list[NewEntry]:
    """What the log says of broken shares, in the record's own act: each with its trustee."""
    of = {"lot": case.lot_number, "list_sha256": case.list_sha256}
    return [NewEntry(KIND, case.case_ref, at, {**of, **share.model_dump()}) for share in broken]
