"""Texts that are translated when they are shown, with Django where it runs and without it else.

The signing client runs where no Django is installed, and says the same words as the pages.
"""

from __future__ import annotations

import gettext
import io
import os
import pkgutil
import sys
from functools import cache
from pathlib import Path

_LOCALE = Path(__file__).parents[1] / "locale"
_ASKED_BY = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class Text:
    """A Chinese text; ``str`` of it is in the active language, Chinese where nothing is better."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        # Never imported here: only a process that already runs Django has an active language.
        django = sys.modules.get("django.utils.translation")
        if django is not None:
            return str(django.gettext(self.text))
        return _catalogue().gettext(self.text)

    def __mod__(self, facts: object) -> str:
        return str(self) % facts


lazy = Text


@cache
def _catalogue() -> gettext.NullTranslations:
    # gettext reads LANGUAGE, LC_ALL, LC_MESSAGES and LANG by itself.
    found = gettext.translation("django", _LOCALE, fallback=True)
    return found if isinstance(found, gettext.GNUTranslations) else _packed()


def _packed() -> gettext.NullTranslations:
    """The catalogue inside the one file to take away, where gettext finds none in a folder."""
    asked = next((value for name in _ASKED_BY if (value := os.environ.get(name))), "")
    if asked.lower().startswith("en"):
        try:
            data = pkgutil.get_data("kernel", "locale/en/LC_MESSAGES/django.mo")
        except OSError:
            data = None
        if data:
            return gettext.GNUTranslations(io.BytesIO(data))
    return gettext.NullTranslations()
