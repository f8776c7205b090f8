"""Receipt of a sealed bid: streamed to the vault, its last byte timed, checked, then one act."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from kernel import clock, queries
from kernel.access import actors
from kernel.access.actors import Actor
from kernel.errors import Conflict, NotFound, Refusal, Refused
from kernel.queries import Change, Prepared
from kernel.rows import fresh
from kernel.sealing.bids import receiving
from kernel.sealing.bids.policy import Policy
from kernel.workflow.firing import fire
from procurement.bids import (
    believed,
    bringing,
    checking,
    lots,
    readings,
    receipts,
    upload_limits,
    vault,
    versions,
)
from procurement.bids.bid_machine import BID
from procurement.bids.models import BidVersion, PendingUpload
from procurement.bids.refusing import (
    Keep,
    Present,
    act_of,
    drop,
    payload_of,
    refuse,
    refused_before,
)
from procurement.bids.rules import bids, common

ROLE = bringing.BIDDER
_TRIES = 5
# How long after the deadline a file is still read, so that its refusal can name it.
_READ_LATE = timedelta(days=1)
_Status = PendingUpload.Status


def upload(
    lot_number: str,
    *,
    actor: Actor,
    read: Callable[[int], bytes],
    length: int | None = None,
    bidder: str = "",
) -> tuple[BidVersion, bool]:
    """Take a bid in; the version that has its receipt, and whether it is new.

    read: as of a file, called until it gives nothing. length: the bytes announced, if any. bidder:
    whose (USCC), where the supervisor's counter brings it; else the actor's own. The same
    file again gives the same version. Raises NotFound (no such lot, no policy in force),
    NotPermitted, and :class:`receipts.BidRefused` with every reason; then the earlier version
    stands and the attempt is logged.
    """
    with upload_limits.one_of_few(actor.organisation_id, lot_number):
        began = begin(lot_number, actor, bidder, length)
        whole = stream(began, read, length)
        return settle(whole, actor)


def begin(
    lot_number: str, actor: Actor, bidder: str = "", length: int | None = None
) -> PendingUpload:
    """Note that an upload begins: from now on the closing waits for its end.

    length: the bytes announced; None where nobody says, and any size may come. Before one of them
    is read it is asked who sends them, and whether there is a place for them.
    """
    at = clock.now()
    actors.confirm(actor, clock.legal_date(at))
    uscc = bringing.whose(lot_number, actor, bidder)
    policy = readings.in_force(lot_number)
    if policy is None:
        raise NotFound.because("procurement.policy.unknown", lot=lot_number[:80])
    row = fresh(
        PendingUpload,
        lot_number=lot_number,
        bidder_uscc=uscc,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        role=actor.role,
        started_at=at,
        started_really_at=clock.technical_now(),
    )
    row.policy = policy
    _look_first(row, actor, length)
    queries.insert(row)
    return row


def _look_first(row: PendingUpload, actor: Actor, length: int | None) -> None:
    """Refuse what can be refused without a byte of it.

    What comes late is read all the same for a day: its refusal names the file, and the file of a
    version that has its receipt finds that one again.
    """
    policy, at = _policy(row), row.started_at
    lot = lots.find(row.lot_number)
    facts = bids.BidFacts(
        lot_found=lot is not None, lot_state=lot.state if lot else "",
        deadline=policy.deadline, at=at,
    )  # fmt: skip
    reasons = list(bids.lot_takes_bids(facts, None)) if lot is None else []
    if at > policy.deadline + _READ_LATE:
        own = BidVersion.objects.filter(
            bid__lot_number=row.lot_number, bid__bidder_uscc=row.bidder_uscc
        )
        if not own.exists():
            reasons += bids.deadline_is_not_over(facts, None)
    kind = Refused if reasons else upload_limits.TooLarge
    if length is not None and length > policy.maximum_size:
        told = {"limit": policy.maximum_size}
        reasons.append(Refusal("procurement.bid.too_large", told, common.ARTICLE_PLATFORM))
    if reasons:
        raise refuse(row, actor, kind(reasons), at)
    upload_limits.check_whole(policy.maximum_size if length is None else length)


def stream(
    row: PendingUpload,
    read: Callable[[int], bytes],
    length: int | None = None,
    last_byte: datetime | None = None,
) -> PendingUpload:
    """Write the bytes away and the time of the last one, before anything is checked or locked.

    last_byte: where all of it had come before, the time at which it had.
    """
    limit = _policy(row).maximum_size
    times: list[datetime] = []
    try:
        written = vault.write(
            row.id.hex, read, limit, lambda: times.append(last_byte or clock.now())
        )
        if length is not None and written.size != length:
            vault.delete(row.id.hex)
            raise Refused.because("procurement.bid.incomplete", size=written.size, length=length)
    except Refused as refused:
        raise refuse(row, bringing.actor_of(row), refused, clock.now()) from None
    except OSError:
        lost = Refused.because("procurement.bid.incomplete", size=0, length=length or 0)
        raise refuse(row, bringing.actor_of(row), lost, clock.now()) from None
    except BaseException:
        # The connection broke: an upload that is not whole is nothing.
        PendingUpload.objects.filter(pk=row.pk).update(status=_Status.VOID)
        raise
    row.status, row.last_byte_at = _Status.WHOLE, times[0]
    row.file_sha256, row.size = written.sha256, written.size
    noted = _came.write((row.pk, _Status.OPEN), *(getattr(row, name) for name in _CAME.split()))
    vault.noted(row.id.hex)
    if not noted:
        raise refuse(row, bringing.actor_of(row), versions.given_up(), times[0])
    return row


def settle(
    row: PendingUpload, actor: Actor, *, keep: Keep | None = None, again: bool = False
) -> tuple[BidVersion, bool]:
    """Check an upload that is whole, and receive it; also what a server that died left behind.

    keep: writes a refusal down, in the transaction that logs it. again: it may have been tried
    before, by a server that died.
    """
    assert row.last_byte_at is not None
    bid, same = _standing(row)
    if same and (before := same_file(row)) is not None:
        drop(row, _Status.SETTLED)
        return before, False
    hashed = row.file_sha256 != ""
    try:
        _check(row)
    except Refused as refused:
        raise refuse(row, actor, refused, row.last_byte_at, keep=keep) from None
    if not hashed and (before := same_file(row)) is not None:
        drop(row, _Status.SETTLED)
        return before, False
    if again and (told := refused_before(row, actor, keep)) is not None:
        raise told
    try:
        return _write(row, actor, bid), True
    except Refused as refused:
        if (before := same_file(row)) is not None:  # a double click, and the other one was faster
            drop(row, _Status.SETTLED)
            return before, False
        raise refuse(row, actor, refused, row.last_byte_at, logged=True, keep=keep) from None


def same_file(row: PendingUpload) -> BidVersion | None:
    """The version of this bidder that these very bytes already are."""
    return (
        BidVersion.objects.select_related("bid")
        .filter(
            bid__lot_number=row.lot_number,
            bid__bidder_uscc=row.bidder_uscc,
            file_sha256=row.file_sha256,
        )
        .first()
    )


def _standing(row: PendingUpload) -> tuple[Present | None, bool]:
    """The bidder's bid as it is, and whether one of its versions is this very file."""
    rows = _own.rows(row.lot_number, row.bidder_uscc)
    bid = Present(*rows[0][:3]) if rows else None
    return bid, any(file == row.file_sha256 for *_bid, file in rows)


# A bid has a version from its first moment on: both are written by one act.
_own = Prepared(
    lambda slots: (
        BidVersion.objects.order_by()
        .filter(bid__lot_number=slots.text(0), bid__bidder_uscc=slots.text(1))
        .values_list("bid_id", "bid__state", "bid__version", "file_sha256")
    )
)


_CAME = "status last_byte_at file_sha256 size"
_came = Change(lambda: PendingUpload, "id status", _CAME)


def _check(row: PendingUpload) -> None:
    """Everything that can be said of the stored bytes, outside any transaction."""
    at = row.last_byte_at
    assert at is not None
    with vault.open_file(row.id.hex) as file:
        source = vault.Source(file, row.file_sha256)
        try:
            accepted = receiving.receive(
                source, _policy(row), row.bidder_uscc, believed.trust(at), at
            )
        finally:
            row.file_sha256 = source.sha256()
    received = accepted.received
    row.accepted = accepted
    row.found = {
        "version": received.manifest.version,
        "replaces": received.manifest.replaces,
        "policy_sha256": received.manifest.policy_sha256,
        "manifest_sha256": received.manifest_sha256,
        "signature_sha256": hashlib.sha256(received.signature).hexdigest(),
        "certificate_sha256": accepted.certificate_sha256,
        "certificate_serial": accepted.certificate_serial,
    }


def _policy(row: PendingUpload) -> Policy:
    """The policy as it was in force when the upload began; the act asks for the newest again."""
    found = row.policy or readings.in_force(row.lot_number)
    if found is None:
        raise NotFound.because("procurement.policy.unknown", lot=row.lot_number)
    return found.policy


def _write(row: PendingUpload, actor: Actor, bid: Present | None) -> BidVersion:
    """One act and its version in one transaction; a lost race is looked at again."""
    for left in reversed(range(_TRIES)):
        try:
            return _once(row, actor, bid)
        except Conflict as conflict:
            if not left or conflict.refusals[0].code != "workflow.act.stale":
                raise
        bid, _same = _standing(row)
    raise AssertionError("unreachable")


def _once(row: PendingUpload, actor: Actor, bid: Present | None) -> BidVersion:
    with checking.checked(row):
        fire(
            BID.code, bid.pk if bid else None, act_of(bid),
            actor=actor, payload=payload_of(row), key=f"upload:{row.id.hex}",
            seen_version=bid.version if bid else None, at=row.last_byte_at,
        )  # fmt: skip
    return row.became or BidVersion.objects.get(vault=row.id.hex)


def resume(row: PendingUpload) -> BidVersion | None:
    """Finish what a server left behind that died after the last byte; None where it is refused."""
    if not vault.exists(row.id.hex):
        return None
    try:
        version, _new = settle(row, bringing.full_actor(row), again=True)
    except Refused:
        return None
    receipts.of(version)
    return version
