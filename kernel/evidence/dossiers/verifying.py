"""Checks a dossier from its first byte to its last, against anchors given from outside."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kernel.errors import Refused
from kernel.evidence import anchors, reading
from kernel.evidence.dossiers import archive, bids, layout, logs, openings, policies, words
from kernel.evidence.dossiers.archive import Dossier, refusal
from kernel.evidence.dossiers.bids import Version
from kernel.evidence.dossiers.work import Say, Work
from kernel.evidence.reading import Head, Unsound
from kernel.sealing.bids.bundles import Trust
from kernel.sealing.certificates import is_demonstration, load, load_many
from kernel.sealing.revocation import load_crl
from kernel.sealing.trust import Anchors

__all__ = ["check", "words"]


def check(path: Path, known: anchors.Anchors | None, receipts: Sequence[Path], tell: Say) -> Head:
    """Check a dossier; the head of the log that it rests on. Raises Unsound.

    known: whom the reader believes; None: the dossier's own roots, which prove nothing. receipts:
    a bidder's, as its tool kept them; each must be in the dossier.
    """
    with tempfile.TemporaryDirectory(prefix="zhuxin-dossier-") as folder:
        root = Path(folder)
        dossier = archive.read(path, root / "files")
        tell("d_read", name=path.name, files=len(dossier.index.files), lot=dossier.index.lot,
             scope=dossier.index.scope)  # fmt: skip
        work = Work(dossier, known, _trust(dossier, known), tell)
        logs.check(work)
        policies.check(work)
        found = bids.check(work)
        openings.check(work, bids.live(work, found), root / "opened")
        logs.documents(work)
        _seal(work)
        for file in dossier.unused():
            raise Unsound("d_stray", file=file)
        for receipt in receipts:
            _receipt(work, found, receipt)
        assert work.head is not None
        return work.head


def _trust(dossier: Dossier, known: anchors.Anchors | None) -> Trust:
    name = layout.ROOTS
    try:
        own = load_many(dossier.bytes(name))
        name = layout.ISSUERS
        issuers = load_many(dossier.bytes(name)) if name in dossier else []
        lists = []
        for file in dossier.under("crls"):
            name = f"crls/{file}"
            lists.append(load_crl(dossier.bytes(name)))
        name = "anchors"
        roots = [load(der) for der in known.authorities] if known is not None else own
    except Refused as refused:
        raise refusal(name, refused) from refused
    if not roots:
        raise Unsound("d_no_roots")
    demonstration = (
        known.demonstration if known is not None else all(is_demonstration(c) for c in own)
    )
    return Trust(Anchors(tuple(roots), demonstration), tuple(lists), tuple(issuers))


def _seal(work: Work) -> None:
    """The operator's signature over the index: nobody else put this dossier together."""
    dossier = work.dossier
    work.signed_bytes(
        layout.INDEX, dossier.index_bytes, dossier.seal, work.policy.operator.uscc,
        earliest=work.policy.deadline,
    )  # fmt: skip
    work.tell("d_sealed", operator=work.policy.operator.uscc)


def _receipt(work: Work, found: dict[str, list[Version]], path: Path) -> None:
    """A bidder's receipt, which the dossier must have, or the dossier is convicted."""
    data, p7s = _kept(path)
    name = path.name
    value = _signed_facts(data, name)
    bidder, manifest = str(value.get("bidder")), str(value.get("manifest_sha256"))
    work.signed_bytes(name, data, p7s, work.policy.operator.uscc)
    if value.get("lot") != work.dossier.index.lot:
        raise Unsound("d_receipt_elsewhere", file=name)
    for row in found.get(bidder, []):
        if row.manifest.sha256 == manifest and (data in row.texts or _same_entry(value, row)):
            work.tell("d_receipt", file=name, bidder=bidder, version=row.manifest.version)
            return
    raise Unsound("d_receipt_missing", file=name, bidder=bidder, manifest=manifest)


def _same_entry(value: dict[str, object], row: Version) -> bool:
    """A later receipt of the same bid says the same and more: its entry of the log is one."""
    log = value.get("log")
    return (
        value.get("format") == "zhuxin-bid-receipt/1"
        and isinstance(log, dict)
        and log.get("leaf") == row.receipt.log.leaf.hex()
    )


def _signed_facts(data: bytes, name: str) -> dict[str, object]:
    try:
        value = json.loads(data)
    except ValueError as fault:
        raise Unsound("unreadable", name=name, reason=fault) from fault
    if not isinstance(value, dict):
        raise Unsound("shape", name=name, field="receipt")
    return value


def _kept(path: Path) -> tuple[bytes, bytes]:
    """A receipt as the bidder's tool keeps it: ``{"receipt","p7s"}``."""
    try:
        value = json.loads(path.read_bytes())
    except OSError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault.strerror) from None
    except ValueError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault) from None
    text = reading.field(value, "receipt", str, path.name)
    try:
        return text.encode(), base64.b64decode(
            reading.field(value, "p7s", str, path.name), validate=True
        )
    except ValueError as fault:
        raise Unsound("shape", name=path.name, field="p7s") from fault
