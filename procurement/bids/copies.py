"""The copies of a sealed bid, and its envelopes out of the first one that is intact."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kernel import clock
from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.errors import Unavailable
from kernel.sealing.bids import container, decrypter
from kernel.sealing.bids import opening as formats
from kernel.sealing.bids.fields import b64
from kernel.sealing.bids.manifest import Manifest, read_manifest
from procurement.bids import keeper, vault
from procurement.bids.models import BidVersion, OpenedEnvelope
from procurement.bids.pool import Pool

# The decrypting process died of it or hung, and again: tried anew, and never its bidder's fault.
CRASHED = "procurement.opening.decrypter"
# No copy is what the bidder signed: the keepers' loss, not the bidder's.
NO_COPY = "procurement.bid.no_copy"
# Real seconds after which a scratch folder that nothing is written in belongs to nobody.
_LEFT_BEHIND = 3600.0
NOT_BLAMED = (NO_COPY, CRASHED)
_DAMAGED = ("sealing.container.hash", "sealing.container.missing")
_TYPES = {
    ".pdf": "application/pdf", ".json": "application/json", ".xml": "application/xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@dataclass(frozen=True)
class Envelope:
    """An envelope that was tried: where its files lie with their rows, or why it failed."""

    name: str
    identity: bytes
    folder: Path
    files: tuple[dict[str, Any], ...] = ()
    failure: str = ""


# Of a bid; an envelope that was opened before is its row.
Done = list[Envelope | OpenedEnvelope]


@contextmanager
def scratch(opening_pk: int) -> Iterator[Path]:
    """A folder beside the stored files; an old one that a killed worker left goes first."""
    root, prefix = storage.scratch_root(), f"opening-{opening_pk}-"
    for left in root.glob(prefix + "*"):
        if clock.technical_now().timestamp() - left.stat().st_mtime > _LEFT_BEHIND:
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=root, prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def decrypted(
    version: BidVersion,
    keys: Mapping[str, bytes | str],
    before: Mapping[str, OpenedEnvelope],
    folder: Path,
    workers: Pool,
) -> Done:
    """Try each envelope of a bid with its key, or keep why it has none. No database is asked.

    before: envelopes that are open already, by whoever was killed after them.
    """
    manifest, done = read_manifest(version.manifest.encode()), Done()
    for name, key in keys.items():
        to = folder / version.manifest_sha256[:32] / name
        if name in before:
            done.append(before[name])
        elif isinstance(key, str):
            done.append(Envelope(name, b"", to, failure=key))
        else:
            done.append(_from_copies(version, manifest, name, key, to, workers))
    return done


def is_kept(version: BidVersion, folder: Path) -> bool:
    """Whether a copy of a bid is what its bidder signed, from first byte to last."""
    for source in _sources(version, folder / version.manifest_sha256[:32]):
        try:
            with source.open("rb") as file:
                if keeper.sha256_of(file) == version.file_sha256:
                    return True
        except OSError:
            continue
    return False


def lost(keys: Mapping[str, bytes | str], folder: Path) -> Done:
    """The envelopes of a bid of which no copy is left; those without a key stay what they are."""
    return [
        Envelope(name, b"", folder, failure=key if isinstance(key, str) else NO_COPY)
        for name, key in keys.items()
    ]


def _from_copies(
    version: BidVersion, manifest: Manifest, name: str, key: bytes, to: Path, workers: Pool
) -> Envelope:
    """An envelope out of the platform's copy, else out of the keeper's."""
    place = _place(version, manifest, name)
    for source in _sources(version, to.parent):
        shutil.rmtree(to, ignore_errors=True)
        to.mkdir(parents=True)
        try:
            job = decrypter.job(version.manifest, name, key, source, place, to)
            told = workers.run(job, place[1])
        except Unavailable:
            return Envelope(name, b"", to, failure=CRASHED)
        if "files" in told:
            return Envelope(name, key, to, tuple(told["files"]))
        if told["failure"] not in _DAMAGED:
            return Envelope(name, b"", to, failure=told["failure"])
    return Envelope(name, b"", to, failure=NO_COPY)


def _sources(version: BidVersion, folder: Path) -> Iterator[Path]:
    if version.vault:
        yield vault.path_of(version.vault)
    if version.keeper:
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / "copy.zxb"
        try:
            with keeper.open_file(version.keeper) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, vault.CHUNK)
        except OSError:
            return
        yield copy


def _place(version: BidVersion, manifest: Manifest, name: str) -> tuple[int, int]:
    received = container.Received(
        manifest, version.manifest.encode(), bytes(version.signature), version.size, {}, {}
    )
    return container.locate(received, name)


def adopted(
    version: BidVersion, done: Done, shares: Mapping[str, Mapping[int, bytes]]
) -> list[OpenedEnvelope]:
    """The rows of a bid's envelopes; their files move to the stored ones.

    shares: by envelope and trustee's place, kept with what they opened.
    """
    rows = []
    for each in done:
        if isinstance(each, OpenedEnvelope):
            rows.append(each)
            continue
        for number, file in enumerate(each.files):
            kind = _TYPES.get(Path(file["name"]).suffix.lower(), "application/octet-stream")
            storage.adopt(
                each.folder / str(number), file["sha256"], size=file["size"], media_type=kind
            )
        found = {
            "state": "failed" if each.failure else "opened",
            "failure": each.failure,
            "identity": each.identity,
            "shares": _kept(shares.get(each.name, {})),
            "files": list(each.files),
        }
        row, _new = OpenedEnvelope.objects.update_or_create(
            version=version, name=each.name, defaults=found
        )
        rows.append(row)
    return rows


def _kept(shares: Mapping[int, bytes]) -> dict[str, str]:
    return {str(index): b64(share) for index, share in shares.items()}


def sheet_of(row: OpenedEnvelope, manifest: Manifest) -> formats.OpeningSheet:
    """The opening sheet out of an opened envelope's stored files; refused as by the format."""
    found = [file for file in row.files if file["name"] == formats.SHEET_FILE]
    for file in found:
        formats.check_sheet_size(file["size"])
    data = storage.read(StoredFile.objects.get(sha256=found[0]["sha256"])) if found else None
    return formats.sheet_in(manifest, data)
