"""Tables of sealed bids. What is secret before the opening stands in no column of a case."""

from procurement.bids.models.bids import Bid, BidVersion
from procurement.bids.models.openings import (
    OpenedEnvelope,
    Opening,
    OpeningSession,
    OpeningStatement,
    ReplacedList,
    StageRehearsal,
)
from procurement.bids.models.policies import (
    OpeningPolicy,
    PolicyParty,
    PolicySignature,
    PolicyVersion,
)
from procurement.bids.models.stamps import BidStamp, ListToken, PolicyStamp
from procurement.bids.models.uploads import PendingUpload, ResumableUpload

__all__ = [
    "Bid",
    "BidStamp",
    "BidVersion",
    "ListToken",
    "OpenedEnvelope",
    "Opening",
    "OpeningPolicy",
    "OpeningSession",
    "OpeningStatement",
    "PendingUpload",
    "PolicyParty",
    "PolicySignature",
    "PolicyStamp",
    "PolicyVersion",
    "ReplacedList",
    "ResumableUpload",
    "StageRehearsal",
]
