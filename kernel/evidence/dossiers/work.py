"""What every check of a dossier needs: files, whom to believe, the log, a voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509

from kernel.errors import Refused
from kernel.evidence import anchors
from kernel.evidence.dossiers.archive import Dossier, refusal
from kernel.evidence.reading import Head
from kernel.sealing import cms
from kernel.sealing.bids.bundles import Trust, check_signer
from kernel.sealing.bids.policy import Policy

Say = Callable[..., None]


@dataclass
class Work:
    """A dossier under check.

    known: None where nobody vouches. policies: every version by hash, the newest last. entries:
    the log's by index, as they were shown; leaves: their hashes; proofs: of consistency with the
    head, by the smaller size.
    """

    dossier: Dossier
    known: anchors.Anchors | None
    trust: Trust
    tell: Say
    policies: dict[str, Policy] = field(default_factory=dict)
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    leaves: dict[int, bytes] = field(default_factory=dict)
    proofs: dict[int, tuple[int, tuple[bytes, ...]]] = field(default_factory=dict)
    head: Head | None = None
    # Receipts whose moment somebody else's clock vouches for.
    stamped: int = 0

    @property
    def policy(self) -> Policy:
        """The newest version."""
        return list(self.policies.values())[-1]

    def data(self, name: str) -> bytes:
        """A file's content."""
        return self.dossier.bytes(name)

    @contextmanager
    def about(self, name: str) -> Iterator[None]:
        """Whatever is refused within is a finding about this file."""
        try:
            yield
        except Refused as refused:
            raise refusal(name, refused) from refused

    def signed(
        self,
        name: str,
        p7s: bytes,
        uscc: str,
        *,
        earliest: datetime | None = None,
        latest: datetime | None = None,
    ) -> x509.Certificate:
        """Check an organisation's signature over a file; the certificate.

        The certificate must hold when it signed by its own word, not before the bounds that other
        evidence gives; where that word is none or later than them, at one of them.
        """
        return self.signed_bytes(name, self.data(name), p7s, uscc, earliest, latest)

    def signed_bytes(
        self,
        name: str,
        data: bytes,
        p7s: bytes,
        uscc: str,
        earliest: datetime | None = None,
        latest: datetime | None = None,
    ) -> x509.Certificate:
        """The same of bytes at hand."""
        with self.about(name):
            found = cms.check(p7s, data)
            check_signer(found, uscc)
            return self._trusted(found, earliest, latest).certificate

    def _trusted(
        self, found: cms.Signed, earliest: datetime | None, latest: datetime | None
    ) -> cms.Verified:
        said = found.attributes.signing_time
        if said is not None and (latest is None or said <= latest):
            return self.trust.chains.trusted(found, max(said, earliest or said))
        # It says none, or one that cannot be: when it was made nobody knows. It suffices that it
        # held at either bound. Else whoever is revoked later makes a dossier of others fail; and
        # whoever took a key could have said the earlier time anyway.
        if latest is None and earliest is None:
            raise Refused.because("sealing.signature.shape")
        since = earliest or found.certificate.not_valid_before_utc
        try:
            return self.trust.chains.trusted(found, latest or since)
        except Refused:
            if latest is None or since >= latest:
                raise
            return self.trust.chains.trusted(found, since)
