"""Whom a reader believes, from one file that it got on a way of its own. Pure.

``{"format":"zhuxin-anchors/1","logs":[{"name","log","key"}]}``, and where they are needed
``"witnesses":[{"name","uscc","witness","key"}]``, ``"authorities":[{"name","certificate"}]`` (root
certificates, DER in base64), ``"timestamp_authorities":[{"name","roots","demonstration"}]`` (PEM),
``"organisations":[{"uscc","name"}]`` and ``"demonstration":true``. Nothing else may stand in it:
a misspelt key must not read as something left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kernel.evidence import formats, reading
from kernel.evidence.reading import Head, Unsound

_OPTIONAL = {
    "witnesses",
    "authorities",
    "timestamp_authorities",
    "organisations",
    "demonstration",
}


@dataclass(frozen=True)
class Anchor:
    """A log key that somebody vouches for, and the name they gave it."""

    name: str
    spki: bytes


@dataclass(frozen=True)
class WitnessAnchor:
    """A witness's key; two keys of one organisation are one witness."""

    name: str
    uscc: str
    spki: bytes


@dataclass(frozen=True)
class Authority:
    """A time-stamp authority: its name as its certificates have it, its roots as PEM."""

    name: str
    roots: bytes
    demonstration: bool


@dataclass(frozen=True)
class Anchors:
    """Everything that the file's giver vouches for.

    logs, witnesses: by key id. authorities: root certificates, DER.
    organisations: USCC → name. demonstration: the roots are a sandbox's, and so is its clock.
    """

    logs: dict[str, Anchor]
    witnesses: dict[str, WitnessAnchor] = field(default_factory=dict)
    authorities: tuple[bytes, ...] = ()
    timestamp_authorities: tuple[Authority, ...] = ()
    organisations: dict[str, str] = field(default_factory=dict)
    demonstration: bool = False


def read_anchors(path: Path) -> Anchors:
    """The anchors' file. Plain JSON: people write it by hand, and nobody hashes it."""
    try:
        value = json.loads(path.read_bytes())
    except OSError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault.strerror) from None
    except ValueError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault) from None
    return parse(value, path.name)


def parse(value: object, name: str) -> Anchors:
    """The same of a value at hand. Raises Unsound."""
    document = reading.of_format(value, formats.ANCHORS_FORMAT, name)
    reading.only(document, {"format", "logs"}, _OPTIONAL, name, "anchors")
    demonstration = document.get("demonstration", False)
    if type(demonstration) is not bool:
        raise Unsound("shape", name=name, field="demonstration")
    logs = {}
    for row in _rows(document, "logs", {"name", "log", "key"}, name):
        spki = reading.base64_field(row, "key", name)
        logs[_named(row, "log", spki, name)] = Anchor(reading.field(row, "name", str, name), spki)
    witnesses = {}
    for row in _rows(document, "witnesses", {"name", "uscc", "witness", "key"}, name):
        spki = reading.base64_field(row, "key", name)
        witnesses[_named(row, "witness", spki, name)] = WitnessAnchor(
            reading.field(row, "name", str, name), reading.field(row, "uscc", str, name), spki
        )
    return Anchors(
        logs=logs,
        witnesses=witnesses,
        authorities=_certificates(document, "authorities", name),
        timestamp_authorities=tuple(
            Authority(
                reading.field(row, "name", str, name),
                reading.field(row, "roots", str, name).encode(),
                reading.field(row, "demonstration", bool, name),
            )
            for row in _rows(
                document, formats.AUTHORITIES, {"name", "roots", "demonstration"}, name
            )
        ),
        organisations={
            reading.field(row, "uscc", str, name): reading.field(row, "name", str, name)
            for row in _rows(document, "organisations", {"uscc", "name"}, name)
        },
        demonstration=demonstration,
    )


def vouching(head: Head, known: Anchors) -> Anchor:
    """The anchor of the log that signed a head; Unsound ``not_anchored``."""
    if head.log not in known.logs or known.logs[head.log].spki != head.spki:
        raise Unsound("not_anchored", log=head.log)
    return known.logs[head.log]


def witnessed(head: Head, known: Anchors) -> dict[str, WitnessAnchor]:
    """The anchored organisations (USCC) that signed a head.

    A signature of a key that is not anchored counts for nothing. One of an anchored key that does
    not hold: Unsound ``bad_cosignature``.
    """
    found = {}
    for key, signature in head.cosignatures:
        anchor = known.witnesses.get(key)
        if anchor is None:
            continue
        if not formats.signature_holds(anchor.spki, signature, head.signed):
            raise Unsound("bad_cosignature", name=anchor.name, size=head.size)
        found[anchor.uscc] = anchor
    return found


def check_witnessed(head: Head, known: Anchors, wanted: int) -> Iterable[WitnessAnchor]:
    """The witnesses of a head; Unsound ``too_few_witnesses`` where they are less than wanted."""
    found = witnessed(head, known)
    if len(found) < wanted:
        raise Unsound("too_few_witnesses", size=head.size, found=len(found), wanted=wanted)
    return found.values()


def _rows(document: dict[str, Any], key: str, keys: set[str], name: str) -> list[dict[str, Any]]:
    rows = reading.field({key: [], **document}, key, list, name)
    for row in rows:
        reading.only(row, keys, set(), name, key)
    return rows


def _named(row: dict[str, Any], key: str, spki: bytes, name: str) -> str:
    named = reading.field(row, key, str, name)
    if formats.key_id(spki) != named:
        raise Unsound("bad_anchor", log=named)
    return named


def _certificates(document: dict[str, Any], key: str, name: str) -> tuple[bytes, ...]:
    rows = _rows(document, key, {"name", "certificate"}, name)
    return tuple(reading.base64_field(row, "certificate", name) for row in rows)
