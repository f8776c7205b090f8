"""Reading codes as people write them: full-width, lower case, blanks, foreign dashes."""

from __future__ import annotations

import unicodedata
from datetime import date

# No code of the market is longer; whatever is, is cut, so that it fails on its length cheaply.
_LONGEST = 200
_BRACKETS = "()[]{}<>\u3008\u3009\u300a\u300b\u3010\u3011\u3014\u3015\u3016\u3017"
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")


def normalise(text: str, drop: str = "") -> str:
    """Half-width, upper case, one kind of dash, no blanks nor invisible characters, without `drop`.

    The result may still hold anything else; the caller's own pattern must be plain ASCII, because
    digits of other scripts survive here.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).translate(_DASHES).upper()
    return "".join(c for c in plain if unicodedata.category(c)[0] not in "ZC" and c not in drop)


def document_key(number: str) -> str:
    """The same for a document's number however it is written: 〔2025〕, [2025], full width."""
    return normalise(number, drop=_BRACKETS)


def real_date(digits: str) -> date | None:
    """The day that YYYYMMDD names, or None where the calendar has no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
