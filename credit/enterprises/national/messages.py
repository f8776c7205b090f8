"""The words of refusals of national tables: column and value say where, and what stands there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "credit.national.table_unknown": Wording(_("不认识的数据表：%(table)s"), _("请从列表中选择")),
    "credit.national.file_too_large": Wording(_("文件超过 %(limit)s 字节"), _("请分成几个文件")),
    "credit.national.too_many_lines": Wording(_("文件超过 %(limit)s 行"), _("请分成几个文件")),
    "credit.national.no_lines": Wording(_("文件中没有 %(table)s 的数据行")),
    "credit.national.columns_missing": Wording(_("缺少必需的列：%(columns)s")),
    "credit.national.head_invalid": Wording(_("首行的列名过多或者重复")),
    "credit.national.line_too_wide": Wording(_("第 %(line)s 行的单元格多于列名")),
    "credit.national.not_a_table": Wording(_("不是可读的 XLSX、CSV 或 XML 文件")),
    "credit.national.doctype": Wording(_("XML 文件不得含有 DTD 或实体")),
    "credit.national.malformed": Wording(_("XML 文件在第 %(line)s 行不合格式")),
    "credit.national.element_unknown": Wording(_("XML 文件中有不认识的元素：%(element)s")),
    "credit.national.missing": Wording(_("%(column)s 没有填写")),
    "credit.national.invalid": Wording(_("%(column)s 的内容不合要求：%(value)s")),
    "credit.national.to_come": Wording(_("%(column)s 的日期尚未到来：%(value)s")),
    "credit.national.full_width": Wording(
        _("%(column)s 含有全角的字母、数字、空格或者连接符：%(value)s"), _("编号一律用半角书写")
    ),
    "credit.national.too_long": Wording(_("%(column)s 的内容过长：%(value)s")),
    "credit.national.too_exact": Wording(
        _("%(column)s 超过四位小数：%(value)s"), _("金额以万元为单位，至多四位小数")
    ),
    "credit.national.digits_lost": Wording(
        _("%(column)s 以数字保存，已丢失末位：%(value)s"), _("请把该列设为文本后重新填写")
    ),
    "credit.national.code_of_old_width": Wording(
        _("%(column)s 是 15 位的旧代码：%(value)s"), _("请填 18 位统一社会信用代码")
    ),
    "credit.national.of_another_place": Wording(
        _("%(value)s 由其他地区（%(region)s）的主管部门导入，本地区不能变更"),
        _("请由原导入部门或者上级主管部门变更"),
    ),
    "credit.national.project_of_another_place": Wording(
        _("项目 %(value)s 属于其他地区（%(region)s），本地区不能导入"),
        _("请由该地区或者上级主管部门导入"),
    ),
    "credit.national.differs_from_correction": Wording(
        _("合同 %(contract)s：%(value)s 与已受理的更正 %(number)s（%(corrected)s）不同"),
        _("未变更企业业绩，已转为更正申请，由信用管理人员处理"),
    ),
    "credit.national.decided": Wording(_("该文件已经确认或者不予导入")),
    "credit.national.differs_now": Wording(
        _("您查看之后，将发生的变更已有变化"), _("请重新核对后再确认")
    ),
    "credit.national.same_officer": Wording(
        _("导入人不得自行确认"), _("请由另一名信用管理人员确认")
    ),
    "credit.national.twice": Wording(_("%(value)s 在文件中出现两次，第一次在第 %(line)s 行")),
}
