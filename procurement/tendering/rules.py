"""The rules of a lot from its draft to its closing: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kernel.errors import Refusal
from kernel.web import formats
from procurement.tendering import scope
from procurement.tendering.facts import LotFacts

CODE = "procurement.tender."
FIELDS = (
    "name", "kind", "method", "scope", "estimate_fen", "period_days", "quality",
    "qualification_trade", "qualification_text", "sale_ends_at", "bid_deadline_at",
    "bid_validity_days", "evaluation_method", "contract_text", "publicity_days", "contact",
)  # fmt: skip


def refusal(facts: LotFacts, what: str, cite: str, where: str = "", **told: Any) -> Refusal:
    """A refusal of this machine, with the article that a rule of the day rests on."""
    return Refusal(CODE + what, told, facts.articles[cite], where)


def told(instant: datetime) -> str:
    """An instant as refusals tell it: legal day and time."""
    return formats.minute(instant)


def project_is_registered(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Only a project on the register is put out to tender."""
    if facts.project is None or not facts.project.registered:
        yield refusal(
            facts, "project_unregistered", "registered", "project_number",
            number=facts.form.project_number,
        )  # fmt: skip


def actor_is_engaged(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """The project's owner acts, or an agency that says by which contract the owner engaged it."""
    owner = facts.project.owner_uscc if facts.project else ""
    if facts.actor_uscc and owner and facts.actor_uscc not in (owner, facts.form.agency_uscc):
        yield refusal(facts, "agency_unnamed", "agency", "agency_uscc")
    if facts.form.agency_uscc and not facts.form.agency_engagement:
        yield refusal(facts, "engagement_missing", "agency", "agency_engagement")
    if owner and facts.form.agency_uscc == owner:
        yield refusal(facts, "agency_is_owner", "agency", "agency_uscc")


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


def evaluation_is_told(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Marks add up, the factors that may be drawn and the slopes are published before."""
    form, full = facts.form, facts.limits.points_total
    points = form.price_points + form.technical_points + form.commercial_points + form.credit_points
    if points != full:
        yield refusal(facts, "points_differ", "documents", "price_points", points=points, full=full)
    if facts.procedure and form.evaluation_method in facts.procedure.drawn:
        if not any(is_positive(item) for item in form.factors):
            yield refusal(facts, "factors_missing", "documents", "factors")
        for name in ("slope_above", "slope_below"):
            if not is_positive(getattr(form, name)):
                yield refusal(facts, "field_missing", "documents", name, field=name)


def criteria_add_up(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """What members score is published item by item, and the items make up their part's marks."""
    form, parts = facts.form, facts.procedure.scored_parts if facts.procedure else ()
    for part in parts:
        full = getattr(form, f"{part}_points")
        points = sum(item.points for item in form.criteria if item.part == part)
        if points != full:
            yield refusal(
                facts, "criteria_differ", "documents", "criteria", part=part, points=points,
                full=full,
            )  # fmt: skip
    for index, item in enumerate(form.criteria):
        if facts.procedure and item.part not in parts:
            yield refusal(
                facts, "code_unlisted", "platform", f"criteria.{index}.part",
                list="criterion_part", code=item.part,
            )  # fmt: skip


def is_positive(text: str) -> bool:
    """Whether a written number is above nought."""
    return bool(text.strip("0."))


def awards_are_neutral(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Awards and works of one region or one trade give no points."""
    for index, award in enumerate(facts.form.scored_awards):
        if award.points and award.scope in ("region", "trade"):
            yield refusal(
                facts, "award_not_neutral", "awards", f"scored_awards.{index}.points",
                name=award.name, points=award.points,
            )  # fmt: skip


def texts_do_not_restrict(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """None of the seven kinds of restriction stands in the texts; every place is named."""
    for hit in facts.hits:
        yield Refusal(
            CODE + "restriction",
            {
                "words": hit.words,
                "excerpt": hit.excerpt,
                "clause": hit.suspicion.clause,
                "advice": hit.suspicion.advice,
            },
            hit.suspicion.article,
            hit.field,
        )


def standard_text_is_used(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A mandatory tender uses one of the State's standard documents."""
    if not facts.form.standard_text and scope.must_tender(facts) is not None:
        yield refusal(facts, "standard_text_missing", "standard_text", "standard_text")


def files_are_there(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """What the procedure needs is uploaded; every file that is named was uploaded by a party."""
    there = {d.kind for d in facts.form.documents if d.file_sha256}
    if facts.procedure and not facts.procedure.files <= there:
        yield refusal(facts, "document_missing", "documents", "documents")
    for index, item in enumerate(facts.form.documents):
        if not item.file_sha256 or item.file_sha256 in facts.missing_files:
            yield refusal(
                facts, "file_missing", "documents", f"documents.{index}.file_sha256",
                name=item.name,
            )  # fmt: skip
    if facts.form.override_sha256 in facts.missing_files:
        yield refusal(
            facts, "file_missing", "override", "override_sha256", name=facts.form.override_number
        )


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


def texts_can_be_printed(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """What stands on the notice can be drawn; afterwards nothing of it can be changed."""
    for field, characters in facts.unprintable:
        yield refusal(facts, "unprintable", "platform", field, characters=characters)


def is_not_direct(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A direct award is not announced for bids."""
    if facts.procedure and facts.form.method not in facts.procedure.announced:
        yield refusal(facts, "direct_not_published", "method", "method")


def sale_is_long_enough(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Documents can be had for five whole days at least, and before bids fall due."""
    ends, earliest = facts.form.sale_ends_at, facts.sale_earliest_at
    if ends and earliest and ends < earliest:
        yield refusal(facts, "sale_short", "sale", "sale_ends_at", earliest=told(earliest))
    if ends and facts.form.bid_deadline_at and ends > facts.form.bid_deadline_at:
        yield refusal(facts, "sale_after_deadline", "sale", "sale_ends_at")


def bidders_have_time(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Twenty days at least lie between issuing the documents and the deadline."""
    deadline, earliest = facts.form.bid_deadline_at, facts.deadline_earliest_at
    if deadline and earliest and deadline < earliest:
        yield refusal(
            facts, "deadline_early", "deadline", "bid_deadline_at", earliest=told(earliest)
        )


def policy_is_signed(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A notice says who can open the bids: the policy is signed by all before it appears."""
    if not facts.policy_sha256:
        yield refusal(facts, "policy_unsigned", "opening_policy")


def policy_is_stamped(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """And time-stamped, where it names authorities: from then on no signer stops it alone.

    Before the notice a policy whose signer fell first is replaced; nobody bids under it yet.
    """
    if facts.policy_sha256 and facts.unstamped:
        waits = facts.unstamped == "waiting"
        yield refusal(facts, "policy_unstamped" if waits else "policy_fallen", "opening_policy")


def drawings_are_reviewed(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Works alone are tendered over reviewed drawings, where a row of the place says so."""
    over_drawings = facts.procedure is not None and facts.procedure.over_drawings
    construction_only = over_drawings and not facts.form.epc
    if construction_only and facts.limits.drawings_first and not facts.drawings_passed:
        yield Refusal(CODE + "drawings_unreviewed", {}, facts.limits.drawings_article)


def clarification_is_lawful(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """What bears on bids comes fifteen days before the deadline, or the deadline moves with it."""
    if payload is None:
        return
    if not payload.text:
        yield refusal(facts, "clarification_empty", "clarification", "text")
    for index, item in enumerate(payload.documents):
        if not item.file_sha256 or item.file_sha256 in facts.missing_files:
            yield refusal(
                facts, "file_missing", "documents", f"documents.{index}.file_sha256",
                name=item.name,
            )  # fmt: skip
    now, new = facts.form.bid_deadline_at, payload.bid_deadline_at
    if now and new and new < now:
        yield refusal(facts, "deadline_earlier", "clarification", "bid_deadline_at")
    earliest = facts.clarified_deadline_at
    deadline = new or now
    if payload.affects_bids and deadline and earliest and deadline < earliest:
        yield refusal(
            facts, "clarification_late", "clarification", "bid_deadline_at",
            earliest=told(earliest),
        )  # fmt: skip


def bids_are_enough(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """Fewer than three bids are not opened."""
    if payload is not None and payload.live_bids < facts.limits.bids_least:
        yield refusal(
            facts, "bids_too_few", "failed", "live_bids",
            bids=payload.live_bids, least=facts.limits.bids_least,
        )  # fmt: skip


def closing_list_is_made(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """Opening or failing rests on the closing list."""
    if payload is not None and facts.state == "closing" and not payload.closing_list_sha256:
        yield refusal(facts, "closing_list_missing", "failed", "closing_list_sha256")


def failing_has_a_ground(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """A lot with three bids does not fail at its closing; later a reason is given."""
    if payload is None:
        return
    if facts.state == "closing" and payload.live_bids >= facts.limits.bids_least:
        yield refusal(
            facts, "bids_are_enough", "failed", "live_bids",
            bids=payload.live_bids, least=facts.limits.bids_least,
        )  # fmt: skip
    if facts.state != "closing" and not payload.reason:
        yield refusal(facts, "reason_missing", "failed", "reason")


def objection_is_open(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Only an objection that waits for its answer pauses a lot."""
    if not facts.open_objections:
        yield refusal(facts, "no_objection", "objection_documents")


def objections_are_answered(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing goes on before every objection is answered."""
    if facts.open_objections:
        yield refusal(
            facts, "objection_open", "objection_documents",
            objections="、".join(facts.open_objections),
        )  # fmt: skip


def reason_is_given(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever stops, resumes or ends a lot says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")


def no_award_is_out(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """An award notice binds both: nobody ends the tender after it, stopped or not."""
    if facts.suspended_from == "awarded":
        yield refusal(facts, "award_is_out", "award_notice")


# Where an objection stops the time, and the stage that it stops.
PAUSED = {"published": "paused", "publicity": "publicity_paused"}


def goes_back_to(suspended_from: str, open_objections: bool) -> str:
    """The state that a lifted suspension leads to: where it was stopped, and still or again paused
    by an objection as objections stand now, which are answered while a lot is stopped.
    """
    stage = {paused: stage for stage, paused in PAUSED.items()}.get(suspended_from, suspended_from)
    return PAUSED.get(stage, stage) if open_objections else stage


def lifted_to(state: str) -> Any:
    """A guard: a suspension is lifted to the stage that it came from, and to no other."""

    def came_from_here(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
        back = goes_back_to(facts.suspended_from, bool(facts.open_objections))
        if facts.suspended_from and back != state:
            yield refusal(facts, "lifted_elsewhere", "supervision", state=back)

    return came_from_here


DRAFT = (
    project_is_registered,
    actor_is_engaged,
    plan_is_of_project,
    retender_follows_a_failure,
)
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
PUBLISHED = (
    *COMPLETE,
    is_not_direct,
    sale_is_long_enough,
    bidders_have_time,
    policy_is_signed,
    policy_is_stamped,
    drawings_are_reviewed,
)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
