"""Who may see more of a score than everybody: days that have passed, and its certificates.

What expired or was repaired is shown to nobody else: only the enterprise itself and the authority.
"""

from __future__ import annotations

from credit.enterprises.models import Enterprise
from credit.scoring.models import PointEntry
from kernel.access.actors import Actor
from kernel.errors import NotFound, NotPermitted

OVERSEERS = frozenset({"credit_officer", "auditor"})


def require(actor: Actor, uscc: str) -> None:
    """Refuse (403 ``credit.score.not_yours``) who is neither the enterprise nor the authority."""
    if actor.uscc != uscc and actor.role not in OVERSEERS:
        raise NotPermitted.because("credit.score.not_yours", uscc=uscc[:18])


def require_known(uscc: str) -> None:
    """Refuse (404 ``credit.enterprise.unknown``) a code that neither archive nor ledger knows.

    A mistyped code would else be answered with the base.
    """
    known = Enterprise.objects.filter(uscc=uscc).exists()
    if not known and not PointEntry.objects.filter(uscc=uscc).exists():
        raise NotFound.because("credit.enterprise.unknown", uscc=uscc[:18])
