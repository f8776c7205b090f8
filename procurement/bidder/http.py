"""What the tool says over HTTP: JSON both ways, one stream up, refusals in the server's words."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import ssl
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kernel.errors import Refused

_TIMEOUT = 120
_BLOCK = 1024 * 1024
_MOST = 64 * 1024 * 1024


class ServerRefused(Exception):  # noqa: N818  (an answer, not a fault)
    """The server said no. status; answer: its body, ``refusals`` being worded already."""

    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        self.status, self.answer = status, answer
        told = answer.get("refusals")
        self.reasons = [r for r in told if isinstance(r, dict)] if isinstance(told, list) else []
        super().__init__(", ".join(str(r.get("code")) for r in self.reasons) or str(status))


class Unreachable(Refused):
    """No answer came, or it broke off; the same request may be sent again."""


class Client:
    """One lot at one server, as one who holds a token."""

    def __init__(self, server: str, lot: str, token: str, language: str = "") -> None:
        parts = urllib.parse.urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused.because("bidder.server.address", server=server)
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        lot_path = urllib.parse.quote(lot, safe="")
        self._base = f"{parts.path.rstrip('/')}/api/v1/lots/{lot_path}"
        self._server = server
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if language:
            self._headers["Accept-Language"] = language

    def get(self, path: str) -> dict[str, Any]:
        """The answer to a read."""
        return self._ask("GET", path, None, {})[1]

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """The answer to a write; the same body again carries the same Idempotency-Key."""
        data = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        key = hashlib.sha256(f"{path}\n".encode() + data).hexdigest()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        return self._ask("POST", path, data, headers)[1]

    def put_file(self, path: str, file: Path, key: str) -> tuple[int, dict[str, Any]]:
        """Status and answer to a file sent as it lies on disk, block by block."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(file.stat().st_size),
            "Idempotency-Key": key,
        }
        with file.open("rb") as body:
            return self._ask("PUT", path, body, headers)

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: Any = None
    ) -> dict[str, Any]:
        """The answer to a request whose headers say more; body: bytes, or what reads as a file."""
        return self._ask(method, path, body, headers)[1]

    def _ask(
        self, method: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        connection = self._connect()
        try:
            # Refused before it took everything: the answer says why.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, self._base + path, body, {**self._headers, **headers})
            response = connection.getresponse()
            data = response.read(_MOST + 1)
        except (OSError, http.client.HTTPException) as fault:
            raise Unreachable.because(
                "bidder.server.unreachable", server=self._server, fault=str(fault) or repr(fault)
            ) from fault
        finally:
            connection.close()
        answer = _json(data)
        if response.status >= 400:
            raise ServerRefused(response.status, answer)
        return response.status, answer

    def _connect(self) -> http.client.HTTPConnection:
        if self._secure:
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=_TIMEOUT, blocksize=_BLOCK,
                context=ssl.create_default_context(),
            )  # fmt: skip
        return http.client.HTTPConnection(
            self._host, self._port, timeout=_TIMEOUT, blocksize=_BLOCK
        )


def _json(data: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(data) if data else {}
    except (ValueError, RecursionError) as fault:
        raise Refused.because("bidder.server.answer", part="JSON") from fault
    if not isinstance(answer, dict):
        raise Refused.because("bidder.server.answer", part="JSON")
    return answer
