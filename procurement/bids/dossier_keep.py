"""What a dossier rests on and cannot be made again: seals, and the revocation lists of its time.

The operator's seal over an index is made once and kept, because a signature made again would be
another one; the lists are kept because later ones forget certificates that have expired.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from kernel import clock
from procurement.bids import believed


def keep_lists(lot_number: str) -> None:
    """Keep the revocation lists as they are now; called as soon as a lot was opened."""
    into = folder(lot_number) / "crls"
    into.mkdir(parents=True, exist_ok=True)
    for data in believed.raw(clock.now()).crls:
        _write_once(into / f"{hashlib.sha256(data).hexdigest()}.crl", data)


def lists(lot_number: str) -> list[bytes]:
    """The lists that were kept, in an order of their own."""
    kept = sorted((folder(lot_number) / "crls").glob("*.crl"))
    return [path.read_bytes() for path in kept]


def seal(index: bytes) -> bytes:
    """The operator's signature over an index, made once."""
    path = Path(settings.VAR_DIR) / "dossiers" / "seals" / hashlib.sha256(index).hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _write_once(path, believed.signed(index, clock.now()))
    return path.read_bytes()


def folder(lot_number: str) -> Path:
    """Where what belongs to a lot's dossier lies."""
    # A lot's number is the platform's own, and still no name of a file.
    name = hashlib.sha256(lot_number.encode()).hexdigest()
    return Path(settings.VAR_DIR) / "dossiers" / name


def _write_once(path: Path, data: bytes) -> None:
    """Write a file whole; whoever came first with one counts."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    draft.write_bytes(data)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
