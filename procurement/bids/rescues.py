"""What a bidder can still do for its bid between the closing and the record, and until when.

Protest, cure and the file given again, each with what the platform knows of the need for it. What
it knows may be wrong, so that a protest can be handed in as long as one is taken at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.web.words import listed
from procurement.bids import commands, gathering
from procurement.bids.copies import NO_COPY
from procurement.bids.machines import CHECKED, DRAWN, LISTED, RELEASED
from procurement.bids.models import Bid, OpenedEnvelope, Opening, OpeningStatement
from procurement.bids.page_parts import server

# Nobody has more bids under the same hour's opening.
_MOST = 50
PROTEST, CURE, GIVE_AGAIN = "protest", "cure", "give-again"
Kind = OpeningStatement.Kind
ENVELOPES = {
    "opening_sheet": gettext_lazy("开标一览表"),
    "qualification": gettext_lazy("资格文件"),
    "technical": gettext_lazy("技术文件"),
    "price": gettext_lazy("报价文件"),
}


class How(StrEnum):
    """Whether something can be done: it must be, it may be, it was, not yet, no longer, no need."""

    NEEDED = "needed"
    OPEN = "open"
    DONE = "done"
    EARLY = "early"
    OVER = "over"
    NEEDLESS = "needless"


@dataclass(frozen=True)
class Rescue:
    """One of the three. until: when its time ends, None where it runs for another reason or not
    yet; command: what does the same at the command line.
    """

    kind: str
    how: How
    why: str
    until: datetime | None = None
    limit: str = ""
    command: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a file is taken now."""
        return self.how in (How.NEEDED, How.OPEN)


@dataclass(frozen=True)
class _Case:
    """A bidder's stand in an opening under way."""

    opening: Opening
    bid: Bid
    said: list[OpeningStatement]
    at: datetime

    @property
    def released(self) -> bool:
        """Whether a share has left: nothing is protested or cured any more."""
        return bool(gathering.who(self.said, Kind.RELEASE)) or self.opening.state == RELEASED

    def command(self, kind: str, version: int = 0) -> str:
        """What is run at the command line; version: another than the newest."""
        newest = version or self.bid.versions.count()
        return commands.rescue(kind, server(), self.opening.lot_number, newest)


def of(number: str, bid: Bid | None, at: datetime) -> tuple[Rescue, ...]:
    """What is open for a bidder at a legal moment; nothing before the closing and after the record.

    Nothing for who took its bid back and is on no list.
    """
    case = Opening.objects.filter(lot_number=number).order_by("-closed_at", "-pk").first()
    if bid is None or case is None or case.state not in (LISTED, DRAWN, CHECKED, RELEASED):
        return ()
    here = _Case(case, bid, gathering.said(case), at)
    protest, on_list = _protest(here)
    found = (protest,) if protest else ()
    if on_list or (protest and protest.how is How.DONE):
        return (*found, _cure(here), _give_again(here))
    return found


def needed(uscc: str, at: datetime) -> list[tuple[Bid, Rescue]]:
    """What an organisation must do for its bids now; one query where nothing of its is opened."""
    under_way = Opening.objects.filter(state__in=(LISTED, DRAWN, CHECKED, RELEASED))
    bids = Bid.objects.filter(bidder_uscc=uscc, lot_number__in=under_way.values("lot_number"))
    return [
        (bid, row)
        for bid in bids[:_MOST]
        for row in of(bid.lot_number, bid, at)
        if row.how is How.NEEDED
    ]


def _protest(here: _Case) -> tuple[Rescue | None, bool]:
    """The protest, and whether a bid of this bidder's is on the list."""
    case, bid = here.opening, here.bid
    own = next((b for b in gathering.list_of(case).bids if b.bidder == bid.bidder_uscc), None)
    last = bid.versions.order_by("-number").first()
    gone = bid.versions.exclude(withdrawal="").order_by("-number").first()
    dead = bool(gone and own and own.version <= gone.number)
    limit = _("任何开启人释放份额之前")

    def told(how: How, why: str, version: int = 0) -> Rescue:
        command = here.command(PROTEST, version) if how in (How.NEEDED, How.OPEN) else ""
        return Rescue(PROTEST, how, why, None, limit, command)

    mine = [r.subject for r in here.said if r.kind == Kind.PROTEST and r.uscc == bid.bidder_uscc]
    if mine and gathering.protested(case, here.said):
        return told(How.DONE, _("已提出异议；名单更正之前不释放份额。")), own is not None
    if own is None and last and last.withdrawal:
        return None, False  # it took its bid back, and that was heeded
    if here.released:
        return told(How.OVER, _("已有开启人释放份额，不再受理异议。")), own is not None
    if dead and gone:
        why = _("本单位已撤回的投标文件仍在截标名单上，可以凭撤回回执提出异议。")
        return told(How.NEEDED, why, gone.number), True
    if case.before_id is not None:
        return told(How.NEEDLESS, _("后一阶段的名单由评审结果得出。")), own is not None
    if own is None or (last and own.manifest_sha256 != last.manifest_sha256):
        why = _("本单位最近一次收到回执的投标文件不在截标名单上，可以凭回执提出异议。")
        return told(How.NEEDED, why), own is not None
    why = _("本单位的投标文件在截标名单上。所持回执与此不符的，可以提出异议。")
    return told(How.OPEN, why), True


def _cure(here: _Case) -> Rescue:
    case, digest = here.opening, here.bid.manifest_sha256
    until = case.cure_until_at

    def told(how: How, why: str) -> Rescue:
        limit = "" if until else _("自足够的开启人核对时起算")
        return Rescue(CURE, how, why, until, limit, here.command(CURE) if how is How.NEEDED else "")

    if case.state in (LISTED, DRAWN):
        return told(How.EARLY, _("开启人核对密钥份额之后才知道是否需要。"))
    policy = gathering.policy_of(case)
    lacking = {
        name for d, name in gathering.uncured(case, policy, here.said) if d == digest
    }  # fmt: skip
    given = {name for d, name in gathering.told(here.said).cures if d == digest}
    if not lacking:
        return told(How.NEEDLESS, _("各信封的完好份额足够，不需要。"))
    if here.released or (until is not None and here.at >= until):
        return told(How.OVER, _("补救时间已过；完好份额仍不足的信封不能开启。"))
    if not lacking - given:
        return told(How.DONE, _("已补发，等待开启人核对。"))
    names = listed(ENVELOPES.get(name, name) for name in sorted(lacking - given))
    why = _("完好的密钥份额不足：%(names)s。请在截止前补发，每个信封只能补发一次。")
    return told(How.NEEDED, why % {"names": names})


def _give_again(here: _Case) -> Rescue:
    case, bid = here.opening, here.bid
    until = case.window_ends_at

    def told(how: How, why: str) -> Rescue:
        limit = "" if until else _("自足够的开启人释放份额时起算")
        command = here.command(GIVE_AGAIN) if how is How.NEEDED else ""
        return Rescue(GIVE_AGAIN, how, why, until, limit, command)

    protested = gathering.protested(case, here.said)
    lost = OpenedEnvelope.objects.filter(version__bid=bid, failure=NO_COPY).exists()
    gone = bid.versions.filter(manifest_sha256__in=protested, vault="").exists()
    if not (lost or gone):
        return told(How.NEEDLESS, _("目前不需要。"))
    if until is not None and here.at >= until:
        return told(How.OVER, _("解密时间已过，不再接收文件。"))
    return told(How.NEEDED, _("平台保存的文件已损坏或已不在，请在解密截止前补交同一文件。"))
