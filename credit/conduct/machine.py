"""The machine of a conduct record (rules of 建市〔2017〕241号; repair by order 36 of 2025)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from credit.conduct import rules
from credit.conduct.schemas import AmendPayload, CapturePayload, ReasonPayload, RepairPayload
from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, Relation, State, Transition

# Articles are written as the law is cited; here the catalogue finds them for other languages.
RULE = gettext_noop("《建筑市场信用管理暂行办法》（建市〔2017〕241号）")
REPAIR = gettext_noop("《信用修复管理办法》（国家发展改革委令第36号）")
NOTICE = gettext_noop("平台默认：公布前告知")
SECOND_PAIR = gettext_noop("平台规则：行为记录双人认定")

CAPTURED, CONFIRMED, NOTIFIED, PUBLISHED = "captured", "confirmed", "notified", "published"
DISPUTED, AMENDED, REVOKED = "disputed", "amended", "revoked"
REPAIR_APPLIED, REPAIRED, REPAIR_REJECTED = "repair_applied", "repaired", "repair_rejected"
EXPIRED, PROPOSED_LIST, LISTED, REMOVED = "expired", "proposed_list", "listed", "removed"
# What everybody sees; a disputed record stays, and says that it is disputed.
SHOWN = (PUBLISHED, DISPUTED, AMENDED, REPAIR_APPLIED, REPAIR_REJECTED, PROPOSED_LIST, LISTED)
# Whatever is done with a shown record meanwhile, its time of showing runs; on a list the list's.
SHOWN_FOR_A_TIME = (
    PUBLISHED, DISPUTED, AMENDED, REPAIR_APPLIED, REPAIR_REJECTED, PROPOSED_LIST,
)  # fmt: skip
# From where one officer may propose, and another confirm, that a record be undone.
REVOCABLE = (PUBLISHED, DISPUTED, AMENDED, REPAIR_APPLIED, REPAIR_REJECTED)
# Before these a record is the authority's own business.
UNSEEN = (CAPTURED, CONFIRMED)


ENTERPRISE = relations.party("enterprise", "uscc")
# The enterprise reads its record from the notice on, not while officers still look into it.
TOLD = Relation(
    "told",
    lambda case, actor: ENTERPRISE.holds(case, actor) and case.state not in UNSEEN,
    lambda actor: ENTERPRISE.query(actor) & ~Q(state__in=UNSEEN),
)


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


def _propose(
    code: str, label: object, sources: tuple[str, ...], *, desk: bool = False
) -> Transition:
    """The first half of an act that two officers do: the record stays as it is."""
    return _act(
        code,
        label,
        sources,
        "",
        _("说明理由并提议，由另一名人员确认或者不同意；确认前照常公布、计分和计算期限。"),
        _("已提议"),
        schema=ReasonPayload,
        guards=(rules.nothing_is_proposed, rules.reason_is_given),
        article=SECOND_PAIR,
        source="own_default",
        desk=desk,
    )


RECORD = Machine(
    code="credit.conduct_record",
    label=_("行为记录"),
    initial=CAPTURED,
    main_path=(CAPTURED, CONFIRMED, NOTIFIED, PUBLISHED, EXPIRED),
    states=(
        State(CAPTURED, _("已采集"), "blue", RULE, source="remembered"),
        State(CONFIRMED, _("已认定"), "blue", RULE, source="remembered"),
        State(NOTIFIED, _("已告知"), "amber", NOTICE, source="own_default"),
        State(PUBLISHED, _("已公布"), "green", RULE, source="remembered"),
        State(DISPUTED, _("异议中"), "amber", RULE, source="remembered"),
        State(AMENDED, _("已更正"), "green", RULE, source="remembered"),
        State(
            REVOKED,
            pgettext_lazy("conduct", "已撤销"),
            "grey",
            RULE,
            final=True,
            source="remembered",
        ),
        State(REPAIR_APPLIED, _("修复受理中"), "amber", REPAIR, source="web_page"),
        State(REPAIRED, _("已修复"), "grey", REPAIR, final=True, source="web_page"),
        State(REPAIR_REJECTED, _("不予修复"), "amber", REPAIR, source="web_page"),
        State(EXPIRED, _("公示期满"), "grey", REPAIR, final=True, source="web_page"),
        State(PROPOSED_LIST, _("拟列入名单"), "amber", RULE, source="remembered"),
        State(LISTED, _("已列入名单"), "red", RULE, source="remembered"),
        State(REMOVED, _("已移出名单"), "grey", RULE, final=True, source="remembered"),
    ),
    relations=(ENTERPRISE, TOLD, relations.authority()),
    transitions=(
        _act(
            "capture",
            _("采集行为记录"),
            (),
            CAPTURED,
            _("登记一项行为，待核对文书、双人认定后告知并公布。"),
            _("已采集"),
            schema=CapturePayload,
            guards=rules.CAPTURE,
        ),
        _act(
            "capture_event",
            _("由业务自动采集"),
            (),
            CAPTURED,
            _("平台业务中发生的行为自动登记，待双人认定。"),
            _("已自动采集"),
            schema=CapturePayload,
            guards=rules.CAPTURE,
            automatic=True,
        ),
        _act(
            "verify",
            _("核对文书"),
            (CAPTURED,),
            "",
            _("确认记录与作出决定的文书一致，交另一名人员认定。"),
            _("已核对"),
            guards=(rules.is_no_duplicate, rules.not_yet_verified),
            desk=True,
        ),
        _act(
            "confirm",
            _("认定"),
            (CAPTURED,),
            CONFIRMED,
            _("由核对人以外的人员认定该行为属实。"),
            _("已认定"),
            guards=(rules.was_verified, rules.is_a_second_pair_of_eyes),
            desk=True,
        ),
        _act(
            "dismiss",
            _("不予认定"),
            (CAPTURED, CONFIRMED),
            REVOKED,
            _("该行为不予认定，不公布，不计分。"),
            _("未认定"),
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
            grave=True,
        ),
        _act(
            "notify",
            _("公布前告知"),
            (CONFIRMED,),
            NOTIFIED,
            _("把认定的事实、依据和拟公布的期限告知企业，告知期满自动公布。"),
            _("已告知企业"),
            article=NOTICE,
            source="own_default",
            desk=True,
        ),
        _act(
            "publish",
            _("公布"),
            (NOTIFIED,),
            PUBLISHED,
            _("向社会公布并计入信用评价。"),
            _("已公布"),
            automatic=True,
        ),
        _act(
            "dispute",
            _("提出异议"),
            (NOTIFIED, PUBLISHED, AMENDED),
            DISPUTED,
            _("请作出认定的部门复核。复核期间记录标明“异议中”。"),
            _("已提出异议"),
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
            desk=True,
        ),
        _act(
            "uphold",
            _("维持"),
            (DISPUTED,),
            PUBLISHED,
            _("经复核，原记录无误，维持公布。"),
            _("已维持"),
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
            desk=True,
        ),
        _act(
            "amend",
            _("更正"),
            (DISPUTED,),
            AMENDED,
            _("经复核，原记录部分有误，按更正后的内容公布和计分。"),
            _("已更正"),
            schema=AmendPayload,
            guards=(rules.reason_is_given, rules.item_is_in_the_scheme),
            desk=True,
        ),
        _propose("propose_revocation", _("提议撤销记录"), REVOCABLE),
        _act(
            "revoke",
            _("撤销记录"),
            REVOCABLE,
            REVOKED,
            _("由提议人以外的人员确认，撤销该记录，停止公布和计分。"),
            _("已撤销"),
            guards=rules.confirms("revoke"),
            grave=True,
        ),
        _act(
            "apply_repair",
            _("申请信用修复"),
            (PUBLISHED, AMENDED, REPAIR_REJECTED),
            REPAIR_APPLIED,
            _("义务履行完毕并作出信用承诺后，申请停止公示。"),
            _("已申请修复"),
            schema=RepairPayload,
            guards=(rules.may_be_repaired, rules.reason_is_given, rules.commitment_is_there),
            article=REPAIR,
            source="web_page",
        ),
        _propose("propose_repair", _("提议准予修复"), (REPAIR_APPLIED,), desk=True),
        _act(
            "repair",
            _("准予修复"),
            (REPAIR_APPLIED,),
            REPAIRED,
            _("由提议人以外的人员确认，停止公示、共享和使用，重新计分。"),
            _("已修复"),
            guards=rules.confirms("repair"),
            article=REPAIR,
            source="web_page",
            desk=True,
        ),
        _act(
            "reject_repair",
            _("不予修复"),
            (REPAIR_APPLIED,),
            REPAIR_REJECTED,
            _("不符合修复条件，说明理由后继续公示。"),
            _("未准予修复"),
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
            article=REPAIR,
            source="web_page",
            desk=True,
        ),
        _act(
            "expire",
            _("公示期满"),
            SHOWN_FOR_A_TIME,
            EXPIRED,
            _("公示期满，自动停止公示和使用。"),
            _("公示期满"),
            automatic=True,
            article=REPAIR,
            source="web_page",
        ),
        _act(
            "propose_list",
            _("拟列入名单"),
            (PUBLISHED, AMENDED),
            PROPOSED_LIST,
            _("告知企业拟列入名单的事实和依据，听取陈述申辩。"),
            _("已提出列入"),
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
        ),
        _act(
            "list",
            _("列入名单"),
            (PROPOSED_LIST,),
            LISTED,
            _("列入名单一年，期间不得参加投标。"),
            _("已列入名单"),
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
            grave=True,
        ),
        _act(
            "drop_proposal",
            _("不予列入"),
            (PROPOSED_LIST,),
            PUBLISHED,
            _("听取陈述申辩后不列入名单，记录继续公示至期满。"),
            _("未列入名单"),
            schema=ReasonPayload,
            guards=(rules.reason_is_given,),
        ),
        _propose("propose_removal", _("提议移出名单"), (LISTED,)),
        _act(
            "remove",
            _("移出名单"),
            (LISTED,),
            REMOVED,
            _("由提议人以外的人员确认，移出名单，限制措施解除。"),
            _("已移出名单"),
            guards=rules.confirms("remove"),
        ),
        _act(
            "decline_proposal",
            _("不同意提议"),
            (*REVOCABLE, LISTED),
            "",
            _("不采纳撤销、修复或者移出名单的提议，记录照旧。提议人可以此收回提议。"),
            _("未采纳提议"),
            schema=ReasonPayload,
            guards=(rules.something_is_proposed, rules.reason_is_given),
            article=SECOND_PAIR,
            source="own_default",
        ),
        _act(
            "remove_on_time",
            _("列入期满"),
            (LISTED,),
            REMOVED,
            _("列入期满，自动移出名单。"),
            _("列入期满"),
            automatic=True,
        ),
    ),
    deadlines=(
        DeadlineRule(
            NOTIFIED,
            "conduct.prior_notice",
            _("告知期满即公布"),
            "contractor_clerk",
            on_due="publish",
        ),
        *(
            DeadlineRule(
                state,
                "conduct.shown_until",
                _("公示至"),
                "contractor_clerk",
                on_due="expire",
                column="shown_until",
                article=REPAIR,
                source="web_page",
            )
            for state in SHOWN_FOR_A_TIME
        ),
        DeadlineRule(DISPUTED, "conduct.objection.decide", _("作出复核决定"), "credit_officer"),
        DeadlineRule(
            LISTED,
            "conduct.list.term",
            _("名单期限"),
            "contractor_clerk",
            on_due="remove_on_time",
        ),
    ),
)
