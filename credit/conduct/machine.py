"""The machine of a conduct record (rules of 建市〔2017〕241号; repair by order 36 of 2025)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.conduct.states import (
    ANSWER_DUE,
    APPEAL,
    BEFORE_NOTICE,
    CAPTURED,
    CONFIRMED,
    DISPUTED,
    EXIT,
    EXPIRED,
    LISTED,
    NOTICE_DUE,
    NOTIFIED,
    PENALTY,
    PUBLISHED,
    REPAIR,
    REPAIR_APPLIED,
    REVIEW_ASKED,
    REVIEWING,
    REVOKED,
    SHOWN,
    SHOWN_FOR_A_TIME,
    STATED,
    STATES,
    UNSEEN,
    WITHDRAW_DUE,
    WITHDRAWABLE,
)
from credit.conduct.transitions import TRANSITIONS
from kernel.access.actors import PLATFORM_ROLE, Actor
from kernel.access.table import REPRESENTATIVE
from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, Relation

__all__ = ["BEFORE_NOTICE", "CAPTURED", "EXPIRED", "LISTED", "RECORD", "REVOKED", "SHOWN", "UNSEEN"]

ENTERPRISE = relations.party("enterprise", "uscc")
AUTHORITY = relations.authority()
_STORED = Q(state=EXPIRED, published_at=None, statement="")


def _is_stored(case: Any) -> bool:
    return case.state == EXPIRED and case.published_at is None and not case.statement


# The enterprise reads its record from the notice on, not while officers still look into it.
# What was stored without a word to it is nothing that it could answer.
TOLD = Relation(
    "told",
    lambda case, actor: (
        ENTERPRISE.holds(case, actor) and case.state not in UNSEEN and not _is_stored(case)
    ),
    lambda actor: ENTERPRISE.query(actor) & ~Q(state__in=UNSEEN) & ~_STORED,
)


def is_upper(case: Any, actor: Actor) -> bool:
    """An authority of a wider region than the one that decided the objection."""
    wide = relations.region_prefix(actor.region)
    narrow = relations.region_prefix(case.decided_region)
    return AUTHORITY.holds(case, actor) and wide != narrow and narrow.startswith(wide)


UPPER = Relation(
    "upper",
    is_upper,
    lambda actor: (
        AUTHORITY.query(actor)
        & Q(decided_region__startswith=relations.region_prefix(actor.region))
        & ~Q(decided_region=actor.region)
    ),
)

RECORD = Machine(
    code="credit.conduct_record",
    label=_("行为记录"),
    initial=CAPTURED,
    main_path=(CAPTURED, CONFIRMED, NOTICE_DUE, NOTIFIED, PUBLISHED, EXPIRED),
    states=STATES,
    relations=(TOLD, AUTHORITY, UPPER),
    transitions=TRANSITIONS,
    deadlines=(
        *(
            DeadlineRule(
                state, "conduct.publish", _("采集后公布"), "credit_officer",
                column="publish_due_at", source="own_default",
            )
            for state in (CAPTURED, CONFIRMED, NOTICE_DUE)
        ),
        *(
            DeadlineRule(state, "conduct.paper.sign", label, "credit_officer")
            for state, label in ((NOTICE_DUE, _("签发告知书")), (ANSWER_DUE, _("签发答复书")))
        ),
        DeadlineRule(
            NOTIFIED, "conduct.prior_notice", _("告知期满即公布"), REPRESENTATIVE,
            on_due="publish",
        ),
        DeadlineRule(STATED, "conduct.statement.answer", _("答复陈述申辩"), "credit_officer"),
        *(
            DeadlineRule(
                state, "conduct.shown_until", _("公示至"), PLATFORM_ROLE, on_due="expire",
                column="shown_until", article=REPAIR, source="web_page",
            )
            for state in SHOWN_FOR_A_TIME
        ),
        DeadlineRule(DISPUTED, "conduct.objection.accept", _("受理异议"), "credit_officer"),
        DeadlineRule(
            REVIEWING, "conduct.objection.decide", _("作出复核决定"), "credit_officer",
            column="decide_due_at", article=APPEAL, source="own_default",
        ),
        DeadlineRule(
            REVIEW_ASKED, "conduct.objection.review", _("作出上级复核决定"), "credit_officer"
        ),
        *(
            DeadlineRule(
                state, "conduct.penalty.correct", _("确认处罚变更"), "credit_officer",
                column="withdraw_due_at", article=PENALTY, source="statute_text",
            )
            for state in WITHDRAWABLE
        ),
        DeadlineRule(
            WITHDRAW_DUE, "conduct.penalty.correct", _("撤回公布"), "credit_officer",
            on_due="withdraw_on_time", column="withdraw_due_at", article=PENALTY,
            source="statute_text",
        ),
        DeadlineRule(
            REPAIR_APPLIED, "conduct.repair.decide", _("作出修复决定"), "credit_officer"
        ),
        DeadlineRule(
            LISTED, "conduct.list.term", _("名单期限"), PLATFORM_ROLE,
            on_due="remove_on_time",
        ),
        DeadlineRule(
            LISTED, "conduct.repair.decide", _("决定是否提前移出"), "credit_officer",
            column="exit_due_at", article=EXIT, source="own_default",
        ),
    ),
)  # fmt: skip
