"""Check codes: sixty unguessable bits in an alphabet that survives being read aloud. Pure."""

from __future__ import annotations

import re
import secrets

# Crockford's base 32 has no I, L, O and U; what people write instead is read as what they meant.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def generate() -> str:
    """A fresh code of twelve characters (60 bits from the system's source)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """The printed form ``XXXX-XXXX-XXXX``."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def parse(text: str) -> str | None:
    """The code that somebody typed, whatever the case, hyphens, spaces and full width; or none."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    code = re.sub(r"[\s\-–—_]", "", narrow).upper().translate(_MEANT)
    return code if _CODE.fullmatch(code) else None
