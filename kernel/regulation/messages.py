"""The words of the regulation room: its refusals, and the marks of how sure a row is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

MARKS = {
    "statute_text": _("依法规原文"),
    "web_page": _("依公开网页"),
    "public_code": _("依公开代码，未核对原文"),
    "secondary": _("依转述资料，未核对原文"),
    "remembered": _("凭业务知识录入，未核对原文"),
    "remembered_uncertain": _("凭业务知识录入，待核实"),
    "own_default": _("平台默认值，非法定"),
}

_ADD_NOTICE = _("由平台管理员录入国务院办公厅放假通知后再办理")

WORDINGS = {
    "regulation.calendar.year_not_confirmed": Wording(
        _("%(year)s 年的工作日历尚未确认，无法计算期限"), cure=_ADD_NOTICE
    ),
    "regulation.calendar.next_year_unconfirmed": Wording(
        _("%(year)s 年的工作日历尚未录入，跨年期限将无法计算"), cure=_ADD_NOTICE
    ),
    "regulation.rule_set.none_valid": Wording(_("规则集 %(rule_set)s 在 %(day)s 没有有效版本")),
    "regulation.rule_set.not_published": Wording(
        _("规则集 %(rule_set)s 没有发布过版本 %(version)s")
    ),
    "regulation.rule_set.changed": Wording(
        _("规则集 %(rule_set)s 的版本 %(version)s 已发布，内容不得改动"),
        cure=_("恢复原文，另立新版本并写明所取代的版本"),
    ),
    "regulation.rule_set.overlaps": Wording(
        _("规则集 %(rule_set)s 的版本 %(version)s 与 %(other)s 有效期重叠"),
        cure=_("在新版本中写明所取代的版本，或调整有效期"),
    ),
    "regulation.rule_set.frozen": Wording(
        _("规则集 %(rule_set)s 的版本 %(version)s 已发布，不得修改或删除")
    ),
    "regulation.row.unknown_key": Wording(_("规则集 %(rule_set)s 没有“%(key)s”这一条")),
    "regulation.row.none_applies": Wording(
        _("规则集 %(rule_set)s 的“%(key)s”没有适用于本案情形的条款")
    ),
    "regulation.period.wrong_direction": Wording(
        _("期限“%(key)s”的计算方向不符（该期限为 %(direction)s）")
    ),
    "regulation.period.not_a_minimum": Wording(_("期限“%(key)s”是最长期限，不是最短期限")),
}
