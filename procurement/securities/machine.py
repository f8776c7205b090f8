"""The security's machine: in force, then returned, claimed or lapsed."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.access.actors import Actor
from kernel.workflow.machines import DeadlineRule, Machine, Relation, State, Transition
from kernel.workflow.relations import authority, party
from procurement.securities import rules
from procurement.securities.schemas import ClaimPayload, DuePayload, IssuePayload, ReturnPayload

ARTICLES = (
    gettext_noop("《招标投标法实施条例》第二十六条"),
    gettext_noop("《招标投标法实施条例》第三十五条"),
    gettext_noop("《招标投标法实施条例》第五十七条"),
    gettext_noop("《招标投标法实施条例》第三十五条、第五十七条"),
    gettext_noop("《民法典》第三编第十三章"),
)


def _opened_lots() -> Any:
    from procurement.tendering.models import Lot

    return Lot.objects.filter(opened_bids_at__isnull=False).exclude(state="opening")


def disclosed(case: Any) -> bool:
    """Whether others than guarantor and principal may know of a security.

    Who bids, and how many, nobody learns from bid securities before the bids are open; of a lot
    that failed before, nobody ever does.
    """
    return case.kind != "bid" or bool(_opened_lots().filter(number=case.about).exists())


def _disclosed() -> Q:
    return ~Q(kind="bid") | Q(Exists(_opened_lots().filter(number=OuterRef("about"))))


def _after_opening(relation: Relation) -> Relation:
    """The same relation, for bid securities only after their lot's opening."""
    return Relation(
        relation.code,
        lambda case, actor: relation.holds(case, actor) and disclosed(case),
        lambda actor: relation.query(actor) & _disclosed(),
        asks=True,
    )


def _no_wage(relation: Relation) -> Relation:
    return Relation(
        relation.code,
        lambda case, actor: case.kind != "wage" and relation.holds(case, actor),
        lambda actor: relation.query(actor) & ~Q(kind="wage"),
        relation.asks,
    )


def _is_called_back(case: Any, _actor: Actor) -> bool:
    """Nothing waits before there is a cause to return; the case's page offers it all the same."""
    return bool(case.return_due_at or case.release_due_at)


def _wage_authority(case: Any, actor: Actor) -> bool:
    return case.kind == "wage" and _AUTHORITY.holds(case, actor)


_AUTHORITY = authority()
GUARANTOR = party("guarantor", "guarantor_uscc")
PRINCIPAL = party("principal", "principal_uscc")
BENEFICIARY = _no_wage(_after_opening(party("beneficiary", "beneficiary_uscc")))
AUTHORITY = _after_opening(_AUTHORITY)
WAGE_AUTHORITY = Relation(
    "wage_authority",
    _wage_authority,
    lambda actor: _AUTHORITY.query(actor) & Q(kind="wage"),
)

SECURITY = Machine(
    code="procurement.security",
    label=_("保证担保"),
    initial="in_force",
    main_path=("in_force", "returned"),
    states=(
        State("in_force", _("有效"), "green", "《民法典》第三编第十三章", source="remembered"),
        State(
            "returned", _("已退还"), "grey", "《招标投标法实施条例》第五十七条", final=True
        ),
        State(
            "claimed", _("已索赔"), "red", "《民法典》第三编第十三章", final=True,
            source="remembered",
        ),
        State(
            "lapsed", pgettext_lazy("security", "已失效"), "grey", "《民法典》第三编第十三章",
            final=True, source="remembered",
        ),
    ),
    relations=(GUARANTOR, PRINCIPAL, BENEFICIARY, AUTHORITY, WAGE_AUTHORITY),
    transitions=(
        Transition(
            "issue", _("出具保函"), (), "in_force",
            effect=_("以本机构名义出具保函，在有效期内承担担保责任。开标前只有本机构和被保证人看得到投标保函。"),
            article="《招标投标法实施条例》第二十六条", source="statute_text",
            schema=IssuePayload, guards=rules.ISSUED, button=_("出具"), done=_("已出具保函"),
        ),
        Transition(
            "call_back", _("应当退还"), ("in_force",), "",
            effect=_("退还期限自次日起算。"), article="《招标投标法实施条例》第五十七条",
            source="statute_text", schema=DuePayload, automatic=True, done=_("应当退还"),
        ),
        Transition(
            "hold", _("继续担保"), ("in_force",), "",
            effect=_("投标人重新递交投标文件，未退还的保函继续担保。"),
            article="《招标投标法实施条例》第二十六条", source="statute_text",
            guards=(rules.was_released_by_withdrawal,), automatic=True, done=_("继续担保"),
        ),
        Transition(
            "return", pgettext_lazy("security", "退还"), ("in_force",), "returned",
            effect=_("退还保函，担保责任解除。"), article="《招标投标法实施条例》第五十七条",
            source="statute_text", schema=ReturnPayload,
            guards=(rules.interest_is_told, rules.guarantor_waits_for_a_cause),
            desk=True, offered=_is_called_back, done=_("已退还"),
        ),
        Transition(
            "claim", pgettext_lazy("security", "索赔"), ("in_force",), "claimed",
            effect=_("向担保机构索赔。索赔后本保函不再退还。"), article="《民法典》第三编第十三章",
            source="remembered", schema=ClaimPayload,
            guards=(rules.claim_is_within_amount, rules.nothing_is_claimed_once_released),
            grave=True, done=_("已索赔"),
        ),
        Transition(
            "lapse", pgettext_lazy("security", "失效"), ("in_force",), "lapsed",
            effect=_("有效期届满，保函失效。"), article="《民法典》第三编第十三章",
            source="remembered", automatic=True, done=_("已失效"),
        ),
    ),
    deadlines=(
        DeadlineRule(
            "in_force", "security.term", _("保函有效期届满"), "guarantor_clerk", on_due="lapse",
            column="lapses_at", article="《民法典》第三编第十三章", source="remembered",
        ),
        DeadlineRule(
            "in_force", "security.release", _("解除已撤回投标的担保"), "guarantor_clerk",
            column="release_due_at", article="《招标投标法实施条例》第三十五条",
            source="statute_text",
        ),
        DeadlineRule(
            "in_force", "security.return", _("退还保证担保"), "owner_clerk",
            column="return_due_at", article="《招标投标法实施条例》第三十五条、第五十七条",
            source="statute_text",
        ),
    ),
)  # fmt: skip
