"""A text input that offers what is known while anything else may still be typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from kernel.web.markup import format_html, format_html_join


class Suggesting(forms.TextInput):
    """Known values with their names as the input's list, without a script."""

    def __init__(self, known: Iterable[tuple[str, Any]]) -> None:
        super().__init__()
        self.known = tuple(known)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The input and its list."""
        listed = f"{(attrs or {}).get('id', name)}_known"
        text = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        rows = ((value, label) for value, label in self.known)
        options = format_html_join("", '<option value="{}">{}</option>', rows)
        return format_html('{}<datalist id="{}">{}</datalist>', text, listed, options)
