"""Who brings a sealed bid: its bidder, or the counter of the lot's supervisor.

The supervisor's counter is a second door to the same room: a bidder brings its sealed and signed
file on a stick, the counter takes it in under its own name and can neither open nor sign it.
"""

from __future__ import annotations

from kernel.access import actors
from kernel.access.actors import Actor
from kernel.errors import NotFound, NotPermitted
from kernel.parties.models import Membership, Organisation
from procurement.bids import checking, readings
from procurement.bids.models import PendingUpload, ResumableUpload

BIDDER, COUNTER = "contractor_clerk", "tender_supervisor"


def whose(lot_number: str, actor: Actor, bidder: str = "") -> str:
    """The USCC of the bidder whose file an actor brings. bidder: whom a counter names.

    Raises NotPermitted for whoever is neither a bidder nor the counter of the lot's supervisor,
    NotFound for a lot without a policy in force and a bidder that the register does not know.
    """
    if not bidder:
        if actor.role != BIDDER:
            raise not_permitted(actor)
        return actor.uscc
    if actor.role != COUNTER:
        raise not_permitted(actor)
    policy = readings.in_force(lot_number)
    if policy is None:
        raise NotFound.because("procurement.policy.unknown", lot=lot_number[:80])
    if not actor.uscc or policy.policy.supervisor.uscc != actor.uscc:
        raise not_permitted(actor)
    if not Organisation.objects.filter(uscc=bidder).exists():
        raise NotFound.because("procurement.counter.bidder_unknown", uscc=bidder[:18])
    return bidder


def not_permitted(actor: Actor) -> NotPermitted:
    """The refusal of whoever takes in no bids."""
    found: NotPermitted = NotPermitted.because(  # type: ignore[assignment]
        "access.act.not_permitted", act="procurement.bid.receive", role=actor.role
    )
    return found


def bidder_of(upload: str, actor: Actor | None) -> str:
    """Whose bid an act is about: the checked upload's bidder, else the actor's own."""
    try:
        return checking.row_of(upload).bidder_uscc
    except LookupError:
        return actor.uscc if actor else ""


def name_of(uscc: str, actor: Actor) -> str:
    """A bidder's name as the register has it."""
    if uscc == actor.uscc:
        return actor.organisation_name
    return Organisation.objects.values_list("name", flat=True).get(uscc=uscc)


def actor_of(row: PendingUpload) -> Actor:
    """Who uploads, as far as a refusal must name them."""
    if row.role != BIDDER:
        return full_actor(row)
    return Actor(row.person_id, row.organisation_id, row.role, uscc=row.bidder_uscc)


def full_actor(row: PendingUpload) -> Actor:
    """Who uploaded, as the register has them."""
    found = (
        Membership.objects.filter(
            person_id=row.person_id, organisation_id=row.organisation_id, role=row.role
        )
        .select_related("person", "organisation")
        .first()
    )
    if found:
        return actors.from_membership(found)
    return Actor(row.person_id, row.organisation_id, row.role, uscc=row.bidder_uscc)


def who_began(row: ResumableUpload) -> Actor:
    """Who brings an upload in parts; of a bidder's own no person is known."""
    role = BIDDER if row.brought_by is None else COUNTER
    uscc = row.bidder_uscc
    if row.brought_by is not None:
        codes = Organisation.objects.filter(pk=row.organisation_id)
        uscc = codes.values_list("uscc", flat=True).first() or ""
    return Actor(row.brought_by or 0, row.organisation_id, role, uscc=uscc)
