"""Bidders' and trustees' own tool in the play: processes of their own, or in this one for tests."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import connections
from django.test import Client

from kernel import clock
from kernel.access.actors import Actor
from kernel.parties import tokens
from kernel.parties.models import Membership
from procurement.bidder import http
from procurement.bidder.main import main
from procurement.demonstration import signing
from procurement.demonstration.play import Play
from procurement.demonstration.unexpected import Unexpected

_LIVES = timedelta(days=2)
_AT_ONCE = 3


@dataclass
class Desk:
    """Somebody's own folder: key file, PIN, token, roots. What lies here, no server has."""

    p: Play
    who: str
    folder: Path
    ready: bool = field(default=False, repr=False)

    @property
    def actor(self) -> Actor:
        """Who sits here."""
        return self.p.actors[self.who]

    def path(self, name: str) -> str:
        """A file of this desk."""
        return str(self.folder / name)

    def write(self, name: str, data: bytes) -> None:
        """Put a file there."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def prepare(self) -> None:
        """Give the desk what its owner would bring: once."""
        if self.ready:
            return
        membership = Membership.objects.get(
            person_id=self.actor.person_id,
            organisation_id=self.actor.organisation_id,
            role=self.actor.role,
        )
        until = clock.technical_now() + _LIVES
        _, secret = tokens.issue(membership, name=f"play {self.who}", expires_at=until)
        self.write("key.p12", signing.key_file(self.actor).read_bytes())
        words = f"play-{self.who}"
        for name, text in (("pin", self.p.pin), ("token", secret), ("passphrase", words)):
            self.write(f"{name}.txt", text.encode())
        anchors = sorted((Path(settings.VAR_DIR) / "pki" / "anchors").glob("*.pem"))
        self.write("roots.pem", b"".join(path.read_bytes() for path in anchors))
        self.ready = True

    def run(self, *words: str) -> dict[str, Any]:
        """Run the tool; what it tells. Raises Unexpected where it is refused."""
        status, told = self.tried(*words)
        if status:
            raise Unexpected(f"{self.who}: {' '.join(words[:3])}: {told}")
        return told

    def refused(self, *words: str, codes: set[str]) -> dict[str, Any]:
        """Run the tool, which must be refused with these codes."""
        status, told = self.tried(*words)
        found = {reason["code"] for reason in told.get("refusals", ())}
        if status != 1 or not codes <= found:
            raise Unexpected(f"{self.who}: refused for {found}, not for {codes}")
        self.p.note(f"refused: {words[0]}", who=self.who, codes=sorted(found))
        return told

    def tried(self, *words: str) -> tuple[int, dict[str, Any]]:
        """Exit status and answer of the tool."""
        self.prepare()
        if self.p.base_url:
            done = subprocess.run(  # noqa: S603  (our own program)
                [sys.executable, "-m", "procurement.bidder", *words, "--json"],
                capture_output=True, text=True, check=False, timeout=120,
                cwd=Path(__file__).resolve().parents[2],
            )  # fmt: skip
            if not done.stdout:
                raise Unexpected(f"{self.who}: {(done.stderr or done.stdout)[-2000:]}")
            return done.returncode, json.loads(done.stdout)
        return _here(words)

    def asked(self, path: str) -> dict[str, Any]:
        """What the API tells this desk's token at a path; without a network where there is none."""
        self.prepare()
        token = Path(self.path("token.txt")).read_text().strip()
        told = {"Authorization": f"Bearer {token}"}
        found: dict[str, Any]
        if self.p.base_url:
            with urlopen(Request(self.p.base_url + path, headers=told), timeout=60) as answer:  # noqa: S310
                found = json.load(answer)
        else:
            here = Client().get(path, headers=told)
            if here.status_code >= 400:
                raise Unexpected(f"{self.who}: {path}: {here.status_code}")
            found = json.loads(here.content)
        return found

    def lot(self, number: str) -> list[str]:
        """Where the lot is, and with which token it is asked."""
        server = self.p.base_url or "http://127.0.0.1"
        return ["--server", server, "--lot", number, "--token-file", self.path("token.txt")]

    def signer(self) -> list[str]:
        """With which key."""
        return ["--p12", self.path("key.p12"), "--pin-file", self.path("pin.txt")]

    def trust(self, expected: list[str]) -> list[str]:
        """Whom this desk believes."""
        words = ["--anchors", self.path("roots.pem"), "--demonstration"]
        return words + [word for uscc in expected for word in ("--expect", uscc)]

    def wait(self) -> list[str]:
        """How long for the completed receipt: not at all where no worker could make one."""
        return [] if self.p.base_url else ["--wait", "0"]

    def passphrase(self) -> list[str]:
        """Under which passphrase it keeps its keys."""
        return ["--passphrase-file", self.path("passphrase.txt")]


def side_by_side(p: Play, calls: Iterable[Callable[[], object]]) -> None:
    """Let people work at the same time, each with a tool of its own; in tests one after another.

    Raises what the first of them raised that did not go as it should.
    """
    if not p.base_url:
        for call in calls:
            call()
        return

    def alone(call: Callable[[], object]) -> None:
        try:
            call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [pool.submit(alone, call) for call in calls]:
            done.result()


def _here(words: tuple[str, ...]) -> tuple[int, dict[str, Any]]:
    """The tool in this process, asking this server without a network: for tests."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()), _no_network():
        status = main([*words, "--json"])
    return status, json.loads(out.getvalue())


@contextlib.contextmanager
def _no_network() -> Iterator[None]:
    def ask(
        self: http.Client, method: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        data = body.read() if hasattr(body, "read") else (body or b"")
        told = {**self._headers, **headers}
        kind = told.pop("Content-Type", "application/json")
        told.pop("Content-Length", None)
        answer = Client().generic(method, self._base + path, data, content_type=kind, headers=told)
        found = json.loads(answer.content)
        if answer.status_code >= 400:
            raise http.ServerRefused(answer.status_code, found)
        return answer.status_code, found

    kept = http.Client._ask
    http.Client._ask = ask  # type: ignore[method-assign]
    try:
        yield
    finally:
        http.Client._ask = kept  # type: ignore[method-assign]
