"""A certificate for who may open it: reasons, trend, what was learnt since, its files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from credit import citing
from credit.enterprises import selectors as archive
from credit.scoring import differences, entitled, explaining, selectors, shown
from credit.scoring.desks import actor_of
from credit.scoring.models import ScoreCertificate
from credit.scoring.points import graded, points
from kernel import clock
from kernel.errors import NotFound
from kernel.web.acting import moment


@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The reasons and the trend as they were known at its instant, and what was learnt since.

    409 ``credit.certificate.differs`` where it does not replay.
    """
    held, now = _held(request, number), moment(request)
    language = citing.language()
    since = differences.report(number, now)
    words = selectors.item_words(clock.start_of(held.valid_on), language, held.scheme_code)
    told = explaining.explain(
        held.uscc, held.valid_on, held.known_at,
        code=held.scheme_code, language=language, ahead=False,
    )  # fmt: skip
    # Who only judges by the certificate does not enter the records that it rests on.
    whole = entitled.may_see_all(actor_of(request), held.uscc)
    rows = shown.rows(told, linked=whole)
    trend = shown.trend(held.uscc, held.valid_on, held.known_at)
    found = archive.enterprise(held.uscc)
    context = {
        "held": held,
        "enterprise": found,
        "name": found.name if found else held.uscc,
        "purpose": shown.purpose(held.purpose),
        "told": told,
        "grade": graded(held.grade),
        "now_grade": graded(since.now.grade),
        "scheme_title": selectors.title_of(held.scheme_code, language),
        "score": points(held.millionths),
        "base": points(told["base"]),
        "cut": points(told["cut"]) if told["cut"] else "",
        "rows": rows,
        "trend": trend,
        "chart": shown.chart(told, rows, trend),
        "since": since,
        "now_score": points(since.now.told),
        "changes": [(one, words.get(one.item, (one.item, ""))[0]) for one in since.changes],
        "data_at": now,
    }
    return render(request, "credit/certificate.html", context)


@require_safe
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """What a certificate says, byte for byte as it was signed."""
    held = _held(request, number, signed=True)
    response = HttpResponse(held.statement, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{held.number}.json"'
    return response


@require_safe
def signature(request: HttpRequest, number: str) -> HttpResponse:
    """The platform's detached signature over a certificate's statement."""
    held = _held(request, number, signed=True)
    content = bytes(held.signature)
    response = HttpResponse(content, content_type="application/pkcs7-signature")
    response["Content-Disposition"] = f'attachment; filename="{held.number}.p7s"'
    return response


def _held(request: HttpRequest, number: str, *, signed: bool = False) -> ScoreCertificate:
    held = selectors.certificate(number) if number.isprintable() else None
    if held is None or (signed and not held.statement):
        raise NotFound.because("credit.certificate.unknown", number=number[:60])
    entitled.require_certificate(actor_of(request), held)
    return held
