"""age files (age-encryption.org/v1) to one X25519 recipient: the content of an envelope.

Any `age` program opens them. What we accept is narrower than the format, so that every program
opens what we accepted: binary, a header of at most 2 KiB, exactly one X25519 stanza and at most
one grease stanza.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyrage
from pyrage import x25519

from kernel.errors import Refused
from kernel.sealing import bech32

MAX_HEADER = 2048

_IDENTITY_PREFIX = "age-secret-key-"
_RECIPIENT_PREFIX = "age"
_VERSION = b"age-encryption.org/v1\n"
_STANZA = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n((?:[A-Za-z0-9+/]{64}\n)*)"
                     rb"([A-Za-z0-9+/]{0,63})\n")  # fmt: skip
_MAC = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")
_CHUNK, _TAG, _NONCE = 64 * 1024, 16, 16


@dataclass(frozen=True)
class Header:
    """The header of an age file: its length in bytes, the one X25519 stanza's share, grease."""

    length: int
    ephemeral_share: bytes
    grease: bool

    def plaintext_size(self, file_size: int) -> int:
        """Bytes of plaintext in a file of ``file_size`` bytes; ``sealing.age.size`` if none fits.

        The payload is a nonce and chunks of 64 KiB, each 16 bytes longer, the last one shorter.
        """
        body = file_size - self.length - _NONCE
        chunks = -(-body // (_CHUNK + _TAG))
        size = body - chunks * _TAG
        # Only an empty plaintext has an empty last chunk.
        if chunks < 1 or size < 0 or (chunks > 1 and size <= (chunks - 1) * _CHUNK):
            raise Refused.because("sealing.age.size", size=file_size)
        return size


def new_identity() -> bytes:
    """A fresh X25519 identity as 32 bytes."""
    return parse_identity(str(x25519.Identity.generate()))


def identity_text(identity: bytes) -> str:
    """The identity as age writes it: ``AGE-SECRET-KEY-1…``."""
    if len(identity) != 32:
        raise Refused.because("sealing.age.bad_identity")
    return bech32.encode(_IDENTITY_PREFIX, identity).upper()


def parse_identity(text: str) -> bytes:
    """The 32 bytes of ``AGE-SECRET-KEY-1…``; refuses all else with ``sealing.age.bad_identity``."""
    return _parse(text, _IDENTITY_PREFIX, "sealing.age.bad_identity")


def recipient_of(identity: bytes) -> str:
    """The public key (``age1…``) of an identity."""
    return str(_identity(identity).to_public())


def encrypt(plaintext: bytes, recipient: str) -> bytes:
    """An age file of bytes for ``age1…``; refuses another with ``sealing.age.bad_recipient``."""
    return bytes(pyrage.encrypt(plaintext, [_recipient(recipient)]))


def encrypt_stream(source: BinaryIO, target: BinaryIO, recipient: str) -> None:
    """Encrypt a stream into a stream, in constant memory. Raises OSError when one fails."""
    key, reader, writer = _recipient(recipient), _Stream(source), _Stream(target)
    try:
        pyrage.encrypt_io(reader, writer, [key])
    except pyrage.EncryptError as fault:
        # With a good recipient nothing but the streams can fail.
        raise reader.fault or writer.fault or OSError(str(fault)) from fault
    if writer.fault:
        raise writer.fault


def encrypt_file(source: Path, target: Path, recipient: str) -> None:
    """Encrypt a file into a file, in constant memory; the target appears only when whole."""
    partial = target.with_name(target.name + ".partial")
    try:
        with source.open("rb") as plain, partial.open("wb") as sealed:
            encrypt_stream(plain, sealed, recipient)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def decrypt(sealed: bytes, identity: bytes) -> bytes:
    """The plaintext; another key or an altered file is refused with ``sealing.age.cannot_open``."""
    key = _identity(identity)
    try:
        return bytes(pyrage.decrypt(sealed, [key]))
    except pyrage.DecryptError as fault:
        raise Refused.because("sealing.age.cannot_open") from fault


def decrypt_stream(source: BinaryIO, target: BinaryIO, identity: bytes) -> None:
    """Decrypt a stream into a stream, in constant memory.

    Each chunk is authentic when written, but only a normal return says that the file is whole:
    what was written before ``sealing.age.cannot_open`` must be thrown away.
    """
    key, reader, writer = _identity(identity), _Stream(source), _Stream(target)
    try:
        pyrage.decrypt_io(reader, writer, [key])
    except (pyrage.DecryptError, OSError) as fault:
        own = reader.fault or writer.fault
        raise own or Refused.because("sealing.age.cannot_open") from fault
    if writer.fault:
        raise writer.fault


def decrypt_file(source: Path, target: Path, identity: bytes) -> None:
    """Decrypt a file into a file; the target appears only when the whole file proved authentic."""
    partial = target.with_name(target.name + ".partial")
    try:
        with source.open("rb") as sealed, partial.open("wb") as plain:
            decrypt_stream(sealed, plain, identity)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def inspect(beginning: bytes) -> Header:
    """The header of an age file from its first bytes (2 KiB suffice; more are not looked at).

    Refused: armour or another format (``sealing.age.not_binary``), more than 2 KiB
    (``.header_too_long``), bad syntax (``.header``), and anything but one X25519 stanza and at
    most one grease stanza (``.stanzas``). The header's MAC can be checked only by who opens it.
    """
    data = beginning[:MAX_HEADER]
    if not data.startswith(_VERSION):
        raise Refused.because("sealing.age.not_binary")
    position, shares, grease = len(_VERSION), [], 0
    while stanza := _STANZA.match(data, position):
        arguments, body = stanza[1].split(b" "), stanza[2].replace(b"\n", b"") + stanza[3]
        content = _unbase64(body)
        if arguments[0] == b"X25519" and len(arguments) == 2 and len(content) == 32:
            shares.append(_unbase64(arguments[1]))
        elif arguments[0].endswith(b"-grease"):
            grease += 1
        else:
            kind = arguments[0].decode("ascii")[:40]
            raise Refused.because("sealing.age.stanzas", kind=kind)
        position = stanza.end()
    mac = _MAC.match(data, position)
    if mac is None:
        cut = len(data) == MAX_HEADER and data.find(b"\n--- ", 0, MAX_HEADER - 48) < 0
        raise Refused.because("sealing.age.header_too_long" if cut else "sealing.age.header")
    _unbase64(mac[1])
    if len(shares) != 1 or grease > 1 or len(shares[0]) != 32:
        raise Refused.because("sealing.age.stanzas", kind=f"X25519 x{len(shares)}")
    return Header(length=mac.end(), ephemeral_share=shares[0], grease=grease == 1)


class _Stream:
    """A stream that remembers its first fault.

    pyrage swallows the fault of its last, buffered write, and reports one of reading as a file
    that does not open: a full disk would be silence, a broken one a broken bid.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.fault: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self.stream.read(size)
        except OSError as fault:
            self.fault = self.fault or fault
            raise

    def write(self, data: bytes) -> int:
        try:
            return self.stream.write(data)
        except OSError as fault:
            self.fault = self.fault or fault
            raise

    def flush(self) -> None:
        self.stream.flush()


def _unbase64(text: bytes) -> bytes:
    try:
        data = binascii.a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except ValueError as fault:
        raise Refused.because("sealing.age.header") from fault
    # One spelling only: the unused low bits of the last character must be zero.
    if binascii.b2a_base64(data, newline=False).rstrip(b"=") != text:
        raise Refused.because("sealing.age.header")
    return data


def _identity(identity: bytes) -> x25519.Identity:
    return x25519.Identity.from_str(identity_text(identity))


def _recipient(text: str) -> x25519.Recipient:
    _parse(text, _RECIPIENT_PREFIX, "sealing.age.bad_recipient")
    return x25519.Recipient.from_str(text)


def _parse(text: str, prefix: str, code: str) -> bytes:
    try:
        found, data = bech32.decode(text.strip())
    except ValueError as fault:
        raise Refused.because(code) from fault
    if found != prefix or len(data) != 32:
        raise Refused.because(code)
    return data
