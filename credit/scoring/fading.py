"""Points that fade, in words: what was entered, how it fades, what is left at its end."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from credit.scoring import explaining
from credit.scoring.points import points


def fades(told: dict[str, Any]) -> bool:
    """Whether a contribution that was explained weighs less from day to day."""
    return bool(told["decay"] != "step" and told["entered"])


def in_words(told: dict[str, Any]) -> str:
    """How a contribution fades, from what to what; empty where it weighs the same to its end."""
    if not fades(told):
        return ""
    known = {
        "entered": points(told["entered"]),
        "left": points(told["left"]),
        "days": told["half_life_days"],
        "last": explaining.last_day(told).isoformat(),
    }
    if told["decay"] != "linear":
        return (
            _("记入 %(entered)s，每 %(days)s 天减半，至 %(last)s 余 %(left)s，其后不再计分") % known
        )
    if told["cut_short"]:
        return _("记入 %(entered)s，逐日等量递减，至 %(last)s 余 %(left)s，其后不再计分") % known
    return _("记入 %(entered)s，逐日等量递减，%(last)s 后为 0") % known


def at_its_end(told: dict[str, Any]) -> str:
    """The points that end with a contribution: of one that fades, what is left on its last day."""
    if not fades(told):
        return points(told["millionths"])
    return _("余 %(left)s（记入 %(entered)s，逐日递减）") % {
        "left": points(told["left"]), "entered": points(told["entered"]),
    }  # fmt: skip
