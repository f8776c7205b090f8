"""Words of code lists among the facts of a refusal: kept as codes, told in the reader's language.

A guard names a missing paper in the language of whoever acts. The attempt that is kept is read by
others: it keeps list and code, and the Chinese words beside them for the day when the list is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext

from kernel import clock
from kernel.errors import Refused
from kernel.regulation import selectors as law
from kernel.regulation.citing import language
from kernel.regulation.rows import RuleSet
from kernel.regulation.rule_sets import library

_KEYS = frozenset({"list", "code", "zh"})


class Named(str):
    """A label that remembers which code it is of which list, and its words in both languages.

    Put into a sentence it speaks the language of the sentence, whatever was spoken when the facts
    of the refusal were loaded.
    """

    code_list: str
    code: str
    zh: str
    en: str

    def __new__(cls, text: str, code_list: str, code: str, zh: str, en: str) -> Named:
        """Words with what they stand for."""
        made = super().__new__(cls, text)
        made.code_list, made.code, made.zh, made.en = code_list, code, zh, en
        return made

    def __str__(self) -> str:
        """The words in the active language."""
        return self.en if language() == "en" else self.zh


def named(code_list: str, code: str, at: datetime) -> str:
    """A code's label at a legal moment, in the reader's language, for the facts of a refusal.

    The code itself where the list in force has none.
    """
    day = clock.legal_date(at).isoformat()
    chinese = _listed(code_list, day, "zh").get(code)
    if chinese is None:
        return code
    english = _listed(code_list, day, "en")[code]
    text = english if language() == "en" else chinese
    return Named(text, code_list, code, chinese, english)


@lru_cache(maxsize=256)
def _listed(code_list: str, day: str, words: str) -> dict[str, str]:
    # Rule sets are frozen: so is what they say of a day.
    return dict(law.options(code_list, clock.start_of(date.fromisoformat(day)), words))


def kept(fact: Any) -> Any:
    """A fact as plain JSON that no language is lost from."""
    if isinstance(fact, Named):
        return {"list": fact.code_list, "code": fact.code, "zh": fact.zh}
    if isinstance(fact, list | tuple):
        return [kept(one) for one in fact]
    return fact


def told(fact: Any, at: datetime) -> Any:
    """A kept fact in the active language; ``at``: the legal moment whose list is asked.

    What was kept as plain words is told in the reader's language too where a rule or the catalogue
    has it there, and all else stays as it is (names, numbers, what people wrote).
    """
    if isinstance(fact, dict) and fact.keys() == _KEYS:
        try:
            return law.label(fact["list"], fact["code"], at, language())
        except Refused:
            return fact["zh"]
    if isinstance(fact, list):
        return [told(one, at) for one in fact]
    if isinstance(fact, str):
        said = _labels(library.sets)[language()].get(fact, fact)
        return gettext(fact) if fact and said == fact else said
    return fact


@lru_cache(maxsize=2)
def _labels(sets: tuple[RuleSet, ...]) -> dict[str, dict[str, str]]:
    """Language -> words of rules in the other language -> in this one; the first pair stands.

    Those of lists go before what other rules say, such as what to do about a suspicious word.
    """
    found: dict[str, dict[str, str]] = {"zh": {}, "en": {}}
    for one in sorted(sets, key=lambda one: one.kind != "codes"):
        for said in (value for row in one.rows for value in row.fields.values()):
            if isinstance(said, Mapping) and said.keys() == {"zh", "en"}:
                found["zh"].setdefault(said["en"], said["zh"])
                found["en"].setdefault(said["zh"], said["en"])
    return found
