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
from kernel.sealing.bids.bundles import Trust, sign
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.policy import MAX_BID, Policy, read_policy
from kernel.sealing.certificates import identity_of
from kernel.sealing.keystore import open_p12
from procurement.bidder.answers import Answer, moment, raw, rows, secret, text, trust
from procurement.bidder.http import Client, ServerRefused


def client(options: argparse.Namespace, lot: str = "") -> Client:
    """The lot at the server, as the options say; ``bidder.usage.needs`` names what is missing."""
    from procurement.bidder.main import language

    for name in ("server", "lot", "token_file"):
        if not getattr(options, name):
            raise Refused.because("bidder.usage.needs", option="--" + name.replace("_", "-"))
    return Client(options.server, lot or options.lot, secret(options.token_file), language())


def submit(options: argparse.Namespace) -> dict[str, Any]:
    """Upload a bid; its receipt is checked and kept beside it, a signed refusal likewise."""
    received = read_file(options.bid)
    server = client(options)
    answer = server.get("/policy")
    policy, believed = (
        policy_by_hash(received.manifest.policy_sha256, answer),
        trust(options, answer),
    )
    try:
        status, told = server.put_file("/bids", options.bid, received.manifest_sha256)
    except ServerRefused as refused:
        _keep_refusal(options.bid, refused)
        raise
    receipt = check_receipt(told, received, policy, believed)
    kept = _keep(options.bid, "receipt", told)
    return {**_summary(receipt), "receipt": str(kept), "again": status == 200}


def verify(options: argparse.Namespace) -> dict[str, Any]:
    """Check a kept receipt against the bid, the operator's signature and the log's proof."""
    from procurement.bidder.seal import policy_answer

    received = read_file(options.bid)
    path = options.receipt or beside(options.bid, "receipt")
    answer = policy_answer(options)
    policy, believed = (
        policy_by_hash(received.manifest.policy_sha256, answer),
        trust(options, answer),
    )
    try:
        told = json.loads(path.read_bytes())
    except ValueError as fault:
        raise Refused.because("bidder.server.answer", part="receipt") from fault
    return _summary(check_receipt(told, received, policy, believed))


def withdraw(options: argparse.Namespace) -> dict[str, Any]:
    """Sign and send the withdrawal of a bid; its receipt is checked and kept."""
    received = read_file(options.bid)
    manifest = received.manifest
    signer = open_p12(options.p12.read_bytes(), secret(options.pin_file))
    if (own := identity_of(signer.certificate).uscc) != manifest.bidder:
        raise Refused.because("bidder.bid.not_mine", found=manifest.bidder, wanted=own)
    server = client(options)
    answer = server.get("/policy")
    policy, believed = policy_by_hash(manifest.policy_sha256, answer), trust(options, answer)
    wish = receipts.Withdrawal(
        manifest.lot, manifest.bidder, received.manifest_sha256, options.reason
    )
    p7s = sign(wish.encode(), signer, moment(options, answer))
    told = server.post(
        "/bids/withdrawal", statement=wish.encode().decode(), p7s=base64.b64encode(p7s).decode()
    )
    data = text(told, "receipt")
    gone = receipts.read_withdrawn(data)
    believed.verify(raw(told, "p7s"), data, policy.operator.uscc, gone.received_at)
    named = (gone.lot, gone.bidder, gone.manifest_sha256, gone.statement_sha256)
    if named != (wish.lot, wish.bidder, wish.manifest_sha256, _sha256(wish.encode())):
        raise Refused.because("sealing.receipt.other", part="statement_sha256")
    receipts.check_entry(gone.log, gone.manifest_sha256)
    check_log(gone.log)
    kept = _keep(options.bid, "withdrawal", told)
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
    if receipt.received_at > policy.deadline:
        raise Refused.because("bidder.receipt.late", at=instant_text(receipt.received_at))
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
        "provisional": list(receipt.provisional),
    }


def _keep_refusal(bid: Path, refused: ServerRefused) -> None:
    if refused.answer.get("refusal"):
        _keep(bid, "refusal", {name: refused.answer.get(name) for name in ("refusal", "p7s")})


def _keep(bid: Path, kind: str, answer: Answer) -> Path:
    path = beside(bid, kind)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    partial.replace(path)
    return path


def beside(bid: Path, kind: str) -> Path:
    """Where what the operator gave for a bid is kept."""
    return bid.with_name(f"{bid.name}.{kind}.json")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
