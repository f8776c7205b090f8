"""Text that people bring along: what no register, certificate or database should ever hold. Pure.

Control characters end up in logs and break PostgreSQL and XML; bidirectional controls show a name
in another order than it is stored; lone surrogates and noncharacters have no UTF-8 or no XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_CLASS = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    r"\ufdd0-\ufdef\ufffe\uffff"
)
# For schemas that others read (ECMA-262): the same rule said in a pattern. (No UTF-8 spells a lone
# surrogate, so none needs to be told.)
PATTERN = f"^[^{_CLASS}]*$"
_UNFIT = re.compile(rf"[{_CLASS}\ud800-\udfff]")
# They come along unseen when text is pasted; two names that look the same are then the same.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_DEEPEST = 8  # no form of ours nests deeper; its schema refuses what does
_NAME_LENGTH = 80


def is_fit(text: str) -> bool:
    """Whether a text holds nothing but what can be read, line breaks and tabs included."""
    return (text.isascii() and text.isprintable()) or _UNFIT.search(text) is None


def without_invisible(value: Any, depth: int = 0) -> Any:
    """The same plain value, its texts without zero-width blanks; names of fields stay."""
    if isinstance(value, str):
        return value if value.isascii() else _INVISIBLE.sub("", value)
    if depth > _DEEPEST:
        return value
    if isinstance(value, Mapping):
        return {name: without_invisible(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_invisible(item, depth + 1) for item in value]
    return value


def unfit_fields(value: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    """The dotted names of the fields whose text is unfit."""
    if isinstance(value, str):
        if not is_fit(value):
            yield path
    elif depth <= _DEEPEST and isinstance(value, Mapping):
        for name, item in value.items():
            yield from unfit_fields(item, f"{path}.{name}".lstrip("."), depth + 1)
    elif depth <= _DEEPEST and isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from unfit_fields(item, f"{path}.{place}", depth + 1)


def shown_name(name: str, longest: int = _NAME_LENGTH) -> str:
    """A field's name as somebody sent it, fit to be told back and to be kept."""
    return _UNFIT.sub("\ufffd", name[:longest])
