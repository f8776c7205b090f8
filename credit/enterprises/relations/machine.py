"""The machine of a relation between two enterprises: recorded, confirmed, and over one day."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from credit.enterprises.relations import correcting, rules
from credit.enterprises.relations.schemas import (
    CorrectPayload,
    EndPayload,
    ReasonPayload,
    RelationPayload,
    TakeBackPayload,
)
from kernel.access.actors import PLATFORM_ROLE
from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, Relation, State, Transition

# The law that asks about it: who stands so to another does not bid beside it, nor to it.
ARTICLE = gettext_noop("《招标投标法实施条例》第三十四条")
RECORDED, DECLINED = "recorded", "declined"
IN_FORCE, ENDED, TAKEN_BACK = "in_force", "ended", "taken_back"
# On record as what one officer says, or not at all: it counts for nobody.
UNCOUNTED = (RECORDED, DECLINED, TAKEN_BACK)
_UNTOLD = (RECORDED, DECLINED)
# What two officers put right: also of one that is over, whose days say which bids fell by it.
_ON_RECORD = (IN_FORCE, ENDED)
# How one is put right: by the rule of the archive.
CORRECTING = gettext_noop("平台规则：企业信息档案更正")

_OWN = {"article": CORRECTING, "source": "own_default"}
_PROPOSED = (correcting.reason_is_given, rules.source_is_brought, rules.is_nobody_of_the_two)
_CONFIRMED = (correcting.is_another_than_proposed, rules.is_nobody_of_the_two)

_BOTH = relations.party("related", "uscc", "other_uscc")
# The two are told once it counts, not of what one officer says and another may decline.
RELATED = Relation(
    "related",
    lambda case, actor: _BOTH.holds(case, actor) and case.state not in _UNTOLD,
    lambda actor: _BOTH.query(actor) & ~Q(state__in=_UNTOLD),
)

RELATION = Machine(
    code="credit.relation",
    label=_("企业关联关系"),
    initial=RECORDED,
    main_path=(RECORDED, IN_FORCE, ENDED),
    states=(
        State(
            RECORDED, pgettext_lazy("relation", "待另一名人员确认"), "amber", CORRECTING,
            source="own_default",
        ),
        State(
            DECLINED, pgettext_lazy("relation", "未获确认"), "grey", CORRECTING, final=True,
            source="own_default",
        ),
        State(IN_FORCE, pgettext_lazy("relation", "存续"), "blue", ARTICLE),
        State(ENDED, pgettext_lazy("relation", "已终止"), "grey", ARTICLE),
        State(
            TAKEN_BACK, pgettext_lazy("relation", "登记有误，已撤销"), "grey", CORRECTING,
            final=True, source="own_default",
        ),
    ),
    relations=(RELATED, relations.authority()),
    transitions=(
        Transition(
            "record", _("登记关联关系"), (), RECORDED,
            effect=_("依登记机关资料或者文书登记，由另一名信用管理人员确认；确认前不影响两家单位投标。"),
            article=ARTICLE, source="statute_text", schema=RelationPayload, guards=rules.RECORDED,
            done=_("已登记，等待另一名人员确认"),
        ),
        Transition(
            "confirm", _("确认关联关系"), (RECORDED,), IN_FORCE,
            effect=_("记入企业信息档案并告知两家单位。存续期间，两家单位不得参加同一标段投标，也不得向对方的招标投标。"),
            article=ARTICLE, source="statute_text",
            guards=(rules.relation_is_new, *_CONFIRMED),
            desk=True, offered=correcting.waits_for_another, done=_("关联关系已确认"),
        ),
        Transition(
            "decline", _("不予确认"), (RECORDED,), DECLINED,
            effect=_("该登记不产生效力，理由记入记录。"),
            schema=ReasonPayload,
            guards=(correcting.reason_is_given, rules.is_nobody_of_the_two),
            desk=True, offered=correcting.waits_for_another, grave=True,
            done=_("未予确认"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "propose_end", _("提议终止"), (IN_FORCE,), "",
            effect=_("写明最后一日和文书，由另一名信用管理人员确认；确认前按原记录执行。"),
            schema=EndPayload, guards=(correcting.nothing_is_proposed, *rules.ENDED),
            done=_("已提议终止"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "end", _("确认终止"), (IN_FORCE,), ENDED,
            effect=_("由提议人以外的人员确认，关联关系自最后一日的次日起不再存续；此前的记录保留。"),
            article=ARTICLE, source="statute_text",
            guards=(correcting.ending_is_proposed, *_CONFIRMED),
            desk=True, offered=correcting.waits_to_be_ended, grave=True, done=_("已登记终止"),
        ),
        Transition(
            "end_on_time", _("关系终止"), (IN_FORCE,), ENDED,
            effect=_("所记载的最后一日已过，关联关系不再存续；此前的记录保留。"),
            article=ARTICLE, source="statute_text", automatic=True,
            done=_("最后一日已过，关系终止"),
        ),
        Transition(
            "propose_change", _("提议更正"), _ON_RECORD, "",
            effect=_("写明应当更正的内容和文书，由另一名信用管理人员确认；确认前按原记录执行。已终止的关系，终止日期留空或者尚未到来的，即提议恢复存续；存续的关系，终止日期已到的，即提议终止。"),
            schema=CorrectPayload,
            guards=(
                correcting.nothing_is_proposed, correcting.kind_is_listed, rules.days_are_sound,
                correcting.something_differs, *_PROPOSED,
            ),
            done=_("已提议更正"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "propose_taking_back", _("提议撤销"), _ON_RECORD, "",
            effect=_("两家单位从无该种关系、登记有误的，提议撤销，由另一名信用管理人员确认；确认前按原记录执行。"),
            schema=TakeBackPayload, guards=(correcting.nothing_is_proposed, *_PROPOSED),
            done=_("已提议撤销"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "confirm_change", _("确认更正"), _ON_RECORD, "",
            effect=_("由提议人以外的人员确认，关联关系按提议更正，原内容和依据保留可查。"),
            guards=(correcting.a_change_is_proposed, *_CONFIRMED),
            desk=True, offered=correcting.waits_for_change,
            done=_("已更正"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "reinstate", _("确认恢复存续"), (ENDED,), IN_FORCE,
            effect=_("由提议人以外的人员确认，终止登记有误，关联关系按提议继续存续；原内容和依据保留可查。"),
            guards=(
                correcting.reopening_is_proposed, rules.relation_is_new, *_CONFIRMED,
            ),
            desk=True, offered=correcting.waits_to_be_reopened, grave=True,
            done=_("已恢复存续"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "take_back", _("确认撤销"), _ON_RECORD, TAKEN_BACK,
            effect=_("由提议人以外的人员确认，该关系视为从未登记，两家单位的投标不再受其限制；记录保留。"),
            guards=(correcting.taking_back_is_proposed, *_CONFIRMED),
            desk=True, offered=correcting.waits_to_be_taken_back, grave=True,
            done=_("登记有误，已撤销"), **_OWN,  # type: ignore[arg-type]
        ),
        Transition(
            "drop_proposal", _("撤回提议"), _ON_RECORD, "",
            effect=_("不再更正，关联关系按原记录执行。"),
            schema=ReasonPayload,
            guards=(
                correcting.something_is_proposed, correcting.reason_is_given,
                rules.is_nobody_of_the_two,
            ),
            done=_("已撤回提议"), **_OWN,  # type: ignore[arg-type]
        ),
    ),
    deadlines=(
        DeadlineRule(
            IN_FORCE, "relation.until", _("存续至"), PLATFORM_ROLE, on_due="end_on_time",
            column="ends_at", article=ARTICLE, source="statute_text",
        ),
    ),
)  # fmt: skip
