"""The words of refusals about works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

_C = "procurement.works."
_NEEDS = {
    "wage_account": _("农民工工资专用账户"),
    "wage_bond": _("农民工工资保证金"),
    "payment_security": _("工程款支付担保"),
    "safety_licence": _("施工单位安全生产许可证"),
    "settlement": _("竣工结算"),
}
WARRANTY = {
    "design_life_years": _("设计使用年限（年）"),
    "warranty_structure_years": _("地基基础和主体结构保修期（年）"),
    "warranty_waterproofing_years": _("屋面防水和有防水要求部位保修期（年）"),
    "warranty_heating_seasons": _("供热与供冷系统保修期（采暖期、供冷期）"),
    "warranty_services_years": _("电气、给排水、设备安装和装修保修期（年）"),
}
PARTIES = {
    "survey_uscc": _("勘察单位"),
    "design_uscc": _("设计单位"),
    "supervision_uscc": _("监理单位"),
}


def _unanswered(facts: Mapping[str, Any]) -> str:
    need = str(facts["need"])
    return gettext("无从核实“%(need)s”：负责部门尚未接入") % {"need": _NEEDS.get(need, need)}


def _party(facts: Mapping[str, Any]) -> str:
    field = str(facts["field"])
    return gettext("“%(party)s”在平台上没有经办人，不能签署验收报告") % {
        "party": PARTIES.get(field, field)
    }


def _off_record(facts: Mapping[str, Any]) -> str:
    field = str(facts["field"])
    return gettext("“%(party)s”不是项目登记的参建单位") % {"party": PARTIES.get(field, field)}


def _short(facts: Mapping[str, Any]) -> str:
    part = str(facts["part"])
    said = {"part": WARRANTY.get(part, part), "given": facts["given"], "least": facts["least"]}
    return gettext("“%(part)s”为 %(given)s，短于最低保修期限 %(least)s") % said


def _missing(facts: Mapping[str, Any]) -> str:
    part = str(facts["part"])
    return gettext("未填写“%(part)s”") % {"part": WARRANTY.get(part, part)}


_PAPER = _("请填写该文件的文号和日期")
WORDINGS = {
    _C + "condition_land": Wording(_("未办理用地批准手续：缺少“%(paper)s”"), _PAPER),
    _C + "condition_planning": Wording(_("未取得规划许可：缺少“%(paper)s”"), _PAPER),
    _C + "condition_site": Wording(_("现场不具备施工条件：缺少“%(paper)s”"), _PAPER),
    _C + "condition_contractor": Wording(
        _("尚未依法确定施工单位"), _("请先与施工单位签订合同，并由其在平台登记经办人")
    ),
    _C + "condition_funds": Wording(_("资金安排未落实：缺少“%(paper)s”"), _PAPER),
    _C + "condition_drawings": Wording(
        _("施工图设计文件未经审查合格"), _("请先送审施工图并取得审查合格书")
    ),
    _C + "condition_quality": Wording(_("没有保证工程质量的具体措施：缺少“%(paper)s”"), _PAPER),
    _C + "condition_safety": Wording(_("没有保证施工安全的具体措施：缺少“%(paper)s”"), _PAPER),
    _C + "condition_quality_procedure": Wording(_("未办理质量监督手续：缺少“%(paper)s”"), _PAPER),
    _C + "condition_safety_procedure": Wording(_("未办理安全监督手续：缺少“%(paper)s”"), _PAPER),
    _C + "party_off_record": Wording(
        _off_record, _("请先在项目中办理“变更参建单位”，或改选登记的单位")
    ),
    _C + "leader_missing": Wording(_("未填写%(role)s"), _("五方责任主体各填一名项目负责人")),
    _C + "leader_twice": Wording(_("%(role)s填写了不止一名"), _("五方责任主体各填一名项目负责人")),
    _C + "leader_authorisation_missing": Wording(
        _("%(role)s没有法定代表人授权书"), _("请填写授权书文号")
    ),
    _C + "leader_commitment_missing": Wording(
        _("%(role)s没有签署工程质量终身责任承诺书"), _("请填写承诺书文号")
    ),
    _C + "leader_undated": Wording(_("%(role)s的授权和承诺没有签署日期")),
    _C + "leader_is_another": Wording(
        _("施工单位项目负责人“%(name)s”与合同约定的项目经理“%(manager)s”不一致"),
        _("请填写合同约定的项目经理，或先变更合同"),
    ),
    _C + "warranty_missing": Wording(_missing, _("请按保修书填写")),
    _C + "warranty_short": Wording(_short, _("请与施工单位重新约定保修期限")),
    _C + "condition_scope": Wording(_("未完成设计和合同约定的内容：缺少“%(paper)s”"), _PAPER),
    _C + "condition_technical_file": Wording(_("技术档案不完整：缺少“%(paper)s”"), _PAPER),
    _C + "condition_material_tests": Wording(_("没有进场试验报告：缺少“%(paper)s”"), _PAPER),
    _C + "condition_quality_documents": Wording(_("质量合格文件不齐：缺少“%(paper)s”"), _PAPER),
    _C + "condition_warranty": Wording(_("施工单位未签署保修书：缺少“%(paper)s”"), _PAPER),
    _C + "condition_fire": Wording(_("消防验收或备案未完成：缺少“%(paper)s”"), _PAPER),
    _C + "condition_planning_acceptance": Wording(_("规划核实未完成：缺少“%(paper)s”"), _PAPER),
    _C + "need_unanswered": Wording(_unanswered, _("请联系平台接入后再办理")),
    _C + "need_wage_account": Wording(
        _("未开设农民工工资专用账户"), _("请施工单位先开设工资专用账户")
    ),
    _C + "need_wage_bond": Wording(_("未存储农民工工资保证金"), _("请施工单位先存储工资保证金")),
    _C + "need_payment_security": Wording(
        _("建设单位未提供工程款支付担保"), _("请先提交工程款支付担保")
    ),
    _C + "need_safety_licence": Wording(
        _("施工单位当日没有有效的安全生产许可证，不予核发施工许可证"),
        _("请施工单位先申领或者办理延期，并在企业信息档案中登记"),
    ),
    _C + "stop_order": Wording(
        _("重大隐患责令停工尚未解除，整改通知书：%(numbers)s"),
        _("请先整改，并由质量安全监督机构解除停工"),
    ),
    _C + "hazard_open": Wording(
        _("重大隐患尚未消除，整改通知书：%(numbers)s"),
        _("请先整改，由质量安全监督机构复查合格后消除隐患"),
    ),
    _C + "need_settlement": Wording(_("竣工结算尚未确定"), _("请先完成合同的竣工结算")),
    _C + "trade_missing": Wording(_("未选择工程分类"), _("请从列表中选择")),
    _C + "dangerous_list_missing": Wording(
        _("未列明危险性较大的分部分项工程清单"), _("请逐项填写，或声明没有；二者择一")
    ),
    _C + "dangerous_measures_missing": Wording(
        _("危大工程清单第 %(line)s 项没有安全管理措施"), _("请填写措施")
    ),
    _C + "party_unknown": Wording(_party, _("请从列表中选择")),
    _C + "kind_unlisted": Wording(_("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")),
    _C + "file_missing": Wording(
        _("文件 %(number)s 所附扫描件不是本单位上传的"), _("请重新上传该文件")
    ),
    _C + "extensions_used": Wording(_("开工延期已用满 %(most)s 次")),
    _C + "suspension_day": Wording(_("未填写中止施工的日期，或日期在今天之后"), _("请核对日期")),
    _C + "recheck_needed": Wording(
        _("中止施工已满一年，恢复前须核验施工许可证"), _("请报发证机关核验")
    ),
    _C + "recheck_not_needed": Wording(
        _("中止施工未满一年，不需核验许可证"), _("由建设单位报告恢复施工即可")
    ),
    _C + "acceptance_day_missing": Wording(_("未填写计划验收日期")),
    _C + "notice_too_late": Wording(
        _("距 %(day)s 验收不足七个工作日"), _("请另定验收日期，提前七个工作日通知监督机构")
    ),
    _C + "station_not_told": Wording(
        _("尚未把验收时间通知质量安全监督机构"), _("请先办理“通知竣工验收”")
    ),
    _C + "acceptance_too_early": Wording(
        _("监督机构于 %(told)s 得到通知，至今不足七个工作日"), _("请在通知满七个工作日后验收")
    ),
    _C + "station_reported": Wording(_("质量监督报告已经提交")),
    _C + "conclusion_missing": Wording(_("未填写监督结论")),
    _C + "archived_already": Wording(_("建设档案已经移交")),
    _C + "archive_receipt_missing": Wording(_("未填写档案接收凭证编号")),
    _C + "archive_missing": Wording(_("建设档案尚未移交"), _("请先移交建设档案")),
}
