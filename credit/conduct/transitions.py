"""The acts on a conduct record, from its capture to its end."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from credit.conduct import rules, schemas
from credit.conduct.schemas import ReasonPayload
from credit.conduct.states import (
    AMENDED,
    APPEAL,
    CAPTURED,
    CONFIRMED,
    DISPUTED,
    EXPIRED,
    LISTED,
    NOTICE,
    NOTIFIED,
    PENALTY,
    PROPOSED_LIST,
    PUBLISHED,
    REMOVED,
    REPAIR,
    REPAIR_APPLIED,
    REPAIR_REJECTED,
    REPAIRED,
    REVIEW_ASKED,
    REVIEWING,
    REVOCABLE,
    REVOKED,
    RULE,
    SECOND_PAIR,
    SHOWN,
    SHOWN_FOR_A_TIME,
    STATED,
    WITHDRAW_DUE,
    WITHDRAWABLE,
)
from kernel.workflow.machines import Transition

_WHY = {"schema": ReasonPayload, "guards": (rules.reason_is_given,)}
_BY_NOTICE = {"article": NOTICE, "source": "own_default"}
_BY_APPEAL = {"article": APPEAL, "source": "own_default"}
_BY_REPAIR = {"article": REPAIR, "source": "web_page"}
_BY_PENALTY = {"article": PENALTY, "source": "statute_text"}


def _act(
    code: str,
    label: object,
    sources: tuple[str, ...],
    target: str,
    effect: object,
    done: object,
    **more: object,
) -> Transition:
    settings = {"article": RULE, "source": "remembered"} | more
    return Transition(code, label, sources, target, effect=effect, done=done, **settings)  # type: ignore[arg-type]


def _propose(code: str, label: object, sources: tuple[str, ...], **more: object) -> Transition:
    """The first half of an act that two officers do: the record stays as it is."""
    settings = {
        "schema": ReasonPayload,
        "guards": (rules.nothing_is_proposed, rules.reason_is_given),
        "article": SECOND_PAIR,
        "source": "own_default",
    } | more
    return _act(
        code, label, sources, "",
        _("说明理由并提议，由另一名人员确认或者不同意；确认前照常公布、计分和计算期限。"),
        _("已提议"), **settings,
    )  # fmt: skip


_TO_PUBLICATION = (
    _act(
        "capture", _("采集行为记录"), (), CAPTURED,
        _("登记一项行为，待核对文书、双人认定后告知并公布。"), _("已采集"),
        schema=schemas.CapturePayload, guards=rules.CAPTURE,
    ),
    _act(
        "capture_event", _("由业务自动采集"), (), CAPTURED,
        _("平台业务中发生的行为自动登记，待双人认定。"), _("已自动采集"),
        schema=schemas.CapturePayload, guards=rules.CAPTURE, automatic=True,
    ),
    _act(
        "verify", _("核对文书"), (CAPTURED,), "",
        _("确认记录与作出决定的文书一致，交另一名人员认定。"), _("已核对"),
        guards=(rules.is_no_duplicate, rules.not_yet_verified), desk=True,
    ),
    _act(
        "confirm", _("认定"), (CAPTURED,), CONFIRMED,
        _("由核对人以外的人员认定该行为属实。"), _("已认定"),
        guards=(rules.was_verified, rules.is_a_second_pair_of_eyes), desk=True,
    ),
    _act(
        "dismiss", _("不予认定"), (CAPTURED,), REVOKED,
        _("该行为不予认定，不公布，不计分。"), _("未认定"), grave=True, **_WHY,
    ),
    _act(
        "notify", _("公布前告知"), (CONFIRMED,), NOTIFIED,
        _("把认定的事实、依据和拟公布的期限告知企业，告知期满自动公布。"), _("已告知企业"),
        guards=(rules.is_complete,), desk=True, **_BY_NOTICE,
    ),
    _act(
        "state", _("陈述申辩"), (NOTIFIED,), STATED,
        _("公布前陈述意见、提出申辩，由作出认定的部门复核后决定是否公布。"), _("已陈述申辩"),
        schema=schemas.StatementPayload,
        guards=(rules.statement_is_made, rules.statement_is_the_first), desk=True, **_BY_NOTICE,
    ),
    _act(
        "publish", _("公布"), (NOTIFIED,), PUBLISHED,
        _("向社会公布并计入信用评价。"), _("已公布"), automatic=True,
    ),
    _act(
        "answer_statement", _("不采纳陈述申辩"), (STATED,), NOTIFIED,
        _("经复核，陈述申辩的理由不成立，把结论告知企业，告知期满自动公布。"), _("已答复陈述申辩"),
        schema=ReasonPayload, guards=(rules.reason_is_given, rules.term_still_runs), desk=True,
        **_BY_NOTICE,
    ),
)  # fmt: skip

_OBJECTION = (
    _act(
        "dispute", _("提出异议"), (PUBLISHED, AMENDED), DISPUTED,
        _("请作出认定的部门复核。复核期间记录标明“异议中”，照常计分。"), _("已提出异议"),
        schema=ReasonPayload,
        guards=(rules.reason_is_given, rules.objection_is_the_first, rules.objection_is_in_time),
        **_BY_APPEAL,
    ),
    _act(
        "accept_objection", _("受理异议"), (DISPUTED,), REVIEWING,
        _("受理后在期限内复核，由另一名人员作出决定。"), _("已受理异议"),
        desk=True, **_BY_APPEAL,
    ),
    _act(
        "refuse_objection", _("不予受理"), (DISPUTED,), PUBLISHED,
        _("说明理由，不予受理；记录照常公布。"), _("未受理异议"), **_WHY, **_BY_APPEAL,
    ),
    _act(
        "extend_objection", _("延长复核期限"), (REVIEWING,), "",
        _("情况复杂的，说明理由后延长一次。"), _("已延长复核期限"),
        schema=ReasonPayload, guards=(rules.reason_is_given, rules.extended_once), **_BY_APPEAL,
    ),
    _act(
        "uphold", _("维持"), (REVIEWING,), PUBLISHED,
        _("经复核，原记录无误，维持公布。"), _("已维持"),
        schema=ReasonPayload, guards=(rules.reason_is_given, rules.is_another_than_accepted),
        desk=True,
    ),
    _act(
        "amend", _("更正"), (REVIEWING,), AMENDED,
        _("经复核，原记录部分有误，按更正后的内容公布和计分。"), _("已更正"),
        schema=schemas.AmendPayload,
        guards=(rules.reason_is_given, rules.item_is_in_the_scheme, rules.class_is_known,
                rules.weight_is_stated, rules.is_no_duplicate,
                rules.is_another_than_accepted),
        desk=True,
    ),
    _act(
        "ask_review", _("申请上级复核"), (PUBLISHED, AMENDED), REVIEW_ASKED,
        _("不服异议决定的，请上一级主管部门复核；复核期间照常公布、计分。"), _("已申请上级复核"),
        schema=ReasonPayload,
        guards=(rules.reason_is_given, rules.objection_was_decided, rules.review_is_the_first,
                rules.review_is_in_time, rules.there_is_an_upper_authority),
        **_BY_APPEAL,
    ),
    _act(
        "review_uphold", _("复核维持"), (REVIEW_ASKED,), PUBLISHED,
        _("上一级主管部门复核后维持异议决定。"), _("复核维持"),
        schema=schemas.DecisionPayload,
        guards=(rules.decision_is_named, rules.reason_is_given), desk=True, **_BY_APPEAL,
    ),
    _act(
        "review_revoke", _("复核撤销"), (REVIEW_ASKED,), REVOKED,
        _("上一级主管部门复核后撤销该记录，停止公布和计分。"), _("复核撤销"),
        schema=schemas.DecisionPayload,
        guards=(rules.decision_is_named, rules.reason_is_given), grave=True, **_BY_APPEAL,
    ),
)  # fmt: skip

_UNDOING = (
    _propose("propose_revocation", _("提议撤销记录"), REVOCABLE),
    _act(
        "revoke", _("撤销记录"), REVOCABLE, REVOKED,
        _("由提议人以外的人员确认，撤销该记录，停止公布和计分。"), _("已撤销"),
        guards=rules.confirms("revoke"), grave=True,
    ),
    _propose(
        "propose_suspension", _("提议暂停使用"), SHOWN, schema=schemas.DecisionPayload,
        guards=(rules.nothing_is_proposed, rules.is_not_suspended, rules.decision_is_named,
                rules.reason_is_given),
    ),
    _act(
        "suspend", _("暂停使用"), SHOWN, "",
        _("按停止执行的决定或者裁定，暂停计分和限制；由提议人以外的人员确认。"), _("已暂停使用"),
        guards=rules.confirms("suspend"), **_BY_APPEAL,
    ),
    _propose(
        "propose_lifting", _("提议恢复使用"), SHOWN, schema=schemas.DecisionPayload,
        guards=(rules.nothing_is_proposed, rules.is_suspended, rules.decision_is_named,
                rules.reason_is_given),
    ),
    _act(
        "lift_suspension", _("恢复使用"), SHOWN, "",
        _("停止执行的决定或者裁定失效，由提议人以外的人员确认，记录恢复计分。"), _("已恢复使用"),
        guards=(rules.is_suspended, *rules.confirms("lift_suspension")), **_BY_APPEAL,
    ),
    _act(
        "note_change", _("登记处罚变更或者撤销"), WITHDRAWABLE, WITHDRAW_DUE,
        _("处罚决定被变更、撤销的，三日内撤回公布；逾期自动撤回。"), _("已登记处罚变更"),
        schema=schemas.ChangePayload,
        guards=(rules.decision_is_named, rules.reason_is_given, rules.change_did_happen),
        **_BY_PENALTY,
    ),
    _act(
        "withdraw", _("撤回公布"), (WITHDRAW_DUE,), REVOKED,
        _("由登记人以外的人员确认，撤回公布，停止计分。"), _("已撤回公布"),
        guards=rules.confirms("withdraw"), grave=True, desk=True, **_BY_PENALTY,
    ),
    _act(
        "correct", _("按变更后的决定更正"), (WITHDRAW_DUE,), AMENDED,
        _("由登记人以外的人员按变更后的决定更正公布和计分。"), _("已更正"),
        schema=schemas.AmendPayload,
        guards=(*rules.confirms("withdraw"), rules.reason_is_given, rules.item_is_in_the_scheme,
                rules.class_is_known, rules.weight_is_stated, rules.is_no_duplicate),
        **_BY_PENALTY,
    ),
    _act(
        "keep", _("处罚未变更，继续公布"), (WITHDRAW_DUE,), PUBLISHED,
        _("由登记人以外的人员确认登记有误，记录继续公布。"), _("继续公布"),
        schema=ReasonPayload, guards=(*rules.confirms("withdraw"), rules.reason_is_given),
        **_BY_PENALTY,
    ),
    _act(
        "withdraw_on_time", _("期满撤回公布"), (WITHDRAW_DUE,), REVOKED,
        _("三日内未处理，自动撤回公布，停止计分。"), _("已撤回公布"), automatic=True,
        **_BY_PENALTY,
    ),
    _act(
        "decline_proposal", _("不同意提议"), (*REVOCABLE, REVIEW_ASKED, PROPOSED_LIST, LISTED), "",
        _("不采纳待确认的提议，记录照旧。提议人可以此收回提议。"), _("未采纳提议"),
        schema=ReasonPayload,
        guards=(rules.something_is_proposed, rules.listing_is_dropped_otherwise,
                rules.reason_is_given),
        article=SECOND_PAIR, source="own_default",
    ),
)  # fmt: skip

_REPAIR = (
    _act(
        "apply_repair", _("申请信用修复"), (PUBLISHED, AMENDED, REPAIR_REJECTED), REPAIR_APPLIED,
        _("行为已纠正、义务履行完毕并公开作出信用承诺后，申请停止公示、共享和使用。"),
        _("已申请修复"),
        schema=schemas.RepairPayload,
        guards=(rules.may_be_repaired, rules.reason_is_given, rules.correction_is_proven,
                rules.duties_are_met, rules.commitment_is_there),
        **_BY_REPAIR,
    ),
    _propose("propose_repair", _("提议准予修复"), (REPAIR_APPLIED,), desk=True),
    _act(
        "repair", _("准予修复"), (REPAIR_APPLIED,), REPAIRED,
        _("由提议人以外的人员确认，停止公示、共享和使用，重新计分。"), _("已修复"),
        guards=rules.confirms("repair"), desk=True, **_BY_REPAIR,
    ),
    _act(
        "reject_repair", _("不予修复"), (REPAIR_APPLIED,), REPAIR_REJECTED,
        _("不符合修复条件，说明理由后继续公示。"), _("未准予修复"), desk=True,
        **_WHY, **_BY_REPAIR,
    ),
    _act(
        "expire", _("公示期满"), SHOWN_FOR_A_TIME, EXPIRED,
        _("公示期满，自动停止公示和使用。"), _("公示期满"), automatic=True, **_BY_REPAIR,
    ),
)  # fmt: skip

_LISTING = (
    _act(
        "propose_list", _("拟列入名单"), (PUBLISHED, AMENDED), PROPOSED_LIST,
        _("告知企业拟列入名单的事实和依据，听取陈述申辩。"), _("已提出列入"),
        schema=ReasonPayload, guards=(rules.is_bad, rules.reason_is_given),
    ),
    _act(
        "state_listing", _("就列入名单陈述申辩"), (PROPOSED_LIST,), "",
        _("列入名单前陈述意见、提出申辩。"), _("已陈述申辩"),
        schema=schemas.StatementPayload,
        guards=(rules.statement_is_made, rules.listing_was_not_answered), desk=True,
        **_BY_NOTICE,
    ),
    _act(
        "list", _("列入名单"), (PROPOSED_LIST,), LISTED,
        _("由提议人以外的人员决定列入名单一年，期间不得参加投标、出租设备和承揽劳务。"),
        _("已列入名单"),
        schema=ReasonPayload,
        guards=(*rules.confirms("list"), rules.was_heard, rules.reason_is_given), grave=True,
    ),
    _act(
        "drop_proposal", _("不予列入"), (PROPOSED_LIST,), PUBLISHED,
        _("听取陈述申辩后不列入名单，记录继续公示至期满。"), _("未列入名单"), **_WHY,
    ),
    _propose("propose_removal", _("提议移出名单"), (LISTED,)),
    _act(
        "remove", _("移出名单"), (LISTED,), REMOVED,
        _("由提议人以外的人员确认，移出名单，限制措施解除。"), _("已移出名单"),
        guards=rules.confirms("remove"),
    ),
    _act(
        "remove_on_time", _("列入期满"), (LISTED,), REMOVED,
        _("列入期满，自动移出名单。"), _("列入期满"), automatic=True,
    ),
)  # fmt: skip

TRANSITIONS = _TO_PUBLICATION + _OBJECTION + _UNDOING + _REPAIR + _LISTING
