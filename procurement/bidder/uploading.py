"""A bid on its way in parts: resumed after any break, every acknowledgement checked and kept.

Beside the bid lies ``<bid>.upload.json`` for as long as its upload is under way: where it is, and
the last acknowledgement, which says all that the earlier ones said. https://tus.io/protocols
"""

from __future__ import annotations

import base64
import functools
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.sealing.bids import acknowledgements, container
from kernel.sealing.bids.bundles import Trust
from procurement.bidder.answers import Answer, raw, text
from procurement.bidder.http import Client, ServerRefused, Unreachable

_TUS = {"Tus-Resumable": "1.0.0"}
# Real seconds before the next try after so many in a row that brought nothing, and how many.
_FIRST_WAIT, _LONGEST_WAIT, _TRIES = 0.5, 30.0, 12
_PASSING = frozenset({423, 429, 500, 502, 503, 504})
_BEHIND = "procurement.upload.offset"


class Uploading:
    """One bid's way to one lot. operator: whose signature acknowledgements bear (USCC)."""

    def __init__(
        self,
        server: Client,
        bid: Path,
        received: container.Received,
        state: Path,
        operator: str,
        believed: Trust,
    ) -> None:
        self._server, self._bid, self._received = server, bid, received
        self._state, self._operator, self._believed = state, operator, believed
        self._number, self._tries = "", 0

    def upload(self, part_size: int) -> dict[str, Any]:
        """Send what the server does not have; receipt and signature as the server gives them.

        Raises ServerRefused as for one request, Unreachable after a dozen tries in a row that
        brought nothing, and refuses an acknowledgement that is not of this upload or not signed.
        """
        told = self._patiently(self._look)
        while not isinstance(told.get("received"), dict):
            told = self._patiently(functools.partial(self._part, _offset(told), part_size))
            self._show(_offset(told))
        return dict(told["received"])

    def _patiently(self, step: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do a step; where the line breaks, wait and look how far the server is."""
        while True:
            try:
                return step()
            except Unreachable:
                if not self._may_wait():
                    raise
            except ServerRefused as refused:
                behind = any(reason.get("code") == _BEHIND for reason in refused.reasons)
                if refused.status not in _PASSING and not behind:
                    self._state.unlink(missing_ok=True)
                    raise
                if not self._may_wait():
                    raise
            step = self._look

    def _may_wait(self) -> bool:
        """Wait before the next try; whether there is one."""
        self._tries += 1
        if self._tries > _TRIES:
            return False
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (self._tries - 1))
        time.sleep(wait * random.uniform(0.5, 1))  # noqa: S311  (only spreads the tries)
        return True

    def _look(self) -> dict[str, Any]:
        """How the upload stands; a new one where none is under way."""
        if not self._number:
            self._number = self._kept()
        if self._number:
            try:
                told = self._server.send("GET", f"/uploads/{self._number}", _TUS)
            except ServerRefused as refused:
                if refused.status != 404:
                    raise
                told = {"state": "void"}
            if told.get("state") not in ("void", "refused"):
                return self._checked(told)
            self._number = ""
        return self._begin()

    def _begin(self) -> dict[str, Any]:
        name = base64.b64encode(self._bid.name.encode()).decode()
        headers = {
            "Upload-Length": str(self._received.size),
            "Upload-Metadata": f"filename {name}",
            "Content-Length": "0",
        }
        told = self._server.send("POST", "/uploads", {**_TUS, **headers})
        self._number = text(told, "upload").decode()
        self._keep({})
        return told

    def _part(self, place: int, part_size: int) -> dict[str, Any]:
        size = min(part_size, self._received.size - place)
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(size),
            "Upload-Offset": str(place),
        }
        with self._bid.open("rb") as file:
            body = container.Window(file, place, size)
            told = self._server.send("PATCH", f"/uploads/{self._number}", _TUS | headers, body)
        if told.get("state") in ("void", "refused"):
            raise Refused.because("bidder.upload.ended")
        told = self._checked(told)
        if _offset(told) > place:
            self._tries = 0
        return told

    def _checked(self, told: dict[str, Any]) -> dict[str, Any]:
        """An answer whose acknowledgement is the operator's word for what the answer says."""
        manifest, place = self._received.manifest, _offset(told)
        if not place:
            return told
        data = text(told, "acknowledgement")
        said = acknowledgements.read_acknowledgement(data)
        self._believed.verify(raw(told, "p7s"), data, self._operator, said.at)
        acknowledgements.check(
            said,
            acknowledgements.Acknowledgement(
                self._number, manifest.lot, manifest.bidder, place, self._received.size, said.at
            ),
        )
        self._keep({name: told[name] for name in ("acknowledgement", "p7s")})
        return told

    def _kept(self) -> str:
        """The number of this very bid's upload, kept by an earlier run; empty where there is none.

        ``bidder.upload.state`` where what is kept cannot be read.
        """
        try:
            kept = json.loads(self._state.read_bytes())
            same = kept["manifest_sha256"] == self._received.manifest_sha256
            return str(kept["upload"]) if same else ""
        except FileNotFoundError:
            return ""
        except (ValueError, KeyError, TypeError) as fault:
            raise Refused.because("bidder.upload.state", name=self._state.name) from fault

    def _keep(self, acknowledged: Answer) -> None:
        kept = {
            "upload": self._number,
            "manifest_sha256": self._received.manifest_sha256,
            **acknowledged,
        }
        partial = self._state.with_name(self._state.name + ".partial")
        partial.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        partial.replace(self._state)

    def _show(self, place: int) -> None:
        """How far it is, where somebody is watching."""
        size = self._received.size
        if not sys.stderr.isatty():
            return
        end = "\n" if place == size else ""
        line = f"\r{place * 100 // size:3d} %  {place / 1e6:,.1f} / {size / 1e6:,.1f} MB"
        print(line, end=end, file=sys.stderr, flush=True)


def _offset(told: Answer) -> int:
    place = told.get("offset")
    if type(place) is not int or place < 0:
        raise Refused.because("bidder.server.answer", part="offset")
    return place
