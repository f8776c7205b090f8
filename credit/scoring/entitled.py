"""Who may see more of a score than everybody: days that have passed, and its certificates.

What expired or was repaired is shown to nobody else: only the enterprise itself and the authority.
"""

from __future__ import annotations

from kernel.access.actors import Actor
from kernel.errors import NotPermitted

OVERSEERS = frozenset({"credit_officer", "auditor"})


def require(actor: Actor, uscc: str) -> None:
    """Refuse (403 ``credit.score.not_yours``) who is neither the enterprise nor the authority."""
    if actor.uscc != uscc and actor.role not in OVERSEERS:
        raise NotPermitted.because("credit.score.not_yours", uscc=uscc[:18])
