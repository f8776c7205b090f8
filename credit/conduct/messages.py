"""The words of the refusals about conduct records."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

_OTHER = _("请由另一名信用管理人员认定")

WORDINGS = {
    "credit.conduct_record.document_missing": Wording(
        _("未填写作出决定的文书编号"), _("没有文书的行为不予登记")
    ),
    "credit.conduct_record.fact_missing": Wording(_("未写明事实"), _("请写明时间、地点和行为")),
    "credit.conduct_record.item_unknown": Wording(
        _("评价项 %(item)s 不在现行评分方案中"), _("请从列表中选择")
    ),
    "credit.conduct_record.dated_ahead": Wording(_("发生日期 %(on)s 晚于今天"), _("请核对日期")),
    "credit.conduct_record.duplicate": Wording(
        _("文书 %(number)s 的同一行为已有记录"), _("同一事实只计一次")
    ),
    "credit.conduct_record.verified": Wording(_("该记录已由一名人员核对"), _OTHER),
    "credit.conduct_record.not_verified": Wording(_("该记录尚未核对文书"), _("请先由一名人员核对")),
    "credit.conduct_record.same_officer": Wording(_("核对人不得自行认定"), _OTHER),
    "credit.conduct_record.not_proposed": Wording(
        _("尚无人提议作此处理"), _("请先由一名人员提议，再由另一名人员确认")
    ),
    "credit.conduct_record.proposed_already": Wording(
        _("已有一项提议待确认"), _("请先确认或者不同意该提议")
    ),
    "credit.conduct_record.same_proposer": Wording(
        _("提议人不得自行确认"), _("请由另一名信用管理人员确认")
    ),
    "credit.conduct_record.not_repairable": Wording(_("该记录不适用信用修复")),
    "credit.conduct_record.repair_too_early": Wording(_("最短公示期未满，%(earliest)s 起方可申请")),
    "credit.conduct_record.commitment_missing": Wording(
        _("未上传信用承诺书"), _("请上传签署的信用承诺书")
    ),
    "credit.certificate.unknown": Wording(_("没有编号为 %(number)s 的信用评价证明")),
    "credit.certificate.later": Wording(_("信用评价证明 %(number)s 出具之前不能比对")),
    "credit.certificate.differs": Wording(_("按账本和方案重算的结果与证明 %(number)s 不一致")),
}
