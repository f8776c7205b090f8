"""Articles in the reader's language: of a row of law, or as a case, a paper or the log keeps them.

What is kept is Chinese, as the law is cited, with its mark behind it where nobody read the text;
article and mark are put into words each by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.utils.translation import get_language, gettext, gettext_noop, override, pgettext

from kernel.regulation import marks
from kernel.regulation.messages import MARKS
from kernel.regulation.rows import Row, RuleSet
from kernel.regulation.rule_sets import library

_LOCALES = {"zh": "zh-hans", "en": "en"}
# How articles of our own begin, as the rule sets have them.
_PREFIXES = (gettext_noop("平台默认："), "Platform default: ", "Default of the platform: ")


def language() -> str:
    """The language of the words asked for: ``zh`` or ``en``."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


def cited(row: Row, words: str) -> str:
    """A row's article in a language, marked where it must be."""
    article = row.article_en if words == "en" else row.article
    return _marked(article, row.source, words) if marks.must_be_marked(row.source) else article


def told(article: str, words: str = "") -> str:
    """An article that is kept, in a language, else the active one.

    As it is kept where neither the law nor the catalogue has it in that language: what an officer
    wrote, or cited a row that is gone.
    """
    return _told(article, words or language()) if article else ""


def as_written(article: str) -> str:
    """The same in Chinese, as the law is cited: what is kept of an article for every reader."""
    return told(article, "zh")


@lru_cache(maxsize=4096)
def _told(article: str, words: str) -> str:
    bare, source = _apart(article)
    english, chinese = _both_ways(library.sets)
    if words == "zh":
        said = chinese.get(bare, bare)
    else:
        with override("en"):
            said = gettext(bare)
        said = english.get(bare, bare) if said == bare else said
    return _marked(said, source, words) if source else said


def _marked(article: str, source: str, words: str) -> str:
    # The mark in the article's language, not in that of whoever asks first and is remembered.
    with override(_LOCALES[words]):
        note = str(marks.mark(source))
        text = _unprefixed(article) if source == "own_default" else article
        return pgettext("note", "%(text)s（%(note)s）") % {"text": text, "note": note}


def _unprefixed(article: str) -> str:
    """What an own default says, without the words that it is one: its mark says them, and more."""
    text = article.removeprefix(next(filter(article.startswith, _PREFIXES), ""))
    return text[:1].upper() + text[1:]


def _apart(article: str) -> tuple[str, str]:
    """An article without its mark, and the source that the mark speaks of; "" for none."""
    for tail, source in _tails().items():
        if article.endswith(tail):
            return article.removesuffix(tail), source
    return article, ""


@lru_cache(maxsize=1)
def _tails() -> Mapping[str, str]:
    return {_marked("", source, words): source for words in _LOCALES for source in MARKS}


@lru_cache(maxsize=2)
def _both_ways(sets: tuple[RuleSet, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Chinese article -> English, and English -> Chinese; the first of several names stands."""
    english: dict[str, str] = {}
    chinese: dict[str, str] = {}
    for row in (row for one in sets for row in one.rows):
        if row.article and row.article_en:
            english.setdefault(row.article, row.article_en)
            chinese.setdefault(row.article_en, row.article)
            # As an article is kept beside its mark.
            english.setdefault(_unprefixed(row.article), row.article_en)
            chinese.setdefault(_unprefixed(row.article_en), row.article)
    return english, chinese
