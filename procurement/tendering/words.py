"""Names of a lot's fields, grounds and states, for refusals and pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "name": _("标段名称"),
    "kind": _("招标类别"),
    "method": _("发包方式"),
    "scope": _("招标范围"),
    "estimate_fen": _("合同估算价"),
    "period_days": _("工期（日历天）"),
    "quality": _("质量要求"),
    "qualification_trade": _("资质类别"),
    "qualification_text": _("投标人资格要求"),
    "sale_ends_at": _("招标文件获取截止"),
    "bid_deadline_at": _("投标截止时间"),
    "bid_validity_days": _("投标有效期（天）"),
    "evaluation_method": _("评标办法"),
    "contract_text": _("主要合同条款"),
    "publicity_days": _("公示天数"),
    "contact": _("联系方式"),
    "slope_above": _("高于基准价每1%扣分"),
    "slope_below": _("低于基准价每1%扣分"),
}

GROUNDS = {
    "budget": _("使用预算资金达到规定数额和比例"),
    "state": _("国有资金占控股或者主导地位"),
    "foreign": _("使用国际组织或者外国政府贷款、援助资金"),
    "public": _("关系社会公共利益、公众安全的基础设施和公用事业项目"),
}

STATES = {
    "published": _("招标中"),
    "paused": _("异议暂停"),
    "evaluating": _("评标中"),
    "publicity": _("中标候选人公示中"),
    "publicity_paused": _("公示异议暂停"),
    "award_pending": _("待发中标通知书"),
    "awarded": _("已定标"),
}

PARTS = {"technical": _("技术"), "commercial": _("商务")}
