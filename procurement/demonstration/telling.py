"""How the play tells what happens: a line for each stage with its time, or everything as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from kernel.access.actors import Actor, from_membership
from kernel.clock import LEGAL_ZONE
from kernel.parties.models import Membership
from procurement.demonstration import browser
from procurement.demonstration.play import Play, Step


def people() -> dict[str, Actor]:
    """Everybody of the demonstration by log-in name."""
    rows = Membership.objects.select_related("person__user", "organisation").order_by("pk")
    return {row.person.user.username: from_membership(row) for row in rows}


def pin() -> str:
    """The PIN of all demonstration keys, from the page of accounts."""
    path = Path(settings.VAR_DIR) / "demo-accounts.txt"
    for line in path.read_text().splitlines():
        if line.startswith("证书 PIN"):
            return line.split()[2]
    raise LookupError(f"no PIN in {path}")


class Told:
    """Prints stages as they come, and at the end what was found."""

    def __init__(self, out: Any, *, as_json: bool) -> None:
        self.out, self.as_json = out, as_json
        self.stages: list[dict[str, Any]] = []
        self._begun = self._stage_begun = time.monotonic()

    def begin(self) -> None:
        """The clock of the play starts."""
        self._begun = self._stage_begun = time.monotonic()

    def step(self, step: Step) -> None:
        """Something happened."""
        if step.what != "begin":
            self.stages[-1]["acts"] += 1 if self.stages else 0
            self._aloud(step)
            return
        self._end_stage()
        self.stages.append({"stage": step.stage, "at": _at(step.at), "seconds": 0.0, "acts": 0})
        self._say(f"{len(self.stages):>3}  {_at(step.at)}  {step.stage}")

    def _aloud(self, step: Step) -> None:
        """Which bids were made at the page, or that none could be."""
        if step.what == "no browser":
            self._say(
                "     没有可用的浏览器，全部用命令行封装 "
                f"no browser, every bid by the command line: {step.facts['why']}"
            )
        elif step.what == "sealed" and step.facts["by"] == browser.PROGRAM:
            self._say(
                f"     {step.facts['who']} 在 Chromium 中用 {browser.PROGRAM} 封装 "
                f"sealed by {browser.PROGRAM} in Chromium"
            )

    def _end_stage(self) -> None:
        now = time.monotonic()
        if self.stages:
            self.stages[-1]["seconds"] = round(now - self._stage_begun, 2)
        self._stage_begun = now

    def _say(self, line: str) -> None:
        if not self.as_json:
            self.out.write(line)
            self.out.flush()

    def failed(self, p: Play, fault: Exception) -> None:
        """It did not go as law and script have it."""
        self._end_stage()
        told = {"passed": False, "stage": p.stage, "fault": str(fault), **self._whole(p)}
        if self.as_json:
            self.out.write(json.dumps(told, ensure_ascii=False, indent=1, default=str))
            return
        self._say(f"未通过 FAILED in {p.stage}: {fault}")

    def ended(self, p: Play, summary: Mapping[str, Any]) -> None:
        """Everything held."""
        self._end_stage()
        told = {"passed": True, **self._whole(p), **summary}
        if self.as_json:
            self.out.write(json.dumps(told, ensure_ascii=False, indent=1, default=str))
            return
        for document in told["documents"]:
            self._say(f"     {document['number']}  {document['title']}  {document['sha256'][:16]}")
        self._say(
            f"全部通过 all held: {len(self.stages)} stages, {told['acts']} acts, "
            f"{told['refusals']} refusals, {told['seconds']} s"
        )
        self._say(f"案卷 dossier: {told['dossier']}")
        self._say(f"开放投标 open for bids: {p.store['open_lot_number']}")

    def _whole(self, p: Play) -> dict[str, Any]:
        return {
            "seconds": round(time.monotonic() - self._begun, 1),
            "stages": self.stages,
            "acts": sum(1 for s in p.steps if "log" in s.facts),
            "refusals": sum(1 for s in p.steps if s.what.startswith("refused")),
            "sealed_bids": [s.facts for s in p.steps if s.what == "sealed"],
            "steps": [
                {"stage": s.stage, "what": s.what, "at": _at(s.at), **s.facts} for s in p.steps
            ],
        }


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M:%S}"
