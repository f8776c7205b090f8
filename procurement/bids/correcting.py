"""What answers a founded protest: a corrected list, and the file given again where it is gone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from kernel.access.actors import Actor
from kernel.errors import NotFound, Refusal, Refused
from kernel.events import services as events
from kernel.events.procurement_bids import OpeningMoved
from kernel.evidence import services as evidence
from kernel.evidence.services import NewEntry
from kernel.sealing.bids import container
from kernel.sealing.bids.fields import b64
from kernel.workflow.following import follow
from procurement.bids import (
    acting,
    closing,
    ending,
    gathering,
    keeper,
    opening,
    readings,
    stamps,
    upload_limits,
    vault,
)  # fmt: skip
from procurement.bids.bid_machine import BID
from procurement.bids.copies import NO_COPY
from procurement.bids.machines import CHECKED, DRAWN, LISTED, OPENING, RELEASED
from procurement.bids.models import Bid, BidVersion, Opening
from procurement.bids.rules.common import ARTICLE_ENDED, TERMINATED
from procurement.bids.schemas import RelistPayload

GIVEN = "procurement.bid.given_again"


def correct(opening_pk: int, at: datetime) -> bool:
    """Make the list anew where founded protests lie with it and every file is here; whether.

    Nothing was released under the wrong one. Missing bids come with their shares, dead ones go, the
    draw stays that of the first list, and trustees sign anew. Too few left: nothing is opened.
    """
    case = Opening.objects.get(pk=opening_pk)
    wrong = gathering.wrong(case, gathering.said(case))
    if not wrong.every or case.state not in (LISTED, DRAWN, CHECKED):
        return False
    missing = wrong.missing
    rows = BidVersion.objects.select_related("bid").filter(
        bid__lot_number=case.lot_number, manifest_sha256__in=missing
    )
    versions = list(rows.order_by("number"))
    if len(versions) < len(missing) or any(not v.vault or not v.shares for v in versions):
        return False  # their bidders give their files again
    listed = gathering.list_of(case)
    policy = readings.in_force(case.lot_number)
    assert policy is not None  # the lot was closed under it
    # Of a bidder the version that its receipt names stands, not an earlier one that was listed.
    added = {version.bid.bidder_uscc: closing.live_bid(version) for version in versions}
    gone = {*added, *(bid.bidder for bid in listed.bids if bid.manifest_sha256 in wrong.dead)}
    kept = [bid for bid in listed.bids if bid.bidder not in gone]
    bids = sorted((*kept, *added.values()), key=lambda bid: bid.log_index)
    payload = closing.make_list(
        policy, case.stage, max(at, listed.closed_at), bids,
        corrects=listed.sha256, drawn_for=listed.draw_sha256,
        follows=listed.follows, result_sha256=listed.result_sha256,
    )  # fmt: skip
    cause = f"correct:{listed.sha256[:16]}"
    if not acting.follows(OPENING, case.pk, "correct", key=cause, at=at, payload=payload):
        return False
    for version in versions:
        named = RelistPayload(number=version.number)
        follow(BID.code, version.bid_id, "relist", key=cause, at=at, payload=named)
    struck = Bid.objects.filter(lot_number=case.lot_number, bidder_uscc__in=gone - added.keys())
    for bid in struck.only("pk"):
        follow(BID.code, bid.pk, "strike", key=cause, at=at)
    case.refresh_from_db()
    if closing.gave_up(case, at):
        return True
    closing.delete_dead(case.lot_number)
    keeper.keep_listed(case)
    stamps.stamp_list(case)  # where it fails, the worker goes on
    return True


def give_again(
    lot_number: str,
    manifest_sha256: str,
    *,
    actor: Actor,
    read: Callable[[int], bytes],
    at: datetime,
) -> Opening:
    """Take a bidder's own file of a receipted bid, hash for hash, within the decrypt window.

    For a bid whose copies here are gone or damaged; where ours is whole nothing is written, to no
    disk and no log: else its bidder could fill both. Refused: ``procurement.bid.not_the_same``
    (other bytes than receipted), ``procurement.opening.window_over``, ``.lot_not_opening`` (the lot
    was terminated, also while its event is on its way), and what :mod:`.upload_limits` says of one
    too many at once or a full disk. Raises NotFound.
    """
    version = (
        BidVersion.objects.select_related("bid")
        .filter(
            bid__lot_number=lot_number,
            bid__bidder_uscc=actor.uscc or "-",
            manifest_sha256=manifest_sha256,
        )
        .first()
    )
    if version is None:
        raise NotFound.because("procurement.bid.unknown", lot=lot_number[:80])
    case = opening.of_lot(lot_number)
    if ending.is_over(lot_number):
        ended = Refusal("procurement.opening.lot_not_opening", {"state": TERMINATED}, ARTICLE_ENDED)
        raise Refused(ended)
    wanted = {bid.manifest_sha256 for bid in gathering.list_of(case).bids}
    wanted |= gathering.protested(case, gathering.said(case))
    over = case.window_ends_at is not None and at >= case.window_ends_at
    open_still = case.state in (LISTED, DRAWN, CHECKED, RELEASED) and not over
    if manifest_sha256 not in wanted or not open_still:
        raise Refused.because("procurement.opening.window_over")
    with upload_limits.one_of_few(actor.organisation_id, lot_number):
        if _is_whole(version):
            _compare(version, read)
            return case
        upload_limits.check_whole(version.size)
        _take(version, read, at)
    version.refresh_from_db()
    keeper.keep(version)
    with transaction.atomic():
        events.publish([OpeningMoved(case.pk)], case=case.case_ref, at=at)
    return case


def _is_whole(version: BidVersion) -> bool:
    """Whether what lies here is what was receipted, byte for byte, and nobody found otherwise."""
    if not version.shares or version.envelopes.filter(failure=NO_COPY).exists():
        return False
    try:
        with vault.open_file(version.vault) as file:
            return keeper.sha256_of(file) == version.file_sha256
    except OSError:
        return False


def _compare(version: BidVersion, read: Callable[[int], bytes]) -> None:
    """Read what is given and keep nothing of it; no further than a byte too many."""
    digest, left = hashlib.sha256(), version.size
    while left >= 0 and (piece := read(vault.CHUNK)):
        digest.update(piece)
        left -= len(piece)
    if digest.hexdigest() != version.file_sha256:
        raise Refused.because("procurement.bid.not_the_same", wanted=version.file_sha256)


def _take(version: BidVersion, read: Callable[[int], bytes], at: datetime) -> None:
    name = uuid4().hex
    written = vault.write(name, read, version.size, lambda: None)
    if written.sha256 != version.file_sha256:
        vault.delete(name)
        raise Refused.because("procurement.bid.not_the_same", wanted=version.file_sha256)
    vault.noted(name)
    try:
        with vault.open_file(name) as file:
            received = container.read_bid(file, version.size)
        shares = {each: [b64(one) for one in rows] for each, rows in received.shares.items()}
        body = {"manifest_sha256": version.manifest_sha256, "file_sha256": version.file_sha256}
        with transaction.atomic():
            # Asked only now, and under a lock: of two who give at once the later one replaces
            # what the earlier one gave, and no file is left that nothing names.
            rows_of = BidVersion.objects.select_for_update().filter(pk=version.pk)
            old = rows_of.values_list("vault", flat=True).get()
            rows_of.update(vault=name, shares=shares)
            # Whoever looks sees that it is here; the next attempt says of it what there is to say.
            version.envelopes.filter(failure=NO_COPY).delete()
            evidence.append_many([NewEntry(GIVEN, version.bid.case_ref, at, body, public=False)])
    except BaseException:
        vault.delete(name)
        raise
    vault.delete(old)
