"""What a bid's acts look at: the lot, the upload, the last receipted version, the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.errors import Refusal, Refused
from kernel.queries import Prepared
from kernel.sealing.bids import receipts as formats
from kernel.workflow.relations import region_prefix
from procurement.bids import bringing, checking, lots, needs, readings
from procurement.bids.bid_machine import BID, PART_OPENED
from procurement.bids.machines import OPENED, STAGE_OPENED
from procurement.bids.models import Bid, BidVersion, Opening
from procurement.bids.relations import SEALED
from procurement.bids.rules.bids import BidFacts
from procurement.bids.rules.common import ARTICLE_WITHDRAW


@BID.unseals
def known_attempts(actor: Actor) -> Q:
    """Refused first bids for lots within an overseer's region whose bids are open.

    Not those of whose bid is nobody's to see even then: of who withdrew, for one.
    """
    region = region_prefix(actor.region)
    opened = Opening.objects.filter(state=OPENED, region__startswith=region).order_by()
    sealed = Bid.objects.filter(
        lot_number=OuterRef("about"), bidder_uscc=OuterRef("organisation__uscc"), state__in=SEALED
    )
    # Nor those at the counter of a supervisor, whose attempt does not say which bidder's it was.
    brought = Q(role=bringing.COUNTER)
    return Q(about__in=opened.values("lot_number")) & ~Q(Exists(sealed)) & ~brought


@BID.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> BidFacts:
    """Everything that the guards of a bid look at."""
    number = case.lot_number or getattr(payload, "lot_number", "")
    if hasattr(payload, "ground"):
        by = actor.organisation_id if actor else 0
        return BidFacts(
            missing_files=scans.missing(by, (payload.file_sha256,)),
            stage_under_way=case.state == PART_OPENED and _is_judged(number),
        )
    if not hasattr(payload, "upload") and not hasattr(payload, "statement"):
        return BidFacts()  # what the platform does itself looks at nothing here
    lot = lots.find(number)
    uscc = bringing.bidder_of(getattr(payload, "upload", ""), actor)
    stand = _stand(number, uscc)
    found: dict[str, Any] = {
        "lot_found": lot is not None,
        "lot_state": lot.state if lot else "",
        "deadline": lot.bid_deadline_at if lot else None,
        "at": at,
        "listed": stand.listed,
    }
    if hasattr(payload, "statement"):
        faults = readings.faults(lambda: _check_statement(case, payload, at))
        return BidFacts(**found, faults=faults)
    upload = checking.found_of(payload.upload, payload.manifest_sha256, number, uscc)
    return BidFacts(
        **found,
        lot=lot,
        upload=upload,
        newest_policy=bool(stand.policy) and upload.get("policy_sha256") == stand.policy,
        faults=tuple(_succession(stand, upload)) if upload else (),
        invited=lot is None or lot.invited is None or uscc in lot.invited,
        barred=needs.barred(uscc, lot, at) if lot else (),
    )


def _is_judged(number: str) -> bool:
    """Whether the stage that a bid was last opened in has its result, which may let it pass.

    Where it is decided, under that opening's lock, so that no result is given meanwhile that does
    not know of it; a page only looks.
    """
    rows = Opening.objects.filter(lot_number=number).order_by("-closed_at", "-pk")
    if connection.in_atomic_block:
        rows = rows.select_for_update()
    newest = rows.first()
    return newest is None or newest.state != STAGE_OPENED


class _Stand(NamedTuple):
    """How things stand for a bidder of a lot. policy: hash of the one in force, "" without one.

    last, replaced: number and hash of its last receipted version; None and "" where there is none.
    """

    policy: str
    listed: bool
    last: int | None
    replaced: str | None


def _stand(number: str, uscc: str) -> _Stand:
    rows = _standing.rows(number, uscc)
    if rows:
        return _Stand(*rows[0])
    return _Stand("", Opening.objects.filter(lot_number=number).exists(), None, "")


# One statement, which sees one moment.
_standing = Prepared(
    lambda slots: (
        readings.in_force_of(slots.text(0))
        .annotate(
            listed=Case(
                When(listing_at__isnull=False, then=Value(True)),  # it is being made
                default=Exists(Opening.objects.filter(lot_number=slots.text(0))),
            ),
            last=Subquery(_last(slots.text(0), slots.text(1)).values("number")[:1]),
            replaced=Subquery(_last(slots.text(0), slots.text(1)).values("manifest_sha256")[:1]),
        )
        .values_list("sha256", "listed", "last", "replaced")[:1]
    )
)


def _last(number: str, uscc: str) -> QuerySet[BidVersion]:
    found = BidVersion.objects.filter(bid__lot_number=number, bid__bidder_uscc=uscc)
    return found.order_by("-number")


def _succession(stand: _Stand, upload: dict[str, Any]) -> Iterator[Refusal]:
    """A version follows the bidder's last receipted one, also after a withdrawal.

    Asked by lot and bidder and not by the case: of two first bids at once, one is not the first.
    """
    wanted, replaces = (stand.last or 0) + 1, stand.replaced or ""
    if upload["version"] != wanted or upload["replaces"] != replaces:
        told = {"version": upload["version"], "wanted": wanted, "replaces": replaces or "-"}
        yield Refusal("sealing.manifest.version", told, ARTICLE_WITHDRAW)


def _check_statement(case: Any, payload: Any, at: datetime) -> None:
    said = formats.read_withdrawal(payload.statement.encode())
    readings.verify(payload.p7s, payload.statement, case.bidder_uscc, at)
    named = (said.lot, said.bidder, said.manifest_sha256)
    if named != (case.lot_number, case.bidder_uscc, case.manifest_sha256):
        raise Refused.because(
            "procurement.bid.statement_other",
            found=said.manifest_sha256,
            wanted=case.manifest_sha256,
        )
