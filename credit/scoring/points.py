"""Points and grades as people read them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from credit.scoring import rules

NONE = "—"


def points(millionths: int | None) -> str:
    """Points as they are shown, with two decimals and a sign of their own; a dash for no score."""
    if millionths is None:
        return NONE
    hundredths = (abs(millionths) + rules.HUNDREDTH // 2) // rules.HUNDREDTH
    sign = "-" if millionths < 0 else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"


def graded(grade: str) -> str:
    """A grade as it is shown: in words where a scheme gives none."""
    return grade or _("不评分（列入失信名单）")
