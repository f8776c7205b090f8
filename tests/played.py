"""``python -m tests.played FILE``: what ``demo --json`` told, held to what the play must show.

Where there is a Chromium to seal in, one kind of bid alone means that the browser failed: the play
goes on without it, so that a bare machine can be shown the platform, and somebody has to notice.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from procurement.demonstration import browser

TOOL = "command line"
# Everything that a project goes through, in the order in which each first comes.
STAGES = (
    "archive", "crane listed", "registration", "bill of quantities", "drawings", "tendering",
    "opening policy", "clarification", "objection", "bid securities", "expert draw", "bids",
    "opening", "evaluation", "publicity", "award", "award report", "contract",
    "bid securities returned", "wage account", "works", "crane", "labour", "payments", "hazards",
    "credit call", "retender", "crane leaves", "crew leaves", "filing", "wage account closed",
    "settlement", "closing", "lot terminated", "second lot published",
)  # fmt: skip


def missed(told: Mapping[str, Any]) -> list[str]:
    """Which stages were left out, came in another order or are not listed."""
    reached = list(dict.fromkeys(row["stage"] for row in told["stages"]))
    found = [f"{each} was not reached" for each in STAGES if each not in reached]
    found += [f"{each} is not listed here" for each in reached if each not in STAGES]
    if not found and reached != list(STAGES):
        found.append(f"stages came in the order {reached}")
    return found


def faults(told: Mapping[str, Any], chromium: str) -> list[str]:
    """By what no bid was sealed; chromium: the one that it had, empty for none."""
    made = Counter(row["by"] for row in told["sealed_bids"])
    wanted = [TOOL, browser.PROGRAM] if chromium else [TOOL]
    why = [step.get("why", "") for step in told["steps"] if step["what"] == "no browser"]
    found = [f"no bid was sealed by {each}" for each in wanted if not made[each]]
    return [*found, *why] if found else []


def main(path: str) -> int:
    """Say how many bids were sealed by what; 1 where something is missing, or the play failed."""
    text = Path(path).read_text("utf-8")
    try:
        told = json.loads(text)
    except ValueError:
        print(f"the play told nothing that can be read: {text[-3000:]}", file=sys.stderr)
        return 1
    if not told["passed"]:
        print(f"the play failed in {told['stage']}: {told['fault']}", file=sys.stderr)
        return 1
    chromium = browser.chromium()
    made = Counter(row["by"] for row in told["sealed_bids"])
    print(f"{told['seconds']} s; sealed bids: {dict(made)}; browser: {chromium or 'none'}")
    for fault in (found := [*missed(told), *faults(told, chromium)]):
        print(f"the play: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
