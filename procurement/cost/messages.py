"""The words of what is refused about bills of quantities and prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording
from procurement.cost import places

_SUMS = {
    "total": _("合计"),
    "items": _("分部分项合计"),
    "measures": _("措施合计"),
    "others": _("其他合计"),
}
_TEMPLATE = _("请使用本平台提供的清单模板")
_AGAIN = _("请用计价软件重新导出后上传")
_CHECK = _("请核对后重新计算")
_AS_TENDERED = _("请与招标工程量清单保持一致")


def _sum(name: str) -> Wording:
    def words(facts: Mapping[str, Any]) -> str:
        text = gettext("“%(place)s”的%(sum)s填报 %(stated)s 元，应为 %(expected)s 元")
        return text % {**facts, "sum": _SUMS[name]}

    return Wording(words, _CHECK)


def _column(message: Any, cure: Any = "") -> Wording:
    """Of a column, or several, which the facts name by their Chinese heads."""

    def words(facts: Mapping[str, Any]) -> str:
        named = {
            name: " / ".join(map(places.column, str(facts[name]).split(" / ")))
            for name in ("column", "names", "columns")
            if name in facts
        }
        return str(message) % {**facts, **named}

    return Wording(words, cure)


def _differs(message: Any) -> Wording:
    return Wording(message, _AS_TENDERED)


WORDINGS = {
    # Reading.
    "procurement.bill.format_strange": Wording(
        _("清单文件既不是 .xlsx 也不是 XML"), _("请上传 .xlsx 或本平台格式的 XML")
    ),
    "procurement.bill.file_too_large": Wording(_("清单文件超过 %(limit)s MB")),
    "procurement.bill.doctype": Wording(_("XML 含有文档类型或实体声明，不予接收"), _AGAIN),
    "procurement.bill.too_deep": Wording(_("XML 嵌套超过 %(limit)s 层"), _AGAIN),
    "procurement.bill.malformed": Wording(_("XML 不完整或有错误，无法读取"), _AGAIN),
    "procurement.bill.element_unknown": Wording(_("XML 在不应出现的位置有“%(element)s”"), _AGAIN),
    "procurement.bill.attribute_unknown": Wording(
        _("XML 的 %(element)s 有不认识的属性“%(attribute)s”"), _AGAIN
    ),
    "procurement.bill.sheets_missing": Wording(_("工作簿缺少表：%(names)s"), _TEMPLATE),
    "procurement.bill.sheets_unknown": Wording(_("工作簿有不认识的表：%(names)s"), _TEMPLATE),
    "procurement.bill.columns_missing": _column(_("“%(sheet)s”表缺少列：%(names)s"), _TEMPLATE),
    "procurement.bill.columns_unknown": Wording(
        _("“%(sheet)s”表有不认识的列：%(names)s"), _TEMPLATE
    ),
    "procurement.bill.columns_twice": Wording(
        _("“%(sheet)s”表有重复的列：%(names)s"), _("请删除重复的列")
    ),
    "procurement.bill.too_many_rows": Wording(_("清单超过 %(limit)s 行"), _("请按单项工程拆分")),
    "procurement.bill.empty": Wording(_("清单中没有清单项目")),
    "procurement.bill.field_missing": _column(_("“%(column)s”未填写"), _("请补填")),
    "procurement.bill.not_a_number": _column(
        _("“%(column)s”的内容“%(value)s”不是数字"), _("请填写数字，不带单位和千位分隔符")
    ),
    "procurement.bill.too_many_decimals": _column(
        _("“%(column)s”的 %(value)s 超过 %(decimals)s 位小数"), _("请按规定位数取舍")
    ),
    "procurement.bill.number_too_large": _column(
        _("“%(column)s”的 %(value)s 过大"), _("请核对计量单位和数值")
    ),
    "procurement.bill.negative": _column(
        _("“%(column)s”的 %(value)s 小于零"), _("请填写不小于零的数")
    ),
    "procurement.bill.text_invalid": _column(
        _("“%(column)s”含有不可见的控制字符"), _("请删除后重新填写")
    ),
    "procurement.bill.text_too_long": _column(_("“%(column)s”超过 %(limit)s 个字符"), _("请缩短")),
    "procurement.bill.choice_unknown": _column(
        _("“%(column)s”的内容“%(value)s”不在可选范围内"), _("请从列表中选择")
    ),
    "procurement.bill.code_is_number": _column(
        _("“%(column)s”被电子表格存成了数字 %(value)s，首位的 0 已丢失"),
        _("请将该列设为文本格式后重新填写"),
    ),
    "procurement.bill.edition_mixed": Wording(
        _("单位工程 %(unit)s 采用 %(other)s，而本清单采用 %(bill)s"),
        _("一份清单只能采用一个计价标准"),
    ),
    "procurement.bill.record_twice": Wording(_("编号 %(number)s 出现了两次"), _("请使编号不重复")),
    "procurement.bill.record_orphan": Wording(
        _("所属的编号 %(above)s 不存在"), _("请核对上级编号")
    ),
    "procurement.bill.composition_partial": _column(
        _("综合单价的组成不全，缺少：%(columns)s"), _("请填写全部组成，或全部留空")
    ),
    "procurement.bill.unknown": Wording(_("没有找到清单 %(sha256)s")),
    # C01, C02.
    "procurement.bill.format_unknown": Wording(
        _("清单格式版本 %(version)s 不是 %(known)s"), _AGAIN
    ),
    "procurement.bill.edition_old": Wording(
        _("清单采用 %(edition)s，现行标准是 %(current)s"),
        _("请确认招标文件约定的计价标准"),
    ),
    "procurement.bill.code_twice": Wording(
        _("项目编码 %(item)s 重复 %(times)s 次（单位工程 %(units)s）"),
        _("请调整后三位顺序码"),
    ),
    # C03.
    "procurement.bill.edition_differs": _differs(
        _("投标清单采用 %(bid)s，招标清单采用 %(tender)s")
    ),
    "procurement.bill.item_missing": _differs(
        _("单位工程 %(unit)s 缺少清单项目 %(item)s %(name)s")
    ),
    "procurement.bill.item_added": _differs(_("单位工程 %(unit)s 多出清单项目 %(item)s %(name)s")),
    "procurement.bill.code_differs": _differs(
        _("清单项目 %(name)s 的编码应为 %(item)s，投标为 %(bid)s（单位工程 %(unit)s）")
    ),
    "procurement.bill.name_differs": _differs(
        _("%(unit)s/%(item)s 的名称应为“%(tender)s”，投标为“%(bid)s”")
    ),
    "procurement.bill.features_differs": _differs(
        _("%(unit)s/%(item)s %(name)s 的项目特征应为“%(tender)s”，投标为“%(bid)s”")
    ),
    "procurement.bill.measure_unit_differs": _differs(
        _("%(unit)s/%(item)s %(name)s 的计量单位应为 %(tender)s，投标为 %(bid)s")
    ),
    "procurement.bill.quantity_differs": _differs(
        _("%(unit)s/%(item)s %(name)s 的工程量应为 %(tender)s，投标为 %(bid)s")
    ),
    # C04-C07.
    "procurement.bill.amount_differs": Wording(
        _(
            "%(unit)s/%(item)s %(name)s：%(quantity)s × %(price)s 应为 %(expected)s 元，"
            "合价填报 %(amount)s 元"
        ),
        _CHECK,
    ),
    "procurement.bill.fees_abolished": Wording(
        _("单位工程 %(unit)s 单列规费 %(stated)s 元，2024 版标准不再单列规费"),
        _("请将规费计入人工费和管理费"),
    ),
    **{f"procurement.bill.sum_differs.{name}": _sum(name) for name in _SUMS},
    "procurement.bill.words_differ": Wording(
        _("总价大写“%(words)s”与小写 %(digits)s 元不一致，应为“%(expected)s”"), _CHECK
    ),
    "procurement.bill.opening_differs": Wording(
        _("清单总价 %(digits)s 元与开标记录 %(opening)s 元不一致")
    ),
    "procurement.bill.price_missing": Wording(
        _("%(unit)s/%(item)s %(name)s 未填综合单价或合价"), _("请逐项报价")
    ),
    "procurement.bill.total_missing": Wording(_("清单未填总价"), _("请补填")),
    "procurement.bill.amount_negative": Wording(
        _("%(unit)s/%(item)s %(name)s 的合价 %(amount)s 元小于零"), _("请逐项报价")
    ),
    "procurement.bill.price_not_positive": Wording(
        _("%(unit)s/%(item)s %(name)s 的综合单价 %(price)s 元不大于零"), _("请逐项报价")
    ),
    # C08-C14.
    "procurement.bill.total_above_ceiling": Wording(
        _("总价 %(total)s 元超过最高投标限价 %(ceiling)s 元")
    ),
    "procurement.bill.price_above_ceiling": Wording(
        _("%(unit)s/%(item)s %(name)s 的综合单价 %(price)s 元超过限价 %(ceiling)s 元")
    ),
    "procurement.bill.safety_missing": Wording(
        _("单位工程 %(unit)s 未计安全生产措施费（费率 %(rate)s%%）"),
        _("安全生产措施费不得竞争，请按规定费率计取"),
    ),
    "procurement.bill.safety_rate_differs": Wording(
        _("单位工程 %(unit)s 的安全生产措施费费率 %(stated)s%%，规定为 %(rate)s%%"),
        _("安全生产措施费不得竞争，请按规定费率计取"),
    ),
    "procurement.bill.safety_differs": Wording(
        _("单位工程 %(unit)s 的安全生产措施费 %(stated)s 元，应为 %(expected)s 元"), _CHECK
    ),
    "procurement.bill.fixed_price_differs": Wording(
        _("“%(name)s”应为 %(tender)s 元，投标为 %(bid)s 元"),
        _("暂列金额、暂估价和甲供材料价格不得变动"),
    ),
    "procurement.bill.vat_rate_differs": Wording(
        _("单位工程 %(unit)s 的增值税税率 %(stated)s%%，应为 %(rate)s%%"), _CHECK
    ),
    "procurement.bill.vat_base_differs": Wording(
        _("单位工程 %(unit)s 的增值税计税基数 %(stated)s 元，应为 %(expected)s 元"), _CHECK
    ),
    "procurement.bill.vat_differs": Wording(
        _("单位工程 %(unit)s 的增值税 %(stated)s 元，应为 %(expected)s 元"), _CHECK
    ),
    "procurement.bill.parts_differ": Wording(
        _("%(unit)s/%(item)s %(name)s 的综合单价 %(price)s 元，各组成之和 %(parts)s 元"), _CHECK
    ),
    "procurement.bill.material_prices": Wording(
        _("材料“%(name)s”有多个单价：%(prices)s 元"), _("请核对是否为同一材料")
    ),
    "procurement.bill.item_prices": Wording(
        _("清单项目 %(item)s %(name)s 特征相同而综合单价不同：%(prices)s 元"),
        _("请核对报价是否一致"),
    ),
    # Arithmetic of prices.
    "procurement.price.weights_not_one": Wording(
        _("定值与变值权重之和 %(sum)s 不等于 1"), _("请核对合同约定的权重")
    ),
    "procurement.price.index_not_positive": Wording(_("第 %(position)s 项指数不大于零")),
    "procurement.price.option_missing": Wording(
        _("合同未约定工程量偏差的计价方式"), _("请选择全量调整或分段调整")
    ),
    "procurement.price.negative": Wording(_("%(name)s 不能小于零")),
}
