"""Reading codes as people write them: full-width, lower case, blanks, foreign dashes."""

from __future__ import annotations

import unicodedata
from datetime import date

# No code of the market is longer; whatever is, is cut, so that it fails on its length cheaply.
_LONGEST = 200
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")


def normalise(text: str, drop: str = "") -> str:
    """Half-width, upper case, one kind of dash, no blanks nor invisible characters, without `drop`.

    The result may still hold anything else; the caller's own pattern must be plain ASCII, because
    digits of other scripts survive here.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).translate(_DASHES).upper()
    return "".join(c for c in plain if unicodedata.category(c)[0] not in "ZC" and c not in drop)


def real_date(digits: str) -> date | None:
    """The day that YYYYMMDD names, or None where the calendar has no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
