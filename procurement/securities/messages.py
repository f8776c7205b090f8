"""The words of securities' refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "procurement.security.kind_unlisted": Wording(
        _("“%(kind)s”不是允许收取的保证担保"), _("请从列表中选择")
    ),
    "procurement.security.number_missing": Wording(_("没有填写保函编号")),
    "procurement.security.number_taken": Wording(
        _("保函编号 %(number)s 已经使用"), _("请核对编号；同一保函请勿重复登记")
    ),
    "procurement.security.parties_same": Wording(_("被保证人与受益人是同一单位")),
    "procurement.security.amount_missing": Wording(_("没有填写担保金额")),
    "procurement.security.term_over": Wording(_("保函届满日早于生效日或者今天"), _("请核对有效期")),
    "procurement.security.project_unknown": Wording(_("项目 %(number)s 未在平台报建登记")),
    "procurement.security.lot_unknown": Wording(
        _("标段 %(number)s 不是该项目已公告的标段"), _("请核对标段编号")
    ),
    "procurement.security.lot_closed": Wording(_("标段 %(number)s 已经截止投标")),
    "procurement.security.beneficiary_differs": Wording(
        _("受益人不是该标段的招标人"), _("请填写招标人的统一社会信用代码")
    ),
    "procurement.security.amount_short": Wording(
        _("担保金额不足，招标文件要求 %(least)s 元"), _("请提高担保金额")
    ),
    "procurement.security.term_short": Wording(
        _("保函有效期不足，应至 %(least)s 或者以后"), _("请延长有效期")
    ),
    "procurement.security.performance_too_high": Wording(
        _("履约担保超过上限 %(most)s 元"), _("请降低担保金额")
    ),
    "procurement.security.file_missing": Wording(
        _("保函文件不是本机构上传的"), _("请重新上传该文件")
    ),
    "procurement.security.interest_untold": Wording(
        _("没有写明利息"), _("现金保证金请写明退还的同期存款利息；保函请写明不计利息")
    ),
    "procurement.security.not_released": Wording(
        _("尚无应当退还的事由"), _("由受益人退还；投标撤回、合同签订或者招标失败后方可自行注销")
    ),
    "procurement.security.released": Wording(
        _("已有应当退还的事由，不能再索赔"), _("请在规定期限内退还")
    ),
    "procurement.security.claim_amount": Wording(
        _("索赔金额应大于零且不超过 %(most)s 元"), _("请核对金额")
    ),
}
