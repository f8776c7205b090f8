"""The words of the archive's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credit import citing
from kernel import clock
from kernel.errors import Wording
from kernel.money import format_yuan
from kernel.regulation import selectors as law


def _safety(facts: Mapping[str, Any]) -> str:
    if facts["lapsed_on"]:
        return gettext("安全生产许可证已于 %(lapsed_on)s 过期") % facts
    return gettext("企业信息档案中没有安全生产许可证")


# What a tender states of works, with its unit.
MEASURES = {
    "building_height_m": _("建筑高度（米）"),
    "structure_height_m": _("构筑物高度（米）"),
    "area_m2": _("单体建筑面积（平方米）"),
    "span_m": _("单跨跨度（米）"),
    "length_m": _("单座总长（米）"),
    "price_fen": _("单项合同额（元）"),
    "any": _("全部指标"),
}


def amount(measure: str, value: int) -> str:
    """A measure's value as people write it."""
    return format_yuan(value) if measure.endswith("_fen") else f"{value:,}"


def _scope(facts: Mapping[str, Any]) -> str:
    told = _told(facts) | {"most": amount(str(facts["measure"]), int(facts["most"]))}
    return (
        gettext("%(trade)s %(grade)s的承包范围：%(measure)s不超过 %(most)s，本标段为 %(value)s")
        % told
    )


def _not_held(facts: Mapping[str, Any]) -> str:
    return gettext(
        "%(trade)s %(grade)s能否承包本标段须由人判断：平台没有收录其%(measure)s的限额，"
        "本标段为 %(value)s"
    ) % _told(facts)


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    measure, at = str(facts["measure"]), clock.now()
    return {
        "trade": _label("qualification_trade", facts["trade"], at),
        "grade": _label("qualification_grade", facts["grade"], at),
        "measure": MEASURES.get(measure, measure),
        "value": amount(measure, int(facts["value"])),
    }


def _label(listed: str, code: str, at: datetime) -> str:
    return dict(law.options(listed, at, citing.language())).get(code, code)


WORDINGS = {
    "credit.licence.code_unlisted": Wording(
        _("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")
    ),
    "credit.licence.period_backward": Wording(
        _("有效期止 %(to)s 不晚于有效期始 %(from)s"), _("请核对证书上的日期")
    ),
    "credit.licence.holder_missing": Wording(_("未填写持证人"), _("请填写持证人姓名")),
    "credit.licence.taken": Wording(
        _("证书编号 %(number)s 已在档案中且有效"), _("请核对编号；换证的先登记原证失效")
    ),
    "credit.licence.of_another_place": Wording(
        _("企业属于其他地区（%(region)s），本地区不能登记其证照"),
        _("请由该地区或者上级主管部门登记"),
    ),
    "credit.licence.proof_missing": Wording(
        _("核验等级 %(level)s 没有证照文件支持"),
        _("请上传证照扫描件；全国平台数据已载明该证照的，等级 A、C 可以不上传"),
    ),
    "credit.officer.interested": Wording(
        _("经办人同时在该企业任职，应当回避"), _("请由另一名信用管理人员办理")
    ),
    "credit.licence.name_differs": Wording(
        _("档案中的企业名称是“%(name)s”"),
        _("请按档案填写；已更名的，先登记新的营业执照并上传扫描件，或者申请更正名称"),
    ),
    "credit.enterprise.not_qualified": Wording(
        _("没有所要求的有效资质：类别 %(trade)s，等级不低于 %(grade)s"),
        _("请先在企业信息档案中登记资质证书"),
    ),
    "credit.enterprise.grade_unknown": Wording(
        _("招标文件要求的资质等级 %(grade)s 不在现行代码表中"), _("请招标人澄清资质要求")
    ),
    "credit.enterprise.safety_licence_missing": Wording(
        _safety, _("请先办理延期或重新申领，并在企业信息档案中登记")
    ),
    "credit.enterprise.beyond_scope": Wording(
        _scope, _("请核对资质证书载明的承包范围；证书与平台数据不符的，申请更正")
    ),
    "credit.enterprise.scope_not_held": Wording(
        _not_held, _("请对照所列资质标准的承包范围和资质证书的载明判断")
    ),
    "credit.enterprise.registry_proof_missing": Wording(
        _("统一社会信用代码 %(uscc)s 的末位校验不符（早期代码确有此情形）"),
        _("请上传登记机关出具的登记信息"),
    ),
    "credit.enterprise.barred": Wording(_("依 %(document)s，现处于限制投标期间")),
}
