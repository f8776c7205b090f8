"""Decryption: envelope by envelope from the released shares, then the record of what was read."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from kernel.documents import storage
from kernel.errors import Refused
from kernel.sealing.bids import container
from kernel.sealing.bids import opening as formats
from kernel.sealing.bids.container import Window
from kernel.sealing.bids.manifest import Manifest, read_manifest
from kernel.sealing.bids.policy import Policy
from kernel.workflow.following import follow
from procurement.bids import believed, closing, later_lists, needs, opening, readings, vault
from procurement.bids.bid_machine import BID
from procurement.bids.machines import OPENING, RELEASED
from procurement.bids.models import BidVersion, OpenedEnvelope, Opening
from procurement.bids.policies import STAGE
from procurement.bids.schemas import CreditLine, FailedPayload, OpenedPayload, RecordPayload

SHEET = "opening_sheet"
_TYPES = {
    ".pdf": "application/pdf", ".json": "application/json", ".xml": "application/xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What became of a bid: its line in the record."""

    version: BidVersion
    line: formats.OpenedBid


def open_lot(opening_pk: int, at: datetime) -> None:
    """Open every bid of a lot whose shares are there; the record; the events.

    Slow, outside any transaction, and may be called again: what is done stays done. One bad bid
    never stops the others.
    """
    case = Opening.objects.select_related("session").get(pk=opening_pk)
    if case.state != RELEASED:
        return
    policy = readings.policy_of(closing.policy_of(case).text)
    shares = opening.released_shares(case)
    results = [
        Result(version, _open(version, policy, shares))
        for version in opening.listed_versions(case).values()
    ]
    opened = tuple(r.version.bid_id for r in results if r.line.sheet is not None)
    for result in results:
        _tell(result, case, at)
    record = formats.OpeningRecord(
        lot=case.lot_number,
        stage=STAGE,
        list_sha256=case.list_sha256,
        draw_sha256=formats.draw_hash(case.draw_text.encode()),
        opened_at=at,
        bids=tuple(result.line for result in results),
    ).encode()
    payload = RecordPayload(
        text=record.decode(), p7s=believed.signed_text(record, at), bid_ids=opened
    )
    follow(OPENING.code, case.pk, "open", key="open", at=at, payload=payload)


def _tell(result: Result, case: Opening, at: datetime) -> None:
    """Move the bid: opened with what it said, or deemed revoked with the reason."""
    cause, line = f"opening:{case.pk}", result.line
    if line.sheet is None:
        code = next((e.reason for e in line.envelopes if e.reason), "sealing.sheet.missing")
        follow(
            BID.code, result.version.bid_id, "fail_decryption",
            key=cause, at=at, payload=FailedPayload(code=code),
        )  # fmt: skip
        return
    sheet = line.sheet
    given = needs.credit(line.bidder, case.lot_number, at)
    credit = (
        CreditLine(
            value=given.value, day=given.day.isoformat(), scheme_sha256=given.scheme_sha256,
            certificate_sha256=given.certificate_sha256,
        )
        if given
        else None
    )  # fmt: skip
    payload = OpenedPayload(
        bidder_name=sheet.bidder_name,
        price_fen=sheet.price_fen,
        period_days=sheet.period_days,
        quality=sheet.quality,
        project_manager=sheet.project_manager,
        bid_security=sheet.bid_security,
        bill_sha256=sheet.bill_sha256,
        credit=credit,
    )
    follow(BID.code, result.version.bid_id, "decrypt", key=cause, at=at, payload=payload)


def _open(version: BidVersion, policy: Policy, shares: opening.Shares) -> formats.OpenedBid:
    """Open a bid whole or say why not; a bid of which one envelope fails is not opened."""
    manifest = read_manifest(version.manifest.encode())
    # The versions of a policy differ in nothing that shares depend on but its hash, and that the
    # manifest names itself.
    rows, sheet = [], None
    Path(settings.VAR_DIR).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="opening-") as folder:
        for name in policy.envelopes:
            given = shares.get((version.manifest_sha256, name), {})
            row = _envelope(version, manifest, policy, name, given, Path(folder) / name)
            rows.append(row)
            if name == SHEET and row.state == "opened":
                sheet = _sheet(row, manifest, Path(folder) / name)
    lines = tuple(
        formats.OpenedEnvelope(
            row.name, row.state, row.failure,
            bytes(row.identity).hex() if row.name == SHEET and row.state == "opened" else "",
        )
        for row in rows
    )  # fmt: skip
    whole = all(row.state == "opened" for row in rows)
    return formats.OpenedBid(
        bidder=version.bid.bidder_uscc,
        version=version.number,
        manifest_sha256=version.manifest_sha256,
        envelopes=lines,
        sheet=sheet if whole else None,
    )


def _envelope(
    version: BidVersion,
    manifest: Manifest,
    policy: Policy,
    name: str,
    shares: dict[int, bytes],
    folder: Path,
) -> OpenedEnvelope:
    try:
        later_lists.check(version)
        with vault.open_file(version.vault) as file:
            part: Any = Window(file, *_place(version, manifest, name))
            identity, inner = formats.open_with_shares(
                manifest,
                policy,
                name,
                shares,
                part,
                folder,
            )
        files = [
            {"name": one.name, "size": one.size, "sha256": _keep(folder / one.name)}
            for one in inner.files
        ]
        found = {"state": "opened", "identity": identity, "files": files, "failure": ""}
    except Refused as refused:
        code = refused.refusals[0].code
        found = {"state": "failed", "failure": code, "files": [], "identity": b""}
    row, _new = OpenedEnvelope.objects.update_or_create(version=version, name=name, defaults=found)
    return row


def _place(version: BidVersion, manifest: Manifest, name: str) -> tuple[int, int]:
    received = container.Received(
        manifest, version.manifest.encode(), bytes(version.signature), version.size, {}, {}
    )
    return container.locate(received, name)


def _keep(path: Path) -> str:
    with path.open("rb") as file:
        kind = _TYPES.get(path.suffix.lower(), "application/octet-stream")
        return storage.put(file, media_type=kind).sha256


def _sheet(row: OpenedEnvelope, manifest: Manifest, folder: Path) -> formats.OpeningSheet | None:
    try:
        return formats.sheet_of(manifest, folder)
    except Refused as refused:
        row.state, row.failure = "failed", refused.refusals[0].code
        row.save(update_fields=["state", "failure"])
        return None
