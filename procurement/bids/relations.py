"""How people stand to policies, bids, openings. Before the opening a bid is its bidder's alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from kernel.access.actors import Actor
from kernel.workflow.machines import Relation
from kernel.workflow.relations import region_prefix

# A bid in one of these is nobody's to see but its bidder's; a withdrawn one stays so for ever.
SEALED = ("received", "withdrawn", "annulled", "awaiting_decryption", "deemed_withdrawn")


def _owned(case: Any, actor: Actor) -> bool:
    return bool(actor.uscc) and actor.uscc in (case.owner_uscc, case.agency_uscc)


def _owned_query(actor: Actor) -> Q:
    if not actor.uscc:
        return Q(pk__in=[])
    return Q(owner_uscc=actor.uscc) | Q(agency_uscc=actor.uscc)


def _supervises(case: Any, actor: Actor) -> bool:
    return bool(actor.authority) and str(case.region).startswith(region_prefix(actor.region))


def _supervises_query(actor: Actor) -> Q:
    if not actor.authority:
        return Q(pk__in=[])
    return Q(region__startswith=region_prefix(actor.region))


RUNNER = Relation("runner", _owned, _owned_query)

OPENED_TO_RUNNER = Relation(
    "runner",
    lambda case, actor: case.state not in SEALED and _owned(case, actor),
    lambda actor: _owned_query(actor) & ~Q(state__in=SEALED),
)
OPENED_TO_AUTHORITY = Relation(
    "authority",
    lambda case, actor: case.state not in SEALED and _supervises(case, actor),
    lambda actor: _supervises_query(actor) & ~Q(state__in=SEALED),
)


def _brings(case: Any, actor: Actor) -> bool:
    from procurement.bids import checking

    row = checking.now()
    if row is None or (row.person_id, row.organisation_id) != (
        actor.person_id,
        actor.organisation_id,
    ):
        return False
    mine = (row.lot_number, row.bidder_uscc)
    return case.pk is None or (case.lot_number, case.bidder_uscc) == mine


# Who takes a bid in at the supervisor's counter: only of the very upload that was checked here and
# now, for as long as its act lasts. No page and no list ever finds a bid by it.
COUNTER = Relation("counter", _brings, lambda _actor: Q(pk__in=[]), asks=True)


def _is_party(case: Any, actor: Actor) -> bool:
    from procurement.bids.models import PolicyParty

    key = getattr(case, "policy_id", None) or case.pk
    return bool(actor.uscc) and PolicyParty.objects.filter(policy_id=key, uscc=actor.uscc).exists()


def _policies(actor: Actor) -> Any:
    from procurement.bids.models import PolicyParty

    return PolicyParty.objects.filter(uscc=actor.uscc or "-").values("policy_id")


POLICY_PARTY = Relation("party", _is_party, lambda actor: Q(pk__in=_policies(actor)), asks=True)
OPENING_PARTY = Relation(
    "party", _is_party, lambda actor: Q(policy_id__in=_policies(actor)), asks=True
)


def _has_bid(case: Any, actor: Actor) -> bool:
    from procurement.bids.models import Bid

    return (
        bool(actor.uscc)
        and Bid.objects.filter(lot_number=case.lot_number, bidder_uscc=actor.uscc).exists()
    )


def _bid_lots(actor: Actor) -> Q:
    from procurement.bids.models import Bid

    own = Bid.objects.filter(bidder_uscc=actor.uscc or "-")
    return Q(lot_number__in=own.values("lot_number"))


LISTED_BIDDER = Relation("bidder", _has_bid, _bid_lots, asks=True)
