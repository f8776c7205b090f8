"""Why a lot came to nothing, which lot follows it, and which one it follows: for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.web.viewmodels import Fact, FactGroup
from kernel.web.words import cited
from procurement.tendering import selectors
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot

_FAILED, _AGAIN = "failed", "retendered"


def why(lot: Lot) -> tuple[FactGroup, ...]:
    """The reason of a failure, by which article, how many bids there were, what must follow."""
    if lot.state not in (_FAILED, _AGAIN) and not _given_up_after(lot):
        return ()
    return (FactGroup(_("招标失败"), tuple(_reasons(lot))),)


def _given_up_after(lot: Lot) -> bool:
    if lot.state != "terminated":
        return False
    return bool(lot.failed_reason) or (lot.live_bids is not None and lot.opened_bids_at is None)


def _reasons(lot: Lot) -> Iterator[Fact]:
    # At its closing nobody writes a reason: the number of bids is it.
    few = _("投标截止时有效投标只有 %(bids)s 份，投标人少于三个，不得开标") % {
        "bids": lot.live_bids or 0
    }
    # What the platform wrote itself is told in the reader's language; what people wrote stays.
    said = _(lot.failed_reason) if lot.failed_reason else few
    yield Fact(_("失败原因"), said, "name" if lot.failed_reason else "text")
    if lot.live_bids is not None:
        yield Fact(_("截止时有效投标份数"), lot.live_bids, "number")
    yield Fact(_("依据"), cited(LOT.state(_FAILED).article), "name")
    if lot.state == _FAILED:
        yield Fact(_("接下来"), _("招标人分析失败原因，采取措施后重新招标"))


def neighbours(lot: Lot) -> tuple[FactGroup, ...]:
    """The failed lot that this one repeats, and the published one that repeats it."""
    facts = []
    if lot.retender_of:
        facts.append(_link(_("重新招标的原标段"), lot.retender_of))
    if lot.state == _AGAIN:
        again = selectors.public_register().filter(retender_of=lot.number)
        facts += [
            _link(_("重新招标的新标段"), number)
            for number in again.order_by("pk").values_list("number", flat=True)
        ]
    return (FactGroup(_("相关业务"), tuple(facts)),) if facts else ()


def _link(label: str, number: str) -> Fact:
    return Fact(label, number, "code", url=reverse("procurement:notice", args=[number]))
