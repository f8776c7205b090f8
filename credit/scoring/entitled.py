"""Who may see more of a score than everybody: days that have passed, and its certificates.

What expired or was repaired is shown to nobody else: only the enterprise itself and the authority.
One certificate is also open to who has to judge by it, such as who runs the lot that it is for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from credit.enterprises.models import Enterprise
from credit.scoring.models import PointEntry, ScoreCertificate
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.errors import NotFound, NotPermitted

OVERSEERS = frozenset({"credit_officer", "auditor"})

Judges = Callable[[Actor, str], bool]
"""(actor, what a certificate was taken for) -> whether the actor judges by it."""

Told = Callable[[Collection[tuple[str, str]]], Collection[tuple[str, str]]]
"""(credit code, what a certificate was taken for) of several -> those of them that may be known."""

_judges: dict[str, Judges] = {}
_told: dict[str, Told] = {}


def judged_by(purpose: str, judges: Judges, told: Told | None = None) -> None:
    """Who judges by certificates of a purpose; the part of it behind the colon is handed on.

    told: which of them may be known of at all, where their being there says what is still secret.
    """
    _judges[purpose] = judges
    if told is not None:
        _told[purpose] = told


def known(certificates: Iterable[ScoreCertificate]) -> list[ScoreCertificate]:
    """Those certificates of which anybody may know by now, in their order; one question a purpose.

    Until then they are nobody's to see, not even their enterprise's or the authority's.
    """
    found = list(certificates)
    by: dict[str, set[tuple[str, str]]] = {}
    for kind, uscc, about in map(_place, found):
        if kind in _told:
            by.setdefault(kind, set()).add((uscc, about))
    hidden = {
        (kind, *pair) for kind, pairs in by.items() for pair in pairs.difference(_told[kind](pairs))
    }
    return [one for one in found if _place(one) not in hidden]


def _place(held: ScoreCertificate) -> tuple[str, str, str]:
    kind, _colon, about = held.purpose.partition(":")
    return kind, held.uscc, about


def may_see_all(actor: Actor, uscc: str) -> bool:
    """Whether an actor sees everything of an enterprise's score: its own, or everybody's.

    Its own is of whoever reads its papers, not of everybody who works there.
    """
    own = actor.uscc == uscc and TABLE.reads_papers(actor.role)
    return own or actor.role in OVERSEERS


def require_certificate(actor: Actor, held: ScoreCertificate) -> None:
    """Refuse (403 ``credit.score.not_yours``) who is neither that nor judges by a certificate.

    404 ``credit.certificate.unknown`` while nobody may know of it.
    """
    if not known([held]):
        raise NotFound.because("credit.certificate.unknown", number=held.number)
    kind, _colon, about = held.purpose.partition(":")
    judges = _judges.get(kind)
    if not may_see_all(actor, held.uscc) and not (judges and judges(actor, about)):
        raise NotPermitted.because("credit.score.not_yours", uscc=held.uscc)


def require(actor: Actor, uscc: str) -> None:
    """Refuse (403 ``credit.score.not_yours``) who is neither the enterprise nor the authority."""
    if not may_see_all(actor, uscc):
        raise NotPermitted.because("credit.score.not_yours", uscc=uscc[:18])


def require_known(uscc: str) -> None:
    """Refuse (404 ``credit.enterprise.unknown``) a code that neither archive nor ledger knows.

    A mistyped code would else be answered with the base.
    """
    known = Enterprise.objects.filter(uscc=uscc).exists()
    if not known and not PointEntry.objects.filter(uscc=uscc).exists():
        raise NotFound.because("credit.enterprise.unknown", uscc=uscc[:18])
