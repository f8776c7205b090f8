"""Whom document signatures may be traced to: anchors, issuers in between, revocation lists.

By default the files of ``<var>/pki``: ``anchors/*.pem``, ``issuers/*.pem``, ``crls/*.crl``. A
deployment that has them elsewhere says so with :func:`use` at start-up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from django.conf import settings

from kernel.sealing.certificates import is_demonstration, load


@dataclass(frozen=True)
class Trust:
    """anchors and issuers: certificates as PEM; crls: PEM or DER."""

    anchors: tuple[bytes, ...] = ()
    issuers: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    def chain_of(self, certificate: bytes) -> list[bytes]:
        """The issuers between a certificate and its anchor, nearest first, by name."""
        by_subject = {load(pem).subject: pem for pem in self.issuers}
        chain: list[bytes] = []
        current: x509.Certificate = load(certificate)
        while (found := by_subject.pop(current.issuer, None)) is not None:
            chain.append(found)
            current = load(found)
        return chain


def from_files() -> Trust:
    """What the files of ``<var>/pki`` say."""
    folder = Path(settings.VAR_DIR) / "pki"
    return Trust(
        anchors=_all(folder / "anchors", "*.pem"),
        issuers=_all(folder / "issuers", "*.pem"),
        crls=_all(folder / "crls", "*.crl"),
    )


def _all(folder: Path, pattern: str) -> tuple[bytes, ...]:
    found = tuple(path.read_bytes() for path in sorted(folder.glob(pattern)))
    if settings.SANDBOX or pattern != "*.pem":
        return found
    # A folder that was a sandbox's once opens no door in production.
    return tuple(pem for pem in found if not is_demonstration(load(pem)))


_source: Callable[[], Trust] = from_files


def use(source: Callable[[], Trust]) -> None:
    """Set where trust is read from; asked anew for every act, so that lists stay fresh."""
    global _source
    _source = source


def current() -> Trust:
    """What is trusted now."""
    return _source()
