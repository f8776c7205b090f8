"""Who acts in a request: the log-in's person, in the membership chosen in the session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from kernel import clock
from kernel.access.actors import Actor, from_membership, live_memberships
from kernel.errors import NotPermitted
from kernel.parties.models import Membership

SESSION_KEY = "membership"


@dataclass(frozen=True)
class Acting:
    """The memberships in force of who is logged in, and the one they act in now."""

    memberships: tuple[Membership, ...] = ()
    current: Membership | None = None

    @property
    def actor(self) -> Actor | None:
        """The actor, or None where nobody is logged in or has no membership in force."""
        return from_membership(self.current) if self.current else None


def moment(request: HttpRequest) -> datetime:
    """Legal time as a page tells it: read once per request, so that all of it is of one moment.

    Whoever acts reads the clock anew (``kernel.workflow.fire``).
    """
    found: datetime | None = getattr(request, "_zhuxin_moment", None)
    if found is None:
        found = clock.now()
        request._zhuxin_moment = found  # type: ignore[attr-defined]
    return found


def acting(request: HttpRequest) -> Acting:
    """Resolve once per request; a membership that ended is never acted in."""
    found: Acting | None = getattr(request, "_zhuxin_acting", None)
    if found is None:
        found = _resolve(request)
        request._zhuxin_acting = found  # type: ignore[attr-defined]
    return found


def _resolve(request: HttpRequest) -> Acting:
    user = request.user
    if not user.is_authenticated or user.person_id is None:
        return Acting()
    memberships = tuple(live_memberships(user.person_id, clock.legal_date(moment(request))))
    chosen = request.session.get(SESSION_KEY)
    current = next((m for m in memberships if m.pk == chosen), None)
    return Acting(memberships, current or (memberships[0] if memberships else None))


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request. Raises NotPermitted where there is none."""
    actor = acting(request).actor
    if actor is None:
        raise NotPermitted.because("access.actor.none")
    return actor
