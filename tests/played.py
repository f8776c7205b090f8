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


def faults(told: Mapping[str, Any], chromium: str) -> list[str]:
    """What the play left out; chromium: the one that it had, empty for none."""
    made = Counter(row["by"] for row in told["sealed_bids"])
    wanted = [TOOL, browser.PROGRAM] if chromium else [TOOL]
    why = [step.get("why", "") for step in told["steps"] if step["what"] == "no browser"]
    found = [f"no bid was sealed by {each}" for each in wanted if not made[each]]
    return [*found, *why] if found else []


def main(path: str) -> int:
    """Say how many bids were sealed by what; 1 where a kind is missing."""
    told = json.loads(Path(path).read_text("utf-8"))
    chromium = browser.chromium()
    made = Counter(row["by"] for row in told["sealed_bids"])
    print(f"sealed bids: {dict(made)}; browser: {chromium or 'none'}")
    for fault in (found := faults(told, chromium)):
        print(f"the play: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
