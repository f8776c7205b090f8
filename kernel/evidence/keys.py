"""The log's signing key (P-256): a file of this deployment, made at first use.

Where no path is configured (ZHUXIN_LOG_KEY) the key lies in ``VAR_DIR/keys/log.pem``. A configured
path is never written to: a key that is missing there is a fault, not an occasion for a new one.
"""

from __future__ import annotations

import functools
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from kernel.errors import Unavailable
from kernel.evidence import formats


class FileSigner:
    """Signs with a private key held in memory; satisfies :class:`formats.Signer`."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.spki = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.key_id = formats.key_id(self.spki)

    def sign(self, data: bytes) -> bytes:
        """ECDSA P-256/SHA-256 signature, DER."""
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


def signer() -> FileSigner:
    """The log's signer of this deployment. Raises Unavailable ``evidence.key.unreadable``."""
    if configured := _configured():
        return load(Path(configured))
    path = _own_path()
    if not path.exists():
        create(path)
    return load(path)


def known() -> dict[str, bytes]:
    """Key id -> public key of this deployment's key; empty where none was made yet."""
    configured = _configured()
    path = Path(configured) if configured else _own_path()
    if not configured and not path.exists():
        return {}
    own = load(path)
    return {own.key_id: own.spki}


@functools.lru_cache(maxsize=8)
def load(path: Path) -> FileSigner:
    """Read an unencrypted PKCS #8 PEM file with a P-256 key."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as fault:
        raise Unavailable.because("evidence.key.unreadable", path=str(path)) from fault
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Unavailable.because("evidence.key.unreadable", path=str(path))
    return FileSigner(key)


def create(path: Path) -> None:
    """Make a key file (0600) unless there is one: whole or not at all, and never over another's.

    Of two processes that come at once one links its file into place; the other's is dropped.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        _sync_folder(path.parent)
    finally:
        draft.unlink()


def _configured() -> str:
    configured: str = getattr(settings, "ZHUXIN_LOG_KEY", "")
    return configured or os.environ.get("ZHUXIN_LOG_KEY", "")


def _own_path() -> Path:
    return _path_in(settings.VAR_DIR)


@functools.lru_cache(maxsize=8)
def _path_in(folder: Path) -> Path:
    return Path(folder) / "keys" / "log.pem"


def _sync_folder(folder: Path) -> None:
    # A key that signed must survive a power cut, its name included.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
