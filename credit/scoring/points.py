"""Points as people read them."""

from __future__ import annotations

from credit.scoring import rules


def points(millionths: int) -> str:
    """Points as they are shown, with two decimals and a sign of their own."""
    hundredths = (abs(millionths) + rules.HUNDREDTH // 2) // rules.HUNDREDTH
    sign = "-" if millionths < 0 else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"
