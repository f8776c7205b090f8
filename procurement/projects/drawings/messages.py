"""The words of drawing review's refusals."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording, catalogue

_PARTIES = {"survey_uscc": _("勘察单位"), "design_uscc": _("设计单位")}


def _off_record(facts: Mapping[str, Any]) -> str:
    """Both; a record that has nobody in that role is said to have nobody."""
    said = {
        "party": _PARTIES.get(str(facts["field"]), facts["field"]),
        "named": facts["named"],
        "recorded": catalogue.listed(facts["recorded"]),
    }
    if not facts["recorded"]:
        return gettext("送审的%(party)s“%(named)s”不在项目登记中，项目没有登记该单位") % said
    return gettext("送审的%(party)s“%(named)s”与项目登记的“%(recorded)s”不一致") % said


_C = "procurement.drawing_review."
WORDINGS = {
    _C + "project_unknown": Wording(
        _("项目 %(number)s 未登记，或不属于本单位"), _("请填写本单位已登记项目的项目编号")
    ),
    _C + "scale_missing": Wording(_("未选择工程规模"), _("审查期限按工程规模确定，请选择")),
    _C + "name_missing": Wording(_("未填写送审内容"), _("请填写送审的工程名称")),
    _C + "reviewer_unknown": Wording(
        _("代码 %(uscc)s 不是平台上的施工图审查机构"), _("请从列表中选择")
    ),
    _C + "party_off_record": Wording(
        _off_record, _("请改填项目登记的单位，或者先在项目中变更参建单位")
    ),
    _C + "document_missing": Wording(
        _("缺少送审文件“%(document)s”"), _("请填写该文件的文号和日期")
    ),
    _C + "kind_unlisted": Wording(_("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")),
    _C + "file_missing": Wording(
        _("文件 %(number)s 所附扫描件不是本单位上传的"), _("请重新上传该文件")
    ),
    _C + "opinions_missing": Wording(_("未写明审查意见"), _("请逐条写明需要修改之处")),
}
