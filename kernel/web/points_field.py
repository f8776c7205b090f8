"""The form field for points: typed as a decision states them, cleaned to whole hundredths."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.web.money_field import YuanField


class PointsField(YuanField):
    """Points with at most two decimals; the value is hundredths of a point, without a sign.

    Whether they are taken or given says what they are for: -2, 2 and 2.00 are the same.
    """

    default_error_messages = {
        "money.not_a_number": _("请填写分值，例如 2 或者 2.00。"),
        "money.too_many_decimals": _("分值最多两位小数。"),
        "money.too_large": _("分值超出可登记的范围。"),
    }

    def to_python(self, value: Any) -> int | None:
        """Hundredths, or None where nothing was typed."""
        typed = str(value).replace("\u2212", "-") if isinstance(value, str) else value
        found = super().to_python(typed)
        return None if found is None else abs(found)
