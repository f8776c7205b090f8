"""From stage to stage: what passed goes on to a list of its own, the rest stays closed for ever."""

from __future__ import annotations

from datetime import datetime

from kernel import clock
from kernel.sealing.bids import results, trustees
from kernel.workflow.following import follow
from kernel.workflow.machines import machine
from procurement.bids import closing, gathering, keeper, lots, readings, stamps, vault
from procurement.bids.bid_machine import BID, NOT_PASSED, PART_OPENED, VOID
from procurement.bids.machines import CONCLUDED
from procurement.bids.models import Bid, BidVersion, Opening, StageRehearsal
from procurement.bids.rules.common import OPENABLE


def go_on(opening_pk: int, at: datetime) -> Opening | None:
    """The opening of the stage after a judged one; None where nothing passed or all is opened.

    Slow, outside any transaction, and may be called again: what is done stays done.
    """
    case = Opening.objects.get(pk=opening_pk)
    lot = lots.find(case.lot_number)
    if case.state != CONCLUDED or lot is None or lot.state not in OPENABLE:
        return None
    result = results.read_result(case.result_text.encode())
    _drop(case, result, at)
    if not result.passed:
        if machine(lots.TENDER) is not None:
            told = {"reason": result.failed[0].reason if result.failed else "-"}
            follow(lots.TENDER, case.lot_id, "fail", key=f"opening:{case.pk}", at=at, payload=told)
        closing.delete_dead(case.lot_number, all_of_it=True)
        return None
    later = Opening.objects.filter(before=case).first() or _begin(case, result, at)
    for holder in gathering.policy_of(later).trustees:
        challenge, secret = trustees.new_challenge(later.lot_number, holder.uscc, holder.key)
        StageRehearsal.objects.get_or_create(
            opening=later,
            uscc=holder.uscc,
            defaults={"challenge": challenge.decode(), "secret": secret},
        )
    keeper.keep_listed(later)
    stamps.stamp_list(later)  # where it fails, the worker goes on
    return later


def _begin(case: Opening, result: results.StageResult, at: datetime) -> Opening:
    listed, policy = gathering.list_of(case), readings.in_force(case.lot_number)
    assert policy is not None  # the lot was closed under it
    stage = results.next_stage(policy.policy, case.stage)
    assert stage is not None  # only a stage before the last is judged
    passed = set(result.passed)
    payload = closing.make_list(
        policy, stage.name, max(at, clock.now()),
        [bid for bid in listed.bids if bid.manifest_sha256 in passed], case.pk,
        follows=listed.sha256, result_sha256=result.sha256, drawn_for=listed.draw_sha256,
    )  # fmt: skip
    return closing.begin(payload, f"stage:{case.pk}", at)


def _drop(case: Opening, result: results.StageResult, at: datetime) -> None:
    """Bids that did not pass: named with their reason."""
    reasons = {row.manifest_sha256: row.reason for row in result.failed}
    rows = Bid.objects.filter(lot_number=case.lot_number, manifest_sha256__in=reasons)
    for bid in rows.filter(state=PART_OPENED):
        follow(
            BID.code, bid.pk, "drop", key=f"opening:{case.pk}", at=at,
            payload={"reason": reasons[bid.manifest_sha256]},
        )  # fmt: skip


def forget_closed(lot_number: str) -> int:
    """After the last stage: delete what was never opened of bids that did not pass; how many.

    Also of those that were found void between the stages: of others nobody decides so early.

    Their ciphertexts and shares go everywhere; what a stage opened of them is kept apart already.
    """
    rows = BidVersion.objects.filter(bid__lot_number=lot_number, bid__state__in=(NOT_PASSED, VOID))
    gone = 0
    for version in rows.exclude(vault=""):
        vault.delete(version.vault)
        keeper.delete(version.keeper)
        BidVersion.objects.filter(pk=version.pk).update(vault="", keeper="", shares={})
        gone += 1
    return gone
