"""The words of project registration's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

# The fields that a whole registration needs, as the form calls them.
FIELDS = {
    "name": _("项目名称"),
    "project_code": _("项目代码"),
    "region": _("建设地点（县、市、区）"),
    "address": _("详细地址"),
    "project_class": _("工程类别"),
    "nature": _("建设性质"),
    "approval_kind": _("立项方式"),
    "total_investment_fen": _("总投资"),
    "planned_start_on": _("计划开工"),
    "planned_end_on": _("计划竣工"),
    "manager_name": _("建设单位项目负责人"),
    "manager_phone": _("负责人电话"),
}


def _missing(facts: Mapping[str, Any]) -> str:
    name = str(facts["field"])
    return gettext("未填写“%(field)s”") % {"field": FIELDS.get(name, name)}


WORDINGS = {
    "procurement.project.field_missing": Wording(_missing, _("请补填后再递交")),
    "procurement.project.code_taken": Wording(
        _("项目代码 %(code)s 已由 %(others)s 使用"),
        _("请核对项目代码；如确属同一项目，请勿重复报建"),
    ),
    "procurement.project.region_elsewhere": Wording(
        _("建设地点 %(region)s 不是本省的县级行政区划"), _("请选择项目所在的县（市、区）")
    ),
    "procurement.project.code_unlisted": Wording(
        _("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")
    ),
    "procurement.project.funding_differs": Wording(
        _("资金来源合计 %(sources)s 元，与总投资 %(total)s 元不一致"),
        _("请核对各项资金来源的金额"),
    ),
    "procurement.project.paper_missing": Wording(
        _("缺少“%(paper)s”"), _("请填写该文件的文号和日期")
    ),
    "procurement.project.paper_dated_ahead": Wording(
        _("文件 %(number)s 的日期 %(issued_on)s 晚于今天"), _("请核对文件日期")
    ),
    "procurement.project.period_backward": Wording(
        _("计划竣工 %(end)s 不晚于计划开工 %(start)s"), _("请核对计划工期")
    ),
    "procurement.project.party_twice": Wording(
        _("参建单位“%(name)s”在同一类别中重复"), _("请删除重复的一行")
    ),
    "procurement.project.uscc_doubtful": Wording(
        _("统一社会信用代码 %(uscc)s 的校验位不符"),
        _("请核对代码；确属早期核发的特殊代码的，请该单位先在平台登记"),
    ),
    "procurement.project.phone_invalid": Wording(
        _("电话号码不完整或有误"), _("请填写 11 位手机号码，或带区号的固定电话")
    ),
    "procurement.project.paper_file_missing": Wording(
        _("文件 %(number)s 所附扫描件不是本单位上传的"), _("请重新上传该文件")
    ),
    "procurement.project.unprintable": Wording(
        _("登记证的字库中没有这些字符：%(characters)s"),
        _("请改用规范汉字；人名、地名中的生僻字，请联系平台增补字库"),
    ),
    "procurement.project.works_open": Wording(
        _("项目还有未办结的单位工程，或尚无单位工程：%(works)s")
    ),
    "procurement.project.live_lots": Wording(
        _("项目还有未结束的标段：%(numbers)s"),
        _("请先完成招标并归档，或终止招标、重新招标"),
    ),
    "procurement.project.contracts_without_works": Wording(
        _("项目还有未建立单位工程的合同：%(numbers)s"), _("请先签订并履行合同，或解除合同")
    ),
    "procurement.project.unanswered": Wording(_("无从核实项目是否还有未结束的标段和合同")),
    "procurement.project.contractor_by_contract": Wording(
        _("施工单位以签订的合同为准，不能由建设单位变更"), _("请解除合同，另行签订")
    ),
    "procurement.project.change_of_nobody": Wording(
        _("未填写退出或者加入的单位"), _("请至少填写其中一项")
    ),
    "procurement.project.party_unnamed": Wording(_("未填写加入的单位名称")),
    "procurement.project.change_unproven": Wording(
        _("未填写变更依据的文号"), _("请填写合同、通知等文件的文号")
    ),
    "procurement.project.party_not_there": Wording(
        _("%(uscc)s 不在该类别的参建单位登记中"), _("请核对类别和代码")
    ),
    # Import of many.
    "procurement.import.columns_missing": Wording(
        _("表头缺少列：%(columns)s"), _("请使用本页提供的模板填写，不要改动表头")
    ),
    "procurement.import.columns_strange": Wording(
        _("表头有不认识的列：%(columns)s"), _("请使用本页提供的模板填写，不要增加列")
    ),
    "procurement.import.columns_twice": Wording(
        _("表头有重复的列：%(columns)s"), _("请删除重复的列")
    ),
    "procurement.import.no_lines": Wording(
        _("工作簿的第一张表没有可导入的行"), _("请从第 2 行起，每行填写一个项目")
    ),
    "procurement.import.cell_invalid": Wording(
        _("“%(column)s”一列的内容“%(value)s”无法识别"), _("请按模板“填写说明”中的格式填写")
    ),
    "procurement.import.cell_missing": Wording(
        _("“%(column)s”未填写，而同组的其他列已填"), _("请补填，或清空同组的其他列")
    ),
    "procurement.import.number_for_text": Wording(
        _("“%(column)s”被电子表格存成了数字或日期“%(value)s”，可能已与原文不同"),
        _("请将该列设为文本格式后重新填写"),
    ),
}
