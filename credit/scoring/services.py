"""Writes of scores: rows of the ledger, and certificates that can be replayed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from credit.scoring import (
    catching_up,
    engines,
    formulas,
    proving,
    rules,
    sections,
    selectors,
    statements,
)
from credit.scoring.models import PointEntry, ScoreCertificate
from kernel import clock
from kernel.documents import platform
from kernel.errors import Refused
from kernel.evidence import services as evidence
from kernel.sealing import canonical
from kernel.workflow.numbers import fresh_id, next_number


def enter(
    *,
    uscc: str,
    item: str,
    group: str,
    effective_on: date,
    at: datetime,
    cause: str,
    record_id: int,
    article: str = "",
    document_number: str = "",
    points: int = 0,
    days: int = 0,
    section: str = "",
    price_fen: int = 0,
    until: date | None = None,
) -> PointEntry:
    """Put a fact into the ledger; the same cause again is the same row.

    points (hundredths), days: as the deciding document states them, nought where it does not.
    section: the contract section that it happened on; price_fen: that section's price. until: the
    day from which it weighs no more, whatever its scheme says.
    """
    recorded_at = _learnt_at(uscc, at)
    return PointEntry.objects.get_or_create(
        cause=cause,
        defaults={
            "uscc": uscc,
            "item": item,
            "group": group,
            "effective_on": effective_on,
            "recorded_at": recorded_at,
            "record_id": record_id,
            "article": article,
            "document_number": document_number,
            "points": points,
            "days": days,
            "section": section,
            "price_fen": price_fen,
            "until": until,
        },
    )[0]


def bid_for(uscc: str, section: str, at: datetime) -> PointEntry:
    """That a firm bid for a contract section: schemes by sections take their mean over these."""
    return enter(
        uscc=uscc,
        item=sections.BID,
        group=section,
        effective_on=clock.legal_date(at),
        at=at,
        cause=f"bid:{sha256_hex(f'{uscc}:{section}'.encode())[:40]}",
        record_id=0,
        section=section,
    )


def take_back(*, record_id: int, at: datetime, cause: str, but: str = "") -> None:
    """Revoke every fact of a record by rows of their own; what was is kept.

    The facts never were, as it is known from now on: not on the days before either. but: an item
    whose facts stay.
    """
    for row in _standing(record_id):
        if row.item == but:
            continue
        _revoke(row, _learnt_at(row.uscc, at), cause)


def hold_on_list(*, record_id: int, uscc: str, at: datetime, cause: str) -> None:
    """Put into the ledger that a list holds an enterprise from a day on; once while it does."""
    held = (row for row in _standing(record_id) if row.item == rules.LISTED)
    if not any(row.until is None for row in held):
        enter(
            uscc=uscc, item=rules.LISTED, group=f"{rules.LISTED}:{record_id}",
            effective_on=clock.legal_date(at), at=at, cause=f"{cause}:{rules.LISTED}",
            record_id=record_id,
        )  # fmt: skip


def end(*, record_id: int, on: date, at: datetime, cause: str, only: str = "") -> None:
    """Let every fact of a record weigh until a day and no longer; on the days before it did.

    Each is revoked, and stands again with its end: repaired, suspended, shown no longer. only: the
    one item whose facts end.
    """
    for row in _standing(record_id):
        if only and row.item != only:
            continue
        if row.until is not None and row.until <= on:
            continue
        recorded_at = _learnt_at(row.uscc, at)
        _revoke(row, recorded_at, cause)
        if on > row.effective_on:
            again = {name: getattr(row, name) for name in _FACT}
            PointEntry.objects.get_or_create(
                cause=f"{cause}:{row.pk}{ENDED}",
                defaults=again | {"recorded_at": recorded_at, "until": on},
            )


def has_ended(row: PointEntry) -> bool:
    """Whether a row is a fact that stands again with its end."""
    return row.cause.endswith(ENDED)


# How the cause of such a row ends; before it stands that of the row that revokes it.
ENDED = ":until"
_FACT = (
    "uscc", "item", "group", "effective_on", "record_id", "article", "document_number", "points",
    "days", "section", "price_fen",
)  # fmt: skip


def _standing(record_id: int) -> list[PointEntry]:
    """A record's facts that nothing has revoked."""
    rows = PointEntry.objects.filter(record_id=record_id)
    revoked = set(rows.filter(revokes__isnull=False).values_list("revokes_id", flat=True))
    return [row for row in rows.filter(revokes__isnull=True) if row.pk not in revoked]


def _revoke(row: PointEntry, recorded_at: datetime, cause: str) -> None:
    PointEntry.objects.get_or_create(
        cause=f"{cause}:{row.pk}",
        defaults={
            "uscc": row.uscc,
            "item": row.item,
            "group": row.group,
            "effective_on": row.effective_on,
            "recorded_at": recorded_at,
            "revokes": row,
            "record_id": row.record_id,
            "section": row.section,
        },
    )


def _learnt_at(uscc: str, at: datetime) -> datetime:
    """When the ledger learnt of a fact: when it took effect, but after what was certified without.

    Else a worker that comes late would change what a certificate is replayed to.
    """
    with transaction.atomic():
        _one_at_a_time(uscc)
        given = ScoreCertificate.objects.filter(uscc=uscc, known_at__gte=at)
        last = given.aggregate(last=Max("known_at"))["last"]
    return at if last is None else max(clock.now(), last + timedelta(microseconds=1))


def _one_at_a_time(uscc: str) -> None:
    """Hold an enterprise's ledger until the open transaction ends."""
    next_number(f"credit-ledger:{uscc}")


def certificate(uscc: str, *, at: datetime, purpose: str) -> ScoreCertificate:
    """The score of an enterprise at an instant, certified and logged; one for each purpose.

    It writes one entry of the log, which is closed, or none where there is one already.
    """
    asked = ScoreCertificate.objects.filter(uscc=uscc, purpose=purpose)
    if (found := asked.first()) is not None:
        return found
    catching_up.catch_up(uscc, at)
    with transaction.atomic():
        _one_at_a_time(uscc)
        # Somebody may have been faster while we waited for the ledger.
        return asked.first() or _certify(uscc, at, purpose)


def _certify(uscc: str, at: datetime, purpose: str) -> ScoreCertificate:
    day = clock.legal_date(at)
    in_force = selectors.scheme(at)
    ledger = selectors.entries(uscc)
    result = formulas.score(ledger, in_force, day, at)
    # At random: a serial would tell whoever orders two reports how many bidders were certified.
    number = f"XY-{day:%Y%m%d}-{fresh_id():016d}"
    asked = statements.Asked(uscc, purpose, day, at, number)
    told = statements.said(asked, in_force, result, ledger)
    text = canonical.encode(told)
    sha256 = sha256_hex(text)
    entry = evidence.append(
        kind=proving.KIND,
        case="",
        at=at,
        body=proving.body(number, sha256),
        public=False,
    )
    return ScoreCertificate.objects.create(
        number=number,
        uscc=uscc,
        purpose=purpose,
        valid_on=day,
        known_at=at,
        score_millionths=result.millionths,
        grade=result.grade,
        scheme_code=in_force.code,
        scheme_version=in_force.version,
        scheme_sha256=in_force.sha256,
        entries_sha256=told["entries_sha256"],
        sha256=sha256,
        statement=text.decode(),
        signature=platform.signed(text, at),
        issued_at=at,
        log_index=entry.index,
    )


def replay(number: str) -> rules.Score:
    """Compute a certificate's score again from ledger and scheme, by the engine that it names.

    Raises Refused ``credit.certificate.unknown`` or ``credit.certificate.differs``: then ledger,
    scheme or certificate are not what they were, the signature is not the operator's, or the log
    does not know it.
    """
    held = selectors.certificate(number)
    if held is None:
        raise Refused.because("credit.certificate.unknown", number=number)
    result = _again(held)
    if result is None or not proving.holds(held):
        raise Refused.because("credit.certificate.differs", number=number)
    return result


def _again(held: ScoreCertificate) -> rules.Score | None:
    """The score that a certificate's statement comes to, by its own engine; None for another."""
    in_force = selectors.scheme(clock.start_of(held.valid_on), held.scheme_code)
    try:
        in_force = engines.as_of(in_force, proving.engine_of(held))
    except LookupError:
        return None
    ledger = selectors.entries(held.uscc)
    result = formulas.score(ledger, in_force, held.valid_on, held.known_at)
    signed = bool(held.statement)
    asked = statements.Asked(
        held.uscc, held.purpose, held.valid_on, held.known_at, held.number if signed else ""
    )
    text = canonical.encode(statements.said(asked, in_force, result, ledger))
    same = (
        sha256_hex(text) == held.sha256
        and (result.millionths, result.grade) == (held.score_millionths, held.grade)
        and (not signed or text.decode() == held.statement)
    )
    return result if same else None


def sha256_hex(text: bytes) -> str:
    """SHA-256 in hex: what the log and the opening record hold of a certificate."""
    return hashlib.sha256(text).hexdigest()
