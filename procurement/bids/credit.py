"""What the archive and the scores of credit answer when a bid asks (:mod:`.needs`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from credit.enterprises import selectors as enterprises
from credit.scoring import entitled, selectors
from credit.scoring import services as scoring
from kernel.errors import Refusal
from procurement.bids import grades, needs, related
from procurement.bids.grades import OPENING, purpose
from procurement.bids.lots import Lot

# A score is kept in millionths of a point and told in hundredths.
_PER_HUNDREDTH = 10_000


def barred(uscc: str, lot: Lot, at: datetime) -> Iterable[Refusal]:
    """Why an enterprise may not bid for a lot: relations, licences, what it may build, lists."""
    found = enterprises.refusals_to_bid(
        uscc, trade=lot.trade, grade=lot.grade, at=at, works=_works(lot)
    )
    return [*related.itself(uscc, lot), *related.to_parties(uscc, lot, at), *found]


def left_to_judge(uscc: str, lot: Lot, at: datetime) -> Iterable[Refusal]:
    """What of a lot's works no limit is held of for an enterprise's qualification."""
    return enterprises.left_to_judge(
        uscc, trade=lot.trade, grade=lot.grade, at=at, works=_works(lot)
    )


def _works(lot: Lot) -> dict[str, int]:
    return {**lot.sizes, **({"price_fen": lot.ceiling_fen} if lot.ceiling_fen else {})}


def certify(uscc: str, lot_number: str, deadline: datetime) -> bool:
    """Certify the score of who is on a closing list, as of the lot's deadline and as known then."""
    if selectors.certificates([uscc], purpose(lot_number)):
        return False
    scoring.certificate(uscc, at=deadline, purpose=purpose(lot_number))
    return True


def certified(uscc: str, lot_number: str, deadline: datetime) -> needs.Credit:
    """The score as of a lot's deadline, as it was certified at the closing, or else now.

    Asked at the opening: that the firm bid stands in its ledger from now on and not before.
    """
    found = scoring.certificate(uscc, at=deadline, purpose=purpose(lot_number))
    scoring.bid_for(uscc, lot_number, deadline)
    told = found.millionths
    value = None if told is None else (told + _PER_HUNDREDTH // 2) // _PER_HUNDREDTH
    return needs.Credit(value, found.valid_on, found.scheme_sha256, found.sha256)


needs.answer(barred=barred, credit=certified, certify=certify, left_to_judge=left_to_judge)
entitled.judged_by(OPENING, grades.judges, grades.known)
