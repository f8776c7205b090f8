"""Codes of items in a bill of quantities: nine digits of the standard, three of the compiler.

The same digits may mean another thing in another edition of the standard, so a code is only ever
the pair (edition, code). Items that the standard lacks have supplement codes such as 01B001.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kernel.errors import Refusal, Refused
from kernel.identifiers.text import normalise

# The edition's short name, and the standard that it stands for.
EDITIONS = {"2013": "GB 50500-2013", "2024": "GB/T 50500-2024"}

TRADES = {
    "01": "房屋建筑与装饰工程",
    "02": "仿古建筑工程",
    "03": "通用安装工程",
    "04": "市政工程",
    "05": "园林绿化工程",
    "06": "矿山工程",
    "07": "构筑物工程",
    "08": "城市轨道交通工程",
    "09": "爆破工程",
}
_ITEM = re.compile(r"0[1-9][0-9]{10}")
_SUPPLEMENT = re.compile(r"0[1-9]B[0-9]{3}")
_BASE = re.compile(r"0[1-9][0-9]{7}")


@dataclass(frozen=True, order=True)
class BoqCode:
    """An item's code within its edition."""

    edition: str
    code: str

    @property
    def supplement(self) -> bool:
        """Whether the compiler added an item that the standard does not have."""
        return "B" in self.code

    @property
    def trade(self) -> str:
        """01 to 09, see TRADES."""
        return self.code[:2]

    @property
    def base(self) -> str:
        """The standard's nine digits; of a supplement code its trade and B."""
        return self.code[:3] if self.supplement else self.code[:9]

    @property
    def serial(self) -> int:
        """The compiler's number, from 1."""
        return int(self.code[-3:])

    def __str__(self) -> str:
        return self.code


def parse(text: str, edition: str) -> BoqCode:
    """Read a code of an edition (a key of EDITIONS)."""
    if edition not in EDITIONS:
        raise _refused("identifiers.boq_code.edition", "GB/T 50500-2024", edition=edition)
    code = normalise(text, drop="-")
    if not (_ITEM.fullmatch(code) or _SUPPLEMENT.fullmatch(code)):
        raise _refused("identifiers.boq_code.form", EDITIONS[edition], text=code[:24])
    if code.endswith("000"):
        raise _refused("identifiers.boq_code.serial_zero", EDITIONS[edition], text=code)
    return BoqCode(edition, code)


def generate(edition: str, base: str, serial: int) -> BoqCode:
    """The serial-th code (1-999) of nine digits of the standard, or of a supplement base (01B)."""
    if not 1 <= serial <= 999:
        raise _refused("identifiers.boq_code.serial_overflow", base=base, serial=serial)
    if not (_BASE.fullmatch(base) or re.fullmatch(r"0[1-9]B", base)):
        raise _refused("identifiers.boq_code.form", text=base)
    return parse(f"{base}{serial:03d}", edition)


def check_unique(codes: Iterable[BoqCode]) -> None:
    """Refuse, with every reason, codes that occur twice in one tender or mix two editions."""
    counted = Counter(codes)
    reasons = [
        _reason(
            "identifiers.boq_code.repeated", EDITIONS[code.edition], text=str(code), times=times
        )
        for code, times in sorted(counted.items())
        if times > 1
    ]
    editions = sorted({code.edition for code in counted})
    if len(editions) > 1:
        reasons.insert(0, _reason("identifiers.boq_code.editions_mixed", editions=editions))
    if reasons:
        raise Refused(reasons)


def _reason(code: str, article: str = "", **facts: str | int | list[str]) -> Refusal:
    return Refusal(code, facts, article, "boq_code")


def _refused(code: str, article: str = "", **facts: str | int) -> Refused:
    return Refused(_reason(code, article, **facts))
