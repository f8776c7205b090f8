"""Dossiers to take away: the public one for everybody, the whole one for those entitled."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from kernel.errors import NotFound, NotPermitted
from kernel.evidence.dossiers import layout
from kernel.web.acting import actor_of
from procurement.bids import dossier, opening


@require_safe
def public(_request: HttpRequest, number: str) -> FileResponse:
    """The dossier that shows everybody how a lot was opened."""
    return _sent(number, layout.PUBLIC)


@require_safe
def entitled(request: HttpRequest, number: str) -> FileResponse:
    """The dossier with the keys of every envelope, for who may read every bid."""
    _check(number)
    if not dossier.may_have_all(opening.of_lot(number), actor_of(request)):
        raise NotPermitted.because("access.page.not_permitted", page=f"dossier:{number}")
    return _sent(number, layout.ENTITLED)


def _sent(number: str, scope: str) -> FileResponse:
    _check(number)
    path = dossier.file(number, scope=scope)
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=dossier.name_of(number, scope),
        content_type="application/zip",
    )


def _check(number: str) -> None:
    if not number.isprintable():
        raise NotFound.because("procurement.opening.unknown", lot=number)
