"""Unified social credit code of an organisation (GB 32100-2015), around its GB 11714 code.

Eighteen characters: registering department, category, region (6), organisation code (9), check.
Two check characters stand in it: the outer one over all, the inner one over the organisation code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kernel.errors import Refusal, Refused
from kernel.identifiers import regions
from kernel.identifiers.text import normalise

_ARTICLE = "GB 32100-2015"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SHAPE = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_BODY = re.compile(rf"[{_ALPHABET}]{{8}}")
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Uscc:
    """A code that at least one of its two check characters bears out.

    warnings: what needs the register's own word before it is relied on; empty for a sound code.
    """

    code: str
    warnings: tuple[Refusal, ...] = field(default=(), compare=False)

    @property
    def department(self) -> str:
        """The registering department: 9 market regulation, 5 civil affairs, 1 public bodies …"""
        return self.code[0]

    @property
    def category(self) -> str:
        """The kind of organisation within its department: 91 enterprise, 92 sole trader …"""
        return self.code[1]

    @property
    def region(self) -> str:
        """Six digits of the registering authority's place; not always in the list of regions."""
        return self.code[2:8]

    @property
    def organisation_code(self) -> str:
        """The nine characters of GB 11714."""
        return self.code[8:17]

    @property
    def needs_proof(self) -> bool:
        """Whether the register must be asked before the code is relied on."""
        return bool(self.warnings)

    def __str__(self) -> str:
        return self.code


def parse(text: str) -> Uscc:
    """Read a code; refuse a wrong length, foreign characters, or both checks failing.

    Some real early codes (2015-2016) fail the outer check and pass the inner one; they are read
    with a warning, and so are codes of which only the outer check holds.
    """
    code = normalise(text, drop="-")
    if len(code) != 18:
        raise _refused("identifiers.uscc.length", length=len(code))
    if not _SHAPE.fullmatch(code):
        wrong = sorted({c for c in code if c not in _ALPHABET})
        raise _refused("identifiers.uscc.characters", wrong="".join(wrong) or code[2:8])
    outer = code[17] == outer_check(code[:17])
    inner = code[16] == inner_check(code[8:16])
    if not (outer or inner):
        raise _refused("identifiers.uscc.check")
    return Uscc(code, tuple(_warnings(code, outer, inner)))


def generate(region: str, org_number: str | int, department: str = "9", category: str = "1") -> str:
    """A sound code. org_number: the eight characters before the inner check, or a number for them.

    GB 11714-1997 keeps PDY00001 to PDY99999 for a system's own use: no real organisation has one.
    """
    body = f"{org_number:08d}" if isinstance(org_number, int) else org_number
    known = _BODY.fullmatch(body) and regions.plausible(region)
    head = f"{department}{category}{region}{body}{inner_check(body) if known else ''}"
    if not (known and _SHAPE.fullmatch(f"{head}0")):
        raise _refused("identifiers.uscc.parts", region=region, body=body)
    return parse(head + outer_check(head)).code


def demonstration(region: str, serial: int) -> str:
    """An enterprise's code for demonstration data; it cannot be a real one's (see generate)."""
    if not 1 <= serial <= 99_999:
        raise _refused("identifiers.uscc.serial_overflow", serial=serial)
    return generate(region, f"PDY{serial:05d}")


def outer_check(head: str) -> str:
    """The eighteenth character for the first seventeen (GB 32100, mod 31)."""
    # The weights are the powers of 3; where the sum is a multiple of 31 the check is 0.
    total = sum(_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(head))
    return _ALPHABET[-total % 31]


def inner_check(body: str) -> str:
    """The ninth character of an organisation code for its first eight (GB 11714, mod 11)."""
    total = sum(int(c, 36) * w for c, w in zip(body, _INNER_WEIGHTS, strict=True))
    # 11 - total mod 11 is 10 for X and 11 for 0.
    return "0123456789X"[-total % 11]


def outer_check_fails(text: str) -> bool:
    """Whether a code that can be read is borne out by its inner check character alone."""
    try:
        found = parse(text)
    except Refused:
        return False
    return any(reason.code == "identifiers.uscc.outer_check" for reason in found.warnings)


def _warnings(code: str, outer: bool, inner: bool) -> list[Refusal]:
    found = []
    if not outer:
        found.append(_reason("identifiers.uscc.outer_check"))
    if not inner:
        found.append(_reason("identifiers.uscc.inner_check"))
    if not regions.plausible(code[2:8]):
        found.append(_reason("identifiers.uscc.region", region=code[2:8]))
    return found


def _reason(code: str, **facts: str | int) -> Refusal:
    return Refusal(code, facts, _ARTICLE, "uscc")


def _refused(code: str, **facts: str | int) -> Refused:
    return Refused(_reason(code, **facts))
