"""Resident identity number (GB 11643-1999): eighteen characters, the last a check over the rest.

The number is personal data: no refusal carries it, and pages show `masked`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kernel.errors import Refused
from kernel.identifiers import masks, regions
from kernel.identifiers.text import normalise, real_date

_ARTICLE = "GB 11643-1999"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EARLIEST_YEAR = 1900

Sex = Literal["male", "female"]


@dataclass(frozen=True)
class ResidentId:
    """A number whose check character and birth date hold. Its region may be abolished by now.

    str() and repr() are masked, so that no log shows it by accident; `number` is the number.
    """

    number: str

    @property
    def region(self) -> str:
        """Where the number was given; six digits, often of a county that no longer exists."""
        return self.number[:6]

    @property
    def birth(self) -> date:
        """The day of birth."""
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def sex(self) -> Sex:
        """An odd seventeenth digit is a man's."""
        return "male" if int(self.number[16]) % 2 else "female"

    @property
    def masked(self) -> str:
        """The first six and the last four."""
        return masks.resident_id(self.number)

    def age(self, on: date) -> int:
        """Full years on a day; born on 29 February, a year is full on 1 March of a common year."""
        birth = self.birth
        return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"ResidentId({self.masked!r})"


def parse(text: str, on: date | None = None) -> ResidentId:
    """Read a number; with a day given, a birth after it is refused too."""
    number = normalise(text, drop="-")
    if len(number) != 18:
        raise _refused("identifiers.resident_id.length", length=len(number))
    if not _SHAPE.fullmatch(number):
        raise _refused("identifiers.resident_id.characters")
    if number[17] != check_character(number[:17]):
        raise _refused("identifiers.resident_id.check")
    if number[0] == "9":
        # 外国人永久居留身份证 shares length and check; it is another kind of document.
        raise _refused("identifiers.resident_id.foreigner")
    if not regions.plausible(number[:6]) or number[:6] == regions.STATE:
        raise _refused("identifiers.resident_id.region", region=number[:2])
    birth = real_date(number[6:14])
    if birth is None or birth.year < _EARLIEST_YEAR or (on is not None and birth > on):
        raise _refused("identifiers.resident_id.birth")
    return ResidentId(number)


def generate(region: str, birth: date, serial: int) -> str:
    """A sound number for demonstration data. serial: 0-999, odd for a man."""
    if not 0 <= serial <= 999:
        raise _refused("identifiers.resident_id.serial_overflow", serial=serial)
    head = f"{region}{birth:%Y%m%d}{serial:03d}"
    if not re.fullmatch(r"[0-9]{17}", head):
        raise _refused("identifiers.resident_id.characters")
    return parse(head + check_character(head)).number


def check_character(head: str) -> str:
    """The eighteenth character for the first seventeen digits (ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(c) * w for c, w in zip(head, _WEIGHTS, strict=True)) % 11]


def _refused(code: str, **facts: str | int) -> Refused:
    return Refused.because(code, article=_ARTICLE, field="resident_id", **facts)
