"""What a list rests on: lists it corrects by protests, the judged stage before, cures of shares."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kernel.errors import Refused
from kernel.evidence import formats
from kernel.evidence.dossiers import layout, logs
from kernel.evidence.dossiers.bids import Version
from kernel.evidence.dossiers.work import Work
from kernel.evidence.reading import Unsound
from kernel.sealing.bids import closing, cures, protests, results, trustees
from kernel.sealing.bids.closing import ClosingList
from kernel.sealing.bids.fields import instant
from kernel.sealing.bids.opening import OpeningRecord
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.releasing import Marks

Bounds = tuple[datetime, datetime]


@dataclass(frozen=True)
class Stage:
    """A stage that was opened and checked: its folder, list and record."""

    root: str
    list: ClosingList
    record: OpeningRecord


def corrections(
    work: Work, root: str, listed: ClosingList, policy: Policy, latest: datetime
) -> None:
    """Every list that this one took the place of: it answered the protests, and nothing else."""
    lists = [(f"{root}/list.json", listed)]
    for file in reversed(
        [n for n in work.dossier.under(f"{root}/replaced") if n.endswith(".json")]
    ):
        name = f"{root}/replaced/{file}"
        with work.about(name):
            before = closing.read_list(work.data(name))
        p7s = work.data(name.removesuffix(".json") + ".p7s")
        at = before.closed_at
        work.signed(name, p7s, policy.operator.uscc, earliest=at, latest=at)
        logs.covers(work, name, "", before.tree_size, bytes.fromhex(before.tree_root))
        lists.append((name, before))
    every = _protests(work, root, policy, latest)
    for (name, after), (_name, before) in itertools.pairwise(lists):
        wrong = _founded(work, every, before, policy)
        for fault in results.correcting_faults(after, before, wrong.missing, wrong.dead):
            raise Unsound("d_refused", file=name, reason=fault.code, facts=str(fault.facts)[:300])
        if wrong.missing:
            work.tell("d_corrected", file=name, added=len(wrong.missing))
        if wrong.dead:
            work.tell("d_struck", file=name, struck=len(wrong.dead))
    if lists[-1][1].corrects:
        raise Unsound("d_missing", file=f"{root}/replaced")
    left = _founded(work, every, listed, policy).every
    if left:
        raise Unsound("d_protest_open", file=f"{root}/protests", count=len(left))


def _protests(work: Work, root: str, policy: Policy, latest: datetime) -> list[protests.Protest]:
    found = []
    for name, _stem in _files(work, f"{root}/protests"):
        with work.about(name):
            said = protests.read_protest(work.data(name))
        p7s = work.data(name.removesuffix(".json") + ".p7s")
        work.signed(name, p7s, said.bidder, earliest=policy.deadline, latest=latest)
        found.append(said)
    return found


def _founded(
    work: Work, every: list[protests.Protest], listed: ClosingList, policy: Policy
) -> protests.Wrong:
    found = protests.Wrong()
    for said in every:
        if said.list_sha256 != listed.sha256:
            continue
        try:
            protests.check_protest(said, policy, listed, work.trust, formats.log_holds)
        except Refused:
            continue  # founded or not, the platform took it to the log; here it changes nothing
        found |= protests.said_of(said, listed)
    return found


def following(work: Work, root: str, listed: ClosingList, policy: Policy, before: Stage) -> None:
    """A later stage opens exactly what the signed, logged result of the stage before let pass."""
    name = f"{before.root}/result.json"
    with work.about(name):
        result = results.read_result(work.data(name))
    p7s = work.data(f"{before.root}/result.p7s")
    work.signed(
        name, p7s, policy.procuring_entity.uscc,
        earliest=before.record.opened_at, latest=listed.closed_at,
    )  # fmt: skip
    for fault in results.following_faults(listed, before.list, result, policy):
        raise Unsound("d_refused", file=name, reason=fault.code, facts=str(fault.facts)[:300])
    opened = {bid.manifest_sha256 for bid in before.record.bids if bid.whole}
    if {*result.passed, *(row.manifest_sha256 for row in result.failed)} != opened:
        raise Unsound("d_not_the_list", file=name)
    index = _logged(work, name, result)
    if index >= listed.tree_size:
        raise Unsound("bad_order", index=index)
    if listed.closed_at < before.record.opened_at:
        raise Unsound("d_early", file=f"{root}/list.json", at=formats.instant(listed.closed_at))
    work.tell(
        "d_result", stage=before.list.stage, passed=len(result.passed), failed=len(result.failed)
    )


def judged_last(work: Work, stage: Stage, policy: Policy) -> bool:
    """Whether a lot ended with a stage that no bid passed, under the procuring entity's hand."""
    name = f"{stage.root}/result.json"
    if name not in work.dossier:
        return False
    with work.about(name):
        result = results.read_result(work.data(name))
    if result.passed or (result.stage, result.list_sha256) != (stage.list.stage, stage.list.sha256):
        raise Unsound("d_not_the_list", file=name)
    entry = work.entries[_logged(work, name, result)]
    with work.about(name):
        at = instant(entry.get("at"), "$.at")
    work.signed(
        name, work.data(f"{stage.root}/result.p7s"), policy.procuring_entity.uscc,
        earliest=stage.record.opened_at, latest=max(at, stage.record.opened_at),
    )  # fmt: skip
    work.tell("d_result", stage=stage.list.stage, passed=0, failed=len(result.failed))
    return True


def _logged(work: Work, name: str, result: results.StageResult) -> int:
    for index, entry in work.entries.items():
        body = entry["body"]
        named = body.get("result_sha256") if isinstance(body, dict) else None
        if entry["kind"] == layout.RESULT and named == result.sha256:
            return index
    raise Unsound("d_no_act", act=f"{layout.RESULT} ({name})")


def rehearsals(work: Work, root: str, policy: Policy, bounds: Bounds) -> None:
    """Trustees showed anew before a later stage that they still have their keys."""
    folder = f"{root}/rehearsals"
    keys = {trustee.uscc: trustee for trustee in policy.trustees}
    for uscc in work.dossier.under(folder):
        name = f"{folder}/{uscc}/answer.json"
        if uscc not in keys:
            raise Unsound("d_stranger", file=name, party=uscc)
        answer, challenge = work.data(name), work.data(f"{folder}/{uscc}/challenge.json")
        p7s = work.data(f"{folder}/{uscc}/answer.p7s")
        work.signed(name, p7s, uscc, earliest=bounds[0], latest=bounds[1])
        with work.about(name):
            trustees.check_answer(answer, challenge, work.data(f"{folder}/{uscc}/secret.bin"))
            named = trustees.challenged_key(challenge)
        if named != hashlib.sha256(keys[uscc].key).hexdigest():
            raise Unsound("d_key_other", file=name, party=uscc)
    if (count := len(work.dossier.under(folder))) < policy.threshold:
        raise Unsound("d_too_few", file=folder, found=count, wanted=policy.threshold)
    work.tell("d_rehearsed", count=count)


def told(
    work: Work,
    root: str,
    listed: ClosingList,
    marks: list[Marks],
    live: Mapping[str, Version],
    bounds: Bounds,
) -> cures.Told:
    """Marks, cures under their bidders' signatures and marks of cures under trustees'."""
    policy, given = work.policy, {}
    for name, _stem in _files(work, f"{root}/cures"):
        with work.about(name):
            cure = cures.read_cure(work.data(name))
        row = live.get(cure.manifest_sha256)
        if row is None:
            raise Unsound("d_off_list", file=name, bidder=cure.bidder)
        p7s = work.data(name.removesuffix(".json") + ".p7s")
        work.signed(name, p7s, row.manifest.bidder, earliest=bounds[0], latest=bounds[1])
        for fault in cures.cure_faults(cure, row.manifest, policy, listed.sha256):
            raise Unsound("d_refused", file=name, reason=fault.code, facts=str(fault.facts)[:300])
        given[cure.manifest_sha256, cure.envelope] = cure
    cured, holders = [], {trustee.uscc for trustee in policy.trustees}
    for name, stem in _files(work, f"{root}/cured"):
        with work.about(name):
            said = cures.read_cured_marks(work.data(name))
        if said.trustee not in holders or stem.partition("-")[0] != said.trustee:
            raise Unsound("d_stranger", file=name, party=said.trustee)
        if (said.lot, said.list_sha256) != (listed.lot, listed.sha256):
            raise Unsound("d_other_lot", file=name)
        p7s = work.data(name.removesuffix(".json") + ".p7s")
        work.signed(name, p7s, said.trustee, earliest=bounds[0], latest=bounds[1])
        cured.append(said)
    if given:
        work.tell("d_cured", count=len(given), marks=len(cured))
    return cures.Told(tuple(marks), given, tuple(cured))


def _files(work: Work, folder: str) -> list[tuple[str, str]]:
    """The statements below a folder: name, and what it is called there."""
    return [
        (f"{folder}/{file}", file.removesuffix(".json"))
        for file in work.dossier.under(folder)
        if file.endswith(".json")
    ]
