"""Strict reading of the log's files, for the offline verifier. Pure."""

from __future__ import annotations

import base64
import binascii
import json
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
    """A head as a file states it; ``signed`` are the bytes that its signature has to cover."""

    size: int
    root: bytes
    at: str
    log: str
    signature: bytes
    spki: bytes
    signed: bytes


@dataclass(frozen=True)
class Anchor:
    """A log key that somebody vouches for, and the name they gave it."""

    name: str
    spki: bytes


def read_file(path: Path, wanted: str) -> dict[str, Any]:
    """A file of ours: canonical JSON, so that nothing in it can be read in two ways."""
    try:
        value = canonical.decode(path.read_bytes().strip())
    except OSError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault.strerror) from None
    except Refused as fault:
        raise Unsound("not_canonical", name=path.name, reason=str(fault)) from None
    return _of_format(value, wanted, path.name)


def read_head(document: dict[str, Any], name: str) -> Head:
    """The head of a proof file and the key that comes with it; neither is checked yet."""
    value = _of_format(field(document, "head", dict, name), formats.HEAD_FORMAT, name)
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
    )


def read_anchors(path: Path) -> dict[str, Anchor]:
    """The log keys that the file's giver vouches for, by key id.

    Plain JSON: people write this file by hand, and nobody hashes it.
    """
    try:
        value = json.loads(path.read_bytes())
    except OSError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault.strerror) from None
    except ValueError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault) from None
    result = {}
    logs = field(_of_format(value, formats.ANCHORS_FORMAT, path.name), "logs", list, path.name)
    for anchor in logs:
        log = field(anchor, "log", str, path.name)
        spki = base64_field(anchor, "key", path.name)
        if formats.key_id(spki) != log:
            raise Unsound("bad_anchor", log=log)
        result[log] = Anchor(field(anchor, "name", str, path.name), spki)
    return result


@dataclass(frozen=True)
class Authority:
    """A time-stamp authority that somebody vouches for. roots: PEM."""

    name: str
    roots: bytes
    demonstration: bool


def read_authorities(path: Path) -> list[Authority]:
    """The time-stamp authorities that an anchors file knows, none where it names none."""
    value = json.loads(path.read_bytes())
    if formats.AUTHORITIES not in value:
        return []
    rows = field(value, formats.AUTHORITIES, list, path.name)
    return [
        Authority(
            field(row, "name", str, path.name),
            field(row, "roots", str, path.name).encode(),
            field(row, "demonstration", bool, path.name),
        )
        for row in rows
    ]


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


def _of_format(value: object, wanted: str, name: str) -> dict[str, Any]:
    if not isinstance(value, dict) or value.get("format") != wanted:
        raise Unsound("bad_format", name=name, format=wanted)
    return value
