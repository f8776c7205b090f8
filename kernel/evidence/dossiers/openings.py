"""An opening: list, draw, marks, releases, record; what was opened is what was sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from kernel.evidence import formats
from kernel.evidence.dossiers import failures, layout, logs, moments, resting, tokens
from kernel.evidence.dossiers.bids import Version
from kernel.evidence.dossiers.failures import Keys
from kernel.evidence.dossiers.resting import Stage
from kernel.evidence.dossiers.work import Work
from kernel.evidence.reading import Unsound
from kernel.sealing.bids import closing, draw, releasing, unsealing
from kernel.sealing.bids import moments as formats_of_moments
from kernel.sealing.bids import opening as formats_of_opening
from kernel.sealing.bids.closing import ClosingList
from kernel.sealing.bids.opening import OpenedBid, OpeningRecord
from kernel.sealing.bids.policy import Policy

Pair = tuple[str, str]
Released = Mapping[str, set[Pair]]


def check(work: Work, live: Mapping[str, Version], folder: Path) -> None:
    """Every stage that was opened, in the policy's order. folder: for what is decrypted."""
    stages = [stage.name for stage in work.policy.stages]
    found = work.dossier.under("openings")
    if not found or set(found) != set(stages[: len(found)]):
        raise Unsound("d_missing", file="openings")
    before: Stage | None = None
    for stage in stages[: len(found)]:
        before = _stage(work, f"openings/{stage}", stage, live, folder, before)
    assert before is not None
    ended = len(found) == len(stages) or resting.judged_last(work, before, work.policy)
    if not ended:
        raise Unsound("d_missing", file=f"openings/{stages[len(found)]}")
    _logged(work, [f"openings/{stage}" for stage in stages[: len(found)]])


def _stage(
    work: Work,
    root: str,
    stage: str,
    live: Mapping[str, Version],
    folder: Path,
    before: Stage | None,
) -> Stage:
    record_name = f"{root}/record.json"
    with work.about(record_name):
        record = formats_of_opening.read_record(work.data(record_name))
    listed, policy = _list(work, root, stage, live, record.opened_at)
    resting.corrections(work, root, listed, policy, record.opened_at)
    bounds = (listed.closed_at, record.opened_at)
    if before is None:
        _check_whole(work, root, listed, live)
    else:
        resting.following(work, root, listed, policy, before)
        resting.rehearsals(work, root, policy, bounds)
    envelopes = next(s.envelopes for s in policy.stages if s.name == stage)
    wanted = {(bid.manifest_sha256, name) for bid in listed.bids for name in envelopes}
    told = moments.read(work, root, listed, policy, record.opened_at)
    _draw(work, root, listed, policy, record, told)
    marked = _marks(work, root, listed, policy, wanted, bounds)
    said = resting.told(work, root, listed, marked, live, bounds)
    released = _releases(work, root, listed, policy, wanted, bounds)
    if len(released) < policy.threshold or len(marked) < policy.threshold:
        found = min(len(released), len(marked))
        raise Unsound("d_too_few", file=root, found=found, wanted=policy.threshold)
    _record(work, root, record, listed)
    waiting = said.uncured(wanted, policy.threshold)
    moments.given(work, root, record, policy, told, dict.fromkeys((m for m, _ in waiting), True))
    keys = Keys(policy, envelopes, released, said)
    for bid in record.bids:
        _opened(work, bid, live[bid.manifest_sha256], keys, folder)
    return Stage(root, listed, record)


def _list(
    work: Work, root: str, stage: str, live: Mapping[str, Version], now: datetime
) -> tuple[ClosingList, Policy]:
    name = f"{root}/list.json"
    with work.about(name):
        listed = closing.read_list(work.data(name))
    policy = work.policy
    if listed.stage != stage:
        raise Unsound("d_version", file=name)
    for fault in closing.list_faults(listed, policy, now):
        raise Unsound("d_refused", file=name, reason=fault.code, facts="")
    at = listed.closed_at
    work.signed(name, work.data(f"{root}/list.p7s"), policy.operator.uscc, earliest=at, latest=at)
    signed = [file.removesuffix(".p7s") for file in work.dossier.under(f"{root}/signatures")]
    _only_trustees(name, signed, policy)
    for uscc in signed:
        p7s = work.data(f"{root}/signatures/{uscc}.p7s")
        work.signed(name, p7s, uscc, earliest=at, latest=now)
    if len(signed) < policy.threshold:
        raise Unsound("d_too_few", file=name, found=len(signed), wanted=policy.threshold)
    logs.covers(work, name, "", listed.tree_size, bytes.fromhex(listed.tree_root))
    tokens.of_list(work, f"{root}/list.tsr", name, listed.sha256)
    for bid in listed.bids:
        row = live.get(bid.manifest_sha256)
        if row is None:
            raise Unsound("d_off_list", file=name, bidder=bid.bidder)
        for fault in closing.bid_faults(listed, bid, row.manifest, row.receipt, work.policies):
            raise Unsound("d_refused", file=name, reason=fault.code, facts=bid.bidder)
    work.tell("d_list", stage=stage, bids=len(listed.bids), signers=len(signed))
    return listed, policy


def _check_whole(work: Work, root: str, listed: ClosingList, live: Mapping[str, Version]) -> None:
    """The first stage's list leaves out nobody."""
    named = {bid.manifest_sha256 for bid in listed.bids}
    for manifest_sha256 in sorted(live.keys() - named):
        bidder = live[manifest_sha256].manifest.bidder
        raise Unsound("d_left_out", file=f"{root}/list.json", bidder=bidder)
    work.tell("d_whole", bids=len(named))


def _draw(
    work: Work,
    root: str,
    listed: ClosingList,
    policy: Policy,
    record: OpeningRecord,
    told: Sequence[formats_of_moments.Moment],
) -> None:
    name = f"{root}/draw.json"
    data = work.data(name) if name in work.dossier else b""
    if bool(policy.draws) != bool(data) or record.draw_sha256 != formats_of_opening.draw_hash(data):
        raise Unsound("d_draw", file=name)
    if data:
        with work.about(name):
            drawn = draw.read_draw(data, policy, listed.draw_sha256)
            if not listed.follows:  # a later stage's was judged with the first
                formats_of_moments.check_draw(drawn, data, policy, told)
        for factor in drawn.factors:
            work.tell("d_drawn", name=factor.name, choice=factor.choice)


def _marks(
    work: Work, root: str, listed: ClosingList, policy: Policy, wanted: set[Pair],
    bounds: tuple[datetime, datetime],
) -> list[releasing.Marks]:  # fmt: skip
    found = []
    for uscc, name in _statements(work, f"{root}/marks", policy, bounds).items():
        with work.about(name):
            said = releasing.read_marks(work.data(name))
        _check_named(name, (said.lot, said.list_sha256, said.trustee), listed, uscc)
        if {(mark.manifest_sha256, mark.envelope) for mark in said.marks} != wanted:
            raise Unsound("d_marks", file=name)
        found.append(said)
    work.tell("d_marked", count=len(found))
    return found


def _releases(
    work: Work, root: str, listed: ClosingList, policy: Policy, wanted: set[Pair],
    bounds: tuple[datetime, datetime],
) -> dict[str, set[Pair]]:  # fmt: skip
    found: dict[str, set[Pair]] = {}
    for uscc, name in _statements(work, f"{root}/releases", policy, bounds).items():
        with work.about(name):
            said = releasing.read_release(work.data(name))
        _check_named(name, (said.lot, said.list_sha256, said.trustee), listed, uscc)
        found[uscc] = {(share.manifest_sha256, share.envelope) for share in said.shares}
        if found[uscc] - wanted:
            raise Unsound("d_off_list", file=name, bidder=sorted(found[uscc] - wanted)[0][0])
    work.tell("d_released", count=len(found))
    return found


def _statements(
    work: Work, root: str, policy: Policy, bounds: tuple[datetime, datetime]
) -> dict[str, str]:
    """Each trustee's statement below a folder, its signature checked."""
    found = {}
    for file in work.dossier.under(root):
        uscc = file.rpartition(".")[0]
        found[uscc] = f"{root}/{uscc}.json"
    _only_trustees(root, list(found), policy)
    for uscc, name in found.items():
        p7s = work.data(f"{root}/{uscc}.p7s")
        work.signed(name, p7s, uscc, earliest=bounds[0], latest=bounds[1])
    return found


def _only_trustees(name: str, parties: list[str], policy: Policy) -> None:
    for uscc in sorted(set(parties) - {trustee.uscc for trustee in policy.trustees}):
        raise Unsound("d_stranger", file=name, party=uscc)


def _check_named(name: str, said: tuple[str, str, str], listed: ClosingList, trustee: str) -> None:
    if said != (listed.lot, listed.sha256, trustee):
        raise Unsound("d_other_lot", file=name)


def _record(work: Work, root: str, record: OpeningRecord, listed: ClosingList) -> None:
    name, at = f"{root}/record.json", record.opened_at
    work.signed(
        name, work.data(f"{root}/record.p7s"), work.policy.operator.uscc, earliest=at, latest=at
    )
    said = (record.lot, record.stage, record.list_sha256)
    if said != (listed.lot, listed.stage, listed.sha256):
        raise Unsound("d_other_lot", file=name)
    if at < listed.closed_at:
        raise Unsound("d_early", file=name, at=formats.instant(at))
    opened = [(bid.bidder, bid.version, bid.manifest_sha256) for bid in record.bids]
    if opened != [(bid.bidder, bid.version, bid.manifest_sha256) for bid in listed.bids]:
        raise Unsound("d_not_the_list", file=name)


def _opened(work: Work, bid: OpenedBid, row: Version, keys: Keys, folder: Path) -> None:
    if tuple(line.name for line in bid.envelopes) != keys.envelopes:
        raise Unsound("d_not_the_list", file=row.folder)
    whole = all(line.state == "opened" for line in bid.envelopes)
    named = layout.SHEET in keys.envelopes
    if (bid.sheet is not None) > whole or (named and whole and not bid.sheet):
        raise Unsound("d_sheet", file=row.folder)
    for line in bid.envelopes:
        name = f"{row.folder}/{line.name}.shares.json"
        if line.state == "failed":
            failures.check(work, line, row, keys, folder)
        elif name in work.dossier:
            identity = failures.recovered(work, name, line, row, keys)
            if line.name == layout.SHEET:
                if identity.hex() != line.identity:
                    raise Unsound("d_identity", file=name)
                _sheet(work, bid, row, identity, folder)
            elif line.identity:
                raise Unsound("d_identity", file=name)
        elif line.identity or (line.name == layout.SHEET and line.state == "opened"):
            raise Unsound("d_missing", file=name)
    if not whole:
        reason = next((line.reason for line in bid.envelopes if line.reason), "")
        work.tell("d_failed", mark="note", bidder=bid.bidder, reason=reason)


def _sheet(work: Work, bid: OpenedBid, row: Version, identity: bytes, folder: Path) -> None:
    name = f"{row.folder}/{layout.SHEET}.age"
    if name not in work.dossier:
        if row.manifest.envelope(layout.SHEET).size <= layout.MOST_CIPHERTEXT:
            raise Unsound("d_missing", file=name)
        work.tell("d_too_large", mark="note", file=name)
        return
    into = folder / row.folder.replace("/", "-")
    with work.about(name), work.dossier.open(name) as file:
        unsealing.open_envelope(row.manifest, layout.SHEET, identity, file, into)
        sheet = formats_of_opening.sheet_of(row.manifest, into)
    if bid.sheet is not None and sheet != bid.sheet:
        raise Unsound("d_sheet", file=name)
    work.tell("d_sheet_opened", bidder=bid.bidder, price=sheet.price_fen)


def _logged(work: Work, roots: Sequence[str]) -> None:
    """Lists and records stand in the log as acts, in this order, with these very texts.

    And no other list or record of the lot does.
    """
    wanted: list[tuple[tuple[str, ...], str]] = []
    for root in roots:
        replaced = [f"replaced/{n}" for n in work.dossier.under(f"{root}/replaced")]
        lists = [*(name for name in replaced if name.endswith(".json")), "list.json"]
        wanted += [(layout.LISTED, f"{root}/{name}") for name in lists]
        wanted.append((layout.OPENED, f"{root}/record.json"))
    found = logs.acts(work, (*layout.LISTED, *layout.OPENED))
    for place, (names, file) in enumerate(wanted):
        if place == len(found):
            raise Unsound("d_no_act", act=names[0])
        index, entry = found[place]
        if entry["body"]["act"] not in names:
            raise Unsound("bad_order", index=index)
        brought = logs.payload(work, index, entry)
        if str(brought.get("text", "")).encode() != work.data(file):
            raise Unsound("d_entry_other", file=file, index=index)
    if len(found) > len(wanted):
        raise Unsound("d_act_twice", act=found[len(wanted)][1]["body"]["act"])
    work.tell("d_logged", listed=found[0][0], opened=found[-1][0])
