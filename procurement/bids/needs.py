"""What a bid asks of other rooms: they answer, this room does not import them.

Whoever registers an answer is asked; where nobody does, nothing stands against a bid and no credit
certificate is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kernel.errors import Refusal
from procurement.bids.lots import Lot
from procurement.tendering.needs import Need


@dataclass(frozen=True)
class Credit:
    """A credit certificate as of a deadline. Hashes in hex.

    value: in hundredths of a point; None where it certifies that the scheme gives no score.
    """

    value: int | None
    day: date
    scheme_sha256: str
    certificate_sha256: str


@dataclass(frozen=True)
class Rejection:
    """Why a committee rejected a bid: grounds in words, their article, what stands on record
    against the bid, and what members found.
    """

    grounds: tuple[str, ...]
    article: str
    on_record: tuple[Refusal, ...] = ()
    findings: tuple[str, ...] = ()


# (lot, key of the bid) -> why its bidder is told that it was rejected; None while nobody is told.
rejection: Need[[str, int], Rejection | None] = Need("rejection", None)


@dataclass(frozen=True)
class Judged:
    """What a signed report says of a lot's bids. ranked: key of the bid, score in hundredths of a
    point, rank, best first. rejected: key of the bid and the grounds in words.
    """

    ranked: tuple[tuple[int, int, int], ...]
    rejected: tuple[tuple[int, str], ...]


# (key of the evaluation) -> its newest signed report; None before one is signed.
judged: Need[[int], Judged | None] = Need("judged", None)


@dataclass(frozen=True)
class OwnSecurity:
    """A bid security in force behind an enterprise's bid. Money in fen; valid_to: its last day."""

    number: str
    amount_fen: int
    valid_to: date
    beneficiary_uscc: str


# (number of a bid security as it was read out, lot, moment) -> what the guarantors say of it here:
# empty where it is in order, else ``unknown``, ``returned`` or ``other_lot``.
security_standing: Need[[str, str, datetime], str] = Need("security_standing", "")

# (lot, uscc, moment) -> the bid securities of an enterprise for a lot, for itself alone.
own_securities: Need[[str, str, datetime], tuple[OwnSecurity, ...]] = Need("own_securities", ())

Barred = Callable[[str, Lot, datetime], Iterable[Refusal]]
CreditOf = Callable[[str, str, datetime], Credit | None]
Certify = Callable[[str, str, datetime], bool]


def _nothing(_uscc: str, _lot: Lot, _at: datetime) -> Iterable[Refusal]:
    return ()


def _none(_uscc: str, _lot: str, _at: datetime) -> Credit | None:
    return None


def _uncertified(_uscc: str, _lot: str, _at: datetime) -> bool:
    return False


_barred: Barred = _nothing
_left_to_judge: Barred = _nothing
_credit: CreditOf = _none
_certify: Certify = _uncertified


def answer(
    *,
    barred: Barred | None = None,
    credit: CreditOf | None = None,
    certify: Certify | None = None,
    left_to_judge: Barred | None = None,
) -> None:
    """Register who answers.

    barred: (uscc, lot, at) -> why it may not bid. credit: (uscc, lot number, deadline) ->
    certificate. certify: (uscc, lot number, deadline) -> whether it was certified only now.
    left_to_judge: (uscc, lot, at) -> what nobody here can say of whether it may build the works.
    """
    global _barred, _credit, _certify, _left_to_judge
    _barred = barred or _barred
    _credit = credit or _credit
    _certify = certify or _certify
    _left_to_judge = left_to_judge or _left_to_judge


def barred(uscc: str, lot: Lot, at: datetime) -> tuple[Refusal, ...]:
    """Why an enterprise may not bid for a lot at a legal moment; empty where it may."""
    return tuple(_barred(uscc, lot, at))


def left_to_judge(uscc: str, lot: Lot, at: datetime) -> tuple[Refusal, ...]:
    """What people have to judge of an enterprise's qualification for a lot; it refuses nothing."""
    return tuple(_left_to_judge(uscc, lot, at))


def certify(uscc: str, lot: str, deadline: datetime) -> bool:
    """Have a bidder's credit certified as of a lot's deadline, while who bids is secret.

    Whether that wrote its one entry of the log, which is closed; not where it was done before.
    """
    return _certify(uscc, lot, deadline)


def credit(uscc: str, lot: str, deadline: datetime) -> Credit | None:
    """Its credit certificate of a lot's deadline, where somebody gives one."""
    return _credit(uscc, lot, deadline)
