"""What saves a bid in the opening, handed in as a file on the lot's page: the tool's own acts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.access.actors import Actor
from kernel.api.errors import body
from kernel.errors import NotFound, Refusal, Refused
from kernel.sealing.bids import container
from kernel.sealing.bids.policy import MAX_BID
from kernel.web import door
from kernel.web.acting import actor_of
from kernel.web.refusals import in_words
from kernel.workflow import throttle
from procurement.bids import answers, correcting, opening, rescues, tus
from procurement.bids.views import lot_page

# A protest holds two receipts with their signatures, a cure the shares of sixteen trustees.
_LONGEST = 4 * 1024 * 1024
# No more envelopes are in a bid.
_MOST = len(rescues.ENVELOPES)
door.widen("PUT", r"/bids/mine/[^/]+/rescue/give-again/", MAX_BID)


@require_safe
def closing_file(request: HttpRequest, number: str) -> HttpResponse:
    """What ``GET /closing`` tells this bidder, as the sealing program and ``--closing`` take it."""
    told = answers.closed(number, actor_of(request))
    response = HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{number}.closing.json"'
    return response


@require_http_methods(["POST", "PUT"])
def hand_in(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Take the file of an act; refused with its codes at that act's form.

    PUT takes a bid's bytes as they come, however large it is, and answers as the API does.
    """
    actor = actor_of(request)
    if kind not in _ACTS or (request.method == "PUT" and kind != rescues.GIVE_AGAIN):
        raise NotFound.because("procurement.opening.unknown", lot=number[:80])
    try:
        with throttle.refusals(actor):
            if request.method == "PUT":
                said = _give(number, actor, _Peeked(request.read))
            else:
                said = _ACTS[kind](number, actor, request.FILES.get(f"{kind}-file"))
    except Refused as refused:
        if request.method == "PUT":
            tus.drain(request)
            return JsonResponse(body(request, refused.refusals), status=refused.status)
        told = {kind: in_words(refused.refusals)}
        return lot_page(request, number, status=refused.status, not_rescued=told)
    messages.success(request, said)
    page = reverse("procurement:bids-lot", args=[number])
    return JsonResponse({"page": page}) if request.method == "PUT" else redirect(page)


def _protest(number: str, actor: Actor, file: Any) -> str:
    said = _read(file, rescues.PROTEST)
    _act(number, actor, "protest", _statement(said, "protest", rescues.PROTEST))
    return _("已收到异议；名单更正之前，任何开启人都不释放份额。")


def _cure(number: str, actor: Actor, file: Any) -> str:
    rows = _read(file, rescues.CURE).get("cures")
    if not isinstance(rows, list) or not 1 <= len(rows) <= _MOST:
        raise _other(rescues.CURE)
    statements = [_statement(row, "cure", rescues.CURE) for row in rows]
    refusals: list[Refusal] = []
    for each in statements:  # one that is refused keeps the others back from nothing
        try:
            _act(number, actor, "cure", each)
        except Refused as refused:
            failed = refused
            refusals += refused.refusals
    if refusals:
        raise type(failed)(refusals)
    return _("已收到补发的份额，等待开启人核对。")


def _again(number: str, actor: Actor, file: Any) -> str:
    if file is None:
        raise Refused.because("procurement.bid.no_file", field=f"{rescues.GIVE_AGAIN}-file")
    return _give(number, actor, _Peeked(file.read))


def _give(number: str, actor: Actor, source: _Peeked) -> str:
    head = container.read_head(source, MAX_BID)
    correcting.give_again(
        number, head.manifest_sha256, actor=actor, read=source.whole, at=clock.now()
    )  # fmt: skip
    return _("已收到同一投标文件，与回执所载一致。")


_ACTS: dict[str, Callable[[str, Actor, Any], str]] = {
    rescues.PROTEST: _protest, rescues.CURE: _cure, rescues.GIVE_AGAIN: _again,
}  # fmt: skip


class _Peeked:
    """A stream whose beginning was looked at, and is read again with the rest."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read, self._seen, self._place = read, bytearray(), 0

    def read(self, size: int, /) -> bytes:
        """The next bytes, kept for :meth:`whole`; none at the end."""
        data = self._read(size)
        self._seen += data
        return data

    def whole(self, size: int) -> bytes:
        """The same from the first byte on."""
        if self._place >= len(self._seen):
            return self._read(size)
        data = bytes(self._seen[self._place : self._place + size])
        self._place += len(data)
        return data


def _act(number: str, actor: Actor, act: str, payload: dict[str, str]) -> None:
    """The very act of the API; the same file again is the same act."""
    key = hashlib.sha256(json.dumps([act, payload], sort_keys=True).encode()).hexdigest()
    opening.act(number, act, actor=actor, payload=payload, key=key, at=clock.now())


def _read(file: Any, kind: str) -> dict[str, Any]:
    if file is None or (file.size or 0) > _LONGEST:
        raise _other(kind)
    try:
        found = json.loads(file.read())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _other(kind)
    return found


def _statement(found: Any, name: str, kind: str) -> dict[str, str]:
    fields = (name, "p7s")
    if not isinstance(found, dict) or not all(isinstance(found.get(f), str) for f in fields):
        raise _other(kind)
    return {field: found[field] for field in fields}


def _other(kind: str) -> Refused:
    return Refused.because("procurement.opening.no_statement", kind=kind, field=f"{kind}-file")
