"""``seal`` and ``recover``: a bidder's files into a sealed bid, and out of it again."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.sealing.bids import container, making, receiving, recovery
from kernel.sealing.bids.bundles import Trust
from kernel.sealing.bids.inner import Content, gather
from kernel.sealing.bids.manifest import Manifest
from kernel.sealing.bids.opening import SHEET_FILE, OpeningSheet, read_sheet
from kernel.sealing.bids.policy import MAX_BID, Policy
from kernel.sealing.bids.unsealing import open_envelope
from kernel.sealing.certificates import Identity
from procurement.bidder import asked, running, signing, stamps
from procurement.bidder.answers import Answer, moment, secret, trust

_SHEET, _PRICE = "opening_sheet", "price"


def seal(options: argparse.Namespace) -> dict[str, Any]:
    """Seal a bid under a verified policy; it appears only when it would be received.

    ``bidder.seal.receipted`` where the name is that of a bid for this lot with a receipt:
    withdrawal, cure and the next version need that very file and its recovery file.
    """
    answer = policy_answer(options)
    believed, at = trust(options, answer), moment(options, answer)
    policy, stamp = stamps.checked_policy(answer, options, believed, at)
    if _receipted(options.output, policy.lot):
        raise Refused.because("bidder.seal.receipted", name=options.output.name)
    program = running.tell(policy)
    hand = signing.hand(options)
    lacks: list[str] = []
    if options.signature:
        made, size = _finished(options, policy, hand, believed, at)
    else:
        sheet = _sheet(options.sheet, policy, hand.me)
        lacks = asked.tell(answer.get("asks"), sheet)
        made, size = _made(options, policy, hand, believed, at, sheet)
    return {
        "lot": policy.lot,
        "bidder": hand.me.uscc,
        "version": made.version,
        "manifest_sha256": made.sha256,
        "policy_sha256": policy.sha256,
        "policy_timestamp": stamp.as_json() if stamp else None,
        "program": program,
        "lacks": lacks,
        "size": size,
        "bid": str(options.output),
        "recovery": str(options.recovery),
    }


def _made(
    options: argparse.Namespace,
    policy: Policy,
    hand: signing.Hand,
    believed: Trust,
    at: datetime,
    sheet: OpeningSheet,
) -> tuple[Manifest, int]:
    """Seal the files and sign, or leave all but the signature where it waits for one."""
    before = None
    if options.replaces:
        with options.replaces.open("rb") as file:
            before = container.read_bid(file, MAX_BID).manifest
    contents = _contents(options, policy, sheet)
    partial = options.output.with_name(options.output.name + ".partial")
    try:
        with partial.open("wb") as file:
            signature = _Signature(hand, at, signing.beside(options.output, "manifest"))
            made = making.make_bid(
                file, policy, contents, signature,
                bidder=hand.me.uscc, replaces=before, scratch=options.output.parent,
            )  # fmt: skip
        passphrase = secret(options.passphrase_file)
        # A passphrase is made slow to guess while the bid is read back: two cores, one wait.
        with partial.open("rb") as file, ThreadPoolExecutor(max_workers=1) as other:
            keeping = other.submit(
                recovery.make_recovery, made.manifest.sha256, made.identities, passphrase
            )
            if signature.waits is None:
                receiving.receive(file, policy, hand.me.uscc, believed, at)
            kept = keeping.result()
        write_private(options.recovery, kept)
        if signature.waits is not None:
            partial.replace(_unsigned(options.output))
            raise signature.waits
        partial.replace(options.output)
    finally:
        partial.unlink(missing_ok=True)
    return made.manifest, made.size


class _Signature:
    """The signature of a manifest, empty for now where it is made elsewhere."""

    def __init__(self, hand: signing.Hand, at: datetime, statement: Path) -> None:
        self._hand, self._at, self._statement = hand, at, statement
        self.waits: signing.ToSign | None = None

    def __call__(self, manifest: bytes) -> bytes:
        try:
            return self._hand.signed(manifest, self._at, self._statement)
        except signing.ToSign as waits:
            self.waits = waits
            return b""


def _finished(
    options: argparse.Namespace, policy: Policy, hand: signing.Hand, believed: Trust, at: datetime
) -> tuple[Manifest, int]:
    """Put the signature that was made elsewhere into the bid that waits for it."""
    waiting, partial = (
        _unsigned(options.output),
        options.output.with_name(options.output.name + ".partial"),
    )
    if not waiting.exists():
        raise Refused.because("bidder.sign.nothing", name=waiting.name)
    try:
        with waiting.open("rb") as source, partial.open("wb") as target:
            received = container.read_bid(source, MAX_BID)
            statement = signing.beside(options.output, "manifest")
            signature = hand.signed(received.manifest_bytes, at, statement)
            size = container.sign_bid(source, target, received, signature)
        with partial.open("rb") as file:
            receiving.receive(file, policy, hand.me.uscc, believed, at)
        partial.replace(options.output)
    finally:
        partial.unlink(missing_ok=True)
    waiting.unlink()
    return received.manifest, size


def _unsigned(bid: Path) -> Path:
    return bid.with_name(bid.name + ".unsigned")


def _receipted(path: Path, lot: str) -> bool:
    """Whether a bid for this lot lies there with its receipt beside it."""
    if not path.is_file() or not path.with_name(path.name + ".receipt.json").exists():
        return False
    try:
        with path.open("rb") as file:
            return container.read_bid(file, MAX_BID).manifest.lot == lot
    except Refused:
        return False


def recover(options: argparse.Namespace) -> dict[str, Any]:
    """Open the bidder's own bid from its recovery file."""
    kept = options.recovery.read_bytes()
    name, identities = recovery.open_recovery(kept, secret(options.passphrase_file))
    with options.bid.open("rb") as file:
        received = container.read_bid(file, MAX_BID)
        if received.manifest_sha256 != name:
            raise Refused.because("bidder.recover.other")
        for envelope, identity in identities.items():
            window = container.Window(file, *container.locate(received, envelope))
            folder = options.output / envelope
            open_envelope(received.manifest, envelope, identity, window, folder)
    result: dict[str, Any] = {
        "lot": received.manifest.lot,
        "manifest_sha256": name,
        "envelopes": list(identities),
        "folder": str(options.output),
    }
    if options.identities:
        from kernel.sealing.age import identity_text

        result["identities"] = {k: identity_text(v) for k, v in identities.items()}
    return result


def policy_answer(options: argparse.Namespace) -> Answer:
    """The answer of ``GET /policy``: from the server, or as it was saved."""
    if options.policy:
        try:
            answer = json.loads(options.policy.read_bytes())
        except (ValueError, RecursionError) as fault:
            raise Refused.because("bidder.usage.policy", part="JSON") from fault
        if not isinstance(answer, dict) or "policy" not in answer:
            raise Refused.because("bidder.usage.policy", part="policy")
        return answer
    from procurement.bidder.submit import client

    return client(options).get("/policy")


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read; it appears only when it is whole."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600, exist_ok=False)
    partial.write_bytes(data)
    partial.replace(path)


def _contents(
    options: argparse.Namespace, policy: Policy, sheet: OpeningSheet
) -> dict[str, Mapping[str, Content]]:
    contents: dict[str, Mapping[str, Content]] = {}
    for each in options.envelope:
        name, _, folder = each.partition("=")
        if name not in policy.envelopes or name in contents or not Path(folder).is_dir():
            raise Refused.because("bidder.usage.envelope", wanted=", ".join(policy.envelopes))
        contents[name] = gather(Path(folder))
    empty = [name for name, files in contents.items() if name != _SHEET and not files]
    if empty:
        raise Refused.because("bidder.seal.empty", envelopes=", ".join(empty))
    if sheet.bill_sha256 and not _holds(contents.get(_PRICE, {}), sheet.bill_sha256):
        raise Refused.because("bidder.sheet.bill", sha256=sheet.bill_sha256)
    contents[_SHEET] = {**contents.get(_SHEET, {}), SHEET_FILE: sheet.encode()}
    return contents


def _sheet(path: Path, policy: Policy, who: Identity) -> OpeningSheet:
    """The opening sheet of a JSON file; lot, bidder and name follow from policy and certificate."""
    try:
        values = json.loads(path.read_bytes())
    except ValueError as fault:
        raise Refused.because("bidder.usage.sheet", part="JSON") from fault
    if not isinstance(values, dict):
        raise Refused.because("bidder.usage.sheet", part="JSON")
    known = {"lot": policy.lot, "bidder": who.uscc, "bidder_name": who.organisation}
    known |= {"bid_security": "", "bill_sha256": ""}
    try:
        sheet = OpeningSheet(**{**known, **values})
    except TypeError as fault:
        raise Refused.because("bidder.usage.sheet", part=str(fault)[-80:]) from fault
    if (sheet.lot, sheet.bidder) != (policy.lot, who.uscc):
        raise Refused.because("sealing.sheet.other", lot=sheet.lot, bidder=sheet.bidder)
    return read_sheet(sheet.encode())


def _holds(files: Mapping[str, Content], sha256: str) -> bool:
    for content in files.values():
        if isinstance(content, bytes):
            found = hashlib.sha256(content).hexdigest()
        else:
            with content.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        if found == sha256:
            return True
    return False
