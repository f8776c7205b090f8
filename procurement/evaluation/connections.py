"""Where evaluation meets the rooms beside it: lots, bids, bills ask and are asked here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from credit.enterprises import selectors as enterprises
from kernel import clock
from kernel.documents import storage
from kernel.documents.models import Document, DocumentState
from kernel.errors import Refusal, Refused
from kernel.events.procurement_evaluation import EvaluationFailed, EvaluationReported
from kernel.events.registry import Envelope, subscribe
from kernel.regulation.citing import language
from kernel.sealing import canonical
from kernel.web.words import listed, sentences
from kernel.workflow.following import follow
from kernel.workflow.machines import machine
from procurement.bids import needs as bid_needs
from procurement.bids import selectors as bids
from procurement.bids.bid_machine import VOID
from procurement.cost import selectors as cost
from procurement.cost import services as bills
from procurement.evaluation import inputs, on_record
from procurement.evaluation.inputs import COMMERCIAL, TECHNICAL, Criterion, LotTerms, Opened
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation, EvaluationResult
from procurement.evaluation.numbers import numbers
from procurement.evaluation.report import FORM
from procurement.evaluation.selectors import label, result_of
from procurement.evaluation.states import FAILED, HANDED, LOT_LIVE, REPORTED, REVIEW
from procurement.tendering import needs
from procurement.tendering import selectors as tendering
from procurement.tendering.procedures import registry

TENDER, BID = "procurement.tender", "procurement.bid"


def lot_terms(number: str) -> LotTerms | None:
    """A published lot as its evaluation follows it."""
    lot = tendering.public_lot(number)
    if lot is None or lot.bid_deadline_at is None:
        return None
    said = lot.evaluation_parameters
    marks = {part: int(given) * 100 for part, given in said["points"].items()}
    return LotTerms(
        lot_id=lot.pk,
        number=lot.number,
        name=lot.name,
        project_number=lot.project_number,
        region=lot.region,
        owner_uscc=lot.owner_uscc,
        agency_uscc=lot.agency_uscc,
        opens_at=lot.bid_deadline_at,
        opened=bids.is_opened(number),
        ceiling_fen=lot.ceiling_price_fen,
        formula=lot.evaluation_method,
        price_marks=marks["price"],
        rise=_hundredths(said["slope_above"]),
        fall=_hundredths(said["slope_below"]),
        credit_marks=marks["credit"],
        criteria=tuple(_criteria(lot, marks)),
        specialties=_specialties(lot),
        parties=(lot.owner_uscc, lot.agency_uscc),
        publicised=lot.publicised_at is not None,
        security_fen=lot.security_fen,
        validity_days=lot.bid_validity_days,
        over_bill=_is_over_bill(lot),
        live=lot.state in LOT_LIVE,
    )


def _specialties(lot: Any) -> tuple[str, ...]:
    """What experts of the lot's trade are experts in, by the law of the day of its notice."""
    day = clock.legal_date(lot.published_at).isoformat()
    known = numbers(day, lot.region, language()).values
    return tuple(known.get(f"specialty.{lot.qualification_trade}", ()))


def _is_over_bill(lot: Any) -> bool:
    procedure = registry.serving(lot.method, lot.kind)
    return procedure is not None and procedure.over_bill


def _hundredths(text: str) -> int:
    try:
        return int(Decimal(text or "0").scaleb(2))
    except InvalidOperation:
        return 0


def _criteria(lot: Any, marks: dict[str, int]) -> Iterator[Criterion]:
    """What the documents let members score; a part that names nothing is scored as a whole."""
    words = {TECHNICAL: _("技术"), COMMERCIAL: _("商务")}
    for part in (TECHNICAL, COMMERCIAL):
        named = [row for row in lot.criteria if row["part"] == part]
        for place, row in enumerate(named, start=1):
            most = _hundredths(str(row["points"]))
            yield Criterion(f"{part}_{place}", row["name"], part, most)
        if marks[part] and not named:
            yield Criterion(part, words[part], part, marks[part])


def opened(number: str) -> Opened | None:
    """The bids that opened and the factor that was drawn before them."""
    rows = bids.opened_bids(number)
    lot = tendering.public_lot(number)
    if not rows or lot is None:
        return None
    drawable = {_hundredths(text) for text in lot.evaluation_parameters["factors"]}
    drawn = [_hundredths(choice) for choice in bids.drawn(number).values()]
    return Opened(
        bids=tuple(_bid(row) for row in rows),
        factor=next((choice for choice in drawn if choice in drawable), None),
    )


def _bid(row: bids.OpenedBid) -> inputs.OpenedBid:
    return inputs.OpenedBid(
        bid_id=row.bid_id,
        uscc=row.bidder_uscc,
        name=row.name,
        price_fen=row.price_fen,
        period_days=row.period_days,
        manager=row.project_manager,
        quality=row.quality,
        credit=int(row.credit.get("value") or 0),
        credit_sha256=str(row.credit.get("certificate_sha256", "")),
        bill_sha256=row.bill_sha256,
        files=tuple(
            inputs.BidFile(one.name, one.sha256) for files in row.files.values() for one in files
        ),
        void=row.state == VOID,
    )


def bill_findings(terms: LotTerms, bid: inputs.OpenedBid, at: datetime) -> tuple[Refusal, ...]:
    """What the checks of bills say of a bid's priced bill; also that it cannot be read or is not
    there although the lot is priced over one.
    """
    stored = on_record.priced_bill(bid)
    if stored is None:
        return (on_record.bill_missing(terms, at),) if terms.over_bill else ()
    lot = tendering.lot(terms.number)
    try:
        made = bills.read_bill(storage.read(stored))
        tender = cost.content(lot.bill_sha256) if lot and lot.bill_sha256 else None
    except Refused as refused:
        return refused.refusals
    outcome = cost.check(
        made,
        cost.rates(at, terms.region),
        tender=tender,
        opening_total_fen=bid.price_fen,
        ceiling_fen=terms.ceiling_fen or None,
    )
    return (*outcome.errors, *outcome.warnings)


@needs.evaluation_report.answered_by
def evaluation_report(number: str) -> needs.EvaluationReport | None:
    """The signed report of a lot, with candidates by rank and all other bidders."""
    case = Evaluation.objects.filter(lot_number=number, state__in=(REPORTED, HANDED)).first()
    found = result_of(case) if case else None
    document = (
        Document.objects.filter(
            form=FORM,
            case_machine=EVALUATION.code,
            case_pk=str(case.pk),
            state=DocumentState.ISSUED,
        ).last()
        if case
        else None
    )
    if case is None or found is None or document is None or document.issued_at is None:
        return None
    rows = {row.bid_id: row for row in bids.opened_bids(number)}
    terms, votes = lot_terms(number), _qualified(case)
    lot = tendering.public_lot(number)
    trade, at = (lot.qualification_trade if lot else ""), document.issued_at
    most = terms.candidates if terms else 0
    chosen = [row for row in found["ranking"] if row["rank"] <= most]
    among = {row["bid_id"] for row in chosen}
    return needs.EvaluationReport(
        evaluation_id=case.pk,
        reported_at=document.issued_at,
        document_number=document.number,
        candidates=tuple(
            _candidate(row, rows[row["bid_id"]], trade, votes.get(row["bid_id"], []), at)
            for row in chosen
        ),
        losers=tuple((r.bidder_uscc, r.name) for r in rows.values() if r.bid_id not in among),
        void=tuple(rows[pk].name for pk in among if rows[pk].state == VOID),
    )


def _qualified(case: Evaluation) -> dict[int, list[bool]]:
    """Whether each vote that counts found the bidder qualified, by bid."""
    found: dict[int, list[bool]] = {}
    for vote in case.votes.filter(void=False):
        passed = (one["passed"] for one in vote.findings if one["stage"] == "qualification")
        found.setdefault(vote.bid_id, []).extend(passed)
    return found


def _candidate(
    row: dict[str, Any], bid: bids.OpenedBid, trade: str, votes: list[bool], at: datetime
) -> needs.Candidate:
    held = enterprises.licences(row["uscc"]).filter(kind="qualification", trade=trade or "-")
    numbers = held.filter(valid_from__lte=clock.legal_date(at), ends_at__gt=at, state="valid")
    certificate = enterprises.manager_certificate(row["uscc"], bid.project_manager, at)
    return needs.Candidate(
        rank=row["rank"],
        bid_id=row["bid_id"],
        uscc=row["uscc"],
        name=bid.name,
        price_fen=row["price_fen"],
        period_days=bid.period_days,
        quality=bid.quality,
        manager_name=bid.project_manager,
        manager_certificate=certificate.number if certificate else "",
        score=row["total"],
        qualification=listed(numbers.values_list("number", flat=True)),
        passed_by=sum(votes),
        voted=len(votes),
    )


@needs.result_page.answered_by
def result_page(number: str) -> str:
    """The ranking's page, from the publicity of the candidates on; or that all were rejected."""
    told = (REPORTED, HANDED, REVIEW)
    reported = Evaluation.objects.filter(lot_number=number, state__in=told).exists()
    if reported:
        lot = tendering.public_lot(number)
        if lot is None or lot.publicised_at is None:
            return ""
    elif not Evaluation.objects.filter(lot_number=number, state=FAILED).exists():
        return ""
    return reverse("procurement:evaluation-result", args=[number])


@subscribe(EvaluationReported, "procurement.evaluation.lot_reported")
def lot_has_its_report(envelope: Envelope, _prepared: Any) -> None:
    """The time for publicity runs from the report; until then its bids say nothing of it."""
    event = envelope.event
    assert isinstance(event, EvaluationReported)
    said = {"evaluation_id": event.evaluation_id, "reported_at": envelope.occurred_at.isoformat()}
    _follow(TENDER, event.lot_id, "receive_report", envelope, said)


@bid_needs.judged.answered_by
def judged(evaluation_id: int) -> bid_needs.Judged | None:
    """How a lot's bids were judged, as its newest signed report has it; also while it is reviewed
    again.
    """
    signed = EvaluationResult.objects.filter(evaluation_id=evaluation_id, reported=True, void=False)
    if (row := signed.last()) is None:
        return None
    found = canonical.decode(row.result.encode())
    return bid_needs.Judged(
        ranked=tuple((one["bid_id"], one["total"], one["rank"]) for one in found["ranking"]),
        rejected=tuple((one["bid_id"], _grounds(one, row.at)) for one in found["rejected"]),
    )


@subscribe(EvaluationFailed, "procurement.evaluation.lot_failed")
def lot_fails(envelope: Envelope, _prepared: Any) -> None:
    """All bids are rejected, so the lot fails."""
    event = envelope.event
    assert isinstance(event, EvaluationFailed)
    _reject([row for row in event.rejected if row["codes"]], envelope)
    _follow(TENDER, event.lot_id, "fail", envelope, {"reason": _("评标委员会否决全部投标")})


def _reject(rows: Any, envelope: Envelope) -> None:
    for row in rows:
        said = {"reason": _grounds(row, envelope.occurred_at)}
        _follow(BID, row["bid_id"], "reject", envelope, said)


def _grounds(row: Any, at: datetime) -> str:
    return sentences(label("bid_rejection", code, at) for code in row["codes"])


def _follow(code: str, pk: int, act: str, envelope: Envelope, payload: Any = None) -> None:
    found = machine(code)
    model: Any = found.model if found else None
    if model is not None and model.objects.filter(pk=pk).exists():
        follow(code, pk, act, key=f"event:{envelope.id}", at=envelope.occurred_at, payload=payload)


inputs.provide(terms=lot_terms, bids=opened, check=bill_findings)
