"""Writes of scores: rows of the ledger, and certificates that can be replayed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from credit.scoring import rules, selectors
from credit.scoring.models import PointEntry, ScoreCertificate
from kernel import clock
from kernel.errors import Refused
from kernel.evidence import services as evidence
from kernel.sealing import canonical
from kernel.workflow.numbers import next_number


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
) -> PointEntry:
    """Put a fact into the ledger; the same cause again is the same row."""
    return PointEntry.objects.get_or_create(
        cause=cause,
        defaults={
            "uscc": uscc,
            "item": item,
            "group": group,
            "effective_on": effective_on,
            "recorded_at": at,
            "record_id": record_id,
            "article": article,
            "document_number": document_number,
        },
    )[0]


def take_back(*, record_id: int, at: datetime, cause: str) -> None:
    """Revoke every fact of a record by rows of their own; what was is kept."""
    open_ones = PointEntry.objects.filter(record_id=record_id, revokes__isnull=True)
    taken = PointEntry.objects.filter(record_id=record_id, revokes__isnull=False)
    revoked = set(taken.values_list("revokes_id", flat=True))
    for row in open_ones:
        if row.pk not in revoked:
            PointEntry.objects.get_or_create(
                cause=f"{cause}:{row.pk}",
                defaults={
                    "uscc": row.uscc,
                    "item": row.item,
                    "group": row.group,
                    "effective_on": row.effective_on,
                    "recorded_at": at,
                    "revokes": row,
                    "record_id": record_id,
                },
            )


def certificate(uscc: str, *, at: datetime, purpose: str) -> ScoreCertificate:
    """The score of an enterprise at an instant, certified and logged; one for each purpose."""
    asked = ScoreCertificate.objects.filter(uscc=uscc, purpose=purpose)
    if (found := asked.first()) is not None:
        return found
    try:
        return _certify(uscc, at, purpose)
    except IntegrityError:
        # Somebody was faster; number and log entry went with our transaction.
        if (found := asked.first()) is None:
            raise
        return found


def _certify(uscc: str, at: datetime, purpose: str) -> ScoreCertificate:
    day = clock.legal_date(at)
    in_force = selectors.scheme(at)
    ledger = selectors.entries(uscc)
    result = rules.score(ledger, in_force, day, at)
    said = _said(uscc, purpose, day, at, in_force, result, ledger)
    sha256 = canonical.digest(said).hex()
    with transaction.atomic():
        number = f"XY-{day:%Y%m%d}-{next_number(f'credit-certificate:{day:%Y%m%d}'):05d}"
        entry = evidence.append(
            kind="credit.certificate",
            case="",
            at=at,
            body={"number": number, "sha256": sha256},
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
            entries_sha256=said["entries_sha256"],
            sha256=sha256,
            issued_at=at,
            log_index=entry.index,
        )


def replay(number: str) -> rules.Score:
    """Compute a certificate's score again from ledger and scheme.

    Raises Refused ``credit.certificate.unknown`` or ``credit.certificate.differs``: then ledger,
    scheme or certificate are not what they were.
    """
    held = selectors.certificate(number)
    if held is None:
        raise Refused.because("credit.certificate.unknown", number=number)
    in_force = selectors.scheme(clock.start_of(held.valid_on))
    ledger = selectors.entries(held.uscc)
    result = rules.score(ledger, in_force, held.valid_on, held.known_at)
    said = _said(held.uscc, held.purpose, held.valid_on, held.known_at, in_force, result, ledger)
    if canonical.digest(said).hex() != held.sha256:
        raise Refused.because("credit.certificate.differs", number=number)
    return result


def _said(
    uscc: str,
    purpose: str,
    day: date,
    known_at: datetime,
    scheme: rules.Scheme,
    result: rules.Score,
    ledger: list[rules.Entry],
) -> dict[str, Any]:
    """What a certificate says, as canonical JSON takes it."""
    weighed = rules.active(ledger, scheme, day, known_at)
    facts = [
        asdict(entry)
        | {
            "effective_on": entry.effective_on.isoformat(),
            "recorded_at": entry.recorded_at.isoformat(),
        }
        for entry in weighed
    ]
    return {
        "uscc": uscc,
        "purpose": purpose,
        "valid_on": day.isoformat(),
        "known_at": known_at.isoformat(),
        "scheme": {"code": scheme.code, "version": scheme.version, "sha256": scheme.sha256},
        "score_millionths": result.millionths,
        "grade": result.grade,
        "contributions": [
            {"entry": one.entry, "item": one.item, "millionths": one.millionths}
            for one in result.contributions
        ],
        "entries_sha256": canonical.digest(facts).hex(),
    }
