"""An envelope that did not open: whoever has its shares and ciphertext tries again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from kernel.errors import Refused
from kernel.evidence.dossiers import layout
from kernel.evidence.dossiers.bids import Version
from kernel.evidence.dossiers.work import Work
from kernel.evidence.reading import Unsound
from kernel.sealing.bids import cures, unsealing
from kernel.sealing.bids import opening as formats
from kernel.sealing.bids.opening import OpenedEnvelope
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.shares import recover

Released = Mapping[str, set[tuple[str, str]]]


@dataclass(frozen=True)
class Keys:
    """What a stage's envelopes are opened with: who released what, and what was said of shares."""

    policy: Policy
    envelopes: tuple[str, ...]
    released: Released
    said: cures.Told


def check(work: Work, line: OpenedEnvelope, row: Version, keys: Keys, folder: Path) -> None:
    """Hold a failure that the record tells against what was sealed and released.

    Only a dossier for those entitled has what it takes; there it must be. Unsound
    ``d_wrongly_failed`` where the envelope opens all the same, ``d_failed_other`` where it fails
    for another reason.
    """
    name = f"{row.folder}/{line.name}.shares.json"
    if line.identity:
        raise Unsound("d_identity", file=name)
    if line.reason in (cures.TOO_FEW, cures.BROKEN):
        _blamed(work, line, row, keys)
    if work.dossier.index.scope != layout.ENTITLED or not layout.is_repeatable(line.reason):
        if name in work.dossier:
            raise Unsound("d_stray", file=name)
        return
    sealed = f"{row.folder}/{layout.SHEET}.age"
    has_sealed = line.name == layout.SHEET and sealed in work.dossier
    if has_sealed:
        work.dossier.row(sealed)  # looked at, though the key may fail before it
    try:
        identity = recovered(work, name, line, row, keys)
        if not has_sealed:
            if line.reason.startswith("sealing.share."):
                raise Unsound("d_wrongly_failed", file=name, bidder=row.manifest.bidder)
            work.tell("d_failed_inside", mark="note", file=name, reason=line.reason)
            return
        into = folder / f"{row.folder.replace('/', '-')}-failed"
        with work.dossier.open(sealed) as file:
            unsealing.open_envelope(row.manifest, layout.SHEET, identity, file, into)
        formats.sheet_of(row.manifest, into)
    except Refused as refused:
        code = refused.refusals[0].code
        if code != line.reason:
            raise Unsound("d_failed_other", file=name, reason=line.reason, found=code) from refused
        work.tell("d_failed_again", file=name, reason=code)
        return
    raise Unsound("d_wrongly_failed", file=name, bidder=row.manifest.bidder)


def _blamed(work: Work, line: OpenedEnvelope, row: Version, keys: Keys) -> None:
    """Whether shares failed by their trustees or by their bidder is told by the signed marks."""
    pair, k = (row.manifest.sha256, line.name), keys.policy.threshold
    file, bidder = f"{row.folder}/{line.name}", row.manifest.bidder
    if line.reason != keys.said.too_few(pair, k):
        raise Unsound("d_blamed", file=file, bidder=bidder, reason=line.reason)
    if line.reason == cures.BROKEN:
        promised = keys.said.found_good(pair, k)
        gone = [uscc for uscc in promised if pair not in keys.released.get(uscc, set())]
        work.tell(
            "d_broken", mark="note", file=file, bidder=bidder,
            promised=", ".join(sorted(promised)), withheld=", ".join(sorted(gone)) or "-",
        )  # fmt: skip


def recovered(work: Work, name: str, line: OpenedEnvelope, row: Version, keys: Keys) -> bytes:
    """The key of an envelope out of its shares, each of which its trustee released."""
    with work.about(name):
        shares = layout.read_shares(work.data(name))
    pair, policy = (row.manifest.sha256, line.name), keys.policy
    for place in shares:
        if place >= len(policy.trustees) or pair not in keys.released.get(
            policy.trustees[place].uscc, set()
        ):
            raise Unsound("d_unreleased", file=name, place=place)
    with work.about(name) if line.state == "opened" else nullcontext():
        again = keys.said.again(pair, policy.threshold)
        return recover(row.manifest, policy, line.name, shares, again)
