"""Strict reading of the log's files, for the offline verifier. Pure."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from kernel.errors import Refused
from kernel.evidence import formats
from kernel.sealing import canonical

V = TypeVar("V")


class Unsound(Exception):  # noqa: N818  (a finding, not a fault of the program)
    """The first check that did not hold: a code of ``verify_words`` and its facts."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Head:
    """A head as a file states it; ``signed`` are the bytes that its signature has to cover.

    cosignatures: witness's key id and signature over the same bytes.
    """

    size: int
    root: bytes
    at: str
    log: str
    signature: bytes
    spki: bytes
    signed: bytes
    cosignatures: tuple[tuple[str, bytes], ...] = ()


def read_file(path: Path, wanted: str) -> dict[str, Any]:
    """A file of ours: canonical JSON, so that nothing in it can be read in two ways."""
    try:
        value = canonical.decode(path.read_bytes().strip())
    except OSError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault.strerror) from None
    except Refused as fault:
        raise Unsound("not_canonical", name=path.name, reason=str(fault)) from None
    return of_format(value, wanted, path.name)


def read_head(document: dict[str, Any], name: str) -> Head:
    """The head of a proof file and the key that comes with it; neither is checked yet."""
    value = of_format(field(document, "head", dict, name), formats.HEAD_FORMAT, name)
    signed = {key: item for key, item in value.items() if key != "signature"}
    size = field(value, "size", int, name)
    if set(signed) != {"format", "size", "root", "at", "log"} or size < 0:
        raise Unsound("shape", name=name, field="head")
    return Head(
        size=size,
        root=hex_field(value, "root", name),
        at=field(value, "at", str, name),
        log=field(value, "log", str, name),
        signature=base64_field(value, "signature", name),
        spki=base64_field(document, "key", name),
        signed=canonical.encode(signed),
        cosignatures=_cosignatures(document, name),
    )


def _cosignatures(document: dict[str, Any], name: str) -> tuple[tuple[str, bytes], ...]:
    found = []
    for row in document.get("cosignatures", []):
        only(row, {"witness", "signature"}, set(), name, "cosignatures")
        found.append((field(row, "witness", str, name), base64_field(row, "signature", name)))
    return tuple(found)


def field(document: object, key: str, kind: type[V], name: str) -> V:
    """A field of exactly this type (``true`` is no integer). Raises Unsound ``shape``."""
    value = document.get(key) if isinstance(document, dict) else None
    if type(value) is not kind:
        raise Unsound("shape", name=name, field=key)
    return value


def hash_of(text: object, name: str, key: str) -> bytes:
    """32 bytes in lower-case hex."""
    try:
        value = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        value = b""
    if len(value) != 32 or value.hex() != text:
        raise Unsound("shape", name=name, field=key)
    return value


def hex_field(document: object, key: str, name: str) -> bytes:
    """A field of 32 bytes in lower-case hex."""
    return hash_of(field(document, key, str, name), name, key)


def base64_field(document: object, key: str, name: str) -> bytes:
    """A field of bytes in base64, in the one spelling that encoding them gives."""
    text = field(document, key, str, name)
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if not value or formats.b64(value) != text:
        raise Unsound("shape", name=name, field=key)
    return value


def only(document: object, keys: set[str], optional: set[str], name: str, what: str) -> None:
    """Refuse a key that is not known: a misspelt one must not read as something left out."""
    if not isinstance(document, dict) or not keys <= document.keys() <= keys | optional:
        raise Unsound("shape", name=name, field=what)


def of_format(value: object, wanted: str, name: str) -> dict[str, Any]:
    """An object whose ``format`` is the wanted one; else Unsound ``bad_format``."""
    if not isinstance(value, dict) or value.get("format") != wanted:
        raise Unsound("bad_format", name=name, format=wanted)
    return value
