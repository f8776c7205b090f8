"""The machine of a payroll: listed, confirmed by each, checked, paid."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, Relation, State, Transition
from labour.payroll import contradicting, rules, schemas

MONTHLY = gettext_noop("《保障农民工工资支付条例》第三十一条")
USE = gettext_noop("《保障农民工工资支付条例》第二十四条")

LISTED, CONFIRMED, CHECKED = "listed", "confirmed", "checked"
PAID, RETURNED, OVERDUE = "paid", "returned", "overdue"


def _has_line() -> Relation:
    """The people who have a line (their keys stand between commas)."""
    from django.db.models import Q

    return Relation(
        "worker",
        lambda case, actor: bool(actor.person_id) and f",{actor.person_id}," in case.people,
        lambda actor: (
            Q(people__contains=f",{actor.person_id},") if actor.person_id else Q(pk__in=[])
        ),
    )


def _act(
    code: str,
    label: Any,
    sources: tuple[str, ...],
    target: str,
    effect: Any,
    done: Any,
    **more: Any,
) -> Transition:
    settings = {"article": MONTHLY, "source": "statute_text"} | more
    return Transition(code, label, sources, target, effect=effect, done=done, **settings)


def _has_contradiction(case: Any, _actor: Any) -> bool:
    return any(map(contradicting.is_contradicted, case.lines))


_LINES = (rules.lines_are_right, rules.days_were_attended, rules.days_are_whole)

PAYROLL = Machine(
    code="labour.payroll",
    label=_("工资支付表"),
    initial=LISTED,
    main_path=(LISTED, CONFIRMED, CHECKED, PAID),
    states=(
        State(LISTED, _("待工人确认"), "amber", MONTHLY),
        State(CONFIRMED, _("待劳资专管员核对"), "amber", MONTHLY),
        State(CHECKED, _("待银行代发"), "blue", USE),
        State(PAID, pgettext_lazy("payroll", "已发放"), "green", MONTHLY, final=True),
        State(RETURNED, _("已退回重列"), "amber", MONTHLY),
        State(OVERDUE, pgettext_lazy("payroll", "逾期未付"), "red", MONTHLY),
    ),
    # A worker reads the own line, not what others earn; nor sums, from which it could be told.
    masked=("lines", "people", "gross_fen", "net_fen"),
    relations=(
        _has_line(),
        relations.party("crew", "crew_uscc"),
        relations.party("contractor", "contractor_uscc"),
        relations.party("bank", "bank_uscc"),
        relations.authority(),
    ),
    transitions=(
        _act(
            "list", _("编制工资支付表"), (), LISTED,
            _("按月列出每名工人的工作量和应发工资，交工人本人确认。"), _("已编制工资表"),
            schema=schemas.ListPayload,
            guards=(rules.site_is_the_crews, rules.account_is_open, rules.month_has_begun,
                    rules.month_is_new, *_LINES),
            button=_("交工人确认"),
        ),
        _act(
            "confirm", _("确认本人工资"), (LISTED, OVERDUE), "",
            _("确认本人的工作量和工资；全部工人确认后方可发放。"), _("工人已确认"),
            schema=schemas.ConfirmPayload, guards=(rules.line_is_mine,), desk=True,
        ),
        _act(
            "dispute", _("对本人工资有异议"), (LISTED, OVERDUE), RETURNED,
            _("退回班组长重列，写明哪里不对。"), _("工人提出异议"),
            schema=schemas.ReasonPayload, guards=(rules.has_a_line, rules.reason_is_given),
        ),
        _act(
            "agree", _("工人全部确认"), (LISTED,), CONFIRMED,
            _("全部工人已确认本人工资。"), _("全部工人已确认"),
            guards=(rules.all_confirmed,), automatic=True,
        ),
        _act(
            "relist", _("重列工资支付表"), (RETURNED, OVERDUE), LISTED,
            _("改正后重新交工人确认；未改动的行仍为已确认。"), _("已重列工资表"),
            schema=schemas.RelistPayload, guards=_LINES, desk=True,
        ),
        _act(
            "check", _("核对考勤"), (CONFIRMED, OVERDUE), CHECKED,
            _("与考勤核对一致，交开户银行从专用账户代发。"), _("已核对考勤"),
            schema=schemas.CheckPayload,
            guards=(rules.all_confirmed, rules.days_were_attended, rules.clashes_are_explained),
            desk=True, button=_("核对一致，交银行代发"),
        ),
        _act(
            "return", _("退回重列"), (CONFIRMED, CHECKED), RETURNED,
            _("退回班组长重列，写明理由。"), _("已退回重列"),
            schema=schemas.ReasonPayload, guards=(rules.reason_is_given,),
        ),
        _act(
            "pay", _("登记代发结果"), (CHECKED, OVERDUE), PAID,
            _("工资已从专用账户支付到每名工人本人的银行卡，逐人登记回单。"), _("工资已发放"),
            schema=schemas.PayPayload,
            guards=(rules.was_checked, rules.all_confirmed, rules.everybody_is_paid,
                    rules.cards_are_there, rules.balance_suffices),
            article=USE, desk=True,
        ),
        _act(
            "contradict", _("工资没有到账"), (PAID,), "",
            _("回单所称的工资没有到账：该工人的工日视为未付，可以重新列表发放；银行可以出具到账凭证。"),
            _("工人称未到账"),
            schema=schemas.ContradictPayload,
            guards=(contradicting.line_is_contradictable, rules.reason_is_given),
            article=USE, source="own_default", grave=True, button=_("声明没有到账"),
        ),
        _act(
            "prove", _("出具到账凭证"), (PAID,), "",
            _("银行以转账凭证证明工资已到工人本人账户，该工日仍为已付。"), _("银行已出具到账凭证"),
            schema=schemas.ProvePayload,
            guards=(contradicting.line_is_contradicted, contradicting.proof_is_there),
            article=USE, source="own_default", desk=True, offered=_has_contradiction,
        ),
        _act(
            "fall_overdue", _("工资逾期"), (LISTED, CONFIRMED, CHECKED, RETURNED), OVERDUE,
            _("当月工资逾期未付，告知主管部门和劳动保障监察。"), _("工资逾期未付"),
            automatic=True,
        ),
    ),
    deadlines=tuple(
        DeadlineRule(
            state, "payroll.due", _("按月支付工资"), role, on_due="fall_overdue",
            column="due_at", article=MONTHLY, source="statute_text",
        )
        for state, role in (
            (LISTED, "crew_leader"), (CONFIRMED, "labour_clerk"), (CHECKED, "bank_clerk"),
            (RETURNED, "crew_leader"),
        )
    ),
)  # fmt: skip
