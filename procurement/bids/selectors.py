"""Reads of this room for others: the policy in force, and what was opened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procurement.bids import lots, readings
from procurement.bids.models import Bid, OpenedEnvelope, Opening, PolicyStamp
from procurement.bids.relations import SEALED
from procurement.tendering import needs as tendering


@dataclass(frozen=True)
class EnvelopeFile:
    """A file of an opened envelope: its path inside, its size, the stored file's SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class OpenedBid:
    """An opened bid for those who judge it. Price in fen.

    files: by envelope (opening_sheet, qualification, technical, price). credit: the certificate of
    the deadline, ``{"value", "day", "scheme_sha256", "certificate_sha256"}``, empty where none was
    given. bill_sha256: of the priced bill among the price envelope's files, empty where there is
    none.
    """

    bid_id: int
    bidder_uscc: str
    name: str
    price_fen: int
    period_days: int
    quality: str
    project_manager: str
    bid_security: str
    bill_sha256: str
    version: int
    manifest_sha256: str
    state: str
    files: Mapping[str, tuple[EnvelopeFile, ...]]
    credit: Mapping[str, Any]


@tendering.signed_policy.answered_by
def signed_policy(lot_number: str) -> str:
    """Hash of the policy in force of a lot, "" where none is or its deadline is not the lot's."""
    found, lot = readings.in_force(lot_number), lots.find(lot_number)
    if found is None or lot is None:
        return ""
    return found.sha256 if found.policy.deadline == lot.bid_deadline_at else ""


@tendering.unstamped_policy.answered_by
def unstamped_policy(lot_number: str) -> str:
    """What keeps a lot's policy in force from its time-stamp, where it names authorities."""
    found = readings.in_force(lot_number)
    if found is None or not found.policy.timestamp_authorities:
        return ""
    row = PolicyStamp.objects.filter(
        version__policy_id=found.policy_id, version__number=found.number
    ).first()
    if row is None or (row.due_at is not None and not row.token):
        return "waiting"
    return "" if row.token else str(row.failures[-1]["code"])


def opened_bids(lot_number: str) -> list[OpenedBid]:
    """The bids of a lot that opened, in the order of their receipts; empty before the opening."""
    if not is_opened(lot_number):
        return []
    rows = list(
        Bid.objects.filter(lot_number=lot_number, price_fen__isnull=False)
        .exclude(state__in=SEALED)
        .order_by("received_at", "pk")
    )
    envelopes: dict[tuple[int, int], list[OpenedEnvelope]] = {}
    for row in OpenedEnvelope.objects.filter(version__bid__in=rows).select_related("version"):
        envelopes.setdefault((row.version.bid_id, row.version.number), []).append(row)
    return [_opened(bid, envelopes.get((bid.pk, bid.bid_version), [])) for bid in rows]


def is_opened(lot_number: str) -> bool:
    """Whether a lot's opening is over."""
    return Opening.objects.filter(lot_number=lot_number, state="opened").exists()


def _opened(bid: Bid, envelopes: list[OpenedEnvelope]) -> OpenedBid:
    return OpenedBid(
        bid_id=bid.pk,
        bidder_uscc=bid.bidder_uscc,
        name=bid.bidder_name,
        price_fen=bid.price_fen or 0,
        period_days=bid.period_days or 0,
        quality=bid.quality,
        project_manager=bid.project_manager,
        bid_security=bid.bid_security,
        bill_sha256=bid.bill_sha256,
        version=bid.bid_version,
        manifest_sha256=bid.manifest_sha256,
        state=bid.state,
        files={row.name: tuple(EnvelopeFile(**one) for one in row.files) for row in envelopes},
        credit=bid.credit,
    )


def drawn(lot_number: str) -> dict[str, str]:
    """What the draw of a lot's opening gave, by factor; empty before, or where nothing is drawn."""
    text = _draw_text(lot_number)
    factors = json.loads(text)["factors"] if text else []
    return {factor["name"]: factor["choice"] for factor in factors}


def draw_seed(lot_number: str) -> str:
    """SHA-256 (hex) of the draw, fixed before any bid was open; "" where nothing is drawn."""
    text = _draw_text(lot_number)
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def _draw_text(lot_number: str) -> str:
    rows = Opening.objects.filter(lot_number=lot_number, before=None)
    return rows.values_list("draw_text", flat=True).first() or ""
