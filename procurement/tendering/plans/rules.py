"""The rules of tender plans: pure functions over plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.errors import Refusal
from procurement.tendering.plans.schemas import PlanPayload

CODE = "procurement.tender_plan."
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class PlanFacts:
    """Everything that the guards of a plan look at. announced: another plan of the project.

    agency_known: whom an entry names as agency has people who act as one.
    """

    today: date
    form: PlanPayload
    registered: bool
    owner_uscc: str
    actor_uscc: str
    kinds: frozenset[str]
    articles: Mapping[str, str]
    announced: str = ""
    agency_known: bool = True


def _refusal(facts: PlanFacts, what: str, cite: str, where: str = "", **told: Any) -> Refusal:
    return Refusal(CODE + what, told, facts.articles[cite], where)


def project_is_registered(facts: PlanFacts, _payload: Any) -> Iterator[Refusal]:
    """Only a project on the register has a plan."""
    if not facts.registered:
        yield _refusal(
            facts, "project_unregistered", "registered", "project_number",
            number=facts.form.project_number,
        )  # fmt: skip


def actor_is_party(facts: PlanFacts, _payload: Any) -> Iterator[Refusal]:
    """The owner or the agency that the plan names."""
    parties = (facts.owner_uscc, facts.form.agency_uscc)
    if facts.registered and facts.actor_uscc and facts.actor_uscc not in parties:
        yield _refusal(facts, "actor_elsewhere", "agency", "agency_uscc")


def agency_is_one(facts: PlanFacts, _payload: Any) -> Iterator[Refusal]:
    """Whom a plan names as its agency has people here who act as one, and is not the owner."""
    if facts.owner_uscc and facts.form.agency_uscc == facts.owner_uscc:
        yield _refusal(facts, "agency_is_owner", "agency", "agency_uscc")
    elif not facts.agency_known:
        yield _refusal(facts, "agency_unknown", "agency", "agency_uscc")


def lots_are_told(facts: PlanFacts, _payload: Any) -> Iterator[Refusal]:
    """At least one lot, each with kind, estimate and a month that is not over."""
    if not facts.form.lots:
        yield _refusal(facts, "lots_missing", "platform", "lots")
    this_month = f"{facts.today:%Y-%m}"
    for index, lot in enumerate(facts.form.lots):
        if lot.kind not in facts.kinds:
            yield _refusal(facts, "kind_unlisted", "platform", f"lots.{index}.kind", kind=lot.kind)
        if not lot.estimate_fen:
            yield _refusal(
                facts, "estimate_missing", "platform", f"lots.{index}.estimate_fen", name=lot.name
            )
        told = not lot.month or _MONTH.fullmatch(lot.month)
        if told and lot.month < this_month:
            yield _refusal(facts, "month_invalid", "platform", f"lots.{index}.month", name=lot.name)


def months_are_months(facts: PlanFacts, _payload: Any) -> Iterator[Refusal]:
    """What is written as a month is one, in a draft too: there is no thirteenth."""
    for index, lot in enumerate(facts.form.lots):
        if lot.month and not _MONTH.fullmatch(lot.month):
            yield _refusal(facts, "month_invalid", "platform", f"lots.{index}.month", name=lot.name)


def no_other_plan(facts: PlanFacts, _payload: Any) -> Iterator[Refusal]:
    """A project has one announced plan at a time."""
    if facts.announced:
        yield _refusal(facts, "announced_already", "platform", other=facts.announced)


def reason_is_given(facts: PlanFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever ends a plan says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")


DRAFT = (project_is_registered, actor_is_party, agency_is_one, months_are_months)
COMPLETE = (*DRAFT, lots_are_told, no_other_plan)
