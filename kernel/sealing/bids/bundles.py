"""Signed files: canonical JSON and the detached CMS signatures of organisations over it."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography import x509

from kernel.errors import Refusal, Refused
from kernel.sealing import cms
from kernel.sealing.bids.fields import unpacked
from kernel.sealing.bids.policy import Policy, read_policy
from kernel.sealing.certificates import fingerprint
from kernel.sealing.chains import Chains
from kernel.sealing.keystore import Signer
from kernel.sealing.revocation import Crl
from kernel.sealing.trust import Anchors


@dataclass(frozen=True)
class Trust:
    """Whom a reader believes: anchors, the authorities' revocation lists, known issuers.

    Keep one as long as the lists are the same: it remembers the chains that it verified.
    """

    anchors: Anchors
    crls: tuple[Crl, ...] = ()
    intermediates: tuple[x509.Certificate, ...] = ()

    def verify(self, signature: bytes, data: bytes, uscc: str, at: datetime) -> cms.Verified:
        """A signature over data by the organisation ``uscc``, valid at ``at``.

        Refused as by :func:`kernel.sealing.cms.verify`, and with ``sealing.signature.other``
        where another organisation signed.
        """
        signed = cms.check(signature, data)
        check_signer(signed, uscc)
        return self.chains.trusted(signed, at)

    def verify_said(
        self, signature: bytes, data: bytes, uscc: str, since: datetime, now: datetime
    ) -> cms.Verified:
        """A signature over what cannot be older than ``since``, valid now or then.

        A certificate that is revoked or expires afterwards takes back nothing that was said: else
        whoever signed could stop everybody who relies on it. Refused as by :meth:`verify`, now.
        """
        try:
            return self.verify(signature, data, uscc, now)
        except Refused as refused:
            try:
                return self.verify(signature, data, uscc, since)
            except Refused:
                raise refused from None

    def verify_stamped(
        self, signature: bytes, data: bytes, uscc: str, stamped: datetime, now: datetime
    ) -> cms.Verified:
        """A signature that a time-stamp proves to be from before ``stamped``, valid now or then.

        As :meth:`verify_said`; but for then only lists that speak up to now will do, so that who
        hands over the lists cannot hide a revocation from before the stamp.
        """
        signed = cms.check(signature, data)
        check_signer(signed, uscc)
        try:
            return self.chains.trusted(signed, now)
        except Refused as refused:
            try:
                return self.chains.trusted_then(signed, min(stamped, now), now)
            except Refused:
                raise refused from None

    @cached_property
    def chains(self) -> Chains:
        """The chains verified so far."""
        return Chains(self.anchors, self.crls, self.intermediates)


@dataclass(frozen=True)
class Signature:
    """A detached CMS signature and the organisation (USCC) that it is said to be of."""

    uscc: str
    p7s: bytes

    def as_json(self) -> dict[str, str]:
        """As it stands in answers: ``{"uscc", "p7s"}``."""
        return {"uscc": self.uscc, "p7s": base64.b64encode(self.p7s).decode()}


@dataclass(frozen=True)
class Bundle:
    """A signed text with its signatures."""

    text: bytes
    signatures: tuple[Signature, ...]


def sign(data: bytes, signer: Signer, at: datetime) -> bytes:
    """The detached CMS signature over a signed file (DER)."""
    return cms.sign(data, signer, at)


def check_signer(signed: cms.Signed, uscc: str) -> None:
    """Refuse a signature of another organisation: ``sealing.signature.other``."""
    found = signed.identity.uscc
    if found != uscc:
        raise Refused.because("sealing.signature.other", wanted=uscc, found=found)


def signers(
    bundle: Bundle,
    trust: Trust,
    at: datetime,
    allowed: Collection[str],
    since: datetime | None = None,
    *,
    stamped: datetime | None = None,
) -> set[str]:
    """Which of the allowed organisations signed a text, each by a signature that holds.

    since: when the text came to be, where it suffices that a signature held then. stamped: when
    the signatures themselves were time-stamped, which suffices likewise.

    Any signature that does not hold, or of somebody else, is refused: a bundle with a bad
    signature in it has been tampered with.
    """
    found: set[str] = set()
    for each in bundle.signatures:
        if each.uscc not in allowed:
            raise Refused.because("sealing.signature.stranger", found=each.uscc)
        if stamped is not None:
            trust.verify_stamped(each.p7s, bundle.text, each.uscc, stamped, at)
        else:
            trust.verify_said(each.p7s, bundle.text, each.uscc, since or at, at)
        found.add(each.uscc)
    return found


def verify_policy(
    bundle: Bundle,
    trust: Trust,
    at: datetime,
    expected: Iterable[str] = (),
    stamped: datetime | None = None,
) -> Policy:
    """The policy under the signatures of the procuring entity and of every trustee.

    at: when the signatures must hold. expected: the organisations (USCC) known from elsewhere,
    the notice on paper for one; where given, entity and trustees must be exactly these. stamped:
    when a token that the caller verified was made over :mod:`.policy_proof`; then a signature
    suffices that held at that moment. Refused:
    ``sealing.policy.unsigned`` naming each that did not sign, ``.organisations``, ``.authority``
    (the reader's anchors are not among the policy's), and as :func:`read_policy`.
    """
    policy = read_policy(bundle.text)
    parties = set(policy.parties())
    reasons = []
    wanted = set(expected)
    if wanted and wanted != parties:
        strange = sorted(parties ^ wanted)
        reasons.append(Refusal("sealing.policy.organisations", {"organisations": strange}))
    if not set(policy.authorities) & {fingerprint(c) for c in trust.anchors.certificates}:
        reasons.append(Refusal("sealing.policy.authority"))
    missing = parties - signers(bundle, trust, at, parties, stamped=stamped)
    reasons += [Refusal("sealing.policy.unsigned", {"party": uscc}) for uscc in sorted(missing)]
    if reasons:
        raise Refused(reasons)
    return policy


def enough(
    bundle: Bundle, policy: Policy, trust: Trust, at: datetime, since: datetime | None = None
) -> set[str]:
    """The trustees who signed a text; ``sealing.signature.too_few`` where they are less than k.

    since: as of :func:`signers`.
    """
    found = signers(bundle, trust, at, {t.uscc for t in policy.trustees}, since)
    if len(found) < policy.threshold:
        raise Refused.because(
            "sealing.signature.too_few", found=len(found), needed=policy.threshold
        )
    return found


def read_signatures(rows: Sequence[object]) -> tuple[Signature, ...]:
    """Signatures out of an answer's list of ``{"uscc", "p7s"}``."""
    result = []
    for row in rows:
        said = row if isinstance(row, dict) and set(row) == {"uscc", "p7s"} else {}
        p7s = unpacked(said.get("p7s"))
        if p7s is None or not isinstance(said["uscc"], str):
            raise Refused.because("sealing.signature.shape")
        result.append(Signature(said["uscc"], p7s))
    return tuple(result)
