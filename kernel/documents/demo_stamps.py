"""The sandbox's own time-stamp authority, and the lists that all time-stamps are judged by.

It stamps by the legal clock, which people of a sandbox move, with a key that lies on the same
machine: its tokens prove nothing against the operator, and say so.
"""

from __future__ import annotations

import functools
import os
import secrets
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from kernel import clock
from kernel.documents import demo_pki, trust
from kernel.evidence import authorities
from kernel.sealing import demo_tsa
from kernel.sealing.certificates import load, load_many, pem
from kernel.sealing.keystore import KeySigner
from kernel.sealing.revocation import Crl
from kernel.sealing.trust import Anchors


def respond(request: bytes) -> bytes:
    """The TimeStampResp to a TimeStampReq, dated by the legal clock."""
    now = clock.now()
    return demo_tsa.respond(request, _signer(_file()), now)


def own() -> authorities.Authority | None:
    """The authority as one among others; None outside a sandbox."""
    if not settings.SANDBOX:
        return None
    roots = demo_pki.authority(clock.now()).root.certificate
    return authorities.Authority(demo_tsa.NAME, Anchors((roots,), True), respond, own=True)


def lists() -> authorities.Lists:
    """Issuers and revocation lists that signatures are judged by judge time-stamps too."""
    found = trust.current()
    return authorities.Lists(_lists(found.crls), tuple(map(load, found.issuers)))


@functools.lru_cache(maxsize=2)
def _lists(crls: tuple[bytes, ...]) -> tuple[Crl, ...]:
    # The same objects for the same bytes: what was verified of them is remembered by identity.
    return tuple(trust.Trust(crls=crls).lists())


def _file() -> Path:
    """Key, certificate and issuers in one file, made at first use: whole or not at all."""
    path = demo_pki.folder() / "tsa.pem"
    if path.exists():
        return path
    now = clock.now()
    made = demo_tsa.issue(demo_pki.authority(now), now - timedelta(days=365))
    data = made.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + pem([made.certificate, *made.chain])
    draft = path.with_name(f".tsa.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # somebody else was faster, and that key counts
    finally:
        draft.unlink()
    return path


@functools.lru_cache(maxsize=4)
def _signer(path: Path) -> KeySigner:
    data = path.read_bytes()
    key = serialization.load_pem_private_key(data, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    start = data.index(b"-----BEGIN CERTIFICATE")
    certificate, *chain = load_many(data[start:])
    return KeySigner(key, certificate, tuple(chain))


def install() -> None:
    """Tell the log's room who stamps in a sandbox, and by which lists; called at start-up."""
    authorities.use_own(own)
    authorities.use_lists(lists)
