"""The credit of everybody on a closing list, certified once, as it was known at the deadline.

What is learnt between deadline and opening moves nobody's points. Who bids is secret until then, so
the certificates are nobody's to know of (:func:`.grades.known`), and as many entries of the log
come, of one look and in no order, whatever the number of bidders.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from kernel.evidence import services as evidence
from procurement.bids import covers, gathering, needs
from procurement.bids.machines import STOPPED
from procurement.bids.models import Opening

ROUND = 64
"""So many entries, or a multiple of it where more have bid: certificates and covers together."""


class NotCertified(Exception):  # noqa: N818  (it is tried again, and the closing goes on)
    """Some could not be certified now; the opening asks for them at the latest."""


def certify(opening_pk: int) -> None:
    """Certify whoever of a list is not certified yet; nobody where nothing will be opened.

    Slow, outside any transaction, and may be called again. Whom scoring fails stops nobody else.
    Raises :class:`NotCertified` at the end where it failed for some.
    """
    case = Opening.objects.get(pk=opening_pk)
    if case.state == STOPPED:
        return
    deadline = gathering.policy_of(case).deadline
    places: list[str] = [bid.bidder for bid in gathering.list_of(case).bids]
    places += [""] * (-len(places) % ROUND)
    secrets.SystemRandom().shuffle(places)
    waiting, faults = 0, set[str]()
    for uscc in places:
        waiting += 1
        if not uscc:
            continue
        _cover(waiting - 1, deadline)
        try:
            waiting = 0 if needs.certify(uscc, case.lot_number, deadline) else 1
        except Exception as fault:  # whatever scoring raises: the next bidder's may be sound
            faults.add(type(fault).__name__)
            waiting = 1
    _cover(waiting, deadline)
    if faults:  # by kind alone: neither who bids nor how many stands in an operator's log
        raise NotCertified(", ".join(sorted(faults)))


def _cover(count: int, at: datetime) -> None:
    if count:
        with transaction.atomic():
            evidence.append_many(covers.several(at, count))
