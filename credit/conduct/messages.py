"""The words of the refusals about conduct records."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

_OTHER = _("请由另一名信用管理人员认定")

WORDINGS = {
    "credit.conduct_record.document_missing": Wording(
        _("未填写作出决定的文书编号"), _("没有文书的行为不予登记")
    ),
    "credit.conduct_record.document_not_brought": Wording(
        _("未提交作出决定的文书"), _("请上传文书扫描件")
    ),
    "credit.conduct_record.fact_missing": Wording(_("未写明事实"), _("请写明时间、地点和行为")),
    "credit.conduct_record.name_missing": Wording(
        _("企业信息档案中没有这个信用代码，未填写企业名称"), _("请核对代码，或者填写企业名称")
    ),
    "credit.conduct_record.name_of_another": Wording(
        _("信用代码 %(uscc)s 在档案中是“%(name)s”，与填写的名称不同"),
        _("名称随代码，不必填写；代码有误的请更正"),
    ),
    "credit.conduct_record.weight_missing": Wording(
        _("评价项 %(item)s 的分值和期限由文书载明"), _("请填写文书载明的分值和天数")
    ),
    "credit.conduct_record.weight_given": Wording(
        _("评价项 %(item)s 的分值和期限由评分方案规定"), _("请将载明的分值和天数留空或填 0")
    ),
    "credit.conduct_record.item_unknown": Wording(
        _("评价项 %(item)s 不在现行评分方案中"), _("请从列表中选择")
    ),
    "credit.conduct_record.place_unknown": Wording(_("没有这个管辖地"), _("请从列表中选择")),
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
    "credit.conduct_record.review_of_upper": Wording(
        _("上级主管部门提议的复核撤销，由上级主管部门处理"), _("请由上级主管部门确认或者不同意")
    ),
    "credit.conduct_record.class_missing": Wording(
        _("评价项 %(item)s 未定轻重"), _("请按文书填写轻微、一般或者严重")
    ),
    "credit.conduct_record.class_of_good": Wording(_("评价项 %(item)s 是良好行为，不分轻重")),
    "credit.conduct_record.term_missing": Wording(
        _("现行规定没有“%(severity)s”类信息的公示期限"), _("请按文书填写轻微、一般或者严重")
    ),
    "credit.conduct_record.term_over": Wording(
        _("按文书日期计算的公示期已满，或者在告知期内届满，不得再公布和使用"),
        _("请提议存入档案；日期有误的，请提议撤销"),
    ),
    "credit.conduct_record.term_runs": Wording(
        _("公示期未满，不能只存入档案"), _("请公布前告知；认定有误的，请提议撤销")
    ),
    "credit.conduct_record.shown_already": Wording(_("该记录已向社会公示")),
    "credit.conduct_record.statement_missing": Wording(_("未写明陈述申辩的内容")),
    "credit.conduct_record.stated_already": Wording(
        _("已陈述申辩并得到答复"), _("公布后可提出异议")
    ),
    "credit.conduct_record.listing_answered": Wording(_("已就列入名单陈述申辩")),
    "credit.conduct_record.not_heard": Wording(
        _("尚未签发拟列入名单告知书，未听取企业的陈述申辩"), _("签发后期满方可列入")
    ),
    "credit.conduct_record.hearing_runs": Wording(
        _("陈述申辩期限至 %(until)s，期限未满"), _("企业已陈述申辩的，也须待期满方可列入")
    ),
    "credit.conduct_record.not_listable": Wording(_("良好行为不列入名单")),
    "credit.conduct_record.listing_proposed": Wording(_("拟列入名单的提议，请用“不予列入”")),
    "credit.conduct_record.objected_already": Wording(
        _("该记录已提出过异议"), _("不服异议决定的，可申请上级复核")
    ),
    "credit.conduct_record.objection_late": Wording(_("异议期限已于 %(until)s 届满")),
    "credit.conduct_record.extended_already": Wording(_("复核期限已延长过一次")),
    "credit.conduct_record.same_acceptor": Wording(_("受理人不得自行决定"), _OTHER),
    "credit.conduct_record.not_decided": Wording(
        _("异议尚无决定"), _("请先提出异议，收到决定后再申请上级复核")
    ),
    "credit.conduct_record.reviewed_already": Wording(_("上级主管部门已复核过一次")),
    "credit.conduct_record.review_late": Wording(_("申请上级复核的期限已于 %(until)s 届满")),
    "credit.conduct_record.no_upper_authority": Wording(
        _("决定由省级主管部门作出，平台上没有上一级部门"), _("可依法申请行政复议或者提起诉讼")
    ),
    "credit.conduct_record.decision_missing": Wording(
        _("未填写所依据的决定或者裁定文号"), _("请填写文书编号")
    ),
    "credit.conduct_record.suspended_already": Wording(_("已按文书 %(number)s 暂停使用")),
    "credit.conduct_record.not_suspended": Wording(_("该记录未暂停使用")),
    "credit.conduct_record.repair_barred": Wording(_("依法不得修复")),
    "credit.conduct_record.correction_missing": Wording(
        _("未填写纠正行为的证明文书"), _("请填写整改验收、缴款等文书的编号")
    ),
    "credit.conduct_record.duties_open": Wording(
        _("未确认决定所定义务已履行完毕"), _("履行完毕后再申请")
    ),
    "credit.conduct_record.listed": Wording(
        _("已按文书 %(number)s 列入名单，列入期间不得办理"), _("移出名单后再办理")
    ),
    "credit.conduct_record.paper_recalled": Wording(
        _("文书 %(number)s 已收回或者已由新的文书代替"), _("请签发新的文书")
    ),
    "credit.conduct_record.exit_asked": Wording(_("已申请提前移出名单，正在处理")),
    "credit.conduct_record.removal_ground": Wording(
        _("企业未申请提前移出名单，也未写明变更或者撤销列入依据的文书"),
        _("请待企业申请；列入依据已变更或者撤销的，请填写该文书的编号"),
    ),
    "credit.conduct_record.exit_not_asked": Wording(_("企业尚未申请提前移出名单")),
    "credit.conduct_record.no_exit": Wording(_("现行规定没有提前移出名单的期限")),
    "credit.conduct_record.exit_too_early": Wording(
        _("列入名单的最短期限未满，%(earliest)s 起方可申请提前移出")
    ),
    "credit.conduct_record.exit_new_cause": Wording(
        _("列入期间又有应当列入名单的行为，记录 %(number)s"), _("该记录撤销或者修复后再申请")
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
