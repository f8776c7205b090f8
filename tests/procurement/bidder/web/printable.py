"""``python -m tests.procurement.bidder.web.printable``: writes the ranges of ``lib/printable.js``.

To be run with the oldest Python that reads bids: a name that sealing takes must be one that the
opening takes.
"""

from __future__ import annotations

import textwrap
from itertools import groupby

from kernel.sealing.bids.fields import printable
from tests.procurement.bidder.web.driving import PROGRAMS

FILE = PROGRAMS.parent / "web" / "src" / "lib" / "printable.js"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def ranges() -> str:
    """Distance from the last range, and length, of each that is not printable; base 36."""
    steps, place = [], 0
    for shown, group in groupby(range(0x110000), key=lambda code: printable(chr(code))):
        size = sum(1 for _code in group)
        if shown:
            place = size
        else:
            steps += [_base36(place), _base36(size)]
            place = 0
    return "\n".join(textwrap.wrap(" ".join(steps), 96))


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def written() -> str:
    """The file as it should be."""
    head, _old, tail = FILE.read_text("utf-8").split("`", 2)
    return f"{head}`\n{ranges()}\n`{tail}"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
