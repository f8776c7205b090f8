"""The machine of an evaluation: from the committee that is formed to the report handed over."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.access.actors import Actor
from kernel.workflow import relations
from kernel.workflow.machines import Machine, Relation, State
from procurement.evaluation import rules
from procurement.evaluation.committee_transitions import COMMITTEE
from procurement.evaluation.report_transitions import REPORT
from procurement.evaluation.states import (
    CLARIFYING,
    CLEARING,
    DETAILED,
    FAILED,
    FORMING,
    HANDED,
    IN_SESSION,
    L37,
    L40,
    ORDER12,
    PLATFORM,
    PRELIMINARY,
    PRICED,
    R46,
    R49,
    R52,
    R53,
    READY,
    REPORTED,
    REVIEW,
    SUMMARY,
)
from procurement.evaluation.transitions import SESSION


def _sits(case: Any, actor: Actor) -> bool:
    return bool(actor.person_id) and _seats(actor).filter(evaluation_id=case.pk).exists()


def _sat(actor: Actor) -> Q:
    return Q(pk__in=_seats(actor).values("evaluation_id")) if actor.person_id else Q(pk__in=[])


def _seats(actor: Actor) -> Any:
    from procurement.evaluation.models import CommitteeSeat

    return CommitteeSeat.objects.filter(person_id=actor.person_id).exclude(status=rules.GONE)


def _was_asked(case: Any, actor: Actor) -> bool:
    return bool(actor.uscc) and _questions(actor).filter(evaluation_id=case.pk).exists()


def _questions(actor: Actor) -> Any:
    from procurement.evaluation.models import Question

    return Question.objects.filter(uscc=actor.uscc or "-", answered_at=None)


MEMBER = Relation("member", _sits, _sat, asks=True)
AGENCY = relations.party("agency", "agency_uscc")
OWNER = relations.party("owner", "owner_uscc")
ASKED = Relation(
    "asked",
    _was_asked,
    lambda actor: Q(pk__in=_questions(actor).values("evaluation_id")),
    asks=True,
)

EVALUATION = Machine(
    code="procurement.evaluation",
    label=_("评标"),
    initial=FORMING,
    main_path=(
        FORMING,
        READY,
        IN_SESSION,
        PRELIMINARY,
        CLEARING,
        DETAILED,
        PRICED,
        SUMMARY,
        REPORTED,
        HANDED,
    ),
    states=(
        State(FORMING, _("评标委员会组建中"), "grey", L37),
        State(READY, _("专家已抽取，待签到"), "blue", R46),
        State(IN_SESSION, _("签到和推举组长"), "blue", ORDER12, source="remembered"),
        State(PRELIMINARY, _("初步评审"), "blue", L40, source="remembered"),
        State(CLEARING, _("清标"), "blue", PLATFORM, source="own_default"),
        State(CLARIFYING, _("澄清"), "amber", R52),
        State(DETAILED, _("详细评审"), "blue", R49),
        State(PRICED, _("报价已评分"), "blue", R49),
        State(SUMMARY, _("汇总，待签署报告"), "blue", R53),
        State(REPORTED, _("评标报告已签署"), "green", R53),
        State(HANDED, _("报告已提交招标人"), "green", R53),
        State(REVIEW, _("复议"), "amber", PLATFORM, source="own_default"),
        State(FAILED, _("全部投标被否决"), "red", ORDER12, final=True, source="remembered"),
    ),
    relations=(MEMBER, AGENCY, OWNER, ASKED, relations.authority()),
    transitions=(*COMMITTEE, *SESSION, *REPORT),
)
