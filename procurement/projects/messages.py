"""The words of project registration's refusals."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "procurement.project.field_missing": Wording(_("此项必须填写"), _("请补填后再递交")),
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
        _("缺少“%(paper)s”"), _("请填写文号和日期，并上传扫描件")
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
    "procurement.project.paper_file_missing": Wording(_("找不到所附扫描件"), _("请重新上传该文件")),
    "procurement.import.not_a_workbook": Wording(
        _("无法识别为 .xlsx 工作簿"), _("请使用本页提供的模板填写")
    ),
    "procurement.import.too_large": Wording(
        _("工作簿超过上限：%(what)s 最多 %(limit)s"), _("请拆分为多份导入")
    ),
    "procurement.import.formula": Wording(
        _("第 %(cell)s 单元格含有公式"), _("请将公式转为数值后再导入")
    ),
    "procurement.import.header_differs": Wording(
        _("表头与模板不符，缺少列：%(missing)s"), _("请使用本页提供的模板填写")
    ),
    "procurement.import.cell_invalid": Wording(_("“%(column)s”一列的内容“%(value)s”无法识别")),
}
