"""The platform speaking for itself outside PDFs: detached signatures with its own seal."""

from __future__ import annotations

import base64
import functools
import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.conf import settings

from kernel.documents import demo_pki, seal
from kernel.errors import Unavailable
from kernel.identifiers import uscc as usccs
from kernel.parties.models import Membership
from kernel.sealing.bids import bundles
from kernel.sealing.certificates import Identity, identity_of, load, pem
from kernel.sealing.keystore import KeySigner

_NAME = "黑龙江示范平台运营有限公司"


def forget() -> None:
    """Read the seal anew at the next signature."""
    _signer.cache_clear()


def operator(now: datetime) -> KeySigner:
    """The platform's seal, with which receipts, lists and records are signed.

    A sandbox makes one of its own demonstration authority at first use; elsewhere the lack of one
    is 503 ``documents.seal.unavailable``.
    """
    folder, certificate = _seal_in(settings.VAR_DIR)
    if settings.SANDBOX and not certificate.exists():
        _make(folder, now)
    return _signer(folder)


@functools.lru_cache(maxsize=8)
def _seal_in(var: Path) -> tuple[Path, Path]:
    folder = Path(var) / "pki" / "seal"
    return folder, folder / "certificate.pem"


@functools.lru_cache(maxsize=4)
def _signer(_folder: Path) -> KeySigner:
    found = seal.current()
    if not isinstance(found, seal.KeyFileSeal):
        raise Unavailable.because("documents.seal.unavailable")
    return KeySigner(found.key, load(found.certificate), tuple(map(load, found.chain)))


def identity(now: datetime) -> Identity:
    """Who the operator is, by its certificate."""
    return identity_of(operator(now).certificate)


def signed(text: bytes, at: datetime) -> bytes:
    """The platform's detached CMS signature over a text, DER."""
    return bundles.sign(text, operator(at), at)


def signed_text(text: bytes, at: datetime) -> str:
    """The same in base64."""
    return base64.b64encode(signed(text, at)).decode()


def _make(folder: Path, now: datetime) -> None:
    """Make the sandbox's seal: whole or not at all, and never over another's."""
    row = Membership.objects.filter(role="operator").select_related("organisation").first()
    name = row.organisation.name if row else _NAME
    code = row.organisation.uscc if row else usccs.demonstration("230103", 6)
    made = demo_pki.authority(now).issue_signer(
        "", name, code, now - timedelta(days=365), demo_pki.LIFETIME_DAYS
    )
    draft = folder.with_name(f"seal.{os.getpid()}.partial")
    draft.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(draft / "key.pem", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    (draft / "chain.pem").write_bytes(pem([c for c in made.chain if c.issuer != c.subject]))
    (draft / "certificate.pem").write_bytes(pem([made.certificate]))
    try:
        draft.rename(folder)
    except OSError:  # somebody else was faster
        for path in draft.iterdir():
            path.unlink()
        draft.rmdir()
    _signer.cache_clear()
