"""What a lot's draft must hold before it is approved. Pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from procurement.tendering import scope
from procurement.tendering.facts import LotFacts
from procurement.tendering.rules.common import CODE, refusal
from procurement.tendering.rules.evaluation import (
    awards_are_neutral,
    criteria_add_up,
    evaluation_is_told,
)
from procurement.tendering.rules.texts import (
    files_are_there,
    named_files_are_brought,
    standard_text_is_used,
    texts_can_be_printed,
    texts_do_not_restrict,
)

FIELDS = (
    "name", "kind", "method", "scope", "estimate_fen", "period_days", "quality",
    "qualification_trade", "qualification_text", "sale_ends_at", "bid_deadline_at",
    "bid_validity_days", "evaluation_method", "contract_text", "publicity_days", "contact",
)  # fmt: skip


def project_is_registered(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Only a project on the register is put out to tender."""
    if facts.project is None or not facts.project.registered:
        yield refusal(
            facts, "project_unregistered", "registered", "project_number",
            number=facts.form.project_number,
        )  # fmt: skip


def actor_is_engaged(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """The project's owner acts, or an agency that says by which contract the owner engaged it.

    Whom a lot names as its agency has people here who act as one: a bidder that was named so could
    neither bid nor object any more.
    """
    owner = facts.project.owner_uscc if facts.project else ""
    if facts.actor_uscc and owner and facts.actor_uscc not in (owner, facts.form.agency_uscc):
        yield refusal(facts, "agency_unnamed", "agency", "agency_uscc")
    if facts.form.agency_uscc and not facts.form.agency_engagement:
        yield refusal(facts, "engagement_missing", "agency", "agency_engagement")
    if owner and facts.form.agency_uscc == owner:
        yield refusal(facts, "agency_is_owner", "agency", "agency_uscc")
    elif not facts.agency_known:
        yield refusal(facts, "agency_unknown", "agency", "agency_uscc")


def plan_is_of_project(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A plan that is named belongs to the project and was announced."""
    if facts.form.plan and facts.plan_project != facts.form.project_number:
        yield refusal(facts, "plan_unknown", "platform", "plan", plan=facts.form.plan)


def form_is_complete(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Every field that the notice and the documents need is filled."""
    for name in FIELDS:
        if not getattr(facts.form, name):
            yield refusal(facts, "field_missing", "documents", name, field=name)


def codes_are_listed(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Coded fields hold codes that the lists in force contain."""
    form = facts.form
    pairs = [
        ("tender_kind", "kind", form.kind),
        ("tender_method", "method", form.method),
        ("standard_text", "standard_text", form.standard_text),
        ("evaluation_method", "evaluation_method", form.evaluation_method),
        ("qualification_trade", "qualification_trade", form.qualification_trade),
        ("qualification_grade", "qualification_grade", form.qualification_grade),
    ]
    pairs += [("tender_file", f"documents.{i}.kind", d.kind) for i, d in enumerate(form.documents)]
    pairs += [
        ("award_scope", f"scored_awards.{i}.scope", a.scope)
        for i, a in enumerate(form.scored_awards)
    ]
    for name, field, code in pairs:
        if code and code not in facts.codes[name]:
            yield refusal(facts, "code_unlisted", "platform", field, list=name, code=code)


def procedure_is_built(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """There is a kind of procedure for the lot's method and kind, and the formula is one of its."""
    form, procedure = facts.form, facts.procedure
    listed = form.method in facts.codes["tender_method"] and form.kind in facts.codes["tender_kind"]
    if procedure is None:
        if listed:
            yield refusal(
                facts, "code_unlisted", "platform", "method", list="procedure",
                code=f"{form.method}/{form.kind}",
            )  # fmt: skip
        return
    formula = form.evaluation_method
    if formula in facts.codes["evaluation_method"] and formula not in procedure.formulas:
        yield refusal(
            facts, "code_unlisted", "platform", "evaluation_method", list=procedure.code,
            code=formula,
        )  # fmt: skip


def method_is_lawful(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """What must be tendered is tendered in the open, unless a paper allows another method."""
    ground = scope.must_tender(facts)
    if ground is None or facts.form.method in ("", "open"):
        return
    if facts.form.method == "invited" and not ground.state_funds:
        return
    if not (facts.form.override_number and facts.form.override_sha256):
        yield Refusal(
            CODE + "method_unlawful",
            {"method": facts.form.method, "ground": ground.code},
            f"{ground.article}；{facts.articles['override']}",
            "override_number",
        )


def invitees_are_enough(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """An invited tender goes to three at least; nobody is invited twice."""
    if facts.form.method != "invited":
        return
    invited, least = set(facts.form.invited), facts.limits.invitees_least
    if len(invited) < least or len(invited) < len(facts.form.invited):
        yield refusal(
            facts, "invitees_too_few", "method", "invited", invited=len(invited), least=least
        )


def prices_are_lawful(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A ceiling price is told; a minimum price is forbidden."""
    if not facts.form.ceiling_price_fen:
        yield refusal(facts, "ceiling_missing", "ceiling", "ceiling_price_fen")
    if facts.form.minimum_price_fen:
        yield refusal(facts, "minimum_price", "ceiling", "minimum_price_fen")


def bill_is_stored(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """What is priced over a bill of quantities has one, and the platform holds it."""
    if facts.procedure is None or not facts.procedure.over_bill:
        return
    if not facts.form.bill_sha256:
        yield refusal(facts, "bill_missing", "documents", "bill_sha256")
    elif facts.bill is None:
        yield refusal(facts, "bill_unknown", "documents", "bill_sha256")
    elif facts.bill.projects is not None and facts.form.project_number not in facts.bill.projects:
        yield refusal(facts, "bill_of_another", "documents", "bill_sha256")


def security_is_within_limits(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A bid security is two per cent of the estimate at most, and within the cap of its kind."""
    form, limits = facts.form, facts.limits
    if not form.security_fen:
        return
    share = form.estimate_fen * limits.security_percent // 100
    cap = limits.security_caps.get(form.kind, share)
    if form.security_fen > min(share, cap):
        yield refusal(
            facts, "security_too_high", "security", "security_fen",
            security=_yuan(form.security_fen), most=_yuan(min(share, cap)),
        )  # fmt: skip
    if not form.accepts_guarantee:
        yield refusal(facts, "cash_only", "guarantee", "accepts_guarantee")


def publicity_is_long_enough(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Candidates are made public for three days at least."""
    least = facts.limits.publicity_days_least
    if 0 < facts.form.publicity_days < least:
        yield refusal(
            facts, "publicity_short", "publicity", "publicity_days",
            days=facts.form.publicity_days, least=least,
        )  # fmt: skip


def retender_follows_a_failure(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A lot that follows another names one that was given up for it, of the same project, once."""
    number, before = facts.form.retender_of, facts.retendered
    if not number:
        return
    fits = before and before.project_number == facts.form.project_number
    if before is None or not fits or before.state != "retendered":
        yield refusal(facts, "retender_unknown", "failed", "retender_of", number=number)
        return
    if before.taken_by:
        yield refusal(
            facts, "retender_taken", "failed", "retender_of", number=number, other=before.taken_by
        )
    most = facts.limits.failures_before_other_method
    changed = facts.form.method not in ("", before.method)
    if changed and (before.failures < most or not before.approval_number):
        yield refusal(facts, "method_changed", "override", "method", failures=before.failures)


DRAFT = (
    project_is_registered,
    actor_is_engaged,
    plan_is_of_project,
    retender_follows_a_failure,
)
# What a form may be saved with; what is signed says all of it, and more, in ``COMPLETE``.
SAVED = (*DRAFT, named_files_are_brought)
COMPLETE = (
    *DRAFT,
    form_is_complete,
    codes_are_listed,
    procedure_is_built,
    method_is_lawful,
    invitees_are_enough,
    prices_are_lawful,
    bill_is_stored,
    security_is_within_limits,
    evaluation_is_told,
    criteria_add_up,
    awards_are_neutral,
    texts_do_not_restrict,
    standard_text_is_used,
    files_are_there,
    publicity_is_long_enough,
    texts_can_be_printed,
)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
