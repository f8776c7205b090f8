"""What stands on record against an opened bid: its security, its price, its bidder's licences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from kernel import clock, money
from kernel.documents.models import StoredFile
from kernel.errors import Refusal
from kernel.regulation.citing import language
from procurement.bids import lots, related
from procurement.bids import needs as bidders
from procurement.bids.rules.common import ARTICLE_VOID
from procurement.evaluation import inputs
from procurement.evaluation import session_rules as session
from procurement.evaluation.inputs import Fault, LotTerms, OpenedBid
from procurement.evaluation.numbers import numbers
from procurement.securities import selectors as securities

_CODE = "procurement.evaluation."


def faults(terms: LotTerms, bid: OpenedBid, at: datetime) -> tuple[Fault, ...]:
    """Every fault of a bid that needs no judgement, with the article that each rests on."""
    return (
        *_without_security(terms, bid, at),
        *_above_the_ceiling(terms, bid, at),
        *_without_bill(terms, bid, at),
        *_not_qualified(terms, bid, at),
        *_void(bid),
    )


def _fault(terms: LotTerms, at: datetime, ground: str, what: str, key: str, **said: Any) -> Fault:
    return Fault("response", ground, _refusal(terms, at, what, key, **said))


def _refusal(terms: LotTerms, at: datetime, what: str, key: str, **said: Any) -> Refusal:
    known = numbers(clock.legal_date(at).isoformat(), terms.region, language())
    return Refusal(_CODE + what, said, known.articles[key])


def priced_bill(bid: OpenedBid) -> StoredFile | None:
    """The file of a bid's priced bill as the opening stored it; None where it brought none.

    A bill that the sheet names without bringing it is none: it may be another bidder's.
    """
    if bid.bill_sha256 not in {one.sha256 for one in bid.files}:
        return None
    return StoredFile.objects.filter(sha256=bid.bill_sha256).first()


def bill_missing(terms: LotTerms, at: datetime) -> Refusal:
    """That a bid came without the priced bill that its lot asks for, with its article."""
    return _refusal(terms, at, "bill_missing", "record.bill")


def _without_security(terms: LotTerms, bid: OpenedBid, at: datetime) -> Iterator[Fault]:
    """The security that the documents ask for was in force at the deadline, for the owner, in full,
    as long as the bid binds; and its term has not run out since.

    What the owner did with it after the deadline is not the bidder's fault.
    """
    if not terms.security_fen:
        return
    least = clock.legal_date(terms.opens_at) + timedelta(days=terms.validity_days)
    held = [
        one
        for one in securities.in_force("bid", terms.number, terms.opens_at, bid.uscc)
        if one.beneficiary_uscc == terms.owner_uscc
    ]
    whole = [one for one in held if one.valid_to >= least]
    found = sum(one.amount_fen for one in whole)
    rests = ("no_response", "record.security")
    if not held:
        code, said = "security_missing", {}
    elif not whole:
        code, said = "security_term_short", {"least": least.isoformat()}
    elif found < terms.security_fen:
        needed, there = money.format_yuan(terms.security_fen), money.format_yuan(found)
        code, said = "security_short", {"needed": needed, "found": there}
    elif max(one.valid_to for one in whole) < clock.legal_date(at):
        code, said = "security_lapsed", {"on": max(one.valid_to for one in whole).isoformat()}
    else:
        return
    yield _fault(terms, at, rests[0], code, rests[1], **said)


def _above_the_ceiling(terms: LotTerms, bid: OpenedBid, at: datetime) -> Iterator[Fault]:
    if terms.ceiling_fen and bid.price_fen > terms.ceiling_fen:
        yield _fault(terms, at, "price", "price_above_ceiling", "clearing.above_ceiling")


def _without_bill(terms: LotTerms, bid: OpenedBid, at: datetime) -> Iterator[Fault]:
    """A price over no bill cannot be checked, compared or paid by; the documents ask for one."""
    if terms.over_bill and priced_bill(bid) is None:
        yield Fault("response", "no_response", bill_missing(terms, at))


def _not_qualified(terms: LotTerms, bid: OpenedBid, at: datetime) -> Iterator[Fault]:
    """Who has lost a licence since, or stands on a list, does not meet the conditions any more;
    who was one interest with another bidder, the owner or its agency at the deadline never did.

    Relations are asked for the deadline, however late it is voted on: what ended since ended too
    late.
    """
    lot = lots.find(terms.number)
    then = [*related.to_bidders(bid.uscc, terms.number, terms.opens_at)]
    if lot:
        then += related.to_parties(bid.uscc, lot, terms.opens_at)
        then += [why for why in bidders.barred(bid.uscc, lot, at) if why not in then]
    for why in then:
        yield Fault("qualification", "unqualified", why)


def _void(bid: OpenedBid) -> Iterator[Fault]:
    """An authority's decision is no matter of votes."""
    if bid.void:
        why = Refusal(_CODE + "bid_void", {}, ARTICLE_VOID)
        yield Fault("qualification", session.VOID, why)


def left_to_judge(terms: LotTerms, bid: OpenedBid, at: datetime) -> tuple[Refusal, ...]:
    """Sizes of the works that no limit of the bidder's qualification is held of."""
    lot = lots.find(terms.number)
    return bidders.left_to_judge(bid.uscc, lot, at) if lot else ()


inputs.provide(faults=faults, notes=left_to_judge)
