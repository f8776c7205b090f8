"""What a link to an act already knows: values in its address fill the form that opens a case.

An entry is a proposal like any other: it is checked, reviewed and confirmed as if it were typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django import forms
from django.forms import BoundField
from django.urls import reverse
from django.utils.http import urlencode

from kernel.web.money_field import YuanField
from kernel.web.presenters import ActForm

_MAX = 200


def open_url(machine: str, **known: str | int) -> str:
    """The address of the act page that opens a case, with what is known. Money in fen."""
    url = reverse("web:act-open", args=[machine])
    given = {name: value for name, value in known.items() if value != ""}
    return f"{url}?{urlencode(given)}" if given else url


def apply(form: ActForm, address: Mapping[str, str]) -> None:
    """Propose what the address knows, where the form has such a field and takes such a value."""
    for bound in _fields(form):
        value = address.get(bound.name, "").strip()
        if value and len(value) <= _MAX and _takes(bound.field, value):
            form.form.initial[bound.name] = (
                int(value) if isinstance(bound.field, YuanField) else value
            )
            bound.__dict__.pop("initial", None)  # it was looked at when the form was made


def _fields(form: ActForm) -> Iterator[BoundField]:
    for group in form.groups:
        yield from (view.bound for view in group.fields)


def _takes(field: forms.Field, value: str) -> bool:
    if isinstance(field, YuanField):
        return value.isascii() and value.isdigit() and len(value) < 18
    if isinstance(field, forms.FileField | forms.BooleanField):
        return False
    if isinstance(field, forms.ChoiceField):
        return field.valid_value(value)
    return True
