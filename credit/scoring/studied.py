"""How studies are told apart: who asked when, of which draft, and what that changes in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from credit import citing
from credit.scoring import drafting, kinds, scheme_words, selectors
from credit.scoring.models import CreditStudy
from kernel.errors import Refused
from kernel.parties.models import Person
from kernel.regulation.reading import digest

_FEW, _HASH = 3, 8


def told(studies: Iterable[CreditStudy]) -> list[dict[str, Any]]:
    """Studies with the schemes that they ask about as people call them, in one query more."""
    rows = list(studies)
    names = dict(
        Person.objects.filter(pk__in={row.asked_by for row in rows}).values_list("pk", "name")
    )
    language = citing.language()
    return [
        {
            "study": row,
            "asked_by": names.get(row.asked_by, "—"),
            "first": selectors.title_of(row.first, language),
            "second": selectors.title_of(row.second, language) if row.second else "",
            "draft": _draft(row) if row.draft else None,
        }
        for row in rows
    ]


def _draft(row: CreditStudy) -> dict[str, Any]:
    """A draft by its own words: version, first day, hash, and what it changes."""
    head = drafting.header(row.draft)
    changes = differences(_base(row), row.draft)
    return {
        "title": str((head.get("title") or {}).get(citing.language(), "")),
        "version": str(head.get("version", "")),
        "valid_from": head["valid_from"] if isinstance(head.get("valid_from"), date) else None,
        "hash": digest(row.draft)[:_HASH],
        "changes": changes,
        "few": changes[:_FEW],
    }


def _base(row: CreditStudy) -> str:
    """The text that a draft began with: of its scheme as it was in force when it was asked for."""
    try:
        return selectors.text_of(row.first, row.asked_at)
    except Refused:
        return ""


def differences(before: str, after: str) -> list[str]:
    """What a draft says otherwise than its base, each in words; nothing where there is no base."""
    if not before:
        return []
    rows = {**drafting.rows(before), **drafting.rows(after)}
    return list(_in_words(drafting.changed(before, after), rows))


def _in_words(changes: Iterable[drafting.Change], rows: Mapping[str, Any]) -> Iterator[str]:
    for row, key, before, after in changes:
        if not key:
            shape = _("增加%(what)s") if before is None else _("删去%(what)s")
            yield shape % {"what": scheme_words.row_named(row, rows.get(row))}
            continue
        old, new = (_value(row, key, value) for value in (before, after))
        if old == new:
            continue
        parts = [scheme_words.row_named(row, rows.get(row))] if row else []
        if not row or key != "value":
            parts.append(str(scheme_words.KEYS.get(key, key)))
        yield f"{' · '.join(parts)} {old} → {new}"


def _value(row: str, key: str, value: Any) -> str:
    """A value as its form shows it; what is not written is what its key is without."""
    if value is None and row and key in kinds.FIELDS:
        value = kinds.FIELDS[key].default
    if value is None or (value == 0 and key == "half_life_days"):
        return "—"
    if isinstance(value, Mapping):
        return str(value.get(citing.language(), ""))
    if type(value) is int:
        return scheme_words.number(row, key, value)
    return scheme_words.chosen(key, value)
