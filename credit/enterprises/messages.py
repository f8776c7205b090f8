"""The words of the archive's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording


def _safety(facts: Mapping[str, Any]) -> str:
    if facts["lapsed_on"]:
        return gettext("安全生产许可证已于 %(lapsed_on)s 过期") % facts
    return gettext("企业信息档案中没有安全生产许可证")


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
    "credit.enterprise.barred": Wording(_("依 %(document)s，现处于限制投标期间")),
}
