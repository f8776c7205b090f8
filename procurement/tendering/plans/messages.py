"""The words of plans' refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "procurement.tender_plan.project_unregistered": Wording(
        _("项目 %(number)s 未在平台报建登记"), _("请先完成项目报建，再编制招标计划")
    ),
    "procurement.tender_plan.actor_elsewhere": Wording(
        _("本单位既不是该项目的建设单位，也不是计划载明的招标代理机构"), _("请核对项目编号")
    ),
    "procurement.tender_plan.agency_unknown": Wording(
        _("所填单位不是平台上的招标代理机构"),
        _("请核对代理机构的统一社会信用代码；自行招标的，不填"),
    ),
    "procurement.tender_plan.agency_is_owner": Wording(
        _("招标代理机构与招标人是同一单位"), _("自行招标的，请将代理机构留空")
    ),
    "procurement.tender_plan.lots_missing": Wording(
        _("没有填写拟招标的标段"), _("请至少填写一个标段")
    ),
    "procurement.tender_plan.kind_unlisted": Wording(
        _("代码 %(kind)s 不在现行代码表中"), _("请从列表中选择")
    ),
    "procurement.tender_plan.estimate_missing": Wording(
        _("标段“%(name)s”没有填写估算价"), _("请补填")
    ),
    "procurement.tender_plan.month_invalid": Wording(
        _("标段“%(name)s”的公告时间有误或者已经过去"), _("请按“2026-03”的格式填写年月")
    ),
    "procurement.tender_plan.announced_already": Wording(
        _("本项目已公布招标计划 %(other)s"), _("请先终止原计划")
    ),
}
