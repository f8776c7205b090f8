"""The form of any act, made from what the act brings along (its payload's schema) and its words.

A package writes the words of its fields once, in its presenter (``Presenter.fields``), and has act
pages for all acts of its machine. A form of its own is for what a clerk's paper form lays out
otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models.manager import BaseManager
from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.errors import Refused, catalogue
from kernel.web.money_field import YuanField
from kernel.web.schema_fields import HASH, TextLines, field_of, is_empty, line_model
from kernel.web.viewmodels import FieldView, FormGroup, FormLine
from kernel.workflow.machines import Payload

LINES = 3


Options = Callable[[Any, Actor, datetime], Iterable[tuple[str, Any]]]
"""(case or None, actor, at) -> (code, label) pairs."""


@dataclass(frozen=True)
class Words:
    """A field's words.

    options: the name of a code list of the law, or a function that gives code and label pairs.
    suggest: known values with their names, offered while another may still be typed.
    initial: (case, actor, at) -> value that is already known; source: where it is known from.
    lines: how many lines a list offers. group: the heading it stands under. needed: a guard refuses
    an act without it, though the schema does not; so the label does not call it optional.
    """

    label: Any
    help: Any = ""
    unit: Any = ""
    options: str | Options = ""
    suggest: Options | None = None
    initial: Callable[[Any, Actor, datetime], Any] | None = None
    source: Any = ""
    lines: int = LINES
    group: Any = ""
    needed: bool = False
    # What must be there first, and who does it, where there is nothing to choose from.
    none: Any = ""
    # Typed as points with two decimals, kept in hundredths of a point.
    hundredths: bool = False
    # Whether pages ask for it: what the law forbids can be said to the API only, to be refused.
    asked: bool = True


FieldWords = Mapping[str, Words]
"""Words by field name; a list's own fields by ``papers.number``."""


@dataclass(frozen=True)
class Setting:
    """What a form is made for: the case (None where the act opens one), who acts, when."""

    case: Any
    actor: Actor
    at: datetime


class SchemaForm(forms.Form):
    """A form over a payload schema. Nothing is required here: the act's own schema says so."""

    def __init__(
        self,
        schema: type[Payload],
        words: FieldWords,
        setting: Setting,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> None:
        self.schema, self.words, self.setting = schema, words, setting
        super().__init__(data, files, initial=self._initial())
        for name, info in self._asked():
            self._add(name, name, info)

    def _asked(self) -> Iterator[tuple[str, FieldInfo]]:
        """The schema's fields that a page asks for."""
        for name, info in self.schema.model_fields.items():
            if name not in self.words or self.words[name].asked:
                yield name, info

    def _add(self, name: str, path: str, info: FieldInfo) -> None:
        words = self.words.get(path, Words(path))
        if (model := line_model(info.annotation)) is not None:
            for line in range(self._line_count(name, words)):
                for part, part_info in model.model_fields.items():
                    self._add(f"{name}-{line}-{part}", f"{path}.{part}", part_info)
            return
        field = field_of(name, info, words, self.setting)
        field.needed = words.needed or info.is_required()  # type: ignore[attr-defined]
        self.fields[name] = field
        if name.endswith(HASH):
            self.fields[f"{name}-kept"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def _line_count(self, name: str, words: Words) -> int:
        held = self.initial.get(f"{name}-count", 0) if self.initial else 0
        return max(words.lines, held + 1 if held else 0)

    def _initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, info in self.schema.model_fields.items():
            value = self._known(name)
            if value in (None, ""):
                continue
            if line_model(info.annotation) is not None:
                found[f"{name}-count"] = len(value)
                for line, item in enumerate(value):
                    found |= {f"{name}-{line}-{part}": v for part, v in item.items()}
                    found |= {
                        f"{name}-{line}-{part}-kept": v
                        for part, v in item.items()
                        if part.endswith(HASH)
                    }
            else:
                found[name] = found[f"{name}-kept"] = value
        return found

    def _known(self, name: str) -> Any:
        words = self.words.get(name)
        if words is not None and words.initial is not None:
            return words.initial(self.setting.case, self.setting.actor, self.setting.at)
        if self.setting.case is None:
            return None
        held = getattr(self.setting.case, name, None)
        # Rows that bear the list's name (votes' findings, clearing's findings) are not its lines.
        return None if isinstance(held, BaseManager) else held

    def clean(self) -> dict[str, Any]:
        """Keep the files that came; a hash travels on in a hidden field beside its file."""
        cleaned = super().clean() or {}
        for name, field in self.fields.items():
            # Where none came, a file field gives back its initial value: the hash that is held.
            if isinstance(field, forms.FileField) and hasattr(cleaned.get(name), "read"):
                self._keep(name, cleaned)
        return cleaned

    def _keep(self, name: str, cleaned: dict[str, Any]) -> None:
        try:
            stored = scans.store(
                actor=self.setting.actor, content=cleaned[name], at=self.setting.at
            )
        except Refused as refused:
            self.add_error(name, [catalogue.message(r) for r in refused.refusals])
            return
        cleaned[f"{name}-kept"] = stored.sha256
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[f"{name}-kept"] = stored.sha256
        self.data = data

    def payload(self) -> dict[str, Any]:
        """The act's payload out of clean data; what was left empty is left out."""
        found: dict[str, Any] = {}
        for name, info in self._asked():
            if (model := line_model(info.annotation)) is not None:
                found[name] = list(self._lines(name, model))
            elif not is_empty(value := self._value(name)):
                found[name] = value
        return found

    def _value(self, name: str) -> Any:
        field = self.fields[name]
        if isinstance(field, forms.FileField):
            return self.cleaned_data.get(f"{name}-kept") or ""
        value = self.cleaned_data.get(name)
        if isinstance(field, TextLines):
            return [line.strip() for line in str(value or "").splitlines() if line.strip()]
        return value

    def _lines(self, name: str, model: type[BaseModel]) -> Iterator[dict[str, Any]]:
        for line in range(self._line_count(name, self.words.get(name, Words(name)))):
            parts = {part: self._value(f"{name}-{line}-{part}") for part in model.model_fields}
            filled = {part: value for part, value in parts.items() if not is_empty(value)}
            # A box that is not ticked is no entry of its own.
            if any(value is not False for value in filled.values()):
                yield filled

    def groups(self, title: str) -> tuple[FormGroup, ...]:
        """The fields under their headings, in the order of the schema."""
        found: dict[str, list[FormGroup]] = {}
        if self.is_bound:
            self.is_valid()  # files that came are kept, and their fields say so
        for name, info in self._asked():
            words = self.words.get(name, Words(name))
            heading = str(words.group) or title
            if (model := line_model(info.annotation)) is not None:
                lines = tuple(
                    FormLine(
                        f"{words.label} {line + 1}",
                        tuple(
                            self._view(f"{name}-{line}-{part}", f"{name}.{part}")
                            for part in model.model_fields
                        ),
                    )
                    for line in range(self._line_count(name, words))
                )
                found.setdefault(str(words.label), []).append(
                    FormGroup(str(words.label), (), note=str(words.help), lines=lines)
                )
            else:
                found.setdefault(heading, []).append(FormGroup(heading, (self._view(name, name),)))
        return tuple(
            FormGroup(
                parts[0].title,
                tuple(view for part in parts for view in part.fields),
                note=parts[0].note,
                lines=tuple(line for part in parts for line in part.lines),
            )
            for parts in found.values()
        )

    def _view(self, name: str, path: str) -> FieldView:
        words = self.words.get(path, Words(path))
        money = type(self.fields[name]) is YuanField
        unit = str(words.unit) or (_("元") if money else "")
        bound = self[name]
        if isinstance(self.fields[name], forms.FileField):
            kept = self[f"{name}-kept"].value()
            if kept:
                bound.help_text = _("已存文件 %(sha256)s…，另选文件即替换") % {"sha256": kept[:8]}
        return FieldView(bound, source=str(words.source) if bound.initial else "", unit=unit)


def today(_case: Any, _actor: Actor, at: datetime) -> date:
    """An initial value: the legal day of the act."""
    return clock.legal_date(at)
