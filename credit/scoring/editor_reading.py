"""What an editor's form says: the text of a draft, or every field that cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from credit.scoring import drafting, scheme_words
from credit.scoring.editor_form import OF_ITEMS, OPTIONAL, SAY_SO, VETO_CAP
from kernel.errors import Refusal

_POINTS = re.compile(r"([+-]?)(\d{1,6})(?:\.(\d{1,2}))?")
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
_WHOLE = re.compile(r"-?\d{1,9}")
_DEFAULTS = {"decay": "step", "veto": "no", "stated": "no", "severity": ""}
_CITED = ("article", "article_en", "source")

Row = dict[str, str | int | None]


class Wanted(NamedTuple):
    """What a form says: the draft's text, or every field that cannot be read."""

    text: str
    faults: tuple[Refusal, ...]


def read(base: str, said: Mapping[str, str]) -> Wanted:
    """The draft that a form asks for; what no form has a field for stays as it was."""
    if not drafting.is_plain(base):
        return Wanted("", (Refusal("credit.scheme.not_plain", {}, "", "draft"),))
    reading = _Reading(drafting.rows(base), said)
    reading.rows_of_text()
    added = reading.added()
    if reading.faults:
        return Wanted("", tuple(reading.faults))
    header = {
        name: said[name].strip() for name in ("version", "valid_from") if said.get(name, "").strip()
    }
    text = drafting.edited(
        base, header=header, changes=reading.changes, gone=reading.gone, added=added
    )
    return Wanted(text, ())


class _Reading:
    """One reading of one form; collects faults and goes on, so that all are told at once."""

    def __init__(self, rows: Mapping[str, Mapping[str, Any]], said: Mapping[str, str]) -> None:
        self.rows, self.said = rows, said
        self.faults: list[Refusal] = []
        self.changes: dict[str, Row] = {}
        self.gone: set[str] = set()

    def rows_of_text(self) -> None:
        for key, row in self.rows.items():
            code = key.partition("item.")[2]
            if code and self.said.get(f"gone:{code}"):
                self.gone.add(key)
            elif code:
                self.changes[key] = self._item(code, row)
            elif "value" in row and (typed := self.said.get(f"value:{key}")) is not None:
                self._value(key, typed)

    def _value(self, key: str, typed: str) -> None:
        if not typed.strip() and key.startswith(OPTIONAL):
            self.gone.add(key)
            return
        number = _whole(typed) if scheme_words.is_count(key) else _hundredths(typed)
        into = self.changes.setdefault(key, {})
        self._keep(into, "value", number, f"value:{key}", scheme_words.row_named(key))

    def _item(self, code: str, row: Mapping[str, Any]) -> Row:
        found: Row = {}
        label = scheme_words.label_of(row, code)
        for field, name in OF_ITEMS.items():
            typed = self.said.get(f"{field}:{code}")
            if typed is None:
                continue
            if name in _DEFAULTS:
                if typed and typed != row.get(name, _DEFAULTS[name]):
                    found[name] = typed
            elif field == "half" and not typed.strip():
                found[name] = None
            else:
                number = _hundredths(typed) if name == "points" else _whole(typed)
                what = f"{label} · {scheme_words.KEYS[name]}"
                self._keep(found, name, number, f"{field}:{code}", what)
        return found

    def added(self) -> list[Row]:
        """New rows: the item that is described, and the cap of vetoes where there was none."""
        found = []
        typed = self.said.get(f"value:{VETO_CAP}", "").strip()
        if typed and VETO_CAP not in self.rows:
            like = self.rows.get("base", {})
            cap: Row = {"key": VETO_CAP}
            what = scheme_words.row_named(VETO_CAP)
            self._keep(cap, "value", _hundredths(typed), f"value:{VETO_CAP}", what)
            found.append(cap | {name: like.get(name, "") for name in _CITED})
        if any(self.said.get(f"new:{name}", "").strip() for name in SAY_SO):
            found.append(self._new())
        return found

    def _new(self) -> Row:
        new = {
            name.removeprefix("new:"): typed.strip()
            for name, typed in self.said.items()
            if name.startswith("new:")
        }
        self._said_of_new(new)
        found: Row = {"key": f"item.{new.get('code', '')}"}
        points = _hundredths(new.get("points", ""))
        self._keep(found, "points", points, "new:points", str(scheme_words.KEYS["points"]))
        days = _whole(new.get("days", ""))
        self._keep(found, "days", days, "new:days", str(scheme_words.KEYS["days"]))
        found["category"] = new.get("category", "")
        if new.get("half"):
            what = str(scheme_words.KEYS["half_life_days"])
            self._keep(found, "half_life_days", _whole(new["half"]), "new:half", what)
        for name, default in _DEFAULTS.items():
            if new.get(name, default) != default:
                found[name] = new[name]
        article, label = new.get("article", ""), new.get("zh", "")
        found |= {
            "label_zh": label,
            "label_en": new.get("en") or label,
            "article": article,
            "article_en": new.get("article_en") or article,
            "source": new.get("source") or "own_default",
        }
        if note := new.get("note") or new.get("note_en"):
            found |= {"note_zh": note, "note_en": new.get("note_en") or note}
        return found

    def _said_of_new(self, new: Mapping[str, str]) -> None:
        code = new.get("code", "")
        if not _CODE.fullmatch(code):
            self.faults.append(Refusal("credit.scheme.draft_code", {}, "", "new:code"))
        elif f"item.{code}" in self.rows:
            self.faults.append(Refusal("credit.scheme.item_known", {"code": code}, "", "new:code"))
        self.faults += [
            Refusal("credit.scheme.draft_empty", {"what": what}, "", f"new:{name}")
            for name, what in (
                ("zh", _("中文名称")),
                ("category", str(scheme_words.KEYS["category"])),
                ("article", str(scheme_words.KEYS["article"])),
            )
            if not new.get(name)
        ]

    def _keep(self, into: Row, name: str, number: int | None, field: str, what: str) -> None:
        if number is None:
            self.faults.append(Refusal("credit.scheme.draft_number", {"what": what}, "", field))
        else:
            into[name] = number


def _hundredths(typed: str) -> int | None:
    found = _POINTS.fullmatch(_narrow(typed))
    if found is None:
        return None
    sign, whole, part = found.groups()
    number = int(whole) * 100 + int((part or "").ljust(2, "0") or 0)
    return -number if sign == "-" else number


def _whole(typed: str) -> int | None:
    return int(_narrow(typed)) if _WHOLE.fullmatch(_narrow(typed)) else None


def _narrow(typed: str) -> str:
    """As a number is read: signs of full width are those of half width."""
    return unicodedata.normalize("NFKC", typed).strip().replace("−", "-")
