"""The words of refusals of relations between enterprises."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "credit.relation.with_itself": Wording(_("两个单位是同一家"), _("请核对两个信用代码")),
    "credit.relation.kind_unlisted": Wording(
        _("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")
    ),
    "credit.relation.dated_ahead": Wording(_("日期晚于今天"), _("请核对日期")),
    "credit.relation.backward": Wording(_("终止日期早于起始日期"), _("请核对日期")),
    "credit.relation.taken": Wording(_("这两家单位的该种关系已经登记"), _("请核对已有记录")),
    "credit.relation.unproven": Wording(
        _("没有写明依据，或者没有上传证明该关系的文件"), _("请上传登记机关资料或者文书的扫描件")
    ),
    "credit.relation.unchanged": Wording(_("更正后与现有记录相同"), _("请填写应当更正的内容")),
    "credit.relation.proposed_already": Wording(
        _("已有更正提议等待另一名人员确认"), _("请确认或者撤回该提议")
    ),
    "credit.relation.not_proposed": Wording(_("没有等待确认的该项提议"), _("请先提议并上传文书")),
    "credit.relation.same_proposer": Wording(
        _("提议人不能确认自己的提议"), _("请由另一名信用管理人员确认")
    ),
    "credit.relation.of_another_place": Wording(
        _("两家单位都属于其他地区"), _("请由其中一家所在地区或者上级主管部门登记")
    ),
}
