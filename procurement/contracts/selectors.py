"""Reads of contracts, and the one load of facts that their guards look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.documents.models import Document, DocumentState
from kernel.parties.models import Organisation
from kernel.workflow.asking import asked_late
from kernel.workflow.selectors import acts_of
from procurement.contracts import cites, needs
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.contracts.payments.models import Payment
from procurement.contracts.rules import settlement
from procurement.contracts.rules.common import ContractFacts
from procurement.contracts.schemas import ContractPayload
from procurement.contracts.states import DEAD, IN_FORCE, INVESTIGATED, RETENTION_RETURNED, SETTLED

STATEMENT = "procurement.contract.settlement_statement"
_TERMS = tuple(ContractPayload.model_fields)


@CONTRACT.facts
def facts(
    case: Any, at: datetime, payload: Any = None, actor: Actor | None = None
) -> ContractFacts:
    """Everything that the guards of a contract look at, at a legal moment.

    Award, bill and securities matter until the contract is signed, what is unpaid at its end.
    """
    day = clock.legal_date(at)
    terms = payload if isinstance(payload, ContractPayload) else _terms(case)
    award = cache(lambda: needs.award.ask(terms.lot_number) if terms else None)
    region = case.region or (found.region if (found := award()) else "")
    pk, number, lot_number = case.pk, case.number, terms.lot_number if terms else ""
    contractor, owner = case.contractor_uscc, case.owner_uscc
    statement = statement_number(case)
    late: dict[str, Callable[[], Any]] = {
        "award": award,
        "bill_items": lambda: _bill_items(terms),
        "rivals": lambda: _rivals(pk, lot_number),
        "performance_fen": lambda: _security("performance", number, contractor, at),
        "payment_fen": lambda: _security("payment", number, owner, at),
        "statement_signed": lambda: pk is not None and _is_issued(pk, statement),
        "unpaid_fen": lambda: _unpaid(case),
        "settled_on": lambda: _settled_on(case),
        "open_payments": lambda: _open_payments(number) if pk is not None else (),
    }
    return asked_late(
        ContractFacts,
        late,
        at=at,
        today=day,
        actor_uscc=actor.uscc if actor and not actor.is_platform and not actor.authority else "",
        terms=terms,
        limits=cites.limits(day, region),
        articles=cites.articles(day, region),
        codes=cites.codes(day),
        lpr_percent=cites.prime_rate(day),
        missing_files=missing_files(actor, payload),
        claimed_fen=case.claimed_fen,
        retention_fen=case.retention_fen,
        accepted_on=case.accepted_on,
        lot_id=case.lot_id or 0,
        contractor_uscc=contractor,
        used_receipts=_used(owner, payload),
        void_document=case.void_document,
        retention_due_at=case.retention_due_at,
        actor_person=actor.person_id if actor else 0,
        investigator=_investigator(case),
    )


def _investigator(case: Any) -> int:
    """Who opened the investigation that is under way."""
    if case.state != INVESTIGATED:
        return 0
    opened = [act for act in acts_of(case) if act.transition == "investigate"]
    return opened[-1].person_id or 0 if opened else 0


def _settled_on(case: Any) -> date | None:
    """The day on which both agreed on the price, or silence did; None before it."""
    if case.state not in (SETTLED, RETENTION_RETURNED):
        return None
    acts = [act for act in acts_of(case) if act.target == SETTLED and act.source != SETTLED]
    return clock.legal_date(acts[-1].at) if acts else None


def _used(owner_uscc: str, payload: Any) -> frozenset[tuple[str, str]]:
    from procurement.contracts import receipts  # payments look at contracts, too

    return receipts.used(owner_uscc, payload)


def _terms(case: Any) -> ContractPayload | None:
    if not case.lot_number:
        return None
    return ContractPayload(**{name: getattr(case, name) for name in _TERMS})


def _bill_items(terms: ContractPayload | None) -> int:
    return needs.bill_size.ask(terms.bill_sha256) if terms and terms.bill_sha256 else 0


def _rivals(pk: int | None, lot_number: str) -> tuple[str, ...]:
    if not lot_number:
        return ()
    others = Contract.objects.filter(lot_number=lot_number).exclude(state__in=DEAD)
    return tuple(others.exclude(pk=pk).values_list("number", flat=True)[:5])


def _security(kind: str, number: str, principal: str, at: datetime) -> int:
    """Securities are given under the contract's number, which it has from its draft on."""
    return needs.securities_fen.ask(kind, number, principal, at) if number else 0


def missing_files(actor: Actor | None, payload: Any) -> frozenset[str]:
    """Hashes named in an act that whoever does it did not upload; the platform uploads nothing."""
    if payload is None or actor is None or actor.is_platform:
        return frozenset()
    return scans.missing(actor.organisation_id, _hashes(payload.model_dump()))


def _hashes(value: Any, name: str = "") -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _hashes(item, str(key))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _hashes(item, name)
    elif name == "file_sha256" or name == "papers_sha256":
        yield value


def statement_is_issued(case: Any) -> bool:
    """Whether the settlement statement of the present round has all its signatures."""
    return _is_issued(case.pk, statement_number(case))


def _is_issued(pk: int, number: str) -> bool:
    return Document.objects.filter(
        case_machine=CONTRACT.code,
        case_pk=str(pk),
        form=STATEMENT,
        number=number,
        state=DocumentState.ISSUED,
    ).exists()


def statement_number(case: Any) -> str:
    """The number of the settlement statement of the present round."""
    return f"{case.number}-JS{case.settlement_round}"


def _open_payments(number: str) -> tuple[str, ...]:
    found = Payment.objects.filter(contract_number=number).exclude(
        state__in=("draft", "returned", "paid")
    )
    return tuple(found.values_list("number", flat=True))


def _unpaid(case: Any) -> int:
    from procurement.contracts import quantities  # looks at contracts, too

    paid = quantities.paid_fen(case.number) if case.settled_fen else 0
    return int(max(0, case.settled_fen - case.retention_fen - paid))


def contract(number: str) -> Contract | None:
    """A contract by its number, or None."""
    return Contract.objects.filter(number=number).first()


def held(number: str) -> Contract | None:
    """The contract that a payment, a change, an adjustment is of; held while an act is done.

    Its sums are all of theirs: two that are asked for or decided at once would each not see the
    other. A page only looks.
    """
    rows = Contract.objects.filter(number=number) if number else Contract.objects.none()
    if connection.in_atomic_block:
        rows = rows.select_for_update()
    return rows.first()


def in_force(number: str) -> Contract | None:
    """A signed, living contract by its number, or None: what works and payments rest on."""
    return Contract.objects.filter(number=number, state__in=IN_FORCE).first()


def all_in_force() -> QuerySet[Contract]:
    """Contracts that are signed and not ended, newest first."""
    return Contract.objects.filter(state__in=IN_FORCE).order_by("-pk")


def of_lot(lot_number: str) -> Contract | None:
    """The live contract of a lot, or None."""
    return Contract.objects.filter(lot_number=lot_number).exclude(state__in=DEAD).first()


def price_fen(number: str) -> int | None:
    """The price of a contract, drafts included: securities are measured by it; or None."""
    found = contract(number)
    return found.price_fen if found else None


def is_settled(number: str) -> bool:
    """Whether the price of a contract is agreed: works are closed only then."""
    after = (SETTLED, "retention_returned", "closed")
    return Contract.objects.filter(number=number, state__in=after).exists()


def organisation(uscc: str) -> Organisation | None:
    """An organisation of the market by its credit code, or None where it is not registered."""
    return Organisation.objects.filter(uscc=uscc).first()


def name_of(uscc: str) -> str:
    """An organisation's name; its code where it is not registered."""
    found = organisation(uscc) if uscc else None
    return found.name if found else uscc


def retention_of(case: Contract, settled_fen: int) -> int:
    """What is held back of a settled price, by the rules in force when works were accepted."""
    day = case.accepted_on or clock.legal_date(case.changed_at)
    greatest = cites.limits(day, case.region)["retention.greatest"]
    return settlement.retention_fen(settled_fen, case.retention_percent or Decimal(0), greatest)
