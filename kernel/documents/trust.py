"""Whom document signatures may be traced to: anchors, issuers in between, revocation lists.

By default the files of ``<var>/pki``: ``anchors/*.pem``, ``issuers/*.pem``, ``crls/*.crl``. A
deployment that has them elsewhere says so with :func:`use` at start-up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from django.conf import settings

from kernel.errors import Refused
from kernel.sealing.certificates import is_demonstration, issuer_text, load
from kernel.sealing.revocation import Crl, check_revocation, freshness, load_crl

_LOG = logging.getLogger(__name__)
_UNKNOWN = {"sealing.certificate.crl_missing", "sealing.certificate.crl_stale"}


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

    def lists(self) -> list[Crl]:
        """The revocation lists that can be read; a broken file is as good as none."""
        found = []
        for data in self.crls:
            try:
                found.append(load_crl(data))
            except Refused:
                _LOG.warning("a revocation list cannot be read: %d bytes", len(data))
        return found

    def lists_state(self, at: datetime) -> str:
        """``ok``, ``stale`` or ``missing``: the worst of what the lists say of each authority.

        Every authority that issues must have a list, even where it revoked nothing yet.
        """
        authorities = [load(pem) for pem in (*self.anchors, *self.issuers)]
        lists = self.lists()
        found = {freshness(authority, lists, at) for authority in authorities} or {"missing"}
        return next(state for state in ("missing", "stale", "ok") if state in found)

    def require_lists(self, certificate: bytes, at: datetime) -> None:
        """Refuse a signer of whom no current list says whether the certificate was revoked.

        ``documents.signing.revocation_unknown`` where a list of any issuer on the way to the
        anchor is missing or stale, ``sealing.certificate.revoked`` where one names it.
        """
        path = [load(certificate), *map(load, self.chain_of(certificate))]
        above = [anchor for anchor in map(load, self.anchors) if anchor.subject == path[-1].issuer]
        unknown = Refused.because(
            "documents.signing.revocation_unknown", issuer=issuer_text(path[0])
        )
        if not above:
            raise unknown
        try:
            check_revocation([*path, above[0]], self.lists(), at)
        except Refused as refused:
            if refused.refusals[0].code in _UNKNOWN:
                raise unknown from refused
            raise


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


def require_lists(certificate: bytes, at: datetime) -> None:
    """In production, as :meth:`Trust.require_lists`; a sandbox renews its own lists."""
    if not settings.SANDBOX:
        current().require_lists(certificate, at)
