"""The form field of each field of a payload's schema: by its type, its name and its words."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kernel.regulation import selectors as law
from kernel.web.money_field import YuanField
from kernel.web.points_field import PointsField
from kernel.web.suggesting import Suggesting

if TYPE_CHECKING:
    from kernel.web.schema_forms import Options, Setting, Words

_LONG = 200  # texts that may be longer are typed into several lines
HASH = "sha256"


class TextLines(forms.CharField):
    """Several texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value


class _Moment(forms.DateTimeField):
    """An instant as people write it in legal time; aware and in UTC when clean."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
        )
        super().__init__(widget=widget, **kwargs)


def is_empty(value: Any) -> bool:
    """Whether nothing was given; a box that is not ticked was."""
    return value is None or value == "" or value == [] or value == ()


def _plain(annotation: Any) -> Any:
    """The type behind ``Annotated`` and ``| None``."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _plain(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        inner = [a for a in typing.get_args(annotation) if a is not type(None)]
        return _plain(inner[0]) if len(inner) == 1 else annotation
    return annotation


def _item(annotation: Any) -> Any:
    """What a list holds, or None where the annotation is no list."""
    plain = _plain(annotation)
    if typing.get_origin(plain) in (tuple, list):
        return _plain(typing.get_args(plain)[0])
    return None


def line_model(annotation: Any) -> type[BaseModel] | None:
    """What each line of a list is made of; None where the field is no such list."""
    item = _item(annotation)
    return item if isinstance(item, type) and issubclass(item, BaseModel) else None


def _longest(info: FieldInfo) -> int | None:
    for part in info.metadata:
        found = getattr(part, "max_length", None)
        if isinstance(found, int):
            return found
    return None


def field_of(name: str, info: FieldInfo, words: Words, setting: Setting) -> forms.Field:
    """The form field of a payload's field."""
    common: dict[str, Any] = {"label": words.label, "help_text": words.help, "required": False}
    kind, item = _plain(info.annotation), _item(info.annotation)
    if words.options:
        choices = _choices(words.options, setting)
        if item is not None:
            boxes = forms.CheckboxSelectMultiple
            if not choices:
                common["help_text"] = words.none or _("目前没有可选的")
            return forms.MultipleChoiceField(choices=choices, widget=boxes, **common)
        if not choices and words.none:
            common["help_text"] = words.none
        if "" not in {code for code, _label in choices}:  # else nothing chosen has its own words
            choices = [("", _("请选择") if choices else _("目前没有可选的")), *choices]
        return forms.ChoiceField(choices=choices, **common)
    if name.endswith(HASH):
        common["help_text"] = words.help or _("PDF、JPEG、PNG、XLSX 或 XML，不超过 20 MB")
        return forms.FileField(widget=forms.FileInput, **common)
    if item is not None:
        return TextLines(**common)
    if kind is int and name.endswith("_fen"):
        return YuanField(**common)
    if kind is int and words.hundredths:
        return PointsField(**common)
    plain: dict[Any, Callable[..., forms.Field]] = {
        bool: forms.BooleanField,
        int: forms.IntegerField,
        Decimal: forms.DecimalField,
        datetime: _Moment,
    }
    if kind in plain:
        return plain[kind](**common)
    if kind is date:
        return forms.DateField(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common
        )
    longest = _longest(info)
    if words.suggest is not None:
        known = tuple(words.suggest(setting.case, setting.actor, setting.at))
        common["widget"] = Suggesting(known)
    elif longest is not None and longest > _LONG:
        common["widget"] = forms.Textarea(attrs={"rows": 6})
    return forms.CharField(max_length=longest, **common)


def _choices(options: str | Options, setting: Setting) -> list[tuple[str, Any]]:
    if callable(options):
        return list(options(setting.case, setting.actor, setting.at))
    language = "en" if (get_language() or "zh").startswith("en") else "zh"
    region = getattr(setting.case, "region", "") if setting.case else ""
    return list(law.options(options, setting.at, language, region))
