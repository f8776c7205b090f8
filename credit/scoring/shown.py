"""How a score is shown: what it is made of, how it went, what a certificate of it is for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from credit.conduct.machine import RECORD
from credit.scoring import explaining, fading, formulas, inertia, report, selectors
from credit.scoring.points import graded, points
from kernel import clock
from kernel.errors import Refused

_MONTHS = 12


def rows(told: dict[str, Any], *, linked: bool = True) -> list[dict[str, Any]]:
    """What was explained of a score, fact by fact. linked: the reader may open each record."""
    return [
        {
            **one,
            "points": points(one["millionths"]),
            "last_day": explaining.last_day(one),
            "fades": fading.in_words(one),
            "at_its_end": fading.at_its_end(one),
            "url": reverse("web:case", args=[RECORD.code, one["record"]])
            if linked and one["record"]
            else "",
        }
        for one in told["contributions"]
    ]


def trend(uscc: str, day: date, at: datetime) -> list[dict[str, Any]]:
    """The score on this day of each of the last months, each as it was known then, ``at`` at the
    latest.
    """
    found, ledger = [], selectors.entries(uscc)
    for back in range(_MONTHS, -1, -1):
        on = inertia.months_before(day, back)
        known = min(clock.end_of(on), at)
        try:
            scheme = selectors.scheme(clock.start_of(on))
        except Refused:
            continue  # no scheme was in force yet
        score = formulas.score(ledger, scheme, on, known)
        found.append(
            {"day": on, "points": points(score.told), "grade": graded(score.grade),
             "value": None if score.unscored else score.hundredths / 100}
        )  # fmt: skip
    return found


def chart(
    told: dict[str, Any], rows: list[dict[str, Any]], trend: list[dict[str, Any]]
) -> dict[str, Any]:
    """What the charts draw: the same as the tables beside them. Hundredths of a point."""
    steps = [{"label": _("基础分"), "change": told["base"] // 10_000, "url": ""}]
    steps += [
        {"label": row["label"], "change": row["millionths"] / 10_000, "url": row["url"]}
        for row in rows
    ]
    if told["cut"]:
        steps.append({"label": _("封顶、托底或取整"), "change": told["cut"] / 10_000, "url": ""})
    return {
        "steps": steps,
        "total": {"label": _("信用分"), "change": (told["score_millionths"] or 0) / 10_000},
        "trend": [{"day": one["day"].isoformat(), "value": one["value"]} for one in trend],
        "words": {"points": _("分值"), "score": _("信用分")},
    }


def purpose(code: str) -> str:
    """What a certificate is for, in words."""
    kind, _colon, about = code.partition(":")
    if kind == "procurement.opening":
        return _("开标 %(lot)s") % {"lot": about}
    if kind == report.FORM:
        return _("信用报告 %(day)s") % {"day": about}
    return code
