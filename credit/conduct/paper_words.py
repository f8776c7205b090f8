"""The words of the papers on conduct records: title, first sentence, what can be done against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.conduct.states import APPEAL, EXIT, NOTICE, REPAIR, RULE


@dataclass(frozen=True)
class Paper:
    """until: by act (``""`` for all others) the label of the time that it sets."""

    title: Any
    lead: Any
    article: str
    mark: str
    notes: tuple[Any, ...] = ()
    until: Mapping[str, Any] = field(default_factory=dict)


_COURT = _("不服本决定的，可以依法申请行政复议或者提起行政诉讼。")
_SHOWN = {"": _("公示至")}
_STATED = {"": _("陈述申辩")}

PAPERS = {
    "notice": Paper(
        _("行为认定告知书"),
        _(
            "经一名人员核对文书、另一名人员认定，你单位有下列行为。告知期满即向社会公布，并计入信用评价。"
        ),
        NOTICE, "own_default",
        (_("告知期内可以在平台陈述申辩；公布后可以提出异议，不服异议决定的，可以申请上级复核。"),),
        _STATED,
    ),
    "answer": Paper(
        _("陈述申辩答复书"),
        _("你单位对下列行为记录的陈述申辩已经复核，理由不成立。告知期满即向社会公布。"),
        NOTICE, "own_default",
        (_("公布后可以提出异议，不服异议决定的，可以申请上级复核。"),),
        {"": _("告知期")},
    ),
    "objection": Paper(
        _("异议处理决定书"),
        _("你单位对下列行为记录的异议或者复核申请已经办理，决定如下，记录照常公布和计分。"),
        APPEAL, "own_default", (_COURT,), _SHOWN,
    ),
    "correction": Paper(
        _("行为记录更正决定书"),
        _("下列行为记录应当更正，自即日起按更正后的内容公布和计分。"),
        RULE, "remembered", (_COURT,), _SHOWN,
    ),
    "revocation": Paper(
        _("行为记录撤销决定书"),
        _("下列行为记录予以撤销，自即日起停止公布和计分。"),
        RULE, "remembered",
    ),
    "repair": Paper(
        _("信用修复决定书"),
        _("你单位对下列行为记录的信用修复申请已经审查，决定如下。"),
        REPAIR, "web_page",
        (_("准予修复的，停止公示、共享和使用；不予修复的，继续公示，可以再次申请。"), _COURT),
        {"reject_repair": _("公示至")},
    ),
    "list_notice": Paper(
        _("拟列入名单告知书"),
        _("你单位有下列行为，拟列入名单。现告知事实、理由和依据，听取陈述申辩。"),
        RULE, "remembered",
        (_("列入期间不得参加投标、出租设备和承揽劳务。"),),
        _STATED,
    ),
    "listing": Paper(
        _("名单处理决定书"),
        _("听取陈述申辩或者期限届满后，对是否列入名单决定如下。"),
        RULE, "remembered",
        (
            _("列入期间不得参加投标、出租设备和承揽劳务；满最短期限并履行义务的，可以申请提前移出。"),
            _COURT,
        ),
        {"list": _("名单期限至"), "": _("公示至")},
    ),
    "removal": Paper(
        _("移出名单事项决定书"),
        _("对移出名单的事项决定如下。"),
        EXIT, "own_default", (_COURT,), _SHOWN,
    ),
}  # fmt: skip
