"""Decryption: envelope by envelope from the released shares, then the record of what was read.

Each bid is told as soon as it is done, whatever becomes of the others; whoever is killed on the
way goes on where it stood.
"""

from __future__ import annotations

from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kernel.errors import Refused
from kernel.sealing.bids import closing as lists
from kernel.sealing.bids import opening as formats
from kernel.sealing.bids.cures import TOO_FEW
from kernel.sealing.bids.manifest import read_manifest
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.shares import recover
from kernel.workflow.following import follow
from procurement.bids import (
    acting,
    believed,
    blame,
    copies,
    gathering,
    later_lists,
    lots,
    needs,
    pool,
    staging,
)
from procurement.bids.bid_machine import BID
from procurement.bids.machines import OPENING, RELEASED
from procurement.bids.models import BidVersion, OpenedEnvelope, Opening
from procurement.bids.rules.common import OPENABLE
from procurement.bids.schemas import (
    BrokenShare,
    CreditLine,
    FailedPayload,
    OpenedPartPayload,
    OpenedPayload,
    RecordPayload,
)

SHEET = "opening_sheet"


@dataclass(frozen=True)
class Result:
    """What became of a bid: its line in the record. lost: its files are, by nobody's bid.

    blamed: the code of what its bidder did wrong; empty also where it is others who failed.
    """

    version: BidVersion
    line: formats.OpenedBid
    lost: str = ""
    blamed: str = ""

    @property
    def opened(self) -> bool:
        """Whether every envelope of the stage is."""
        return self.line.whole


@dataclass(frozen=True)
class Task:
    """One bid to be opened: the keys of its envelopes, or why there is none; what is open."""

    version: BidVersion
    keys: dict[str, bytes | str]
    shares: dict[str, dict[int, bytes]]
    before: dict[str, OpenedEnvelope]


def open_lot(opening_pk: int, at: datetime) -> None:
    """Open every bid of a stage whose shares are there; the record; the events.

    Slow, outside any transaction, and may be called again: what is done stays done. One bad bid
    never stops the others. While a bid has no intact copy its bidder may still give one: until it
    did or the window ends nothing is opened, for nobody shall choose whether to give its bid with
    the others' prices before it.
    """
    case = Opening.objects.select_related("session").get(pk=opening_pk)
    lot = lots.find(case.lot_number)
    if case.state != RELEASED or lot is None or lot.state not in OPENABLE:
        return
    # The state was read: whatever led to it is done, also what came after the act that tells of it.
    at = acting.not_before(OPENING, case.pk, at)
    policy, listed = gathering.policy_of(case), gathering.list_of(case)
    tasks = _tasks(case, policy)
    results: dict[str, Result] = {}
    over = case.window_ends_at is not None and at >= case.window_ends_at
    with pool.running(len(tasks)) as workers, copies.scratch(case.pk) as folder:
        if not over and _ask_again(tasks, folder, workers):
            return
        begun: dict[Future[copies.Done], Task] = {
            workers.threads.submit(
                copies.decrypted, task.version, task.keys, task.before, folder, workers
            ): task
            for task in tasks
        }
        for future in as_completed(begun):
            task = begun[future]
            result = _result(task, copies.adopted(task.version, future.result(), task.shares))
            results[task.version.manifest_sha256] = result
            if not result.lost or over:
                _tell(result, case, policy, at)
    if any(result.lost for result in results.values()) and not over:
        return  # until the bidder has given its file, or the window is over
    _record(case, policy, listed, results, at)


def _ask_again(tasks: list[Task], folder: Path, workers: pool.Pool) -> bool:
    """Whether a bid that has all its keys has no intact copy; its bidder is then shown so."""
    closed = [
        task
        for task in tasks
        if task.before.keys() < task.keys.keys()
        and not any(isinstance(key, str) for key in task.keys.values())
    ]
    kept = list(workers.threads.map(lambda task: copies.is_kept(task.version, folder), closed))
    missing = [task for task, is_kept in zip(closed, kept, strict=True) if not is_kept]
    for task in missing:
        copies.adopted(task.version, copies.lost(task.keys, folder), task.shares)
    return bool(missing)


def _tasks(case: Opening, policy: Policy) -> list[Task]:
    """Every bid of the stage with the keys that the released shares give."""
    shares, now = gathering.released_shares(case), gathering.told(gathering.said(case))
    found = []
    for digest, version in gathering.listed_versions(case).items():
        manifest = read_manifest(version.manifest.encode())
        keys: dict[str, bytes | str] = {}
        given = {}
        fallen = later_lists.fallen(version)
        for name in gathering.envelopes_of(case, policy):
            if fallen:
                keys[name] = fallen
                continue
            place = digest, name
            # The versions of a policy differ in nothing that shares depend on but its hash, and
            # that the manifest names itself.
            given[name] = shares.get(place, {})
            try:
                again = now.again(place, policy.threshold)
                keys[name] = recover(manifest, policy, name, given[name], again)
            except Refused as refused:
                code = refused.refusals[0].code
                keys[name] = now.too_few(place, policy.threshold) if code == TOO_FEW else code
        before = {row.name: row for row in version.envelopes.filter(state="opened")}
        found.append(Task(version, keys, given, before))
    return found


def _result(task: Task, rows: list[OpenedEnvelope]) -> Result:
    version, sheet = task.version, None
    manifest = read_manifest(version.manifest.encode())
    for row in rows:
        if row.name == SHEET and row.state == "opened":
            try:
                sheet = copies.sheet_of(row, manifest)
            except Refused as refused:
                row.state, row.failure = "failed", refused.refusals[0].code
                row.save(update_fields=["state", "failure"])
    lines = tuple(
        formats.OpenedEnvelope(
            row.name, row.state, row.failure,
            bytes(row.identity).hex() if row.name == SHEET and row.state == "opened" else "",
        )
        for row in rows
    )  # fmt: skip
    whole = all(row.state == "opened" for row in rows)
    line = formats.OpenedBid(
        bidder=version.bid.bidder_uscc,
        version=version.number,
        manifest_sha256=version.manifest_sha256,
        envelopes=lines,
        sheet=sheet if whole else None,
    )
    lost = next((row.failure for row in rows if row.failure in copies.NOT_BLAMED), "")
    # What its bidder did wrong stays wrong, whatever became of the file.
    blamed = blame.of_bidder(row.failure for row in rows)
    return Result(version, line, "" if blamed else lost, blamed)


def _tell(result: Result, case: Opening, policy: Policy, at: datetime) -> None:
    """Move the bid: opened with what it said, or no longer one, with the reason."""
    cause, line, pk = f"opening:{case.pk}", result.line, result.version.bid_id
    if not result.opened:
        code = result.blamed or next(each.reason for each in line.envelopes if each.reason)
        # Not its bidder's fault: deemed withdrawn, and it may claim its loss (order 20).
        act = "fail_decryption" if result.blamed else "lose_file"
        follow(BID.code, pk, act, key=cause, at=at, payload=FailedPayload(code=code))
    elif line.sheet is not None:
        payload = _said(line.sheet, line, case, policy.deadline)
        follow(BID.code, pk, "decrypt", key=cause, at=at, payload=payload)
    elif not gathering.is_last(case, policy):
        follow(
            BID.code, pk, "open_part", key=cause, at=at, payload=OpenedPartPayload(stage=case.stage)
        )


def _said(
    sheet: formats.OpeningSheet, line: formats.OpenedBid, case: Opening, deadline: datetime
) -> OpenedPayload:
    # Certified at the closing; whom scoring failed there is certified now, as known then.
    given = needs.credit(line.bidder, case.lot_number, deadline)
    credit = (
        CreditLine(
            value=given.value, day=given.day.isoformat(), scheme_sha256=given.scheme_sha256,
            certificate_sha256=given.certificate_sha256,
        )
        if given
        else None
    )  # fmt: skip
    return OpenedPayload(
        bidder_name=sheet.bidder_name,
        price_fen=sheet.price_fen,
        period_days=sheet.period_days,
        quality=sheet.quality,
        project_manager=sheet.project_manager,
        bid_security=sheet.bid_security,
        bill_sha256=sheet.bill_sha256,
        credit=credit,
    )


def _record(
    case: Opening,
    policy: Policy,
    listed: lists.ClosingList,
    results: dict[str, Result],
    at: datetime,
) -> None:
    """The signed record in the list's order; after the last stage what is closed is deleted."""
    lines = [results[bid.manifest_sha256] for bid in listed.bids]
    record = formats.OpeningRecord(
        lot=case.lot_number,
        stage=case.stage,
        list_sha256=case.list_sha256,
        draw_sha256=formats.draw_hash(case.draw_text.encode()),
        opened_at=at,
        bids=tuple(result.line for result in lines),
    ).encode()
    payload = RecordPayload(
        text=record.decode(),
        p7s=believed.signed_text(record, at),
        bid_ids=tuple(result.version.bid_id for result in lines if result.opened),
        broken=tuple(BrokenShare(**vars(share)) for share in blame.unkept(case, policy)),
    )
    last = gathering.is_last(case, policy)
    act = "open" if last else "open_stage"
    follow(OPENING.code, case.pk, act, key="open", at=at, payload=payload)
    if last:
        staging.forget_closed(case.lot_number)
