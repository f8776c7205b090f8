"""One spelling of what people copy from plates and slips: widths, case, blanks and dashes."""

from __future__ import annotations

import unicodedata


def folded(text: str, *, dashes: bool = True) -> str:
    """A number as it is compared, never as it is shown: NFKC, case folded, no blanks or controls.

    dashes: keep them, every kind as ``-``; else they are left out.

    >>> folded("Ｈ – 1"), folded("s-1 2", dashes=False)
    ('h-1', 's12')
    """
    return "".join(_parts(unicodedata.normalize("NFKC", text).casefold(), "-" if dashes else ""))


def _parts(text: str, dash: str) -> list[str]:
    return [dash if _is_dash(c) else c for c in text if not _is_blank(c)]


def _is_dash(char: str) -> bool:
    # The minus sign is a symbol for Unicode and a dash for whoever types it.
    return unicodedata.category(char) == "Pd" or char == "−"


def _is_blank(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cc", "Cf"}
