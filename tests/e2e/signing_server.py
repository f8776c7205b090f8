"""A small server for the page that signs: what the documents room's views do, without Django."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from kernel.documents import signing
from kernel.errors import Refused
from kernel.sealing import canonical
from kernel.sealing.certificates import load
from kernel.sealing.signrequest import read_response
from tests.kernel.documents import pki

SCRIPT = Path("kernel/static/kernel/signing/sign.js")
# As config/settings.py has it.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
CSRF = "csrf-token-of-the-test"


@dataclass
class Platform:
    """What the server holds, and how a test lets it misbehave.

    bodies: everything that was posted. tamper: changes a request before it is sent.
    """

    page: str
    chain: list[bytes]
    bodies: list[bytes] = field(default_factory=list)
    pending: signing.Pending | None = None
    request: dict[str, Any] = field(default_factory=dict)
    signed: bytes = b""
    certificate: bytes = b""
    pdf: bytes = b""
    signing_time: Any = pki.NOW

    def tamper(self, request: dict[str, Any]) -> None:
        """Nothing, unless a test puts something here."""

    def begin(self, posted: dict[str, str]) -> dict[str, Any]:
        pem = posted["certificate_pem"].encode()
        pending = signing.begin(
            pki.draft(),
            certificate=pem,
            chain=self.chain,
            reason="同意签发",
            location="福州市",
            signing_time=self.signing_time,
            field_name="Signature1",
        )
        self.certificate = pem
        self.pending, self.pdf = pending, pending.prepared
        self.request = {
            "format": "zhuxin-sign-request/1",
            "title": "中标通知书 “甲”\n第一标段",
            "number": "闽建招〔2026〕1号",
            "organisation": "示例建设集团有限公司",
            "document_sha256": pending.document_sha256,
            "byte_range": list(pending.byte_range),
            "signed_attributes": base64.b64encode(pending.to_be_signed).decode(),
            "certificate_sha256": pending.certificate_sha256,
            "signing_time": pending.signing_time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        self.tamper(self.request)
        return self.request

    def finish(self, posted: dict[str, str]) -> dict[str, str]:
        assert self.pending is not None
        signature = read_response(
            posted["response"].encode(),
            canonical.encode(self.request),
            load(self.certificate),
        )
        self.signed = signing.finish(self.pending.state, signature)
        return {"redirect": "/receipt"}


class _Handler(BaseHTTPRequestHandler):
    platform: ClassVar[Platform]

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/":
            self._answer(200, "text/html; charset=utf-8", self.platform.page.encode())
        elif address.path == "/receipt":
            self._answer(200, "text/html; charset=utf-8", b"<title>receipt</title>")
        elif address.path.endswith("/sign.js"):
            self._answer(200, "text/javascript; charset=utf-8", SCRIPT.read_bytes())
        elif address.path == "/pdf":
            asked = parse_qs(address.query)
            assert asked["request"] == [canonical.digest(self.platform.request).hex()]
            self._answer(200, "application/pdf", self.platform.pdf)
        else:  # the browser asks for an icon
            self._answer(204, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.platform.bodies.append(body)
        if self.headers["X-CSRFToken"] != CSRF:
            self._answer(403, "text/plain", b"")
            return
        act = {"/begin": self.platform.begin, "/finish": self.platform.finish}[self.path]
        try:
            status, answer = 200, act(_fields(self.headers["Content-Type"], body))
        except Refused as refused:
            told = [{"code": r.code, "message": f"平台：{r.code}"} for r in refused.refusals]
            status, answer = refused.status, {"refusals": told}
        self._answer(status, "application/json", json.dumps(answer).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    """The fields of a multipart form; files as text."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parts = message_from_bytes(head + body, policy=HTTP).iter_parts()
    return {
        str(part.get_param("name", header="content-disposition")): bytes(
            part.get_payload(decode=True)
        ).decode()
        for part in parts
    }


def serve(platform: Platform) -> ThreadingHTTPServer:
    """Start a server on a free port of this machine; the caller shuts it down."""
    handler = type("Handler", (_Handler,), {"platform": platform})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return server
