"""How the decrypt window of an opening is divided: reveal, cure, decrypt. Pure arithmetic.

The fractions are the protocol's own, so that platform, trustees' tools and bidders reckon alike
from nothing but the signed policy and list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.sealing.bids.policy import Policy


@dataclass(frozen=True)
class Window:
    """Instants after which nonces (reveal_until), cures (cure_until), files (ends) come no more."""

    reveal_until: datetime
    cure_until: datetime
    ends: datetime


def window(begins: datetime, minutes: int) -> Window:
    """The window of an opening whose list says ``closed_at`` ``begins``, so many minutes long."""
    whole = timedelta(minutes=minutes)
    return Window(begins + whole / 2, begins + whole * 3 / 4, begins + whole)


def window_of(policy: Policy, closed_at: datetime) -> Window:
    """The same of a policy."""
    return window(closed_at, policy.decrypt_window_minutes)
