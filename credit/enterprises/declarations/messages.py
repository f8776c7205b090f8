"""The words of refusals of declarations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "credit.declaration.enterprise_unknown": Wording(
        _("本单位尚未入档"), _("请先由信用管理部门登记一项证照")
    ),
    "credit.declaration.document_missing": Wording(
        _("没有本单位上传的证明材料"), _("请上传合同、验收文件或审计报告")
    ),
    "credit.declaration.taken": Wording(
        _("档案中已有这一项，核验等级 %(level)s"), _("内容有误的，请申请更正")
    ),
    "credit.declaration.own_declaration": Wording(
        _("本人申报的内容由另一名人员核对"), _("请交由其他信用管理人员核对")
    ),
    "credit.declaration.day_impossible": Wording(
        _("日期 %(day)s 晚于今天，或者竣工早于签订"), _("请核对日期")
    ),
    "credit.declaration.year_open": Wording(
        _("%(year)s 年度尚未结束"), _("年度结束后申报该年度数据")
    ),
}
