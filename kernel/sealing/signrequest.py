"""Signing requests and responses: how a document is signed by a key that lives elsewhere.

The platform hands out a request, a canonical JSON file; the signing client checks it against the
document, shows it, signs the attributes in it and writes a response, which the platform turns
into a CMS signature (:func:`kernel.sealing.cms.assemble`).
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from kernel.errors import Refused
from kernel.sealing import canonical
from kernel.sealing.algorithms import check_signature, default_algorithm
from kernel.sealing.attributes import check_binding, read_attributes
from kernel.sealing.certificates import fingerprint

REQUEST_FORMAT = "zhuxin-sign-request/1"
RESPONSE_FORMAT = "zhuxin-sign-response/1"

# Nothing else may hide in what is signed; the last one is RFC 6211 and only repeats algorithms.
_ATTRIBUTES = frozenset(
    {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
        "signing_time",
        "cms_algorithm_protection",
    }
)
_HEX64 = re.compile(r"[0-9a-f]{64}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TEXTS = ("title", "number", "organisation", "document_sha256", "signed_attributes",
          "certificate_sha256", "signing_time")  # fmt: skip
_FIELDS = frozenset({"format", "byte_range", *_TEXTS})


@dataclass(frozen=True)
class Request:
    """What is to be signed, and by whom.

    title, number, organisation: of the document, for people to read. document_sha256: of the
    whole document, or of its byte_range: (0, b, c, d), the bytes [0, b) and [c, c+d) of a PDF,
    between which only its signature stands (ISO 32000-2 §12.8.1). signed_attributes: DER, what
    the key signs. signing_time: when the request was made, in whole seconds.
    """

    title: str
    number: str
    organisation: str
    document_sha256: str
    signed_attributes: bytes
    certificate_sha256: str
    signing_time: datetime
    byte_range: tuple[int, int, int, int] | None = None

    def encode(self) -> bytes:
        """The canonical bytes of the request."""
        fields: dict[str, Any] = {
            "format": REQUEST_FORMAT,
            "title": self.title,
            "number": self.number,
            "organisation": self.organisation,
            "document_sha256": self.document_sha256,
            "signed_attributes": base64.b64encode(self.signed_attributes).decode(),
            "certificate_sha256": self.certificate_sha256,
            "signing_time": self.signing_time.astimezone(UTC).strftime(_TIME),
        }
        if self.byte_range is not None:
            fields["byte_range"] = list(self.byte_range)
        return canonical.encode(fields)


def read_request(data: bytes) -> Request:
    """The request in canonical bytes, checked for agreeing with itself.

    Refused: ``sealing.sign.request`` (other fields or forms), ``.digest_mismatch`` (the attributes
    name another document), ``.attributes`` (they say more than they should, or another time), and
    the codes of :mod:`kernel.sealing.canonical` and :func:`read_attributes`.
    """
    request = _parse_request(canonical.decode(data))
    attributes = read_attributes(request.signed_attributes)
    if attributes.message_digest.hex() != request.document_sha256:
        raise Refused.because("sealing.sign.digest_mismatch")
    unknown = attributes.kinds - _ATTRIBUTES
    if unknown:
        raise Refused.because("sealing.sign.attributes", attributes=sorted(unknown))
    if attributes.signing_time not in (None, request.signing_time):
        raise Refused.because("sealing.sign.attributes", attributes=["signing_time"])
    return request


def check_document(request: Request, document: bytes) -> None:
    """Refuse a document other than the request's with ``sealing.sign.digest_mismatch``.

    ``sealing.sign.byte_range`` where the range leaves out more than one signature in hexadecimal:
    what is left out would not be signed, and could be changed.
    """
    covered = document
    if request.byte_range is not None:
        _, first, second, length = request.byte_range
        gap = document[first:second]
        whole = second + length == len(document)
        if not whole or not re.fullmatch(rb"<[0-9A-Fa-f]*>", gap):
            raise Refused.because("sealing.sign.byte_range")
        covered = document[:first] + document[second:]
    if hashlib.sha256(covered).hexdigest() != request.document_sha256:
        raise Refused.because("sealing.sign.digest_mismatch")


def check_certificate(request: Request, certificate: x509.Certificate) -> None:
    """Refuse to sign with another certificate than asked: ``sealing.sign.other_certificate``."""
    if fingerprint(certificate) != request.certificate_sha256:
        raise Refused.because(
            "sealing.sign.other_certificate",
            wanted=request.certificate_sha256,
            found=fingerprint(certificate),
        )
    check_binding(read_attributes(request.signed_attributes), certificate)


def make_response(request: bytes, signature: bytes) -> bytes:
    """The canonical bytes that answer the canonical bytes of a request."""
    return canonical.encode(
        {
            "format": RESPONSE_FORMAT,
            "request_sha256": hashlib.sha256(request).hexdigest(),
            "signature": base64.b64encode(signature).decode(),
        }
    )


def read_response(response: bytes, request: bytes, certificate: x509.Certificate) -> bytes:
    """The signature in a response to this request, verified with the certificate.

    Refused: ``sealing.sign.response`` (other fields or forms), ``.other_request`` (it answers
    another one), ``sealing.cms.signature`` (it does not hold).
    """
    value = canonical.decode(response)
    if not isinstance(value, dict) or set(value) != {"format", "request_sha256", "signature"}:
        raise Refused.because("sealing.sign.response", part="format")
    if value["format"] != RESPONSE_FORMAT:
        raise Refused.because("sealing.sign.response", part="format")
    if value["request_sha256"] != hashlib.sha256(request).hexdigest():
        raise Refused.because("sealing.sign.other_request")
    asked = read_request(request)
    check_certificate(asked, certificate)
    signature = _unbase64(value["signature"], "sealing.sign.response")
    algorithm = default_algorithm(certificate)
    check_signature(certificate, signature, asked.signed_attributes, algorithm, "sha256")
    return signature


def _parse_request(value: Any) -> Request:
    code = "sealing.sign.request"
    if not isinstance(value, dict) or value.get("format") != REQUEST_FORMAT:
        raise Refused.because(code, part="format")
    strange = set(value) ^ _FIELDS
    if strange - {"byte_range"}:
        raise Refused.because(code, part=sorted(strange - {"byte_range"})[0])
    for name in _TEXTS:
        if not isinstance(value[name], str):
            raise Refused.because(code, part=name)
    for name in ("document_sha256", "certificate_sha256"):
        if not _HEX64.fullmatch(value[name]):
            raise Refused.because(code, part=name)
    try:
        signing_time = datetime.strptime(value["signing_time"], _TIME).replace(tzinfo=UTC)
    except ValueError as fault:
        raise Refused.because(code, part="signing_time") from fault
    return Request(
        title=value["title"],
        number=value["number"],
        organisation=value["organisation"],
        document_sha256=value["document_sha256"],
        signed_attributes=_unbase64(value["signed_attributes"], code),
        certificate_sha256=value["certificate_sha256"],
        signing_time=signing_time,
        byte_range=_byte_range(value["byte_range"]) if "byte_range" in value else None,
    )


def _byte_range(value: Any) -> tuple[int, int, int, int]:
    if isinstance(value, list) and len(value) == 4 and all(type(n) is int for n in value):
        start, first, second, length = value
        if start == 0 < first < second and length > 0:
            return start, first, second, length
    raise Refused.because("sealing.sign.byte_range")


def _unbase64(text: Any, code: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError) as fault:
        raise Refused.because(code, part="base64") from fault
    if base64.b64encode(data).decode() != text:
        raise Refused.because(code, part="base64")
    return data
