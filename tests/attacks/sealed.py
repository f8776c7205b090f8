"""What attackers of sealed bids have: everything that lies on the operator's machine."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.apps import apps

from kernel.sealing import hpke

_PEM = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----", re.S)
_CURVE = ec.SECP256R1()


@dataclass
class Loot:
    """Every byte of database and disk, and the keys that can be made out of it.

    texts: what was found, cell by cell and file by file. secrets: each 32-byte string that may be
    a key. keys: the P-256 keys among PEM blocks and secrets.
    """

    texts: list[bytes] = field(default_factory=list)
    secrets: set[bytes] = field(default_factory=set)
    keys: list[hpke.PrivateKey] = field(default_factory=list)

    def holds(self, needle: bytes) -> bool:
        """Whether some bytes stand anywhere, plain or in a usual spelling."""
        spelt = (needle, needle.hex().encode(), base64.b64encode(needle)[:-2])
        return any(each in text for text in self.texts for each in spelt)


def plunder(var: Path) -> Loot:
    """Take everything: all rows of all tables, all files below the platform's folder."""
    loot = Loot()
    for cell in _cells():
        loot.texts.append(cell)
    for path in var.rglob("*"):
        if path.is_file():
            loot.texts.append(path.read_bytes())
    for text in loot.texts:
        loot.secrets.update(_secrets(text))
        for block in _PEM.findall(text):
            try:
                key = serialization.load_pem_private_key(block, None)
            except (TypeError, ValueError):
                continue
            if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == _CURVE.name:
                loot.keys.append(key)
    for secret in sorted(loot.secrets):
        try:
            loot.keys.append(hpke.load_private(secret))
        except Exception:
            continue
    return loot


def _cells() -> Iterator[bytes]:
    for model in apps.get_models():
        for row in model._base_manager.values():
            for value in row.values():
                yield from _bytes(value)


def _bytes(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes | memoryview):
        yield bytes(value)
    elif isinstance(value, dict | list):
        yield json.dumps(value, ensure_ascii=False, default=str).encode()
        for each in value.values() if isinstance(value, dict) else value:
            yield from _bytes(each)
    elif value is not None:
        yield str(value).encode()


def _secrets(text: bytes) -> Iterator[bytes]:
    """Strings of 32 bytes: raw, and as hex or base64 stands in texts."""
    if len(text) == 32:
        yield text
    if len(text) > 4 * 1024 * 1024:
        return
    for found in re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", text):
        yield bytes.fromhex(found.decode())
    for found in re.findall(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=", text):
        yield base64.b64decode(found)
