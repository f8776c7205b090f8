"""The words of the refusals of the bank of experts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kernel.errors import Wording

_P = "procurement.expert."

_WORDS = {
    "known": Wording(_("您在评标专家库中已有档案"), _("请在原档案上办理")),
    "unspecialised": Wording(_("专家没有填写评标专业")),
    "specialty_unknown": Wording(_("评标专业 %(code)s 不在列表中"), _("请从列表中选择")),
    "years_few": Wording(
        ngettext_lazy(
            "从事相关领域工作 %(years)s 年，不满 %(least)s 年",
            "从事相关领域工作 %(years)s 年，不满 %(least)s 年",
            "years",
        )
    ),
    "title_missing": Wording(_("没有高级职称，也不具有同等专业水平"), _("请从列表中选择")),
    "title_unproven": Wording(
        _("职称或同等专业水平没有证明"), _("请填写证书编号并上传证书或证明文件")
    ),
    "punished": Wording(_("有处罚记录，不得担任评标委员会成员")),
    "employer_missing": Wording(_("未填写现任职单位"), _("请填写现任职单位，离任日期留空")),
    "employment_future": Wording(_("任职日期在今日之后")),
    "employment_backwards": Wording(_("离任日期早于任职日期")),
    "employment_known": Wording(
        _("该任职已经记载"), _("离任的，请填写相同的任职日期和离任日期；已记载的离任日期不能改动")
    ),
    "own_file": Wording(_("不能办理本人的专家档案"), _("请由其他管理人员办理")),
    "record_unchecked": Wording(_("未写明在何处查询处罚记录"), _("请写明查询的系统或文书")),
    "not_proposable": Wording(_("这份档案现在不能办理所提议的事项"), _("请从列表中选择")),
    "proposed_already": Wording(_("该事项已有人提议，待另一人决定"), _("请由另一名管理人员决定")),
    "not_proposed": Wording(
        _("还没有人提议：谁可以被抽取，不由一人决定"), _("请先提议，再由另一名管理人员决定")
    ),
    "same_proposer": Wording(
        _("提议人不能自己决定"),
        _("请由本机关的另一名管理人员或者上级机关决定"),
    ),
    "specialties_not_proposed": Wording(
        _("评标专业与所提议的不一致"), _("请按提议填写，或者另行提议")
    ),
    "reason_missing": Wording(_("未写明理由"), _("请写明事实和依据")),
}

WORDINGS = {f"{_P}{code}": wording for code, wording in _WORDS.items()}
