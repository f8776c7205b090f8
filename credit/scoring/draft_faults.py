"""Faults of a draft's text as coded refusals, which name item and key in words, with the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from credit.scoring import drafting, scheme_words
from kernel.errors import Refusal
from kernel.regulation.rows import Fault

CODES = {
    "band_above_lower": "credit.scheme.band_above_lower",
    "band_twice": "credit.scheme.band_twice",
    "band_unreached": "credit.scheme.band_unreached",
    "base_outside": "credit.scheme.base_outside",
    "beyond": "credit.scheme.beyond",
    "bounds_crossed": "credit.scheme.bounds_crossed",
    "cap_below_nought": "credit.scheme.cap_below_nought",
    "day": "credit.scheme.day",
    "ends_before": "credit.scheme.ends_before",
    "facts": "credit.scheme.unread",
    "floor_above_nought": "credit.scheme.floor_above_nought",
    "form": "credit.scheme.form",
    "half_life_needed": "credit.scheme.half_life_needed",
    "half_life_unused": "credit.scheme.half_life_unused",
    "limits_nothing": "credit.scheme.limits_nothing",
    "missing": "credit.scheme.missing",
    "missing_row": "credit.scheme.missing",
    "multiline": "credit.scheme.multiline",
    "no_bands": "credit.scheme.no_bands",
    "no_formula": "credit.scheme.no_formula",
    "no_items": "credit.scheme.no_items",
    "no_kind": "credit.scheme.no_kind",
    "no_points": "credit.scheme.no_points",
    "no_rows": "credit.scheme.shape",
    "one_of": "credit.scheme.one_of",
    "place": "credit.scheme.place",
    "severity_needed": "credit.scheme.severity_needed",
    "severity_of_good": "credit.scheme.severity_of_good",
    "shape": "credit.scheme.shape",
    "stated_half_life": "credit.scheme.stated_half_life",
    "syntax": "credit.scheme.syntax",
    "table": "credit.scheme.table",
    "text": "credit.scheme.missing",
    "twice": "credit.scheme.twice",
    "unheeded": "credit.scheme.unheeded",
    "unheeded_decay": "credit.scheme.unheeded_decay",
    "unknown": "credit.scheme.unknown",
    "unread": "credit.scheme.unread",
    "unread_row": "credit.scheme.unread_row",
    "unreadable": "credit.scheme.unreadable",
    "veto_of_good": "credit.scheme.veto_of_good",
    "veto_without_cap": "credit.scheme.veto_without_cap",
    "weight_nought": "credit.scheme.weight_nought",
    "whole": "credit.scheme.whole",
    "words": "credit.scheme.words",
}  # fmt: skip
KINDS = frozenset(CODES)


def refusals(faults: Iterable[str], text: str) -> list[Refusal]:
    """Each fault with its words; of one that no page has words for, its own text."""
    rows, code = _rows(text), _code(text)
    if code and not code.startswith("schemes."):
        # It was read as another kind of law, whose faults say nothing here.
        faults = [Fault(f"{code} is no scheme", "no_kind", key="code")]
    return [_refusal(fault, rows) for fault in faults]


def in_form(refusal: Refusal, field: str, row: Mapping[str, Any] | None) -> Refusal:
    """The same refusal at a form's field: without line and codes, numbers as they are typed."""
    facts = dict(refusal.facts)
    name, key = str(facts.get("row", "")), str(facts.get("key", ""))
    facts["where"] = _where(name, key, row)
    for limit in ("least", "most"):
        if limit in facts:
            facts[limit] = scheme_words.number(name, key, int(facts[limit]))
    return Refusal(refusal.code, facts, refusal.article, field)


def _refusal(told: str, rows: Mapping[str, Mapping[str, Any]]) -> Refusal:
    if not isinstance(told, Fault) or told.kind not in CODES:
        return Refusal("credit.scheme.draft_faulty", {"fault": str(told)}, "", "draft")
    facts = {
        name: [_choice(told.key, each) for each in value] if name == "allowed" else value
        for name, value in told.facts.items()
    }
    row = rows.get(told.row)
    named = _where(told.row, told.key, row, codes=True)
    line = _("第 %(line)s 行") % {"line": told.line} if told.line else ""
    facts |= {"row": told.row, "key": told.key, "line": told.line}
    facts["where"] = " · ".join(filter(None, (line, named))) or _("草稿")
    return Refusal(CODES[told.kind], facts, "", "draft")


def _where(row: str, key: str, content: Mapping[str, Any] | None, *, codes: bool = False) -> str:
    """Row and key as the form calls them. codes: as the text writes them too."""

    def said(words: str, code: str) -> str:
        both = codes and words != code
        return _("%(words)s（%(code)s）") % {"words": words, "code": code} if both else words

    parts = [said(scheme_words.row_named(row, content), row)] if row else []
    # Of a row that has one value only, the row's name says it.
    if key and (codes or not row or key != "value"):
        parts.append(said(str(scheme_words.KEYS.get(key, key)), key))
    return " · ".join(parts)


def _choice(key: str, code: object) -> str:
    words = scheme_words.chosen(key, code)
    if words == str(code):
        return words
    return _("%(words)s（%(code)s）") % {"words": words, "code": code}


def _code(text: str) -> str:
    """What a text calls itself, as far as it can be read."""
    try:
        return str(drafting.header(text).get("code", ""))
    except (ValueError, TypeError, RecursionError):
        return ""


def _rows(text: str) -> Mapping[str, Mapping[str, Any]]:
    """The rows as they are written, as far as they can be read."""
    try:
        return drafting.rows(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
