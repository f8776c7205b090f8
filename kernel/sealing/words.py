"""Texts that are translated when they are shown, with Django where it runs and without it else.

The signing client runs where no Django is installed, and says the same words as the pages.
"""

from __future__ import annotations

import gettext
import sys
from functools import cache
from pathlib import Path

_LOCALE = Path(__file__).parents[1] / "locale"


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
    return gettext.translation("django", _LOCALE, fallback=True)
