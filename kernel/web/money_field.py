"""The form field for money: typed as people write yuan, cleaned to integer fen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refused
from kernel.money import format_yuan, parse_yuan


class YuanField(forms.Field):
    """Yuan with two decimals and thousands separators; the value is integer fen.

    min_fen: the least amount that is taken, 0 by default.
    """

    default_error_messages = {
        "money.not_a_number": _("请填写金额，例如 1,234,567.00。"),
        "money.too_many_decimals": _("金额最多两位小数。"),
        "money.too_large": _("金额超出可登记的范围。"),
        "too_small": _("金额不能小于 %(least)s 元。"),
    }

    def __init__(self, *, min_fen: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**kwargs)
        self.min_fen = min_fen

    def prepare_value(self, value: Any) -> Any:
        """Write fen as yuan; what a person typed stays as it was typed."""
        return format_yuan(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        """Fen, or None where nothing was typed."""
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return parse_yuan(str(value))
        except Refused as refused:
            code = refused.refusals[0].code
            raise ValidationError(self.error_messages[code], code=code) from refused

    def validate(self, value: Any) -> None:
        """Refuse less than the least."""
        super().validate(value)
        if value is not None and value < self.min_fen:
            least = {"least": format_yuan(self.min_fen)}
            raise ValidationError(self.error_messages["too_small"], "too_small", least)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare amounts, not how they are written; what is no amount has changed."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True
