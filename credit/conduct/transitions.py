"""The acts on a conduct record, from its capture to its end."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from credit.conduct import capturing, mending, rules, schemas
from credit.conduct import second_pair as pairs
from credit.conduct.acts import BY_APPEAL, BY_EXIT, BY_NOTICE, BY_REPAIR, WHY, act, propose
from credit.conduct.schemas import ReasonPayload
from credit.conduct.states import (
    AMENDED,
    ANSWER_DUE,
    CAPTURED,
    CONFIRMED,
    DISPUTED,
    EXPIRED,
    LISTED,
    NOTICE_DUE,
    NOTIFIED,
    PROPOSED_LIST,
    PUBLISHED,
    REPAIR_APPLIED,
    REPAIR_REJECTED,
    REPAIRED,
    REVIEW_ASKED,
    REVIEWING,
    REVOKED,
    SHOWN_FOR_A_TIME,
    STATED,
)
from credit.conduct.undoing import UNDOING

_TO_PUBLICATION = (
    act(
        "capture", _("采集行为记录"), (), CAPTURED,
        _("登记一项行为，待核对文书、双人认定后告知并公布。"), _("已采集"),
        schema=schemas.CapturePayload,
        guards=(*capturing.CAPTURE, capturing.name_is_of_the_code, capturing.document_is_brought),
    ),
    act(
        "capture_event", _("由业务自动采集"), (), CAPTURED,
        _("平台业务中发生的行为自动登记，待双人认定。"), _("已自动采集"),
        schema=schemas.EventPayload, guards=capturing.CAPTURE, automatic=True,
    ),
    act(
        "note_event", _("注明业务事件"), (CAPTURED,), "",
        _("平台业务中发生了同一行为；该记录不予认定的，按业务事件另行登记。"), _("已注明业务事件"),
        schema=schemas.EventPayload, automatic=True,
    ),
    act(
        "verify", _("核对文书"), (CAPTURED,), "",
        _("确认记录与作出决定的文书一致，交另一名人员认定。"), _("已核对"),
        guards=(rules.is_no_duplicate, pairs.not_yet_verified), desk=True,
    ),
    act(
        "confirm", _("认定"), (CAPTURED,), CONFIRMED,
        _("由核对人以外的人员认定该行为属实。"), _("已认定"),
        guards=(pairs.was_verified, pairs.is_a_second_pair_of_eyes), desk=True,
    ),
    propose("propose_dismissal", _("提议不予认定"), (CAPTURED,)),
    act(
        "dismiss", _("不予认定"), (CAPTURED,), REVOKED,
        _("由提议人以外的人员确认，该行为不予认定，不公布，不计分。"), _("未认定"),
        guards=pairs.confirms("dismiss"), grave=True,
    ),
    act(
        "notify", _("公布前告知"), (CONFIRMED,), NOTICE_DUE,
        _("制作告知书，载明认定的事实和依据；签发后告知企业，告知期满自动公布。"),
        _("已制作告知书"),
        guards=(rules.is_complete,), desk=True, **BY_NOTICE,
    ),
    act(
        "serve_notice", _("签发告知书"), (NOTICE_DUE,), NOTIFIED,
        _("告知书已签发，告知期自签发之日起计算。"), _("已告知企业"), automatic=True,
        guards=(rules.term_still_runs,), **BY_NOTICE,
    ),
    act(
        "recall_notice", _("收回告知书"), (NOTICE_DUE,), CONFIRMED,
        _("告知书签发前发现有误的，说明理由后收回，企业未被告知。"), _("已收回告知书"),
        **WHY, **BY_NOTICE,
    ),
    propose(
        "propose_storage", _("提议存入档案"), (CONFIRMED, STATED),
        guards=(pairs.nothing_is_proposed, rules.reason_is_given, rules.term_is_over),
    ),
    act(
        "store", _("存入档案"), (CONFIRMED, STATED), EXPIRED,
        _("按文书日期计算的公示期已满，由提议人以外的人员确认存入企业档案，不公布，不计分。"),
        _("已存入档案"),
        guards=(*pairs.confirms("store"), rules.term_is_over), **BY_REPAIR,
    ),
    act(
        "state", _("陈述申辩"), (NOTIFIED,), STATED,
        _("公布前陈述意见、提出申辩，由作出认定的部门复核后决定是否公布。"), _("已陈述申辩"),
        schema=schemas.StatementPayload,
        guards=(rules.statement_is_made, rules.statement_is_the_first), desk=True, **BY_NOTICE,
    ),
    act(
        "publish", _("公布"), (NOTIFIED,), PUBLISHED,
        _("向社会公布并计入信用评价。"), _("已公布"), automatic=True,
    ),
    act(
        "answer_statement", _("不采纳陈述申辩"), (STATED,), ANSWER_DUE,
        _("经复核，陈述申辩的理由不成立，制作答复书；签发后告知企业，告知期满自动公布。"),
        _("已制作答复书"),
        schema=ReasonPayload, guards=(rules.reason_is_given, rules.term_still_runs), desk=True,
        **BY_NOTICE,
    ),
    act(
        "serve_answer", _("签发答复书"), (ANSWER_DUE,), NOTIFIED,
        _("答复书已签发，告知期自签发之日起计算。"), _("已答复陈述申辩"), automatic=True,
        guards=(rules.term_still_runs,), **BY_NOTICE,
    ),
    act(
        "recall_answer", _("收回答复书"), (ANSWER_DUE,), STATED,
        _("答复书签发前发现有误的，说明理由后收回，重新复核。"), _("已收回答复书"),
        **WHY, **BY_NOTICE,
    ),
)  # fmt: skip

_SHOWING = (
    propose(
        "propose_showing", _("提议公示"), SHOWN_FOR_A_TIME,
        guards=(pairs.nothing_is_proposed, rules.is_kept_back, rules.reason_is_given),
    ),
    act(
        "show", _("予以公示"), SHOWN_FOR_A_TIME, "",
        _("依法原则上不公示的轻微信息，由提议人以外的人员确认后向社会公示。"), _("已公示"),
        guards=(*pairs.confirms("show"), rules.is_kept_back), **BY_REPAIR,
    ),
)  # fmt: skip

# Also while a list is proposed, and where repair was refused: else one officer's proposal, left to
# lie until the days are over, or one's refusal would take the remedies away. A list that was
# proposed is given up with it, and may be proposed anew.
_OBJECTED_FROM = (PUBLISHED, AMENDED, PROPOSED_LIST, REPAIR_REJECTED)

_OBJECTION = (
    act(
        "dispute", _("提出异议"), _OBJECTED_FROM, DISPUTED,
        _("请作出认定的部门复核。复核期间记录标明“异议中”，照常计分。"), _("已提出异议"),
        schema=ReasonPayload,
        guards=(rules.reason_is_given, rules.objection_is_the_first, rules.objection_is_in_time),
        **BY_APPEAL,
    ),
    act(
        "accept_objection", _("受理异议"), (DISPUTED,), REVIEWING,
        _("受理后在期限内复核，由另一名人员作出决定。"), _("已受理异议"),
        desk=True, **BY_APPEAL,
    ),
    act(
        "refuse_objection", _("不予受理"), (DISPUTED,), PUBLISHED,
        _("说明理由，不予受理；记录照常公布。"), _("未受理异议"), **WHY, **BY_APPEAL,
    ),
    act(
        "extend_objection", _("延长复核期限"), (REVIEWING,), "",
        _("情况复杂的，说明理由后延长一次。"), _("已延长复核期限"),
        schema=ReasonPayload, guards=(rules.reason_is_given, rules.extended_once), **BY_APPEAL,
    ),
    act(
        "uphold", _("维持"), (REVIEWING,), PUBLISHED,
        _("经复核，原记录无误，维持公布。"), _("已维持"),
        schema=ReasonPayload, guards=(rules.reason_is_given, pairs.is_another_than_accepted),
        desk=True,
    ),
    act(
        "amend", _("更正"), (REVIEWING,), AMENDED,
        _("经复核，原记录部分有误，按更正后的内容公布和计分。"), _("已更正"),
        schema=schemas.AmendPayload,
        guards=(rules.reason_is_given, rules.item_is_in_the_scheme, rules.class_is_known,
                rules.weight_is_stated, rules.is_no_duplicate,
                pairs.is_another_than_accepted),
        desk=True,
    ),
    act(
        "ask_review", _("申请上级复核"), _OBJECTED_FROM, REVIEW_ASKED,
        _("不服异议决定的，请上一级主管部门复核；复核期间照常公布、计分。"), _("已申请上级复核"),
        schema=ReasonPayload,
        guards=(rules.reason_is_given, rules.objection_was_decided, rules.review_is_the_first,
                rules.review_is_in_time, rules.there_is_an_upper_authority),
        **BY_APPEAL,
    ),
    act(
        "review_uphold", _("复核维持"), (REVIEW_ASKED,), PUBLISHED,
        _("上一级主管部门复核后维持异议决定。"), _("复核维持"),
        schema=schemas.DecisionPayload,
        guards=(rules.decision_is_named, rules.reason_is_given), desk=True, **BY_APPEAL,
    ),
    propose(
        "propose_review_revocation", _("提议复核撤销"), (REVIEW_ASKED,),
        schema=schemas.DecisionPayload,
        guards=(pairs.nothing_is_proposed, rules.decision_is_named, rules.reason_is_given),
        desk=True,
    ),
    act(
        "review_revoke", _("复核撤销"), (REVIEW_ASKED,), REVOKED,
        _("上一级主管部门复核后，由提议人以外的人员确认撤销该记录，停止公布和计分。"),
        _("复核撤销"),
        guards=pairs.confirms("review_revoke"), grave=True, desk=True, **BY_APPEAL,
    ),
)  # fmt: skip

_REPAIR = (
    act(
        "apply_repair", _("申请信用修复"), (PUBLISHED, AMENDED, REPAIR_REJECTED), REPAIR_APPLIED,
        _("行为已纠正、义务履行完毕并公开作出信用承诺后，申请停止公示、共享和使用。"),
        _("已申请修复"),
        schema=schemas.RepairPayload,
        guards=(mending.may_be_repaired, rules.reason_is_given, mending.correction_is_proven,
                mending.duties_are_met, mending.commitment_is_there),
        **BY_REPAIR,
    ),
    propose("propose_repair", _("提议准予修复"), (REPAIR_APPLIED,), desk=True),
    act(
        "repair", _("准予修复"), (REPAIR_APPLIED,), REPAIRED,
        _("由提议人以外的人员确认，停止公示、共享和使用，重新计分。"), _("已修复"),
        guards=pairs.confirms("repair"), desk=True, **BY_REPAIR,
    ),
    act(
        "reject_repair", _("不予修复"), (REPAIR_APPLIED,), REPAIR_REJECTED,
        _("不符合修复条件，说明理由后继续公示。"), _("未准予修复"), desk=True,
        **WHY, **BY_REPAIR,
    ),
    act(
        "expire", _("公示期满"), SHOWN_FOR_A_TIME, EXPIRED,
        _("公示期满，自动停止公示和使用。"), _("公示期满"), automatic=True, **BY_REPAIR,
    ),
)  # fmt: skip

_LISTING = (
    act(
        "propose_list", _("提议列入名单"), (PUBLISHED, AMENDED), PROPOSED_LIST,
        _("制作告知书，载明拟列入名单的事实和依据；签发后告知企业，听取陈述申辩。"),
        _("已提出列入"),
        schema=ReasonPayload, guards=(rules.is_bad, rules.reason_is_given),
    ),
    act(
        "serve_list_notice", _("签发拟列入名单告知书"), (PROPOSED_LIST,), "",
        _("告知书已签发，陈述申辩的期限自签发之日起计算。"), _("已告知企业拟列入名单"),
        automatic=True, **BY_NOTICE,
    ),
    act(
        "state_listing", _("就列入名单陈述申辩"), (PROPOSED_LIST,), "",
        _("列入名单前陈述意见、提出申辩。"), _("已陈述申辩"),
        schema=schemas.StatementPayload,
        # On the firm's desk by the paper that it answers, with its clock (firm_desk).
        guards=(rules.statement_is_made, rules.listing_was_not_answered), **BY_NOTICE,
    ),
    act(
        "list", _("列入名单"), (PROPOSED_LIST,), LISTED,
        _("由提议人以外的人员决定列入名单一年，期间不得参加投标、出租设备和承揽劳务。"),
        _("已列入名单"),
        schema=ReasonPayload,
        guards=(*pairs.confirms("list"), rules.was_heard, rules.reason_is_given), grave=True,
    ),
    act(
        "drop_proposal", _("不予列入"), (PROPOSED_LIST,), PUBLISHED,
        _("听取陈述申辩后不列入名单，记录继续公示至期满。"), _("未列入名单"), **WHY,
    ),
    act(
        "apply_exit", _("申请提前移出名单"), (LISTED,), "",
        _("列入满最短期限、行为已纠正、义务履行完毕并公开作出信用承诺后，申请期满前移出名单。"),
        _("已申请提前移出"),
        schema=schemas.RepairPayload,
        guards=(mending.may_be_left, rules.reason_is_given, mending.correction_is_proven,
                mending.duties_are_met, mending.commitment_is_there),
        **BY_EXIT,
    ),
    act(
        "reject_exit", _("不予提前移出"), (LISTED,), "",
        _("不符合提前移出的条件，说明理由后名单期限照常计算；企业可以再次申请。"),
        _("未准予提前移出"),
        schema=ReasonPayload, guards=(mending.is_asked_for, rules.reason_is_given), **BY_EXIT,
    ),
    propose(
        "propose_removal", _("提议移出名单"), (LISTED,), schema=schemas.GroundPayload,
        guards=(pairs.nothing_is_proposed, mending.removal_has_its_ground, rules.reason_is_given),
    ),
    act(
        "remove", _("移出名单"), (LISTED,), PUBLISHED,
        _("由提议人以外的人员确认，移出名单，限制措施解除，转为不良信用记录继续公示。"),
        _("已移出名单"),
        guards=(*pairs.confirms("remove"), mending.removal_still_has_its_ground),
    ),
    act(
        "remove_on_time", _("列入期满"), (LISTED,), PUBLISHED,
        _("列入期满，自动移出名单，转为不良信用记录继续公示。"), _("列入期满"), automatic=True,
    ),
)  # fmt: skip

TRANSITIONS = _TO_PUBLICATION + _SHOWING + _OBJECTION + UNDOING + _REPAIR + _LISTING
