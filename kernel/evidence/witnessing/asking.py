"""What a witness asks a log's server: the newest head, proofs; and its cosignature goes there."""

from __future__ import annotations

import http.client
import ssl
import urllib.parse

COMMAND_LINE = "zhuxin.pyz"
_TIMEOUT = 60
_MOST = 1024 * 1024
# A program, or a policy with all its lists.
_MOST_OF_A_FILE = 16 * 1024 * 1024


class Unreachable(Exception):  # noqa: N818  (says nothing against the log)
    """No answer, or one of a server in trouble; asked again later."""


class Denied(Exception):  # noqa: N818
    """The server answered, and refused. status; body: what it said."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(str(status))
        self.status, self.body = status, body


def places(name: str, sha256: str) -> tuple[str, ...]:
    """Where people take a program from that a policy names so: every one must be the same."""
    first = f"/bids/programs/{urllib.parse.quote(name, safe='')}"
    # The second is where the policy's own page leads. The verifier of the log and the command line
    # of bidders are one file.
    found = (first, f"{first}?sha256={sha256}")
    return (*found, f"/log/{COMMAND_LINE}") if name == COMMAND_LINE else found


class Server:
    """A log's server. Raises ValueError for an address that is none."""

    def __init__(self, address: str) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(address)
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._base = parts.path.rstrip("/")

    def newest(self) -> bytes:
        """The file of the newest head."""
        return self._ask("GET", "/log/heads/newest.json")

    def consistency(self, first: int, second: int) -> bytes:
        """The proof between two sizes."""
        return self._ask("GET", f"/log/consistency/{first}/{second}.json")

    def covering(self, size: int) -> bytes:
        """The best witnessed head over at least so many entries."""
        return self._ask("GET", f"/log/heads/covering/{size}.json")

    def program(self, path: str) -> bytes:
        """A program as it is served to anybody. path: one of :func:`places`."""
        return self._ask("GET", path, most=_MOST_OF_A_FILE)

    def policy(self, lot: str) -> bytes:
        """The file of a lot's opening policy in force."""
        return self._ask("GET", f"/bids/policies/{lot}/policy.json", most=_MOST_OF_A_FILE)

    def post(self, cosignature: bytes) -> None:
        """Hand a cosignature over."""
        self._ask("POST", "/log/cosignatures", cosignature)

    def _ask(self, method: str, path: str, body: bytes | None = None, most: int = _MOST) -> bytes:
        connection = (
            http.client.HTTPSConnection(
                self._host, self._port, timeout=_TIMEOUT, context=ssl.create_default_context()
            )
            if self._secure
            else http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT)
        )
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        try:
            connection.request(method, self._base + path, body, headers)
            response = connection.getresponse()
            data = response.read(most + 1)
        except (OSError, http.client.HTTPException) as fault:
            raise Unreachable(str(fault) or repr(fault)) from fault
        finally:
            connection.close()
        if response.status >= 500 or response.status in (408, 429):
            raise Unreachable(str(response.status))
        if response.status >= 300:
            raise Denied(response.status, data[:4096])
        return data
