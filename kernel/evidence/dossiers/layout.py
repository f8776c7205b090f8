"""What a dossier is made of: names, the index, and which of the log's entries it rests on. Pure.

A stored ZIP (:mod:`kernel.sealing.bids.stored_zip`): ``dossier.json``, the operator's signature
``dossier.p7s`` over it, then every file that the index names, in its order, and nothing else::

    certificates/roots.pem issuers.pem       crls/<nn>.crl
    log/entries.json consistency.json        log/payloads/<index>.json (with its salt)
    policy/<version>/policy.json             policy/<version>/signatures/<uscc>.p7s
        proof.json proof.tsr
    parties/<uscc>/announcement.json .p7s    parties/<uscc>/rehearsal/{challenge.json,answer.json,…}
    bids/<uscc>/<version>/manifest.json .p7s receipt.json .p7s receipt.tsr
        withdrawal.json .p7s withdrawn.json .p7s  fallen.json .p7s
        opening_sheet.age  <envelope>.shares.json
    openings/<stage>/list.json .p7s list.tsr signatures/<uscc>.p7s draw.json
        moments/<moment>-<list>.json .p7s
        replaced/<nnnn>.json .p7s protests/<uscc>-<hash>.json .p7s
        rehearsals/<uscc>/{challenge.json,secret.bin,answer.json,answer.p7s}
        marks/<uscc>.json .p7s cures/<uscc>-<hash>.json .p7s cured/<uscc>-<hash>.json .p7s
        releases/<uscc>.json .p7s record.json .p7s result.json .p7s
    documents/<nnnn>.pdf
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kernel.errors import Refused
from kernel.sealing.bids import stored_zip
from kernel.sealing.bids.fields import (
    choice,
    digest,
    hexadecimal,
    integer,
    listing,
    read,
    record,
    text,
    write,
)
from kernel.sealing.bids.receipts import RECEIPT_ENTRY, WITHDRAWAL_ENTRY

FORMAT = "zhuxin-dossier/1"
CONSISTENCIES_FORMAT = "zhuxin-consistencies/1"
SHARES_FORMAT = "zhuxin-opened-shares/1"
PUBLIC, ENTITLED = "public", "entitled"
SHEET = "opening_sheet"
# Larger opening sheets are left out; everybody may ask the platform for them.
MOST_CIPHERTEXT = 8 * 1024 * 1024

# Kinds of the log's entries, and the acts that they tell of.
ACT, RECEIPT, WITHDRAWAL, ISSUED = (
    "workflow.act", RECEIPT_ENTRY, WITHDRAWAL_ENTRY, "documents.issued",
)  # fmt: skip
RESULT, FALLEN = "procurement.opening.result", "procurement.bid.fallen"
MOMENT = "procurement.opening.moment"
# Acts that bring a list, and acts that bring a record.
LISTED = ("procurement.opening.list", "procurement.opening.correct")
OPENED = ("procurement.opening.open_stage", "procurement.opening.open")

INDEX, SEAL = "dossier.json", "dossier.p7s"
ROOTS, ISSUERS = "certificates/roots.pem", "certificates/issuers.pem"
ENTRIES, CONSISTENCIES = "log/entries.json", "log/consistency.json"
MAX_INDEX = 16 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9_]+([/.-][A-Za-z0-9_]+)+")
_MAX_FILES = stored_zip.MAX_ENTRIES - 2


@dataclass(frozen=True)
class Row:
    """A file of a dossier: name, size in bytes, SHA-256 (hex); title: what a paper is called."""

    name: str
    size: int
    sha256: str
    title: str = ""


@dataclass(frozen=True)
class Index:
    """The list of everything in a dossier. scope: ``public`` or ``entitled``."""

    lot: str
    scope: str
    files: tuple[Row, ...]

    def encode(self) -> bytes:
        """The canonical bytes."""
        files = [dict(vars(row)) for row in self.files]
        return write(FORMAT, lot=self.lot, scope=self.scope, files=files)


def read_index(data: bytes) -> Index:
    """The index in canonical bytes; ``sealing.format.field`` for names out of order or unsafe."""
    values = read(data, FORMAT, _INDEX, MAX_INDEX)
    rows = tuple(Row(**row) for row in values.pop("files"))
    names = [row.name for row in rows]
    if names != sorted(set(names)) or not all(_NAME.fullmatch(name) for name in names):
        raise Refused.because("sealing.format.field", path="$.files", expected="names")
    return Index(**values, files=rows)


# A failure that is not in what the bidder sealed, or that too few shares came.
_NOT_REPEATABLE = (
    "sealing.share.too_few", "sealing.share.broken", "sealing.certificate.revoked",
    "sealing.container.hash", "sealing.container.missing",
)  # fmt: skip


def is_repeatable(reason: str) -> bool:
    """Whether shares and ciphertext show again why an envelope did not open."""
    return reason.startswith("sealing.") and reason not in _NOT_REPEATABLE


def bid_folder(bidder: str, version: int) -> str:
    """Where a version of a bid stands."""
    return f"bids/{bidder}/{version:05d}"


def consistencies(proofs: Iterable[tuple[int, int, list[bytes]]]) -> bytes:
    """The file of consistency proofs: first size, second size, steps."""
    rows = [
        {"first": first, "second": second, "proof": [step.hex() for step in steps]}
        for first, second, steps in proofs
    ]
    return write(CONSISTENCIES_FORMAT, proofs=rows)


def read_consistencies(data: bytes) -> dict[int, tuple[int, tuple[bytes, ...]]]:
    """The proofs by their first size: second size, steps."""
    rows = read(data, CONSISTENCIES_FORMAT, _CONSISTENCIES, MAX_INDEX)["proofs"]
    return {
        row["first"]: (row["second"], tuple(bytes.fromhex(step) for step in row["proof"]))
        for row in rows
    }


def shares(opened: dict[int, bytes]) -> bytes:
    """The file of an envelope's opened shares, by trustee's place."""
    rows = [{"place": place, "share": share.hex()} for place, share in sorted(opened.items())]
    return write(SHARES_FORMAT, shares=rows)


def read_shares(data: bytes) -> dict[int, bytes]:
    """The shares by trustee's place."""
    rows = read(data, SHARES_FORMAT, _SHARES)["shares"]
    return {row["place"]: bytes.fromhex(row["share"]) for row in rows}


_INDEX = {
    "lot": text(80),
    "scope": choice(PUBLIC, ENTITLED),
    "files": listing(
        record(
            name=text(200),
            size=integer(0, stored_zip.MAX_SIZE),
            sha256=digest,
            title=text(300, 0),
        ),
        1,
        _MAX_FILES,
    ),
}
_CONSISTENCIES = {
    "proofs": listing(
        record(first=integer(1), second=integer(1), proof=listing(digest, 0, 128)), 0, 50_000
    )
}
_SHARES = {"shares": listing(record(place=integer(0, 15), share=hexadecimal(33)), 0, 16)}
