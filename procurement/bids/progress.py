"""How far an opening is, for those who may look on: who is awaited, until when, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.sealing.bids.closing import read_list
from kernel.workflow import judge
from procurement.bids import gathering, lots
from procurement.bids.copies import NO_COPY
from procurement.bids.machines import (
    CHECKED,
    DRAWN,
    LISTED,
    OPENED,
    OPENING,
    RELEASED,
    STAGE_OPENED,
)
from procurement.bids.models import Bid, OpenedEnvelope, Opening, OpeningStatement
from procurement.bids.rules.common import TERMINATED

Kind = OpeningStatement.Kind


@dataclass(frozen=True)
class Awaited:
    """What is yet to be done, who has not done it, and how many of them are needed."""

    act: str
    names: tuple[str, ...]
    needed: int


@dataclass(frozen=True)
class Clock:
    """What ends when, and whether it has."""

    label: str
    at: datetime
    over: bool


@dataclass(frozen=True)
class Progress:
    """An opening under way. opened: bids that are open, in the list's order; of how many."""

    awaited: tuple[Awaited, ...]
    clocks: tuple[Clock, ...]
    opened: tuple[Bid, ...]
    total: int
    notes: tuple[str, ...]
    running: bool


def may_watch(case: Opening, actor: Actor | None) -> bool:
    """Before the record: those of whom something is awaited or whose bid it is, and who oversees.

    How many bids there are, and whose, is told to nobody else before they are open.
    """
    if actor is None:
        return False
    return judge.readable(OPENING, case, actor) or (
        bool(actor.uscc)
        and Bid.objects.filter(lot_number=case.lot_number, bidder_uscc=actor.uscc)
        .exclude(state="withdrawn")
        .exists()
    )


def of(case: Opening, at: datetime) -> Progress:
    """How far an opening is at a legal moment."""
    listed = read_list(case.list_text.encode())
    decrypting = case.state == RELEASED
    return Progress(
        awaited=tuple(_awaited(case)),
        clocks=tuple(_clocks(case, at)),
        opened=_opened(case, [bid.bidder for bid in listed.bids]) if decrypting else (),
        total=len(listed.bids) if decrypting else 0,
        notes=tuple(_notes(case)),
        running=case.state in (LISTED, DRAWN, CHECKED, RELEASED, STAGE_OPENED),
    )


def _opened(case: Opening, order: list[str]) -> tuple[Bid, ...]:
    rows = Bid.objects.filter(
        lot_number=case.lot_number, bidder_uscc__in=order, unsealed_at__isnull=False
    )
    return tuple(sorted(rows, key=lambda bid: order.index(bid.bidder_uscc)))


def _awaited(case: Opening) -> Iterator[Awaited]:
    policy, said = gathering.policy_of(case), gathering.said(case)
    names = {p.uscc: p.name for p in (policy.procuring_entity, *policy.trustees)}
    trustees = [t.uscc for t in policy.trustees]
    k = policy.threshold

    def missing(kind: str, act: str, among: list[str], enough: int) -> Iterator[Awaited]:
        done = gathering.who(said, kind) & set(among)
        if len(done) < enough:
            late = tuple(names[uscc] for uscc in among if uscc not in done)
            yield Awaited(act, late, enough - len(done))

    if case.state == LISTED:
        if case.before_id is not None:
            yield from missing(Kind.REHEARSAL, _("后一阶段演练"), trustees, k)
        yield from missing(Kind.SIGNATURE, _("签署截标名单"), trustees, k)
        if policy.draws and not case.draw_text:
            parties = list(policy.parties())
            yield from missing(Kind.NONCE, _("公开随机数"), parties, len(parties))
    elif case.state == DRAWN:
        yield from missing(Kind.MARKS, _("核对密钥份额"), trustees, k)
    elif case.state == CHECKED:
        yield from missing(Kind.RELEASE, _("释放密钥份额"), trustees, k)
    elif case.state == STAGE_OPENED:
        yield Awaited(_("提交阶段评审结果"), (policy.procuring_entity.name,), 1)


def _clocks(case: Opening, at: datetime) -> Iterator[Clock]:
    rows = (
        (_("公开随机数截止"), case.reveal_until_at),
        (_("补救截止"), case.cure_until_at),
        (_("解密截止"), case.window_ends_at),
    )
    for label, until in rows:
        if until is not None:
            yield Clock(label, until, at >= until)


def _notes(case: Opening) -> Iterator[str]:
    """What holds an opening up, without saying whose bid it is."""
    policy, said = gathering.policy_of(case), gathering.said(case)
    lot = lots.find(case.lot_number)
    if lot is not None and lot.state == TERMINATED and case.state != OPENED:
        yield _("标段已终止招标，不再开标；投标文件未经开启，原样退回。")
        return
    if case.state in (LISTED, DRAWN, CHECKED) and gathering.protested(case, said):
        yield _("有成立的异议，名单更正前不释放份额。")
    if case.state == CHECKED and gathering.uncured(case, policy, said):
        yield _("有信封的完好份额不足，等待投标人补发或其他开启人核对。")
    if case.state == RELEASED and _without_copy(case):
        yield _(
            "有投标文件已无完好副本，等待其投标人补交；补交前或解密截止前，不再开启任何投标文件。"
        )
    if case.replaced_lists.exists():
        yield _("截标名单已因成立的异议更正，由开启人重新签署。")


def _without_copy(case: Opening) -> bool:
    listed = gathering.listed_versions(case).values()
    return OpenedEnvelope.objects.filter(version__in=listed, failure=NO_COPY).exists()
