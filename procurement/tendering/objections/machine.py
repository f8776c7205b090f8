"""The objection's machine: raised, answered; overdue where nobody answers in time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from kernel.workflow.relations import authority, party
from procurement.tendering.objections import rules
from procurement.tendering.objections.schemas import AnswerPayload, RaisePayload

_ARTICLE = "《招标投标法实施条例》第二十二条、第四十四条、第五十四条"
ARTICLES = (gettext_noop("《招标投标法实施条例》第二十二条、第四十四条、第五十四条"),)
RAISER = party("raiser", "raiser_uscc")
OWNER = party("owner", "owner_uscc")
AGENCY = party("agency", "agency_uscc")
AUTHORITY = authority()

OBJECTION = Machine(
    code="procurement.objection",
    label=_("异议"),
    initial="raised",
    main_path=("raised", "answered"),
    states=(
        State("raised", _("待答复"), "amber", _ARTICLE),
        State("answered", _("已答复"), "green", _ARTICLE, final=True),
        State(
            "withdrawn", pgettext_lazy("objection", "已撤回"), "grey", "平台规则", final=True,
            source="own_default",
        ),
        State("overdue", _("逾期未答复"), "red", _ARTICLE),
    ),
    relations=(RAISER, OWNER, AGENCY, AUTHORITY),
    transitions=(
        Transition(
            "raise", _("对招标提出异议"), (), "raised",
            effect=_("向招标人提出异议。对招标文件、评标结果的异议，答复前暂停招标投标活动。"),
            article=_ARTICLE, source="statute_text", schema=RaisePayload, guards=rules.RAISED,
            button=_("提出"), done=pgettext_lazy("objection", "已提出异议"),
        ),
        Transition(
            "answer", _("答复异议"), ("raised", "overdue"), "answered",
            effect=_("答复异议人。全部异议答复后，招标投标活动恢复。"), article=_ARTICLE,
            source="statute_text", schema=AnswerPayload, guards=(rules.text_is_given,),
            desk=True, done=_("已答复"),
        ),
        Transition(
            "withdraw", pgettext_lazy("objection", "撤回异议"), ("raised", "overdue"), "withdrawn",
            effect=_("撤回异议，不再要求答复。"), article="平台规则", source="own_default",
            done=_("已撤回异议"),
        ),
        Transition(
            "fall_overdue", _("逾期未答复"), ("raised",), "overdue",
            effect=_("答复期限届满未答复，招标投标活动继续暂停。"), article=_ARTICLE,
            source="statute_text", automatic=True, done=_("逾期未答复"),
        ),
    ),
    deadlines=(
        DeadlineRule(
            "raised", "tender.objection.answer_by", _("答复异议"), "owner_clerk",
            on_due="fall_overdue", column="answer_due_at", article=_ARTICLE,
            source="statute_text",
        ),
    ),
)  # fmt: skip
