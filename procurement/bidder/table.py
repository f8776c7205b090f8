"""``trustee open`` and ``hand-over``: k trustees and the files open a lot without the platform.

What is needed: the bids' own files (from the platform, the second keeper or the bidders), what a
trustee's tool kept of the closing, and k opening keys, or shares handed over under signatures.
"""

from __future__ import annotations

import argparse
import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.sealing.bids import closing, container, cures, opening, releasing, unsealing
from kernel.sealing.bids.bundles import enough
from kernel.sealing.bids.closing import MAX_BIDS
from kernel.sealing.bids.fields import b64, digest, listing, octets, read, record, text, uscc, write
from kernel.sealing.bids.manifest import Manifest
from kernel.sealing.bids.policy import MAX_BID, Policy
from kernel.sealing.bids.shares import SHARE_SIZE, check_share
from kernel.sealing.hpke import PrivateKey, key_digest
from procurement.bidder import resting, signing
from procurement.bidder.answers import bundle, moment, secret, trust
from procurement.bidder.answers import text as told_text
from procurement.bidder.keep import Keep
from procurement.bidder.seal import write_private

FORMAT = "zhuxin-handed-shares/1"
_SHEET = "opening_sheet"


@dataclass(frozen=True)
class Table:
    """Trustees at one table: policy, list under k signatures, the bids' files by manifest."""

    policy: Policy
    hearing: resting.Hearing
    said: cures.Told
    envelopes: tuple[str, ...]
    files: dict[str, Path]
    # Withdrawn bids that stand on the list all the same: nobody opens them.
    dead: frozenset[str]

    @property
    def list(self) -> closing.ClosingList:
        """The closing list."""
        return self.hearing.list

    @property
    def now(self) -> datetime:
        """The time that counts."""
        return self.hearing.now


# Shares by (manifest, envelope) and trustee's index.
Shares = dict[tuple[str, str], dict[int, bytes]]


def open_all(options: argparse.Namespace) -> dict[str, Any]:
    """Open every bid of the list and write its files and the record below a folder.

    One bad bid never stops the others; the record says of each envelope why it did not open.
    """
    table, keeps = _sit_down(options)
    shares = Shares()
    for keep, passphrase in keeps:
        _add(shares, table, keep.key(passphrase))
    for path in options.shares:
        _take_over(shares, table, path)
    bids, failed = [], 0
    for bid in table.list.bids:
        line = _open(table, bid, shares, options.output / bid.bidder)
        failed += not line.whole
        bids.append(line)
    made = opening.OpeningRecord(
        table.policy.lot, table.list.stage, table.list.sha256,
        opening.draw_hash(str(table.hearing.answer.get("draw") or "").encode()),
        table.now, tuple(bids),
    )  # fmt: skip
    path = options.output / "record.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.encode())
    return {"lot": table.policy.lot, "opened": len(bids) - failed, "failed": failed,
            "record": str(path)}  # fmt: skip


def hand_over(options: argparse.Namespace) -> dict[str, Any]:
    """Write this trustee's opened shares into a signed file, for a table that it cannot reach.

    Whoever holds it and k - 1 others can open: it goes by a way that trustees trust.
    """
    table, ((keep, passphrase),) = _sit_down(options)
    hand = signing.hand(options)
    found = Shares()
    _add(found, table, keep.key(passphrase))
    rows = [
        {"manifest_sha256": manifest, "envelope": name, "share": b64(share)}
        for (manifest, name), by in found.items()
        for share in by.values()
    ]
    data = write(
        FORMAT, lot=table.policy.lot, list_sha256=table.list.sha256,
        trustee=hand.me.uscc, shares=rows,
    )  # fmt: skip
    statement = signing.beside(options.output, "handed-shares")
    p7s = base64.b64encode(hand.signed(data, table.now, statement)).decode()
    write_private(options.output, json.dumps({"shares": data.decode(), "p7s": p7s}).encode())
    return {"lot": table.policy.lot, "shares": len(rows), "file": str(options.output)}


def _sit_down(options: argparse.Namespace) -> tuple[Table, list[tuple[Keep, str]]]:
    """The policy and list that the trustees at the table hold, the same for all of them."""
    keeps = [
        (Keep(folder, options.lot), secret(file))
        for folder, file in zip(options.keep, options.passphrase_file, strict=True)
    ]
    policies = {keep.newest() for keep, _passphrase in keeps}
    if len(policies) > 1:
        raise Refused.because("bidder.offline.policy")
    policy = policies.pop()
    stage = options.stage or policy.stages[0].name
    answers = [keep.answer(stage) for keep, _passphrase in keeps]
    if len({told_text(each, "list") for each in answers}) > 1:
        raise Refused.because("bidder.offline.policy")
    # The last word: whoever kept the most of what others said.
    answer = max(answers, key=lambda each: len(json.dumps(each)))
    now, believed = moment(options, answer), trust(options, answer)
    listed = closing.read_list(told_text(answer, "list"))
    if reasons := list(closing.list_faults(listed, policy, now)):
        raise Refused(reasons)
    enough(bundle(answer, "list"), policy, believed, now, listed.closed_at)
    hearing = resting.Hearing(answer, policy, believed, now, listed)
    envelopes = next(each.envelopes for each in policy.stages if each.name == stage)
    dead = resting.heard(hearing, listed)[0].dead
    files = dict(_find(options.bids, set(resting.manifests(hearing)) - dead))
    return Table(policy, hearing, resting.told(hearing), envelopes, files, dead), keeps


def _find(folder: Path, wanted: set[str]) -> Iterator[tuple[str, Path]]:
    """The files of bids on the list, whatever they are called."""
    for path in sorted(folder.rglob("*.zxb")):
        try:
            with path.open("rb") as file:
                name = container.read_bid(file, MAX_BID).manifest_sha256
        except Refused:
            continue  # damaged: another copy may be here
        if name in wanted:
            yield name, path


def _add(shares: Shares, table: Table, key: PrivateKey) -> None:
    """Open a trustee's shares out of the bids' files, and out of cures."""
    name = key_digest(key.public_key()).hex()
    index = [t.key_sha256 for t in table.policy.trustees].index(name)
    for manifest, path in table.files.items():
        with path.open("rb") as file:
            received = container.read_bid(file, MAX_BID)
        for envelope in table.envelopes:
            place = manifest, envelope
            again = table.said.again(place, table.policy.threshold)
            sealed = (
                table.said.cures[place].sealed if again else received.shares[envelope]
            )[index]  # fmt: skip
            _mark, share = releasing.try_share(
                received.manifest, envelope, index, sealed, key, again
            )  # fmt: skip
            if share is not None:
                shares.setdefault(place, {})[index] = share


def _take_over(shares: Shares, table: Table, path: Path) -> None:
    """Shares that another trustee handed over, each compared with what the bidder signed."""
    told = json.loads(path.read_bytes())
    data = told_text(told, "shares")
    given = read(data, FORMAT, _HANDED)
    index = table.policy.index_of(given["trustee"])
    p7s = base64.b64decode(told_text(told, "p7s"))
    table.hearing.trust.verify(p7s, data, given["trustee"], table.now)
    if given["list_sha256"] != table.list.sha256:
        raise Refused.because("bidder.offline.shares")
    made = resting.manifests(table.hearing)
    for row in given["shares"]:
        place = row["manifest_sha256"], row["envelope"]
        if place[0] in table.dead:
            continue
        if place[0] not in made or place[1] not in table.envelopes:
            raise Refused.because("bidder.offline.shares")
        again = table.said.again(place, table.policy.threshold)
        check_share(made[place[0]], place[1], index, row["share"], again)
        shares.setdefault(place, {})[index] = row["share"]


def _open(
    table: Table, bid: closing.LiveBid, shares: Shares, folder: Path
) -> opening.OpenedBid:  # fmt: skip
    made = resting.manifests(table.hearing)[bid.manifest_sha256]
    rows, sheet = [], None
    for name in table.envelopes:
        row, found = _envelope(table, made, name, shares, folder / name)
        rows.append(row)
        sheet = found or sheet
    whole = all(row.state == "opened" for row in rows)
    return opening.OpenedBid(
        bid.bidder, bid.version, bid.manifest_sha256, tuple(rows), sheet if whole else None
    )


def _envelope(
    table: Table, made: Manifest, name: str, shares: Shares, folder: Path
) -> tuple[opening.OpenedEnvelope, opening.OpeningSheet | None]:
    place = made.sha256, name
    try:
        if made.sha256 in table.dead:
            raise Refused.because("sealing.protest.withdrawn")
        path = table.files.get(made.sha256)
        if path is None:
            raise Refused.because("sealing.container.missing")
        with path.open("rb") as file:
            received = container.read_bid(file, MAX_BID)
            window = container.Window(file, *container.locate(received, name))
            identity, _inner = unsealing.open_with_shares(
                made, table.policy, name, shares.get(place, {}), window, folder,  # type: ignore[arg-type]
                table.said.again(place, table.policy.threshold),
            )  # fmt: skip
        sheet = opening.sheet_of(made, folder) if name == _SHEET else None
    except Refused as refused:
        return opening.OpenedEnvelope(name, "failed", refused.refusals[0].code), None
    told = identity.hex() if name == _SHEET else ""
    return opening.OpenedEnvelope(name, "opened", "", told), sheet


_HANDED = {
    "lot": text(80),
    "list_sha256": digest,
    "trustee": uscc,
    "shares": listing(
        record(manifest_sha256=digest, envelope=text(80), share=octets(SHARE_SIZE, SHARE_SIZE)),
        0,
        4 * MAX_BIDS,
    ),
}
