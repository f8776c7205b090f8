"""The recovery file: the identities of a bidder's own bid under a passphrase, never uploaded.

An age file under a passphrase (scrypt), so that Debian's ``age -d`` opens it too; inside are lines
that ``age -i`` takes, and comments that say of which bid and envelope they are.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping

import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage import passphrase as under

from kernel.errors import Refused
from kernel.sealing import age

_MAX = 64 * 1024
# pyrage measures the machine and takes seconds; 2^16 rounds (64 MiB) is what a file on one's own
# disk is worth, and every age program reads it.
_LOG_ROUNDS = 16
_HEAD = "# zhuxin-recovery/1 "
_LINE = re.compile(r"# envelope ([a-z_]{1,40})\n(AGE-SECRET-KEY-1[0-9A-Z]+)\n")


def make_recovery(manifest_sha256: str, identities: Mapping[str, bytes], passphrase: str) -> bytes:
    """The file; an empty passphrase is refused with ``sealing.recovery.no_passphrase``."""
    if not passphrase:
        raise Refused.because("sealing.recovery.no_passphrase")
    lines = [f"{_HEAD}{manifest_sha256}\n"]
    for name, identity in identities.items():
        lines.append(f"# envelope {name}\n{age.identity_text(identity)}\n")
    return _encrypt("".join(lines).encode(), passphrase)


def open_recovery(data: bytes, passphrase: str) -> tuple[str, dict[str, bytes]]:
    """The manifest hash (hex) and identities (32 bytes) by envelope.

    ``sealing.recovery.cannot_open`` for a wrong passphrase, a broken file or another one.
    """
    try:
        if len(data) > _MAX:
            raise ValueError("too large")
        text = bytes(under.decrypt(data, passphrase)).decode("ascii")
        head, body = text.split("\n", 1)
        if not re.fullmatch(_HEAD + "[0-9a-f]{64}", head) or _LINE.sub("", body):
            raise ValueError("not a recovery file")
    except (pyrage.DecryptError, ValueError) as fault:
        raise Refused.because("sealing.recovery.cannot_open") from fault
    found = {match[1]: age.parse_identity(match[2]) for match in _LINE.finditer(body)}
    return head[len(_HEAD) :], found


def _encrypt(plaintext: bytes, passphrase: str) -> bytes:
    """A binary age file with one scrypt stanza and one chunk (age-encryption.org/v1)."""
    key, salt, nonce = (secrets.token_bytes(16) for _ in range(3))
    wrapping = hashlib.scrypt(
        passphrase.encode(), salt=b"age-encryption.org/v1/scrypt" + salt,
        n=2**_LOG_ROUNDS, r=8, p=1, maxmem=2**28, dklen=32,
    )  # fmt: skip
    body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), key, None)
    head = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (
        _b64(salt),
        _LOG_ROUNDS,
        _b64(body),
    )
    mac = hmac.digest(_derive(key, b"", b"header"), head, "sha256")
    # The last chunk's nonce: counter 0, and the byte that says that no other follows.
    sealed = ChaCha20Poly1305(_derive(key, nonce, b"payload")).encrypt(
        bytes(11) + b"\x01", plaintext, None
    )
    return head + b" " + _b64(mac) + b"\n" + nonce + sealed


def _derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt or None, info).derive(key)


def _b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")
