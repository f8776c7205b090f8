"""Bids: every receipted version of every bidder, in its succession, and which one is live."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from kernel.errors import Refused
from kernel.evidence import formats
from kernel.evidence.dossiers import layout, logs, tokens
from kernel.evidence.dossiers.work import Work
from kernel.evidence.reading import Unsound
from kernel.sealing import cms
from kernel.sealing.bids import closing, receipts, refusals
from kernel.sealing.bids import manifest as manifests
from kernel.sealing.bids.bundles import check_signer
from kernel.sealing.bids.manifest import Manifest
from kernel.sealing.bids.receipts import Receipt
from kernel.sealing.certificates import fingerprint

_REVOKED = "sealing.certificate.revoked"


@dataclass(frozen=True)
class Version:
    """A version of a bid that holds. folder: in the dossier; texts: of its receipts.

    fallen: the entry of the log that says that its certificate had been revoked before, None where
    it stands.
    """

    folder: str
    manifest: Manifest
    receipt: Receipt
    withdrawn: bool
    texts: frozenset[bytes]
    fallen: int | None = None


def check(work: Work) -> dict[str, list[Version]]:
    """Every version of every bidder, first to last."""
    found: dict[str, list[Version]] = {}
    for bidder in work.dossier.under("bids"):
        versions: list[Version] = []
        for folder in work.dossier.under(f"bids/{bidder}"):
            before = versions[-1].manifest if versions else None
            versions.append(_version(work, bidder, f"bids/{bidder}/{folder}", before))
        found[bidder] = versions
    count = sum(map(len, found.values()))
    gone = sum(row.withdrawn for rows in found.values() for row in rows)
    work.tell("d_bids", bidders=len(found), versions=count, withdrawn=gone)
    if work.policy.timestamp_authorities:
        work.tell("d_stamps", stamped=work.stamped, versions=count)
    return found


def live(work: Work, found: dict[str, list[Version]]) -> dict[str, Version]:
    """The bid of each bidder that is to be opened, by manifest hash.

    One that fell before the list stands for nothing, and the version before it stands again; a
    withdrawal ends all before it.
    """
    root = f"openings/{work.policy.stages[0].name}"
    # A list that corrects another keeps what stood on that one, whatever fell in between.
    replaced = [name for name in work.dossier.under(f"{root}/replaced") if name.endswith(".json")]
    first = f"{root}/replaced/{replaced[0]}" if replaced else f"{root}/list.json"
    with work.about(first):
        closed = closing.read_list(work.data(first)).tree_size
    standing = {}
    for rows in found.values():
        for row in reversed(rows):
            if row.withdrawn:
                break
            if row.fallen is None or row.fallen >= closed:
                standing[row.manifest.sha256] = row
                break
    return standing


def _version(work: Work, bidder: str, folder: str, before: Manifest | None) -> Version:
    name = f"{folder}/manifest.json"
    data, p7s = work.data(name), work.data(f"{folder}/manifest.p7s")
    with work.about(name):
        manifest = manifests.read_manifest(data)
        manifests.check_succession(manifest, before)
    policy = work.policies.get(manifest.policy_sha256)
    if policy is None:
        raise Unsound("d_policy_other", file=name)
    if (manifest.bidder, layout.bid_folder(bidder, manifest.version)) != (bidder, folder):
        raise Unsound("d_version", file=name)
    for fault in manifests.faults(manifest, policy):
        raise Unsound("d_refused", file=name, reason=fault.code, facts="")
    texts = {work.data(f"{folder}/receipt.json")}
    receipt = _receipt(work, f"{folder}/receipt", manifest, data, p7s)
    at = receipt.received_at
    fallen = None
    if f"{folder}/fallen.json" in work.dossier:
        fallen, certificate = _fallen(work, folder, manifest, receipt, p7s)
    else:
        certificate = work.signed(name, p7s, bidder, earliest=at, latest=at)
    told = (receipt.certificate_sha256, receipt.certificate_serial)
    if told != (fingerprint(certificate), format(certificate.serial_number, "x")):
        raise Unsound("d_receipt_other", file=f"{folder}/receipt.json", part="certificate")
    withdrawn = f"{folder}/withdrawal.json" in work.dossier
    if withdrawn:
        texts.add(_withdrawn(work, folder, manifest))
    return Version(folder, manifest, receipt, withdrawn, frozenset(texts), fallen)


def _receipt(work: Work, stem: str, manifest: Manifest, data: bytes, p7s: bytes) -> Receipt:
    name = f"{stem}.json"
    with work.about(name):
        receipt = receipts.read_receipt(work.data(name))
        receipts.check_receipt(receipt, data, p7s)
    for part in ("lot", "bidder", "version", "policy_sha256"):
        if getattr(receipt, part) != getattr(manifest, part):
            raise Unsound("d_receipt_other", file=name, part=part)
    at = receipt.received_at
    if at > work.policy.deadline:
        raise Unsound("d_late", file=name, at=formats.instant(at))
    work.signed(name, work.data(f"{stem}.p7s"), work.policy.operator.uscc, earliest=at, latest=at)
    entry = logs.entry_of(work, name, receipt.log)
    wanted = {
        "lot": receipt.lot,
        "bidder": receipt.bidder,
        "version": receipt.version,
        "policy_sha256": receipt.policy_sha256,
        "manifest_sha256": receipt.manifest_sha256,
        "signature_sha256": receipt.signature_sha256,
        "size": receipt.size,
    }
    _check_entry(name, entry, layout.RECEIPT, formats.instant(at), wanted)
    work.stamped += tokens.of_receipt(work, f"{stem}.tsr", name, receipt)
    return receipt


def _fallen(
    work: Work, folder: str, manifest: Manifest, receipt: Receipt, p7s: bytes
) -> tuple[int, x509.Certificate]:
    """A bid whose certificate had been revoked when it was received, as a later list showed."""
    name = f"{folder}/fallen.json"
    with work.about(name):
        said = refusals.read_refusal(work.data(name))
        signed = cms.check(p7s, work.data(f"{folder}/manifest.json"))
        check_signer(signed, manifest.bidder)
    named = (said.lot, said.bidder, said.manifest_sha256, said.received_at)
    if named != (manifest.lot, manifest.bidder, manifest.sha256, receipt.received_at):
        raise Unsound("d_receipt_other", file=name, part="manifest_sha256")
    operator = work.policy.operator.uscc
    work.signed(name, work.data(f"{folder}/fallen.p7s"), operator, earliest=receipt.received_at)
    try:
        work.trust.chains.trusted(signed, receipt.received_at)
    except Refused as refused:
        codes = {reason.code for reason in refused.refusals}
    else:
        codes = set()
    if _REVOKED not in codes or said.log is None:
        raise Unsound("d_not_revoked", file=name, bidder=manifest.bidder)
    entry = logs.entry_of(work, name, said.log)
    wanted = {
        "lot": manifest.lot,
        "bidder": manifest.bidder,
        "version": manifest.version,
        "manifest_sha256": manifest.sha256,
        "codes": [_REVOKED],
    }
    if (entry.get("kind"), entry["body"]) != (layout.FALLEN, wanted):
        raise Unsound("d_entry_other", file=name, index=said.log.index)
    work.tell("d_fallen", mark="note", bidder=manifest.bidder, version=manifest.version)
    return said.log.index, signed.certificate


def _withdrawn(work: Work, folder: str, manifest: Manifest) -> bytes:
    name = f"{folder}/withdrawn.json"
    data = work.data(name)
    with work.about(name):
        gone = receipts.read_withdrawn(data)
    at = gone.received_at
    work.signed(
        name, work.data(f"{folder}/withdrawn.p7s"), work.policy.operator.uscc,
        earliest=at, latest=at,
    )  # fmt: skip
    statement = f"{folder}/withdrawal.json"
    with work.about(statement):
        wish = receipts.read_withdrawal(work.data(statement))
    # What the signer says of the time is nobody's evidence: it held when it came.
    p7s = work.data(f"{folder}/withdrawal.p7s")
    work.signed(statement, p7s, manifest.bidder, earliest=at, latest=at)
    named = (manifest.lot, manifest.bidder, manifest.sha256)
    if (wish.lot, wish.bidder, wish.manifest_sha256) != named:
        raise Unsound("d_receipt_other", file=statement, part="manifest_sha256")
    wanted = {
        "lot": manifest.lot,
        "bidder": manifest.bidder,
        "manifest_sha256": manifest.sha256,
        "statement_sha256": hashlib.sha256(work.data(statement)).hexdigest(),
    }
    if any(getattr(gone, part) != value for part, value in wanted.items()):
        raise Unsound("d_receipt_other", file=name, part="statement_sha256")
    if at > work.policy.deadline:
        raise Unsound("d_late", file=name, at=formats.instant(at))
    entry = logs.entry_of(work, name, gone.log)
    _check_entry(name, entry, layout.WITHDRAWAL, formats.instant(at), wanted)
    return data


def _check_entry(
    name: str, entry: dict[str, Any], kind: str, at: str, wanted: dict[str, Any]
) -> None:
    if (entry.get("kind"), entry.get("at"), entry["body"]) != (kind, at, wanted):
        raise Unsound("d_entry_other", file=name, index=entry["index"])
