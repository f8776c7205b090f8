"""The signed moments of an opening: in order, resting on what is here, nobody's time cut short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from kernel.evidence import formats
from kernel.evidence.dossiers import moment_log
from kernel.evidence.dossiers.work import Work
from kernel.evidence.reading import Unsound
from kernel.sealing import cms
from kernel.sealing.bids import closing, moments, windows
from kernel.sealing.bids.closing import ClosingList
from kernel.sealing.bids.moments import Moment
from kernel.sealing.bids.opening import OpeningRecord
from kernel.sealing.bids.policy import Policy

# Folders of what each moment counts, and what of it it names.
_RESTS = {
    moments.COUNTERSIGNED: ("signatures", ".p7s"),
    moments.MARKED: ("marks", ".json"),
    moments.RELEASED: ("releases", ".json"),
}
# No intact copy was left (procurement.bids.copies): its bidder may give the file again.
_LOST = "procurement.bid.no_copy"


def read(
    work: Work, root: str, listed: ClosingList, policy: Policy, latest: datetime
) -> list[Moment]:
    """Every moment of a stage under the operator's signature; those of its list counted again."""
    found: list[moment_log.Told] = []
    lists = _lists(work, root, listed)
    for file in work.dossier.under(f"{root}/moments"):
        if not file.endswith(".json"):
            continue
        name = f"{root}/moments/{file}"
        with work.about(name):
            made = moments.read_moment(work.data(name))
        p7s = work.data(name.removesuffix(".json") + ".p7s")
        work.signed(name, p7s, policy.operator.uscc, earliest=made.at, latest=made.at)
        of = lists.get(made.list_sha256)
        file_of = f"{made.moment}-{made.list_sha256[:16]}.json"
        if of is None or (made.lot, file) != (of.lot, file_of):
            raise Unsound("d_other_lot", file=name)
        if made.at > latest:
            raise Unsound("d_early", file=f"{root}/record.json", at=formats.instant(latest))
        if of is listed and made.moment in _RESTS:
            _rests(work, root, name, made, policy, latest)
        found.append((made, name))
    every = [made for made, _name in found]
    for each in lists.values():
        _in_order(root, every, each)
    moment_log.check(work, root, found, lists)
    return every


def _lists(work: Work, root: str, listed: ClosingList) -> dict[str, ClosingList]:
    """The stage's list and those that it took the place of, by their hashes."""
    found = {listed.sha256: listed}
    for file in work.dossier.under(f"{root}/replaced"):
        if file.endswith(".json"):
            name = f"{root}/replaced/{file}"
            with work.about(name):
                before = closing.read_list(work.data(name))
            found[before.sha256] = before
    return found


def _rests(
    work: Work, root: str, name: str, made: Moment, policy: Policy, latest: datetime
) -> None:
    folder, ending = _RESTS[made.moment]
    files = [each for each in work.dossier.under(f"{root}/{folder}") if each.endswith(ending)]
    known = {moments.named([work.data(f"{root}/{folder}/{each}")])[0]: each for each in files}
    count = len(set(made.said))
    if set(made.said) - set(known) or count < policy.threshold:
        raise Unsound("d_too_few", file=name, found=count, wanted=policy.threshold)
    for each in made.said:
        text = f"{root}/list.json" if ending == ".p7s" else f"{root}/{folder}/{known[each]}"
        signed = f"{root}/{folder}/{known[each].removesuffix(ending)}.p7s"
        with work.about(signed):
            said = cms.check(work.data(signed), work.data(text)).attributes.signing_time
        # What says to be from after the record cannot be; then nobody knows when it was made.
        if said is not None and made.at + moments.CLOCKS < said <= latest:
            raise Unsound("d_early", file=name, at=formats.instant(made.at))


def _in_order(root: str, found: Iterable[Moment], listed: ClosingList) -> None:
    """Of one list: countersigned, drawn, marked, released, none before the list."""
    times = {m.moment: m.at for m in found if m.list_sha256 == listed.sha256}
    last = listed.closed_at
    for name in moments.NAMES:
        at = times.get(name, last)
        if at < last:
            raise Unsound("d_early", file=f"{root}/moments/{name}", at=formats.instant(at))
        last = at


def given(
    work: Work,
    root: str,
    record: OpeningRecord,
    policy: Policy,
    every: list[Moment],
    uncured: Mapping[str, bool],
) -> None:
    """Nothing failed before its bidder had its time. uncured: manifests with too few good marks."""
    minutes = policy.decrypt_window_minutes
    for bid in record.bids:
        lost = any(line.reason == _LOST for line in bid.envelopes)
        for waits, moment, until in (
            (uncured.get(bid.manifest_sha256, False), moments.MARKED, windows.cure_until),
            (lost, moments.RELEASED, windows.files_until),
        ):
            since = moments.when(every, moment, record.list_sha256)
            if waits and (since is None or record.opened_at < until(since, minutes)):
                raise Unsound(
                    "d_early", file=f"{root}/record.json", at=formats.instant(record.opened_at)
                )
    work.tell("d_moments", count=len(every))
