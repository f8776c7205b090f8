"""The acts that undo what two officers confirmed: each proposed by one and confirmed by another."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from credit.conduct import rules, schemas
from credit.conduct import second_pair as pairs
from credit.conduct.acts import BY_APPEAL, BY_PENALTY, act, propose
from credit.conduct.schemas import ReasonPayload
from credit.conduct.states import (
    AMENDED,
    CAPTURED,
    LISTED,
    PROPOSED_LIST,
    PUBLISHED,
    REVIEW_ASKED,
    REVOCABLE,
    REVOKED,
    SECOND_PAIR,
    SHOWN,
    WITHDRAW_DUE,
    WITHDRAWABLE,
)

UNDOING = (
    propose("propose_revocation", _("提议撤销记录"), REVOCABLE),
    act(
        "revoke", _("撤销记录"), REVOCABLE, REVOKED,
        _("由提议人以外的人员确认，撤销该记录，停止公布和计分。"), _("已撤销"),
        guards=pairs.confirms("revoke"), grave=True,
    ),
    propose(
        "propose_suspension", _("提议暂停使用"), SHOWN, schema=schemas.DecisionPayload,
        guards=(pairs.nothing_is_proposed, rules.is_not_suspended, rules.decision_is_named,
                rules.reason_is_given),
    ),
    act(
        "suspend", _("暂停使用"), SHOWN, "",
        _("按停止执行的决定或者裁定，暂停计分和限制；由提议人以外的人员确认。"), _("已暂停使用"),
        guards=pairs.confirms("suspend"), **BY_APPEAL,
    ),
    propose(
        "propose_lifting", _("提议恢复使用"), SHOWN, schema=schemas.DecisionPayload,
        guards=(pairs.nothing_is_proposed, rules.is_suspended, rules.decision_is_named,
                rules.reason_is_given),
    ),
    act(
        "lift_suspension", _("恢复使用"), SHOWN, "",
        _("停止执行的决定或者裁定失效，由提议人以外的人员确认，记录恢复计分。"), _("已恢复使用"),
        guards=(rules.is_suspended, *pairs.confirms("lift_suspension")), **BY_APPEAL,
    ),
    propose(
        "propose_change", _("登记处罚变更或者撤销"), WITHDRAWABLE, schema=schemas.ChangePayload,
        guards=(pairs.nothing_is_proposed, rules.decision_is_named, rules.reason_is_given,
                rules.change_did_happen),
    ),
    act(
        "note_change", _("确认处罚变更或者撤销"), WITHDRAWABLE, WITHDRAW_DUE,
        _("由登记人以外的人员确认处罚决定已变更、撤销，三日内撤回公布；逾期自动撤回。"),
        _("已确认处罚变更"),
        guards=pairs.confirms("note_change"), **BY_PENALTY,
    ),
    act(
        "withdraw", _("撤回公布"), (WITHDRAW_DUE,), REVOKED,
        _("由登记人以外的人员撤回公布，停止计分。"), _("已撤回公布"),
        guards=(pairs.is_another_than_proposed,), grave=True, desk=True, **BY_PENALTY,
    ),
    act(
        "correct", _("按变更后的决定更正"), (WITHDRAW_DUE,), AMENDED,
        _("由登记人以外的人员按变更后的决定更正公布和计分。"), _("已更正"),
        schema=schemas.AmendPayload,
        guards=(pairs.is_another_than_proposed, rules.reason_is_given,
                rules.item_is_in_the_scheme, rules.class_is_known, rules.weight_is_stated,
                rules.is_no_duplicate),
        **BY_PENALTY,
    ),
    propose(
        "propose_keep", _("提议继续公布"), (WITHDRAW_DUE,),
        guards=(pairs.keeping_is_not_proposed, rules.reason_is_given),
    ),
    act(
        "keep", _("处罚未变更，继续公布"), (WITHDRAW_DUE,), PUBLISHED,
        _("由提议人以外的人员确认登记有误，记录继续公布。"), _("继续公布"),
        guards=pairs.confirms("keep"), **BY_PENALTY,
    ),
    act(
        "withdraw_on_time", _("期满撤回公布"), (WITHDRAW_DUE,), REVOKED,
        _("三日内未处理，自动撤回公布，停止计分。"), _("已撤回公布"), automatic=True,
        **BY_PENALTY,
    ),
    act(
        "decline_proposal", _("不同意提议"),
        (CAPTURED, *REVOCABLE, REVIEW_ASKED, PROPOSED_LIST, LISTED), "",
        _("不采纳待确认的提议，记录照旧。提议人可以此收回提议。"), _("未采纳提议"),
        schema=ReasonPayload,
        guards=(pairs.something_is_proposed, pairs.listing_is_dropped_otherwise,
                pairs.review_is_left_to_the_upper_authority, rules.reason_is_given),
        article=SECOND_PAIR, source="own_default",
    ),
)  # fmt: skip
