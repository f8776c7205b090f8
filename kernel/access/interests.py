"""Whether somebody has another side's interests at heart: the one place that knows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from kernel import clock
from kernel.access.actors import Actor, live_memberships


def works_for(actor: Actor | None, uscc: str, at: datetime) -> bool:
    """Whether an officer of an authority acts for an enterprise of this code, too, on that day."""
    if actor is None or not actor.authority or not uscc:
        return False
    held = live_memberships(actor.person_id, clock.legal_date(at))
    others = (row.organisation for row in held if row.organisation_id != actor.organisation_id)
    return any(organisation.uscc == uscc for organisation in others)


def works_for_a_side(
    actor: Actor, codes: Collection[str], keys: Collection[int], at: datetime
) -> bool:
    """Whether an officer acts on that day for one of these firms, too (credit codes, keys)."""
    return any(uscc in codes or pk in keys for uscc, pk in firms_of(actor, at))


def firms_of(actor: Actor, at: datetime) -> list[tuple[str, int]]:
    """Credit code and key of every firm that an officer of an authority acts for, too, that day."""
    if not actor.authority:
        return []
    held = live_memberships(actor.person_id, clock.legal_date(at))
    firms = (row.organisation for row in held if not row.organisation.authority)
    return [(firm.uscc, firm.pk) for firm in firms]


def acts_for(actor: Actor | None, codes: Iterable[str], at: datetime) -> bool:
    """Whether who acts does so for one of these credit codes on that day, here or elsewhere."""
    named = {code for code in codes if code}
    if actor is None or not actor.person_id or not named:
        return False
    held = live_memberships(actor.person_id, clock.legal_date(at))
    return bool(named & {actor.uscc, *(row.organisation.uscc for row in held)})
