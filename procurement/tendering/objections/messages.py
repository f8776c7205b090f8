"""The words of objections' refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "procurement.objection.lot_unknown": Wording(
        _("标段 %(number)s 没有公告"), _("请核对标段编号")
    ),
    "procurement.objection.stage_unlisted": Wording(
        _("“%(stage)s”不是异议阶段"), _("请从列表中选择")
    ),
    "procurement.objection.stage_not_here": Wording(
        _("该标段不在可以提出此类异议的阶段"), _("请核对异议阶段；已过期限的，可以依法投诉")
    ),
    "procurement.objection.late": Wording(
        _("提出此类异议的期限已于 %(until)s 届满"), _("逾期的异议不予受理")
    ),
    "procurement.objection.text_missing": Wording(_("没有写明内容"), _("请写明事实、理由和依据")),
    "procurement.objection.raiser_is_party": Wording(_("不能对本单位的招标提出异议")),
    "procurement.objection.interest_untold": Wording(
        _(
            "对评标结果提出异议的，应当是本标段的投标人或者其他利害关系人；本单位没有投标，也没有写明利害关系"
        ),
        _("请写明与本标段评标结果的利害关系"),
    ),
    "procurement.objection.interest_unproven": Wording(
        _("没有上传证明利害关系的文件"), _("请上传证明与本标段评标结果有利害关系的文件")
    ),
    "procurement.objection.waits_already": Wording(
        _("本单位的异议 %(other)s 尚待答复"), _("请等待答复，或者撤回后重新提出")
    ),
    "procurement.objection.heard_already": Wording(
        _("本单位对同一事项的异议 %(other)s 已经处理"),
        _("对答复不服的，可以依法向监督部门投诉"),
    ),
    "procurement.objection.file_missing": Wording(
        _("证明材料不是本单位上传的"), _("请重新上传该文件")
    ),
}
