"""The words of refused workbooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

_AGAIN = _("请用电子表格软件打开后另存为 .xlsx，再重新上传")
_SPLIT = _("请拆分为多份上传")
_TEMPLATE = _("请将内容以数值方式粘贴到本平台提供的模板中")

WORDINGS = {
    "documents.workbook.not_a_workbook": Wording(_("无法识别为 .xlsx 工作簿"), cure=_AGAIN),
    "documents.workbook.old_or_locked": Wording(
        _("这是旧格式（.xls）或加了密码的工作簿"), cure=_("请取消密码，并另存为 .xlsx 后上传")
    ),
    "documents.workbook.damaged": Wording(_("工作簿已损坏，无法读取 %(part)s"), cure=_AGAIN),
    "documents.workbook.file_too_large": Wording(_("工作簿超过 %(limit)s MB"), cure=_SPLIT),
    "documents.workbook.too_many_parts": Wording(
        _("工作簿内的部件超过 %(limit)s 个"), cure=_TEMPLATE
    ),
    "documents.workbook.inflates_too_far": Wording(
        _("工作簿展开后过大（上限 %(limit)s MB）"), cure=_TEMPLATE
    ),
    "documents.workbook.archive_forbidden": Wording(
        _("工作簿的压缩结构异常（%(reason)s），不予接收"), cure=_AGAIN
    ),
    "documents.workbook.macros": Wording(
        _("工作簿含有宏或控件（%(part)s）"), cure=_("请另存为不含宏的 .xlsx 后上传")
    ),
    "documents.workbook.external_links": Wording(
        _("工作簿引用了外部数据（%(part)s）"), cure=_("请断开外部链接，将数据转为数值后上传")
    ),
    "documents.workbook.embedded": Wording(
        _("工作簿嵌入了其他文件（%(part)s）"), cure=_("请删除嵌入的对象后上传")
    ),
    "documents.workbook.doctype": Wording(
        _("工作簿的 %(part)s 含有文档类型声明，不予接收"), cure=_AGAIN
    ),
    "documents.workbook.markup_too_long": Wording(
        _("工作簿的 %(part)s 结构异常，不予接收"), cure=_AGAIN
    ),
    "documents.workbook.too_much_markup": Wording(
        _("工作簿的格式或空单元格过多（上限 %(limit)s 个）"), cure=_TEMPLATE
    ),
    "documents.workbook.too_many_rows": Wording(_("超过 %(limit)s 行"), cure=_SPLIT),
    "documents.workbook.too_many_columns": Wording(_("超过 %(limit)s 列"), cure=_TEMPLATE),
    "documents.workbook.too_many_strings": Wording(
        _("工作簿内的文字过多（上限 %(limit)s）"), cure=_SPLIT
    ),
    "documents.workbook.cell_too_long": Wording(
        _("%(cell)s 单元格的内容超过 %(limit)s 个字符"), cure=_("请缩短后重新上传")
    ),
    "documents.workbook.cell_faulty": Wording(
        _("工作表“%(sheet)s”%(cell)s 单元格的内容“%(text)s”无法读取"),
        cure=_("请改正该单元格后重新上传"),
    ),
    "documents.workbook.formula": Wording(
        _("工作表“%(sheet)s”%(cell)s 单元格含有公式"), cure=_("请将公式转为数值后重新上传")
    ),
}
