"""A part of an upload: streamed to the vault, on the disk before its offset is told, then judged.

One writer at a time holds an upload. The hold is a row with a time (technical) that it renews; who
stands still longer loses it, and finds that out before writing another byte, because it looks
under the file's lock. What a dead writer left beyond the offset that was told is cut off.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Conflict, NotFound, Refused
from kernel.sealing.bids.acknowledgements import Acknowledgement
from procurement.bids import believed, heads, readings, refusing, upload_limits, vault, versions
from procurement.bids.models import PendingUpload, ResumableUpload
from procurement.bids.upload_ends import finish, keep_refusal, pending_of, refuse_ended

CHUNK = 512 * 1024
# Bytes, and real seconds, after which what has come is flushed and told of.
STEP, STEP_SECONDS = 64 * 1024**2, 4.0
# Real seconds for which a writer that stands still is left alone.
LEASE = timedelta(seconds=15)
_Status = ResumableUpload.Status
_Pending = PendingUpload.Status


class Busy(Refused):
    """Somebody else writes this upload at this moment."""

    status = 423


class OtherOffset(Conflict):
    """The part does not begin where the upload stands."""


def receive(
    row: ResumableUpload, actor: Actor, offset: int, read: Callable[[int], bytes], length: int
) -> ResumableUpload:
    """Take a part of ``length`` bytes that begins at ``offset``; the upload as it is then.

    read: as of a file; a line that breaks gives nothing or raises OSError, and what had come by
    then is kept. The part that makes it whole is followed by the receipt. Raises
    :class:`receipts.BidRefused` where the bid is refused, now or before, Gone, Busy, OtherOffset,
    and ``procurement.upload.beyond`` for more than was announced.
    """
    if row.status != _Status.OPEN:
        refuse_ended(row)
        if (offset, length) != (row.length, 0):
            raise OtherOffset.because("procurement.upload.offset", offset=row.offset)
        return finish(row, actor, again=True)
    if offset + length > row.length:
        raise Refused.because("procurement.upload.beyond", length=row.length)
    with vault.Part(row.id.hex) as part, _held(row, part) as holder:
        if offset != row.offset:
            raise OtherOffset.because("procurement.upload.offset", offset=row.offset)
        _Writer(row, actor, part, holder).take(read, length)
    return finish(row, actor) if row.status == _Status.WHOLE else row


@contextmanager
def _held(row: ResumableUpload, part: vault.Part) -> Iterator[str]:
    """Hold an upload for as long as the block lasts."""
    holder = secrets.token_hex(16)
    with part.locked():
        now = clock.technical_now()
        free = Q(holder="") | Q(held_until_at__lt=now)
        mine = ResumableUpload.objects.filter(free, pk=row.pk, status=_Status.OPEN)
        got = mine.update(holder=holder, held_until_at=now + LEASE)
        row.refresh_from_db()
        if not got:
            if row.status in (_Status.REFUSED, _Status.VOID):
                vault.delete(row.id.hex)  # opening it may just have made it anew
            refuse_ended(row)
            raise Busy.because("procurement.upload.busy")
        row.offset = part.cut(row.offset)
        vault.noted(row.id.hex)  # a dead writer's last byte has just been cut off
    try:
        yield holder
    finally:
        ResumableUpload.objects.filter(pk=row.pk, holder=holder).update(holder="")


class _Writer:
    """Who holds an upload and writes to it."""

    def __init__(self, row: ResumableUpload, actor: Actor, part: vault.Part, holder: str) -> None:
        self.row, self.actor, self.part, self.holder = row, actor, part, holder
        self.place = row.offset
        self.renewed = time.monotonic()

    def take(self, read: Callable[[int], bytes], length: int) -> None:
        row = self.row
        policy = readings.in_force(row.lot_number)
        if policy is None:
            raise NotFound.because("procurement.policy.unknown", lot=row.lot_number)
        if (now := clock.now()) > policy.policy.deadline:
            self._refuse(heads.late(now, policy.policy.deadline), now)
        last = self.place + length == row.length
        pending = _last_begins(row, self.actor) if last else None
        try:
            at = self._stream(read, length, last)
        except BaseException as fault:
            self._not_noted(fault)
            raise
        finally:
            if pending is not None and self.place < row.length:
                _last_ended(pending)
        if self.place == row.length:
            self._whole(at)
        else:
            self._note(at)

    def _stream(self, read: Callable[[int], bytes], length: int, last: bool) -> datetime:
        """Write what comes; the legal time of the last byte of it."""
        left, at = length, clock.now()
        while left and (data := _read(read, min(CHUNK, left))):
            left -= len(data)
            if not left:
                at = clock.now()  # before anything else: this is what may decide
                if last:
                    vault.arrived(self.row.id.hex)
            self._put(data)
            # What is whole is stored and timed before it is judged.
            if not self.row.judged and (left or not last):
                self._judge()
            if left and self._is_time():
                self._note(clock.now())
        return at if not left else clock.now()

    def _put(self, data: bytes) -> None:
        with self.part.locked():
            if time.monotonic() - self.renewed > STEP_SECONDS:
                self._renew()
            try:
                self.part.write(data, self.place)
            except OSError as fault:
                raise upload_limits.no_space() from fault
        self.place += len(data)

    def _is_time(self) -> bool:
        return (
            self.place - self.row.offset >= STEP or time.monotonic() - self.renewed > STEP_SECONDS
        )

    def _renew(self, **changes: object) -> None:
        now = clock.technical_now()
        mine = ResumableUpload.objects.filter(
            pk=self.row.pk, holder=self.holder, status=_Status.OPEN
        )
        changes |= {"held_until_at": now + LEASE, "touched_really_at": now}
        if not mine.update(**changes):
            self.row.refresh_from_db()
            refuse_ended(self.row)
            raise Busy.because("procurement.upload.busy")
        self.renewed = time.monotonic()
        for name, value in changes.items():
            setattr(self.row, name, value)

    def _note(self, at: datetime) -> None:
        """Flush, and only then say how much is kept."""
        if self.place == self.row.offset and self.row.acknowledgement:
            return
        self.part.sync()
        self._renew(**self._acknowledged(at), judged=self.row.judged)

    def _acknowledged(self, at: datetime) -> dict[str, object]:
        row = self.row
        text = Acknowledgement(
            row.id.hex, row.lot_number, row.bidder_uscc, self.place, row.length, at
        ).encode()
        p7s = believed.signed(text, at)
        return {
            "offset": self.place, "acknowledgement": text.decode(), "acknowledgement_p7s": p7s,
        }  # fmt: skip

    def _whole(self, at: datetime) -> None:
        """The last byte is here: flushed and its time written down before anything is checked."""
        row = self.row
        try:
            self.part.sync()
            told = self._acknowledged(at)
            with transaction.atomic():
                noted = PendingUpload.objects.filter(pk=row.pk, status=_Pending.OPEN).update(
                    status=_Pending.WHOLE, last_byte_at=at, size=row.length
                )
                if noted:
                    self._renew(**told, status=_Status.WHOLE)
        except BaseException as fault:
            self._not_noted(fault)
            raise
        vault.noted(row.id.hex)
        if not noted:
            self._refuse(versions.given_up(), at)

    def _not_noted(self, fault: BaseException) -> None:
        """Nobody needs to wait: it comes again. Whoever took the upload over has its own mark."""
        if not isinstance(fault, Busy):
            vault.noted(self.row.id.hex)

    def _judge(self) -> None:
        row = self.row
        at = clock.now()
        refused = heads.judge(row, self.part, self.place, self.actor, at)
        if refused is not None:
            self._refuse(refused, at)

    def _refuse(self, refused: Refused, at: datetime) -> None:
        """Refuse an upload that does not go on: signed, logged, its file deleted."""
        row = self.row
        self._renew()
        pending = pending_of(row, self.actor)
        pending.size = self.place
        pending.file_sha256 = heads.sha256_of(self.part, self.place)
        pending.found = heads.found_so_far(self.part, self.place)
        raise refusing.refuse(
            pending,
            self.actor,
            refused,
            at,
            keep=lambda told: keep_refusal(row, told, _Status.OPEN),
        )


def _read(read: Callable[[int], bytes], size: int) -> bytes:
    try:
        return read(size)
    except OSError:  # the line broke: what came before it did is kept
        return b""


def _last_begins(row: ResumableUpload, actor: Actor) -> PendingUpload:
    """From now on a closing waits for the end of the last part."""
    pending = pending_of(row, actor)
    with transaction.atomic():
        PendingUpload.objects.filter(pk=row.pk).delete()
        pending.save(force_insert=True)
    return pending


def _last_ended(pending: PendingUpload) -> None:
    """It broke off. Whoever took the upload over may have begun its own last part meanwhile."""
    PendingUpload.objects.filter(
        pk=pending.pk, status=_Pending.OPEN, started_really_at=pending.started_really_at
    ).delete()
