"""How personal data is shown by default: 张**, 230102********1234, 138****1234."""

from __future__ import annotations

import re

from kernel.identifiers.text import normalise

_NOT_DIGIT = re.compile(r"[^0-9]")


def name(text: str) -> str:
    """The first character and two stars, so that not even the length shows: 张**."""
    first = text.strip()[:1]
    return f"{first}**" if first else ""


def resident_id(number: str) -> str:
    """First six, last four; a number too short for that shows nothing of itself."""
    return _middle(normalise(number), head=6, tail=4)


def phone(text: str) -> str:
    """First three, last four of a mobile number; of a shorter one only the last four at most."""
    digits = _NOT_DIGIT.sub("", normalise(text))
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-4:]}" if len(digits) >= 7 else "*" * len(digits)


def account(number: str) -> str:
    """A bank account: the last four."""
    return _middle(normalise(number), head=0, tail=4)


def _middle(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden < tail:
        return "*" * len(text)
    return f"{text[:head]}{'*' * hidden}{text[-tail:]}"
