"""What a bidder of the play lays into its envelopes, and what its opening sheet says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kernel import clock
from procurement.demonstration.tools import Desk
from procurement.securities import selectors as securities

BIDDERS = ("bidder1", "bidder2", "bidder3", "bidder4", "bidder5")
_PRICES = (6_811_000_00, 6_744_000_00, 6_902_500_00, 6_688_300_00, 6_850_000_00)


def _security(uscc: str, lot_number: str) -> str:
    """The number that the guarantor gave the bidder's security for this lot; empty without one."""
    held = securities.in_force("bid", lot_number, clock.now(), principal=uscc)
    return held[-1].number if held else ""


def lay(at: Desk, number: str, name: str, cut: int = 0) -> tuple[dict[str, Path], dict[str, Any]]:
    """A bid for a lot at its bidder's own desk: folders of its envelopes, its opening sheet.

    name: of the sheet's file, before ``.sheet.json``. cut: fen below the usual price, where the
    bidder has no bill of its own for the lot (``Play.store["sheets"]``).
    """
    p, who = at.p, at.who
    at.prepare()
    files = p.store.get("envelopes", {}).get(who, {})
    folders: dict[str, Path] = {}
    for envelope in ("qualification", "technical", "price"):
        content = files.get(envelope, {f"{envelope}.txt": f"{who} {envelope}（演示）".encode()})
        for inner, data in content.items():
            at.write(f"{number}/{envelope}/{inner}", data)
        folders[envelope] = Path(at.path(f"{number}/{envelope}"))
    sheet: dict[str, Any] = {
        "price_fen": _PRICES[BIDDERS.index(who) % len(_PRICES)] - cut,
        "period_days": 420,
        "quality": "合格",
        "bid_security": _security(p.actors[who].uscc, number),
        "project_manager": p.actors[who.replace("bidder", "manager")].person_name,
        **p.store.get("sheets", {}).get(who, {}),
    }
    at.write(f"{name}.sheet.json", json.dumps(sheet, ensure_ascii=False).encode())
    return folders, sheet
