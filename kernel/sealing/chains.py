"""Remembered chains: a certificate that was verified once need not be verified for every bid.

Correct because only what cannot change is remembered: anchors, lists and issuers are fixed for one
:class:`Chains` (new lists make a new one), a revoked or refused certificate is never kept, and what
is kept holds only within the validity of the whole chain and of every list that was current.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from kernel.sealing.certificates import Profile, fingerprint
from kernel.sealing.cms import Signed, Verified, trusted
from kernel.sealing.revocation import Crl
from kernel.sealing.trust import Anchors, Chain

_MOST = 4096


@dataclass(frozen=True)
class _Known:
    chain: Chain
    since: datetime
    until: datetime


class Chains:
    """Verifies signers under fixed anchors and revocation lists, each certificate in full once."""

    def __init__(
        self,
        anchors: Anchors,
        crls: Sequence[Crl],
        intermediates: Sequence[x509.Certificate] = (),
    ) -> None:
        self._anchors, self._crls = anchors, tuple(crls)
        self._intermediates = tuple(intermediates)
        # Read out of the lists once: each reading parses them anew.
        self._issuers = tuple((crl, crl.issuer) for crl in self._crls)
        self._ends = [crl.next_update_utc for crl in self._crls if crl.next_update_utc]
        self._known: OrderedDict[tuple[str, ...], _Known] = OrderedDict()

    def trusted(self, signed: Signed, at: datetime, profile: Profile = Profile.SIGNER) -> Verified:
        """As :func:`kernel.sealing.cms.trusted`, with the same refusals."""
        key: tuple[str, ...] = (profile.value, fingerprint(signed.certificate))
        # Which issuers come along may decide whether a path is found, so they belong to the key.
        key += tuple(sorted(fingerprint(c) for c in signed.certificates))
        known = self._known.get(key)
        if known is not None and known.since <= at <= known.until:
            return Verified(
                signed.certificate, signed.certificates, signed.attributes, signed.digest_name,
                known.chain, at,
            )  # fmt: skip
        found = trusted(
            signed, self._anchors, at,
            crls=self._crls, intermediates=self._intermediates, profile=profile,
        )  # fmt: skip
        self._keep(key, found, at)
        return found

    def trusted_then(self, signed: Signed, at: datetime, known: datetime) -> Verified:
        """The same of an instant that is past, by lists that speak up to ``known``."""
        return trusted(
            signed, self._anchors, at,
            crls=self._crls, intermediates=self._intermediates, known=known,
        )  # fmt: skip

    def _keep(self, key: tuple[str, ...], found: Verified, at: datetime) -> None:
        for crl, issuer in self._issuers:
            for c in found.chain:
                if crl.get_revoked_certificate_by_serial_number(c.serial_number) is None:
                    continue
                if c.issuer == issuer:
                    return  # revoked later than now: each instant is judged anew
        self._known[key] = _Known(
            found.chain,
            # Never earlier than asked: a list of then may not have known the certificate.
            at,
            min(
                *(c.not_valid_after_utc for c in found.chain),
                *(end for end in self._ends if end >= at),
            ),
        )
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
