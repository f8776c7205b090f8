"""The API of what the archive has of a bidder, for its tool."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from kernel import clock
from kernel.api.tokens import TokenAuth
from kernel.errors import NotPermitted
from procurement.bids import resume
from procurement.bids.api import REFUSED, asking

router = Router(tags=["sealed bids"], auth=TokenAuth())


class ArchiveOut(Schema):
    """Both files as texts: put into the qualification envelope's folder under these names."""

    archive_json: str = Field(description="Canonical JSON, format zhuxin-archive-facts/1")
    archive_html: str = Field(description="The same to read and print, one file")
    missing: list[dict[str, str]] = Field(description="Why a bid would be refused now")
    left_to_judge: list[dict[str, str]] = Field(
        description="Sizes of the works that no limit of its qualification is held of: people judge"
    )


@router.get("/{lot}/archive", response={200: ArchiveOut, **REFUSED}, url_name="lot-archive")
def archive(request: HttpRequest, lot: str) -> Any:
    """What the archive has of the bidder who asks: licences, staff, achievements with levels."""
    actor = asking(request, lot)
    if actor.role != "contractor_clerk":
        raise NotPermitted.because(
            "access.act.not_permitted", act="procurement.bid.receive", role=actor.role
        )
    found = resume.compose(lot, actor.uscc, clock.now())
    return {
        "archive_json": resume.as_json(found).decode(),
        "archive_html": resume.as_page(found),
        "missing": found["missing"],
        "left_to_judge": found["left_to_judge"],
    }
