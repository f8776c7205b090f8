"""The API of scores: any day as known on any day, and certificates that replay."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from credit.scoring import differences, entitled, explaining, selectors
from kernel import clock
from kernel.api.acts import caller
from kernel.api.errors import Refusals
from kernel.api.tokens import TokenAuth
from kernel.errors import NotFound

router = Router(tags=["credit"], auth=TokenAuth())
_JSON = "application/json; charset=utf-8"
REFUSED: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422), Refusals)


class SchemeOut(Schema):
    """A version of a scoring scheme, by the hash of its rows."""

    code: str
    version: str
    sha256: str


class ContributionOut(Schema):
    """What one fact adds or takes; millionths of a point."""

    entry: int
    item: str
    label: str
    category: str
    millionths: int
    article: str
    document_number: str
    record: int = Field(description="The key of the conduct record, 0 where there is none")
    ends_on: date
    entered: int = Field(description="What it was entered with, before fading and caps")
    decay: str = Field(description="step, linear or half_life: how it fades")
    half_life_days: int
    left: int = Field(description="What of it weighs on its last day, before caps")
    cut_short: bool = Field(description="It is shown no longer before its term is over")


class TurnOut(Schema):
    """From a day on the grade is another one, if nothing new happens."""

    day: date
    grade: str
    score_millionths: int | None


class ScoreOut(Schema):
    """A score: base, every contribution and ``cut`` sum to it exactly; millionths of a point."""

    uscc: str
    valid_on: date
    known_at: datetime
    scheme: SchemeOut
    score_millionths: int | None = Field(description="null where the scheme gives no score")
    grade: str
    unscored: str = Field(description="The fact because of which there is no score, else empty")
    held_back: str = Field(description="The grade of the points alone, where a rise must wait")
    base: int
    cut: int
    vetoed: bool
    contributions: list[ContributionOut]
    ahead: list[TurnOut]


class ChangeOut(Schema):
    """A fact that was learnt of, taken back, or has ended after a certificate."""

    entry: int
    item: str
    document_number: str
    recorded_at: datetime
    taken_back: bool
    until: date | None = Field(
        description="Of one that has only ended: the day from which it weighs no more"
    )


class CertificateOut(Schema):
    """A certificate as it was signed, and what the same day is now known to be."""

    number: str
    uscc: str
    purpose: str
    valid_on: date
    known_at: datetime
    score_millionths: int | None = Field(description="null: that there is no score is certified")
    grade: str
    sha256: str
    statement: str
    signature: str = Field(description="Detached CMS of the platform over the statement, base64")
    log_index: int
    now_score_millionths: int | None
    now_grade: str
    changes: list[ChangeOut]


@router.get("/scores/{uscc}", response={200: ScoreOut, **REFUSED}, url_name="credit-score")
def score(
    request: HttpRequest,
    uscc: str,
    valid_on: date | None = None,
    known_on: date | None = None,
    scheme: str = Query(selectors.SCHEME, pattern=r"^[a-z_.]{1,40}$"),  # type: ignore[type-arg]
    ahead: bool = False,
) -> Any:
    """The score of a day (today) as known at the end of a day (now). ahead: what comes as well."""
    actor = caller(request)
    entitled.require(actor, uscc)
    now = clock.now()
    at = explaining.known_at(known_on, now)
    code = scheme if "." in scheme else f"schemes.{scheme}"
    today = clock.legal_date(now)
    explaining.require_askable(valid_on or today, today)
    found = explaining.explain(uscc, valid_on or today, at, code=code, ahead=ahead)
    if not found["contributions"]:
        entitled.require_known(uscc)  # whom facts are about is known by them
    # What it is made of is written as it stands: whole numbers, texts and days (test_desks.py).
    return HttpResponse(json.dumps(found, ensure_ascii=False), content_type=_JSON)


@router.get(
    "/certificates/{number}",
    response={200: CertificateOut, **REFUSED},
    url_name="credit-certificate",
)
def certificate(request: HttpRequest, number: str) -> Any:
    """A certificate, computed again; 409 ``credit.certificate.differs`` if it does not replay."""
    actor = caller(request)
    held = selectors.certificate(number)
    if held is None:
        raise NotFound.because("credit.certificate.unknown", number=number[:60])
    entitled.require_certificate(actor, held)
    found = differences.report(number, clock.now())
    return {
        **{
            name: getattr(held, name)
            for name in (
                "number", "uscc", "purpose", "valid_on", "known_at", "grade", "sha256",
                "statement", "log_index",
            )
        },
        "score_millionths": held.millionths,
        "signature": base64.b64encode(bytes(held.signature)).decode(),
        "now_score_millionths": found.now.told,
        "now_grade": found.now.grade,
        "changes": [vars(change) for change in found.changes],
    }  # fmt: skip
