"""Guards of bids, openings and policies that the walks never meet, on plain facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from kernel import clock
from procurement.bids import believed, related
from procurement.bids.rules import bids, openings, policies

AT = datetime(2025, 11, 3, 9, tzinfo=clock.LEGAL_ZONE)
FIRM = "91230102MA00000009"


@pytest.mark.parametrize(
    ("guard", "facts", "payload", "code"),
    [
        (bids.deadline_is_not_over, {"at": AT + timedelta(microseconds=1), "deadline": AT}, None,
         "procurement.bid.too_late"),
        (bids.policy_is_newest, {"upload": True, "newest_policy": False}, object(),
         "procurement.bid.old_policy"),
        (bids.bidder_is_invited, {"invited": False}, None, "procurement.bid.not_invited"),
        (openings.lot_is_closing,
         {"later": False, "lot_found": True, "lot_state": "published", "other_opening": False},
         None, "procurement.opening.lot_not_closing"),
        (openings.lot_is_terminated, {"lot_state": "opening"}, None,
         "procurement.opening.lot_not_terminated"),
        (openings.own_marks_are_there, {"actor_uscc": FIRM, "marked": frozenset()}, None,
         "procurement.opening.own_marks_missing"),
        (openings.stage_is_later, {"later": False}, None, "procurement.opening.stage_first"),
        (openings.a_protest_is_open, {"protested": frozenset()}, None,
         "procurement.opening.no_protest"),
        (policies.keys_are_announced, {"missing_keys": (FIRM,)}, None,
         "procurement.policy.key_missing"),
        (policies.signatures_are_there, {"missing_signatures": (FIRM,)}, None,
         "procurement.policy.signature_missing"),
    ],
)  # fmt: skip
def test_each_refuses_by_its_code_and_article(
    guard: Any, facts: dict[str, Any], payload: Any, code: str
) -> None:
    found = list(guard(SimpleNamespace(**facts), payload))
    assert [(reason.code, bool(reason.article)) for reason in found] == [(code, True)]


def test_whose_interest_is_one_with_the_agencys_does_not_bid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = SimpleNamespace(other_uscc="AGENCY", kind="holding", source="登记 1")
    monkeypatch.setattr(related.relations, "to_parties", lambda *_asked: [one])
    lot: Any = SimpleNamespace(owner_uscc="OWNER", agency_uscc="AGENCY")
    (reason,) = related.to_parties(FIRM, lot, AT)
    assert reason.code == "procurement.bid.related_to_agency"


def test_without_an_anchor_nothing_is_believed() -> None:
    with pytest.raises(believed.Unavailable) as refused:
        believed._trust((), (), ())
    assert refused.value.refusals[0].code == "procurement.bid.no_anchors"
