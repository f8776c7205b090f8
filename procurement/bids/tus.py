"""The tus 1.0 protocol (core, creation, termination) over :mod:`procurement.bids.uploads`.

One departure: a part is answered with 200 and a body, the signed acknowledgement of what is kept.
Its checksums are not offered: every byte of a bid is under the bidder's signature anyway.
https://tus.io/protocols/resumable-upload
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from kernel.access.actors import Actor
from kernel.api.errors import body
from kernel.errors import Refusal, Refused
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.policy import MAX_BID
from kernel.workflow import throttle
from procurement.bids import answers, upload_parts, uploads
from procurement.bids.models import ResumableUpload
from procurement.bids.receipts import BidRefused

VERSION, EXTENSIONS = "1.0.0", "creation,termination"
CONTENT = "application/offset+octet-stream"
# What is still coming of a part that was refused is read, up to so much, so that its sender is
# ready to hear why.
_DRAIN = 64 * 1024**2
_MOST_METADATA, _LONGEST_NAME = 2000, 200
_Status = ResumableUpload.Status


class OtherVersion(Refused):
    """A version of the protocol that is not spoken here."""

    status = 412


class OtherContent(Refused):
    """A part comes as the protocol's own type."""

    status = 415


Address = Callable[[ResumableUpload], str]


def options() -> HttpResponse:
    """What is spoken here."""
    return _spoken(
        HttpResponse(status=204),
        {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(MAX_BID)},
    )


def create(
    request: HttpRequest, lot: str, actor: Actor, address: Address, bidder: str = ""
) -> HttpResponse:
    """Begin an upload: 201 and where it is. address: where an upload's further requests go.

    bidder: here and below whose (USCC), where the supervisor's counter brings it.
    """

    def answer() -> HttpResponse:
        _speaks(request)
        wish = uploads.Wish(
            _number(request, "Upload-Length", least=1),
            _file_name(request.headers.get("Upload-Metadata", "")),
            request.headers.get("Idempotency-Key", "").strip(),
        )
        row = uploads.begin(lot, wish, actor=actor, bidder=bidder)
        return _of(row, 201, told(request, row), {"Location": address(row)})

    return _guarded(request, actor, answer)


def head(
    request: HttpRequest, lot: str, number: str, actor: Actor, bidder: str = ""
) -> HttpResponse:
    """How much is kept."""

    def answer() -> HttpResponse:
        _speaks(request)
        row = uploads.find(lot, number, actor, bidder)
        ended = row.status in (_Status.REFUSED, _Status.VOID)
        return _of(row, 410 if ended else 200, None)

    return _guarded(request, actor, answer)


def status(
    request: HttpRequest, lot: str, number: str, actor: Actor, bidder: str = ""
) -> HttpResponse:
    """How it stands, and what came of it."""

    def answer() -> HttpResponse:
        row = uploads.find(lot, number, actor, bidder)
        return _of(row, 200, told(request, row))

    return _guarded(request, actor, answer)


def part(
    request: HttpRequest, lot: str, number: str, actor: Actor, bidder: str = ""
) -> HttpResponse:
    """Take a part: 200 with its acknowledgement, and the receipt with the last one."""
    declared = request.headers.get("Content-Length") or "0"
    plain = declared.isascii() and declared.isdecimal()
    length = int(declared) if plain else 0  # no more than was declared is handed on
    left = [length]

    def read(size: int) -> bytes:
        data = request.read(size)
        left[0] -= len(data)
        return data

    def answer() -> HttpResponse:
        _speaks(request)
        if length and request.content_type != CONTENT:
            raise OtherContent.because("procurement.upload.protocol", part="Content-Type")
        offset = _number(request, "Upload-Offset")
        row = uploads.find(lot, number, actor, bidder)
        row = upload_parts.receive(row, actor, offset, read, length)
        return _of(row, 200, told(request, row))

    response = _guarded(request, actor, answer)
    if response.status_code >= 400 and left[0] <= _DRAIN:
        drain(request)
    return response


def give_up(
    request: HttpRequest, lot: str, number: str, actor: Actor, bidder: str = ""
) -> HttpResponse:
    """Give an upload up and delete what is kept of it."""

    def answer() -> HttpResponse:
        _speaks(request)
        uploads.give_up(uploads.find(lot, number, actor, bidder))
        return _spoken(HttpResponse(status=204))

    return _guarded(request, actor, answer)


def told(request: HttpRequest, row: ResumableUpload) -> dict[str, Any]:
    """An upload as it travels. received, refused: what came of it, null before."""
    refused = None
    if row.status in (_Status.REFUSED, _Status.VOID):
        refused = {
            **body(request, [Refusal(**reason) for reason in row.reasons]),
            **_signed(row.refusal, bytes(row.refusal_p7s)),
        }
    return {
        "upload": row.id.hex,
        "state": row.status,
        "name": row.name,
        "offset": uploads.offset_of(row),
        "length": row.length,
        "acknowledgement": row.acknowledgement,
        "p7s": answers.b64(row.acknowledgement_p7s),
        "expires": instant_text(uploads.expires_at(row)),
        "received": answers.receipt(row.version) if row.version else None,
        "refused": refused,
    }


def _guarded(
    request: HttpRequest, actor: Actor, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    try:
        with throttle.refusals(actor):
            return answer()
    except BidRefused as refused:
        said = {**body(request, refused.refusals), **_signed(refused.text, refused.p7s)}
        return _spoken(JsonResponse(said, status=refused.status))
    except upload_parts.Busy as busy:
        said = body(request, busy.refusals)
        return _spoken(JsonResponse(said, status=busy.status), {"Retry-After": "2"})
    except OtherVersion as other:
        said = body(request, other.refusals)
        return _spoken(JsonResponse(said, status=other.status), {"Tus-Version": VERSION})
    except Refused as refused:
        return _spoken(JsonResponse(body(request, refused.refusals), status=refused.status))


def _signed(text: str, p7s: bytes) -> dict[str, str]:
    return {"refusal": text, "p7s": base64.b64encode(p7s).decode()}


def _of(
    row: ResumableUpload, status: int, said: Mapping[str, Any] | None, more: Mapping[str, str] = {}
) -> HttpResponse:
    response = HttpResponse(status=status) if said is None else JsonResponse(said, status=status)
    return _spoken(
        response,
        {
            "Upload-Offset": str(uploads.offset_of(row)),
            "Upload-Length": str(row.length),
            **more,
        },
    )


def _spoken(response: HttpResponse, headers: Mapping[str, str] = {}) -> HttpResponse:
    for name, value in {"Tus-Resumable": VERSION, "Cache-Control": "no-store", **headers}.items():
        response[name] = value
    return response


def _speaks(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable", VERSION) != VERSION:
        raise OtherVersion.because("procurement.upload.protocol", part="Tus-Resumable")


def _number(request: HttpRequest, header: str, least: int = 0) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16 and int(text) >= least):
        raise Refused.because("procurement.upload.protocol", part=header)
    return int(text)


def _file_name(metadata: str) -> str:
    """The ``filename`` of tus's metadata; a name is for people only, so an odd one is left out."""
    for pair in metadata[:_MOST_METADATA].split(","):
        name, _, value = pair.strip().partition(" ")
        if name == "filename":
            try:
                text = base64.b64decode(value, validate=True).decode()
            except (ValueError, binascii.Error):
                return ""
            return text[:_LONGEST_NAME] if text.isprintable() else ""
    return ""


def drain(request: HttpRequest) -> None:
    """Read what is still coming of a body that was refused, up to a bound; it is thrown away."""
    left = _DRAIN
    try:
        while left > 0 and (data := request.read(upload_parts.CHUNK)):
            left -= len(data)
    except OSError:
        return
