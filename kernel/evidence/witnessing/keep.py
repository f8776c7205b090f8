"""What a witness keeps: its key, every head that it signed with the proof before it, alarms.

Files are written whole or not at all, reach the disk before anything is told, and are never
changed. ``alarm.json`` stands as long as nobody acknowledged it; nothing is signed meanwhile.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kernel.evidence import formats, reading
from kernel.evidence.reading import Head, Unsound
from kernel.sealing import canonical

KEPT_FORMAT = "zhuxin-kept-head/1"
_KEY, _PUBLIC, _ALARM = "witness.key", "witness.json", "alarm.json"
_NAME = re.compile(r"[0-9]{15}-[0-9]{20}\.json")


@dataclass(frozen=True)
class Kept:
    """A head that was signed. proof: from the one kept before, None for the first."""

    path: Path
    head: Head
    first: int
    proof: tuple[bytes, ...] | None
    signature: bytes

    @property
    def posted(self) -> bool:
        """Whether the server has the cosignature."""
        return self.path.with_suffix(".posted").exists()


class Keep:
    """A witness's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> dict[str, Any]:
        """Make the key and the file that tells it; Unsound ``keep_exists`` where there is one."""
        if (self.folder / _KEY).exists():
            raise Unsound("keep_exists", name=str(self.folder))
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        spki = spki_of(key)
        told = {
            "format": formats.WITNESS_FORMAT,
            "witness": formats.key_id(spki),
            "key": formats.b64(spki),
        }
        write(
            self.folder / _KEY,
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        write(self.folder / _PUBLIC, canonical.encode(told))
        return told

    def key(self) -> ec.EllipticCurvePrivateKey:
        """The witness's key. Raises Unsound ``unreadable``."""
        try:
            found = serialization.load_pem_private_key((self.folder / _KEY).read_bytes(), None)
        except (OSError, ValueError, TypeError) as fault:
            raise Unsound("unreadable", name=_KEY, reason=fault) from fault
        if not isinstance(found, ec.EllipticCurvePrivateKey):
            raise Unsound("unreadable", name=_KEY, reason="P-256")
        return found

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder: two programs at once could sign two histories."""
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def heads(self) -> list[Kept]:
        """Every head that was kept, oldest first. Raises Unsound for a file that is broken."""
        folder = self.folder / "heads"
        names = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
        return [self._read(folder / name) for name in names if _NAME.fullmatch(name)]

    def newest(self) -> Kept | None:
        """The newest head that was kept."""
        folder = self.folder / "heads"
        names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        kept = sorted(name for name in names if _NAME.fullmatch(name))
        return self._read(folder / kept[-1]) if kept else None

    def add(self, head: Head, first: int, proof: list[bytes] | None) -> Kept:
        """Sign a head's very bytes and keep it with its proof, for ever."""
        key = self.key()
        signature = key.sign(head.signed, ec.ECDSA(hashes.SHA256()))
        value = {
            "format": KEPT_FORMAT,
            "head": {**canonical.decode(head.signed), "signature": formats.b64(head.signature)},
            "key": formats.b64(head.spki),
            "consistency": None if proof is None else formats.consistency(first, head.size, proof),
            "witness": formats.key_id(spki_of(key)),
            "cosignature": formats.b64(signature),
        }
        digits = "".join(c for c in head.at if c.isdigit())
        path = self.folder / "heads" / f"{head.size:015d}-{digits}.json"
        write(path, canonical.encode(value))
        return self._read(path)

    def note_posted(self, kept: Kept) -> None:
        """Remember that the server has a cosignature."""
        write(kept.path.with_suffix(".posted"), b"")

    # Alarms

    def alarm(self) -> dict[str, Any] | None:
        """The alarm that stands, if one does."""
        path = self.folder / _ALARM
        try:
            found: dict[str, Any] = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            return {"what": "unreadable", "facts": {}, "evidence": ""}
        return found

    def raise_alarm(self, what: str, facts: dict[str, str], contradiction: dict[str, Any]) -> Path:
        """Keep the evidence, then let the alarm stand; where the evidence lies."""
        folder = self.folder / "alarms"
        folder.mkdir(parents=True, exist_ok=True)
        number = 1 + len(list(folder.glob("*.evidence.json")))
        path = folder / f"{number:04d}-{what}.evidence.json"
        write(path, canonical.encode(contradiction))
        told = {"what": what, "facts": facts, "evidence": str(path)}
        write(self.folder / _ALARM, json.dumps(told, ensure_ascii=False).encode())
        return path

    def acknowledge(self, reason: str, by: str) -> Path:
        """Let an alarm rest that a person looked into; Unsound ``no_alarm`` where none stands."""
        standing = self.alarm()
        if standing is None:
            raise Unsound("no_alarm")
        folder = self.folder / "alarms"
        number = 1 + len(list(folder.glob("*.acknowledged.json")))
        path = folder / f"{number:04d}.acknowledged.json"
        told = {**standing, "reason": reason, "by": by}
        write(path, json.dumps(told, ensure_ascii=False).encode())
        (self.folder / _ALARM).unlink()
        _sync(self.folder)
        return path

    def _read(self, path: Path) -> Kept:
        document = reading.read_file(path, KEPT_FORMAT)
        keys = {"format", "head", "key", "consistency", "witness", "cosignature"}
        reading.only(document, keys, set(), path.name, "kept")
        head = reading.read_head({"head": document["head"], "key": document["key"]}, path.name)
        first, proof = 0, None
        if document["consistency"] is not None:
            first, second, proof = read_consistency(document["consistency"], path.name)
            if second != head.size:
                raise Unsound("bad_consistency_sizes", first=first, second=second)
        return Kept(
            path, head, first, proof, reading.base64_field(document, "cosignature", path.name)
        )


def read_consistency(value: object, name: str) -> tuple[int, int, tuple[bytes, ...]]:
    """First size, second size and steps of a consistency file's content."""
    document = reading.of_format(value, formats.CONSISTENCY_FORMAT, name)
    reading.only(document, {"format", "first", "second", "proof"}, set(), name, "consistency")
    steps = reading.field(document, "proof", list, name)
    return (
        reading.field(document, "first", int, name),
        reading.field(document, "second", int, name),
        tuple(reading.hash_of(step, name, "proof") for step in steps),
    )


def write(path: Path, data: bytes) -> None:
    """Write a file whole, on the disk with its name, never over one that is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            if path.read_bytes() != data:
                raise
        _sync(path.parent)
    finally:
        draft.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def spki_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key, DER."""
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
