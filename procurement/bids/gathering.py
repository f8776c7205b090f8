"""What has been said of a closing list, read: marks, cures, protests, released shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kernel.errors import Refused
from kernel.sealing import hpke
from kernel.sealing.bids import closing as formats
from kernel.sealing.bids import cures, protests, releasing
from kernel.sealing.bids.manifest import Manifest, read_manifest
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.shares import Again
from procurement.bids import readings
from procurement.bids.machines import LISTED
from procurement.bids.models import BidVersion, Opening, OpeningStatement, PolicyVersion

Kind = OpeningStatement.Kind
Place = tuple[str, str]
Shares = dict[Place, dict[int, bytes]]


def list_of(case: Opening) -> formats.ClosingList:
    """The closing list of an opening."""
    return formats.read_list(case.list_text.encode())


def policy_of(case: Opening) -> Policy:
    """The version of the policy that the list names, read."""
    row = PolicyVersion.objects.get(
        policy_id=case.policy_id, sha256=list_of(case).policy_sha256
    )  # fmt: skip
    return readings.policy_of(row.text)


def envelopes_of(case: Opening, policy: Policy) -> tuple[str, ...]:
    """The envelopes that are opened in this stage."""
    return next(stage.envelopes for stage in policy.stages if stage.name == case.stage)


def awaits_rehearsal(number: str) -> bool:
    """Whether a later stage's list waits for its trustees."""
    return Opening.objects.filter(lot_number=number, state=LISTED, before__isnull=False).exists()


def is_last(case: Opening, policy: Policy) -> bool:
    """Whether no other stage comes after this one."""
    return policy.stages[-1].name == case.stage


def said(case: Opening) -> list[OpeningStatement]:
    """What stands: nothing of a list that was corrected, but nonces and protests."""
    return [row for row in case.statements.all() if not row.of_list]


def who(rows: Iterable[OpeningStatement], kind: str) -> frozenset[str]:
    """Who said something of a kind."""
    return frozenset(row.uscc for row in rows if row.kind == kind)


def wanted(case: Opening, policy: Policy) -> set[Place]:
    """(manifest, envelope) of everything that this stage opens."""
    names = envelopes_of(case, policy)
    return {(bid.manifest_sha256, name) for bid in list_of(case).bids for name in names}


def listed_versions(case: Opening) -> dict[str, BidVersion]:
    """The versions on the closing list, by manifest hash, in its order."""
    digests = [bid.manifest_sha256 for bid in list_of(case).bids]
    rows = BidVersion.objects.select_related("bid").filter(
        bid__lot_number=case.lot_number, manifest_sha256__in=digests
    )
    found = {row.manifest_sha256: row for row in rows}
    return {digest: found[digest] for digest in digests}


def told(rows: Iterable[OpeningStatement]) -> cures.Told:
    """What statements say of shares."""
    by: dict[str, list[str]] = {}
    for row in rows:
        by.setdefault(row.kind, []).append(row.text)
    given = [cures.read_cure(text.encode()) for text in by.get(Kind.CURE, ())]
    return cures.Told(
        tuple(releasing.read_marks(text.encode()) for text in by.get(Kind.MARKS, ())),
        {(cure.manifest_sha256, cure.envelope): cure for cure in given},
        tuple(cures.read_cured_marks(text.encode()) for text in by.get(Kind.CURED, ())),
    )


def uncured(case: Opening, policy: Policy, rows: list[OpeningStatement]) -> frozenset[Place]:
    """The envelopes with fewer than k good marks, once k trustees have marked at all."""
    return told(rows).uncured(wanted(case, policy), policy.threshold)


def wrong(case: Opening, rows: Iterable[OpeningStatement]) -> protests.Wrong:
    """What founded protests say of the list as it stands; nothing of what it answers."""
    listed, found = list_of(case), protests.Wrong()
    for row in rows:
        if row.kind == Kind.PROTEST:
            found |= protests.said_of(protests.read_protest(row.text.encode()), listed)
    return found


def protested(case: Opening, rows: Iterable[OpeningStatement]) -> frozenset[str]:
    """The bids of founded protests that the list does not answer: missing ones and dead ones."""
    return wrong(case, rows).every


def released_shares(case: Opening) -> Shares:
    """Every share that was released and is the bidder's own, by (manifest, envelope) and trustee.

    A share that is not what its bidder signed is left out: a lying trustee harms nobody while k
    others are honest.
    """
    listed, policy, rows = list_of(case), policy_of(case), said(case)
    session = hpke.load_private(bytes(case.session.private))
    manifests = {
        digest: read_manifest(version.manifest.encode())
        for digest, version in listed_versions(case).items()
    }
    now, found = told(rows), Shares()
    for row in rows:
        if row.kind != Kind.RELEASE:
            continue
        index = policy.index_of(row.uscc)
        for share in releasing.read_release(row.text.encode()).shares:
            place = share.manifest_sha256, share.envelope
            again = now.again(place, policy.threshold)
            made = manifests[share.manifest_sha256]
            opened = _opened(listed, made, row.uscc, index, share, session, again)
            if opened is not None:
                found.setdefault(place, {})[index] = opened
    return found


def _opened(
    listed: formats.ClosingList,
    manifest: Manifest,
    trustee: str,
    index: int,
    share: releasing.ReleasedShare,
    session: hpke.PrivateKey,
    again: Again | None,
) -> bytes | None:
    try:
        return releasing.open_released(listed, manifest, trustee, index, share, session, again)
    except Refused:
        return None


def is_enough(case: Opening, at: datetime) -> bool:
    """Whether every bid that can still open has k good shares of every envelope of the stage.

    A bid that cannot open holds nobody up. A share that its trustee found good, or has not said
    anything of, is waited for until the window ends; one that was sent and is not the bidder's own
    is not waited for again, whatever its trustee had marked.
    """
    policy, rows = policy_of(case), said(case)
    k = policy.threshold
    released = who(rows, Kind.RELEASE)
    if len(released) < k:
        return False
    if case.window_ends_at is not None and at >= case.window_ends_at:
        return True
    now, shares = told(rows), released_shares(case)
    open_still = {trustee.uscc for trustee in policy.trustees} - released
    for place in wanted(case, policy):
        may_come = open_still - now.found_bad(place, k)
        if len(shares.get(place, {})) < k <= len(shares.get(place, {})) + len(may_come):
            return False
    return True
