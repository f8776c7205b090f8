"""The API of the search: what everybody may find, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import WithJsonSchema

from kernel.api.errors import Refusals
from kernel.search import bigrams, selectors

router = Router(tags=["search"])
_REFUSED: dict[Any, Any] = dict.fromkeys((400, 404, 422), Refusals)
# Told to those who call; it is the search itself that refuses, with words of its own.
_Words = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": bigrams.LONGEST,
            "pattern": r"^\s*$|^[^\x00]*[^\W_][^\x00]*[^\W_][^\x00]*$",
            "description": "Words that must all be found, two letters or digits at least; or empty",
        }
    ),
]


class HitOut(Schema):
    """One thing that was found."""

    kind: str
    key: str
    title: str
    number: str
    url: str = Field(description="Address of its public page, from the root of this site")
    region: str
    published_at: datetime


class HitPage(Schema):
    """Hits; ``next`` is the ``before`` of the next page, null on the last."""

    items: list[HitOut]
    counts: dict[str, int] = Field(description="Hits of each kind that was asked for")
    counted_all: bool = Field(description="Otherwise there are at least so many")
    next: str | None


@router.get("", response={200: HitPage, **_REFUSED}, url_name="search")
def found(
    request: HttpRequest,
    q: _Words = "",
    kind: Annotated[str, Query(description="A kind's code; empty: every kind")] = "",
    region: Annotated[str, Query(pattern=r"^(\d{6})?$")] = "",
    before: Annotated[str, Query(pattern=r"^([0-9]{1,18}|[1-8][0-9]{18})?$")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = selectors.LIMIT,
) -> Any:
    """Public things whose title, number or text contain every word, paged by position."""
    kinds = (kind,) if kind else ()
    page = selectors.find(
        q,
        kinds=kinds,
        region=region,
        limit=limit,
        before=int(before) if before else None,
    )
    counted = selectors.count(q, kinds=kinds, region=region)
    return {
        "items": [hit.__dict__ for hit in page.hits],
        "counts": counted.by_kind,
        "counted_all": counted.complete,
        "next": str(page.next) if page.next else None,
    }
