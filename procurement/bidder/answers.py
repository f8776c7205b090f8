"""Reading the server's answers: fields that must be there, and whom and which time to believe."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kernel import clock
from kernel.errors import Refused
from kernel.sealing.bids import fields
from kernel.sealing.bids.bundles import Bundle, Trust, read_signatures
from kernel.sealing.certificates import load_many
from kernel.sealing.revocation import load_crl
from kernel.sealing.trust import Anchors

Answer = Mapping[str, Any]


def kept(path: Path, part: str) -> Answer:
    """What a file holds that was kept of an answer; ``bidder.server.answer`` for another file."""
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused.because("bidder.server.answer", part=part)
    return found


def text(answer: Answer, name: str) -> bytes:
    """The bytes of a signed text in an answer; ``bidder.server.answer`` where there is none."""
    value = answer.get(name)
    try:
        # JSON can spell a lone surrogate, which no text is.
        if isinstance(value, str):
            return value.encode()
    except UnicodeEncodeError:
        pass
    raise Refused.because("bidder.server.answer", part=name)


def raw(answer: Answer, name: str) -> bytes:
    """Bytes that stand in an answer in base64."""
    found = fields.unpacked(text(answer, name))
    if found is None:
        raise Refused.because("bidder.server.answer", part=name)
    return found


def rows(answer: Answer, name: str) -> list[Any]:
    """A list in an answer, empty where it is left out."""
    value = answer.get(name, [])
    if not isinstance(value, list):
        raise Refused.because("bidder.server.answer", part=name)
    return value


def hashes(answer: Answer, name: str) -> tuple[bytes, ...]:
    """A list of hashes in hexadecimal."""
    shape = fields.listing(fields.digest, 0, 64)
    return tuple(bytes.fromhex(each) for each in shape(answer.get(name), f"$.{name}"))


def bundle(answer: Answer, name: str) -> Bundle:
    """A signed text with the signatures beside it."""
    return Bundle(text(answer, name), read_signatures(rows(answer, "signatures")))


def trust(options: argparse.Namespace, answer: Answer) -> Trust:
    """Whom to believe: the reader's own roots; issuers and lists may come from the server.

    A list is signed by its authority, so it does not matter who hands it over.
    """
    anchors = Anchors.load(options.anchors.read_bytes(), demonstration=options.demonstration)
    issuers = text(answer, "chain") if answer.get("chain") else b""
    return Trust(
        anchors,
        tuple(load_crl(fields.unpacked(each) or b"") for each in rows(answer, "crls")),
        tuple(load_many(issuers)) if issuers else (),
    )


def moment(options: argparse.Namespace, answer: Answer) -> datetime:
    """The time that counts here: as told by ``--at``, else this machine's.

    A sandbox's clock runs elsewhere, so under demonstration anchors the server's time counts.
    """
    if options.at:
        return fields.instant(options.at, "--at")
    if options.demonstration and "time" in answer:
        return fields.instant(answer["time"], "$.time")
    return clock.technical_now()


def secret(file: Path) -> str:
    """The one line of a file that holds a PIN, a passphrase or a token."""
    return file.read_text("utf-8").rstrip("\r\n")
