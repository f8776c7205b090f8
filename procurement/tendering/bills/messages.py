"""The words of tender bills' refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording, catalogue

_C = "procurement.tender_bill."


def _in_use(facts: Mapping[str, Any]) -> str:
    return gettext("标段 %(lots)s 已采用本清单") % {"lots": catalogue.listed(facts["lots"])}


WORDINGS = {
    _C + "project_unregistered": Wording(
        _("项目 %(number)s 未在平台报建登记"), _("请先完成项目报建，再导入清单")
    ),
    _C + "actor_elsewhere": Wording(
        _("本单位既不是该项目的建设单位，也不是其招标计划载明的招标代理机构"),
        _("请核对项目编号，或先由建设单位在招标计划中载明代理机构"),
    ),
    _C + "file_missing": Wording(
        _("没有上传清单文件"), _("请选择 XLSX 或 XML 清单文件；空白模板见工作台")
    ),
    _C + "on_record": Wording(
        _("同一份清单已经入库：%(reference)s"), _("请直接选用，或导入修改后的清单")
    ),
    _C + "in_use": Wording(_in_use, _("请先在标段草稿中改选清单；已公告的清单不能撤回")),
}
