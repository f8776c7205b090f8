"""The words of completion filing's refusals."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

_C = "procurement.completion_filing."
WORDINGS = {
    _C + "works_not_accepted": Wording(_("工程尚未竣工验收合格"), _("请先完成竣工验收")),
    _C + "document_missing": Wording(
        _("缺少备案文件“%(document)s”"), _("请填写该文件的文号和日期")
    ),
    _C + "kind_unlisted": Wording(_("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")),
    _C + "file_missing": Wording(
        _("文件 %(number)s 所附扫描件不是本单位上传的"), _("请重新上传该文件")
    ),
    _C + "performance_missing": Wording(_("未对施工单位作出履约评价"), _("请从列表中选择")),
    _C + "performance_unreasoned": Wording(_("履约评价没有写明理由"), _("请写明事实和理由")),
    _C + "station_report_missing": Wording(
        _("监督机构尚未提交质量监督报告"), _("请监督机构先提交报告")
    ),
    _C + "breach_found": Wording(
        _("监督报告指出验收有违规情形，不得备案"), _("请责令停止使用并重新验收")
    ),
    _C + "stop_too_late": Wording(_("收讫备案文件已满十五日，不能再责令停止使用")),
}
