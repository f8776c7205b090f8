"""HTML put together from values as ``django.utils.html`` does it, where a page has thousands.

Django's functions also take words that are not yet translated and stay so, and look at every
argument for that; most of a long page's cost was this looking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape as _escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_SPECIAL = re.compile("[&<>\"']")


def escape(value: Any) -> SafeString:
    """A value as text in HTML; what says that it is HTML already stays as it is."""
    if type(value) is SafeString:
        return value
    if type(value) is str:
        return SafeString(_escape(value) if _SPECIAL.search(value) else value)
    return SafeString(conditional_escape(value))


def format_html(template: str, *values: Any) -> SafeString:
    """A template, which is trusted, with values in its places, each escaped."""
    safe = [v if type(v) is SafeString else escape(v) for v in values]
    return SafeString(template.format(*safe))


def format_html_join(between: str, template: str, rows: Iterable[Sequence[Any]]) -> SafeString:
    """A template for each row of values, with an escaped text between them."""
    return SafeString(escape(between).join([format_html(template, *row) for row in rows]))
