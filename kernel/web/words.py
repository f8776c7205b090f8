"""Words that the design system itself says: how sure a rule is, the states of a timeline."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from kernel.regulation.citing import told


def cited(article: str) -> str:
    """An article in the active language; as it is written where it has no other."""
    return told(article)


# A rule that was not read in the text of the law says so wherever it is shown.
MARKS: dict[str, tuple[Promise, Promise]] = {
    "memory": (_("待核对原文"), _("本条凭记忆写入，尚未与法规原文核对。")),
    "secondary": (_("转引"), _("本条引自二手材料，尚未与法规原文核对。")),
    "default": (_("平台默认"), _("本条为平台默认值，并非法规规定。")),
}

TIMELINE: dict[str, Promise] = {
    "done": pgettext_lazy("timeline", "已完成"),
    "now": pgettext_lazy("timeline", "当前"),
    "next": pgettext_lazy("timeline", "待办"),
    "refused": pgettext_lazy("timeline", "未获准"),
}


def listed(items: Iterable[object]) -> str:
    """Names one after the other, in the punctuation of the reader's language."""
    return pgettext("list", "、").join(map(str, items))


def sentences(items: Iterable[object]) -> str:
    """Whole statements one after the other."""
    return pgettext("list", "；").join(map(str, items))


def with_note(text: object, note: object) -> str:
    """A text and what is said beside it in brackets."""
    return pgettext("note", "%(text)s（%(note)s）") % {"text": text, "note": note}
