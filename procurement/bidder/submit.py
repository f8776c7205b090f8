"""``submit``, ``withdraw`` and ``receipt verify``: what the operator gives is checked and kept."""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.evidence import formats, merkle
from kernel.sealing.bids import container, receipts
from kernel.sealing.bids.bundles import Trust
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.policy import MAX_BID, Policy, read_policy
from procurement.bidder import signing, stamps, uploading
from procurement.bidder.answers import Answer, kept, moment, raw, rows, secret, text, trust
from procurement.bidder.http import Client, ServerRefused

# Larger files go up in parts, so that a broken line costs no more than one of them.
PARTS_FROM = 8 * 1024 * 1024
MIB = 1024 * 1024


def client(options: argparse.Namespace, lot: str = "") -> Client:
    """The lot at the server, as the options say; ``bidder.usage.needs`` names what is missing."""
    from procurement.bidder.main import language

    for name in ("server", "lot", "token_file"):
        if not getattr(options, name):
            raise Refused.because("bidder.usage.needs", option="--" + name.replace("_", "-"))
    return Client(options.server, lot or options.lot, secret(options.token_file), language())


def submit(options: argparse.Namespace) -> dict[str, Any]:
    """Upload a bid; its receipt is checked and kept beside it, a signed refusal likewise.

    Then the completed receipt is waited for a while, checked and kept too; without one it is said
    what is still provisional, and ``receipt verify`` or the same file again asks later.
    """
    received = read_file(options.bid)
    server = client(options)
    answer = server.get("/policy")
    policy, believed = (
        policy_by_hash(received.manifest.policy_sha256, answer),
        trust(options, answer),
    )
    state = beside(options.bid, "upload")
    parts = options.resume or state.exists() or received.size > PARTS_FROM
    try:
        if parts and options.part_size > 0:
            way = uploading.Uploading(
                server, options.bid, received, state, policy.operator.uscc, believed
            )
            told = way.upload(options.part_size * MIB)
            again = _kept_receipt(options.bid) == told.get("receipt")
        else:
            status, told = server.put_file("/bids", options.bid, received.manifest_sha256)
            again = status == 200
    except ServerRefused as refused:
        _keep_refusal(options.bid, refused)
        raise
    receipt = check_receipt(told, received, policy, believed)
    result = {"receipt": _keep_receipt(options.bid, told, receipt), "again": again}
    state.unlink(missing_ok=True)
    if "timestamp" in receipt.provisional:
        later = stamps.wait(server, receipt.manifest_sha256, options.wait)
        if later is not None:
            receipt, told = check_receipt(later, received, policy, believed), dict(later)
            result["completed"] = _keep_receipt(options.bid, told, receipt)
    if told.get("refusal"):  # received once, and fallen since
        fallen = {"refusal": told["refusal"], "p7s": told.get("refusal_p7s", "")}
        result["refusal"] = str(keep_beside(options.bid, "refusal", fallen))
    names = policy.timestamp_authorities
    proved = stamps.of_receipt(receipt, names, options, believed)
    return {**_summary(receipt), **proved, **result}


def verify(options: argparse.Namespace) -> dict[str, Any]:
    """Check a kept receipt against the bid, the operator's signature and the log's proof.

    And its time-stamp, where it has one: by whom, and of which moment.
    """
    from procurement.bidder.seal import policy_answer

    received = read_file(options.bid)
    path = options.receipt or newest(options.bid)
    answer = policy_answer(options)
    policy, believed = (
        policy_by_hash(received.manifest.policy_sha256, answer),
        trust(options, answer),
    )
    receipt = check_receipt(kept(path, "receipt"), received, policy, believed)
    names = policy.timestamp_authorities
    found = {**_summary(receipt), **stamps.of_receipt(receipt, names, options, believed)}
    if not options.witnessed:
        return found
    from procurement.bidder import witnessed

    return {**found, **witnessed.check(options, receipt.log)}


def withdraw(options: argparse.Namespace) -> dict[str, Any]:
    """Sign and send the withdrawal of a bid; its receipt is checked and kept, a refusal too."""
    received = read_file(options.bid)
    manifest = received.manifest
    hand = signing.hand(options)
    if (own := hand.me.uscc) != manifest.bidder:
        raise Refused.because("bidder.bid.not_mine", found=manifest.bidder, wanted=own)
    server = client(options)
    answer = server.get("/policy")
    policy, believed = policy_by_hash(manifest.policy_sha256, answer), trust(options, answer)
    wish = receipts.Withdrawal(
        manifest.lot, manifest.bidder, received.manifest_sha256, options.reason
    )
    statement = signing.beside(options.bid, "withdrawal")
    p7s = hand.signed(wish.encode(), moment(options, answer), statement)
    try:
        told = server.post(
            "/bids/withdrawal", statement=wish.encode().decode(), p7s=base64.b64encode(p7s).decode()
        )
    except ServerRefused as refused:
        _keep_refusal(options.bid, refused, "withdrawal.refusal")
        raise
    data = text(told, "receipt")
    gone = receipts.read_withdrawn(data)
    believed.verify(raw(told, "p7s"), data, policy.operator.uscc, gone.received_at)
    named = (gone.lot, gone.bidder, gone.manifest_sha256, gone.statement_sha256)
    if named != (wish.lot, wish.bidder, wish.manifest_sha256, _sha256(wish.encode())):
        raise Refused.because("sealing.receipt.other", part="statement_sha256")
    receipts.check_entry(gone)
    check_log(gone.log)
    kept = keep_beside(options.bid, "withdrawal", told)
    return {
        "lot": gone.lot,
        "manifest_sha256": gone.manifest_sha256,
        "received_at": instant_text(gone.received_at),
        "log_index": gone.log.index,
        "receipt": str(kept),
    }


def check_receipt(
    told: Answer, received: container.Received, policy: Policy, believed: Trust
) -> receipts.Receipt:
    """The receipt in an answer: signed by the operator, for this bid, with a proof that holds."""
    data = text(told, "receipt")
    receipt = receipts.read_receipt(data)
    believed.verify(raw(told, "p7s"), data, policy.operator.uscc, receipt.received_at)
    if receipt.received_at > policy.deadline:
        raise Refused.because("bidder.receipt.late", at=instant_text(receipt.received_at))
    receipts.check_receipt(receipt, received.manifest_bytes, received.signature)
    manifest = received.manifest
    named = {
        "lot": manifest.lot,
        "bidder": manifest.bidder,
        "version": manifest.version,
        "policy_sha256": manifest.policy_sha256,
        "size": received.size,
    }
    for name, value in named.items():
        if getattr(receipt, name) != value:
            raise Refused.because("sealing.receipt.other", part=name)
    check_log(receipt.log)
    return receipt


def check_log(log: receipts.LogProof) -> None:
    """Refuse a proof that does not lead from the entry to the root it names."""
    if formats.entry_leaf(log.salt, log.entry.encode()) != log.leaf:
        raise Refused.because("bidder.receipt.leaf")
    if not merkle.verify_inclusion(log.leaf, log.index, log.size, log.proof, log.root):
        raise Refused.because("bidder.receipt.proof")


def policy_by_hash(sha256: str, answer: Answer) -> Policy:
    """The policy that a bid was sealed under; its bidder verified it then, so the hash will do."""
    for each in (answer, *rows(answer, "previous")):
        data = text(each, "policy") if isinstance(each, dict) else b""
        if _sha256(data) == sha256:
            return read_policy(data)
    raise Refused.because("bidder.bid.other_policy")


def read_file(path: Path) -> container.Received:
    """A bid's file, read whole; refused by its form."""
    with path.open("rb") as file:
        return container.read_bid(file, MAX_BID)


def _summary(receipt: receipts.Receipt) -> dict[str, Any]:
    return {
        "lot": receipt.lot,
        "bidder": receipt.bidder,
        "version": receipt.version,
        "manifest_sha256": receipt.manifest_sha256,
        "received_at": instant_text(receipt.received_at),
        "log_index": receipt.log.index,
    }


def _kept_receipt(bid: Path) -> Any:
    try:
        kept = json.loads(beside(bid, "receipt").read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return kept.get("receipt") if isinstance(kept, dict) else None


def _keep_refusal(bid: Path, refused: ServerRefused, kind: str = "refusal") -> None:
    if refused.answer.get("refusal"):
        keep_beside(bid, kind, {name: refused.answer.get(name) for name in ("refusal", "p7s")})


def _keep_receipt(bid: Path, told: Answer, receipt: receipts.Receipt) -> str:
    """Keep a receipt beside its bid: the first, and the one with a time-stamp, each its own."""
    kind = "receipt" if "timestamp" in receipt.provisional else "completed"
    return str(keep_beside(bid, kind, {name: told[name] for name in ("receipt", "p7s")}))


def keep_beside(bid: Path, kind: str, answer: Answer) -> Path:
    """Keep beside a bid what belongs to it: whole or not at all."""
    path = beside(bid, kind)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    partial.replace(path)
    return path


def newest(bid: Path) -> Path:
    """The completed receipt where one was kept, else the first."""
    completed = beside(bid, "completed")
    return completed if completed.exists() else beside(bid, "receipt")


def beside(bid: Path, kind: str) -> Path:
    """Where what the operator gave for a bid is kept."""
    return bid.with_name(f"{bid.name}.{kind}.json")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
