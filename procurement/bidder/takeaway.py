"""The one file that bidders and trustees take away: what of it is theirs, and how it is made.

``python -m procurement.bidder.takeaway zhuxin.pyz`` writes it from the sources and prints its
SHA-256, with Python alone: whoever has the sources compares it with what a policy names.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from kernel import offline

PROGRAM, LIBRARIES = offline.NAME, "bidder.txt"
# What is installed for it, each library by its hash: code that runs like its own.
LIBRARIES_FILE = offline.ROOT / "requirements" / LIBRARIES
_ROOM = Path(__file__).parent
# What builds the programs for a browser, and is of no use to who runs one.
_LEFT_OUT = ("program_words.py",)


def carry() -> None:
    """Add the tool to the one file that people take away: ``python zhuxin.pyz bidder …``."""
    own = [path for path in offline.modules(_ROOM) if path.name not in _LEFT_OUT]
    programs = [_ROOM / "programs" / name for name in ("__init__.py", "manifest.toml")]
    files = [_ROOM.parent / "__init__.py", *own, *programs, LIBRARIES_FILE]
    offline.carry("bidder", "procurement.bidder.main", files)


def main(arguments: Sequence[str]) -> int:
    """Write the file where the one argument says; the exit status, 64 for wrong use."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(f"python -m procurement.bidder.takeaway {PROGRAM}", file=sys.stderr)
        return 64
    carry()
    made = offline.program()
    Path(arguments[0]).write_bytes(made)
    # As sha256sum prints it.
    print(f"{hashlib.sha256(made).hexdigest()}  {arguments[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
