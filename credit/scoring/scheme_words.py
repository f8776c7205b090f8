"""What the codes of a scheme are called: its rows, their keys, categories, decays, severities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit import citing
from kernel.regulation import marks
from kernel.regulation.schemas import SOURCES

CATEGORIES = {
    "performance": gettext_lazy("履约评价"),
    "award": gettext_lazy("工程奖项"),
    "safety": gettext_lazy("质量安全"),
    "contract": gettext_lazy("合同履行"),
    "wages": gettext_lazy("工资支付"),
    "machinery": gettext_lazy("起重机械"),
    "tendering": gettext_lazy("招标投标"),
    "bidding": gettext_lazy("投标行为"),
    "serious": gettext_lazy("严重不良行为"),
    "good": gettext_lazy("优良行为"),
    "bad": gettext_lazy("不良行为"),
    "other": gettext_lazy("其他行为"),
}
SEVERITIES = {
    "": gettext_lazy("良好行为"), "minor": gettext_lazy("轻微"),
    "ordinary": gettext_lazy("一般"), "serious": gettext_lazy("严重"),
}  # fmt: skip
DECAYS = {
    "step": gettext_lazy("期内不变"), "linear": gettext_lazy("逐日递减"),
    "half_life": gettext_lazy("按半衰期递减"),
}  # fmt: skip
YES_NO = {"no": gettext_lazy("否"), "yes": gettext_lazy("是")}
_CHOSEN: Mapping[str, Mapping[str, Any]] = {
    "category": CATEGORIES, "severity": SEVERITIES, "decay": DECAYS, "veto": YES_NO,
    "stated": YES_NO,
}  # fmt: skip
# The keys of rows and header, as the form calls them.
KEYS = {
    "key": gettext_lazy("代码"),
    "label": gettext_lazy("名称"),
    "points": gettext_lazy("分值"),
    "category": gettext_lazy("评价类别"),
    "days": gettext_lazy("有效天数"),
    "decay": gettext_lazy("递减方式"),
    "half_life_days": gettext_lazy("半衰期（天）"),
    "severity": gettext_lazy("轻重"),
    "veto": gettext_lazy("一票否决"),
    "stated": gettext_lazy("以文书为准"),
    "value": gettext_lazy("数值"),
    "name": gettext_lazy("公式"),
    "article": gettext_lazy("依据"),
    "article_en": gettext_lazy("依据（英文）"),
    "source": gettext_lazy("依据的来源"),
    "region": gettext_lazy("地区"),
    "subject": gettext_lazy("适用对象"),
    "note": gettext_lazy("说明"),
    "code": gettext_lazy("方案代码"),
    "version": gettext_lazy("版本"),
    "valid_from": gettext_lazy("施行日期"),
    "valid_to": gettext_lazy("截止日期"),
    "supersedes": gettext_lazy("取代的版本"),
    "authority": gettext_lazy("发布机关"),
    "title": gettext_lazy("方案名称"),
    "notice": gettext_lazy("提示"),
}
_ROWS = {
    "base": gettext_lazy("基础分"),
    "bound.lower": gettext_lazy("最低分"),
    "bound.upper": gettext_lazy("最高分"),
    "cap.good": gettext_lazy("加分总上限"),
    "veto.cap": gettext_lazy("一票否决时的最高分"),
    "mean.months": gettext_lazy("取几个月的平均分"),
    "lag.days": gettext_lazy("几天后生效"),
    "inertia.steps": gettext_lazy("一次最多升几级"),
    "inertia.months": gettext_lazy("几个月内"),
    "section.start": gettext_lazy("每个合同段的起始分"),
    "section.floor": gettext_lazy("每个合同段的最低分"),
    "weight.bidding": gettext_lazy("投标行为的权重"),
    "weight.performance": gettext_lazy("履约行为的权重"),
    "formula": gettext_lazy("计算公式"),
    "unscored.listed": gettext_lazy("列入失信名单期间不评分"),
}
# What counts months, days, steps or shares; everything else of a scheme counts points.
_COUNTS = ("mean.months", "lag.days", "inertia.steps", "inertia.months", "weight.")


def category(code: str) -> str:
    """What a category is called; the code where nobody has named it."""
    return str(CATEGORIES.get(code, code))


def sources() -> list[tuple[str, str]]:
    """How sure an article is: code and words."""
    return [(code, str(marks.mark(code))) for code in SOURCES]


def label_of(row: Mapping[str, Any], code: str) -> str:
    """An item's words in the language asked for; the code where the row has none."""
    label = row.get("label")
    said = label.get(citing.language()) if isinstance(label, Mapping) else ""
    return str(said or code)


def row_named(key: str, row: Mapping[str, Any] | None = None) -> str:
    """What a row is called, by its key; an item by its own label."""
    if key in _ROWS:
        return str(_ROWS[key])
    kind, _dot, name = key.partition(".")
    shapes = {
        "item": _("评价项“%(name)s”"),
        "cap": _("类别“%(name)s”的加分上限"),
        "floor": _("类别“%(name)s”的扣分下限"),
        "band": _("等级 %(name)s 的最低分"),
    }
    if kind not in shapes or not name:
        return key
    called = {"item": label_of(row or {}, name), "band": name}.get(kind, category(name))
    return shapes[kind] % {"name": called}


def is_count(key: str) -> bool:
    """Whether a row counts something else than points."""
    return key.startswith(_COUNTS)


def points(hundredths: int) -> str:
    """Points as they are typed: two decimals."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def number(row: str, key: str, value: int) -> str:
    """A number of a row as its form shows it: of points, or a count."""
    counts = key not in ("points", "value") or (key == "value" and is_count(row))
    return str(value) if counts else points(value)


def chosen(key: str, value: object) -> str:
    """What a value of a key is called, where it is one of a few."""
    words = dict(sources()) if key == "source" else _CHOSEN.get(key, {})
    return str(words.get(str(value), value))
