"""Who signs, and where: the one door of every command that signs.

A :class:`~kernel.sealing.keystore.Signer` at hand signs at once: today a key file (.p12), later
what a token's middleware is wrapped into. Without one the statement is written to a file, is
signed wherever the key is, and the same command with ``--signature`` goes on from there.
"""

from __future__ import annotations

import argparse
import getpass
import json
import shlex
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography import x509

from kernel.errors import Refused
from kernel.sealing import cms
from kernel.sealing.bids.bundles import sign
from kernel.sealing.certificates import Identity, der, identity_of, load_many
from kernel.sealing.keystore import Signer, open_p12
from kernel.sealing.words import lazy as _
from procurement.bidder.answers import secret


class ToSign(Exception):  # noqa: N818 - nothing failed: somebody else has to act
    """A statement waits for its signature, in a file; with ``signature`` the command goes on."""

    def __init__(self, statement: Path, certificate: Path) -> None:
        super().__init__(str(statement))
        self.statement, self.certificate = statement, certificate

    @property
    def signature(self) -> Path:
        """Where the command that is told puts the signature."""
        return self.statement.with_name(self.statement.name + ".p7s")

    @property
    def command(self) -> str:
        """One way to sign it; a token's own program makes the same CMS."""
        words = ["openssl", "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER"]
        words += ["-signer", str(self.certificate), "-inkey", "KEY.pem"]
        return shlex.join([*words, "-in", str(self.statement), "-out", str(self.signature)])


class Hand(Protocol):
    """Whoever signs for an organisation, with a key at hand or without."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""

    @property
    def me(self) -> Identity:
        """Whom the certificate names."""

    def signed(self, data: bytes, at: datetime, statement: Path) -> bytes:
        """The detached CMS over data; statement: where it would wait to be signed."""

    def waiting(self, statement: Path) -> bytes | None:
        """What waits there from an earlier run, for whoever cannot make the same bytes again."""


@dataclass(frozen=True)
class Here:
    """A signer at hand."""

    signer: Signer

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""
        return self.signer.certificate

    @property
    def me(self) -> Identity:
        """Whom the certificate names."""
        return identity_of(self.certificate)

    def signed(self, data: bytes, at: datetime, statement: Path) -> bytes:
        """The signature, made now."""
        return sign(data, self.signer, at)

    def waiting(self, statement: Path) -> bytes | None:
        """Nothing ever waits."""
        return None


@dataclass(frozen=True)
class Elsewhere:
    """A key that is somewhere else: statements go out as files, signatures come in as files."""

    chain: tuple[x509.Certificate, ...]
    named: Path
    given: tuple[Path, ...] = ()
    taken: set[Path] = field(default_factory=set)

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""
        return self.chain[0]

    @property
    def me(self) -> Identity:
        """Whom the certificate names."""
        return identity_of(self.certificate)

    def signed(self, data: bytes, at: datetime, statement: Path) -> bytes:
        """The signature among the files given that is over data, by this certificate's key.

        Where none is, the statement is written and :class:`ToSign` raised; ``bidder.sign.other``
        where files were given and none of them was for anything that is signed here.
        """
        for path in self.given:
            found = path.read_bytes()
            try:
                signed = cms.check(found, data)
            except Refused as refused:
                if {each.code for each in refused.refusals} == {"sealing.cms.digest"}:
                    continue  # a signature over something else, maybe over the next statement
                raise
            if der(signed.certificate) != der(self.certificate):
                raise Refused.because(
                    "sealing.signature.other", wanted=self.me.uscc, found=signed.identity.uscc
                )
            self.taken.add(path)
            return _with_issuers(found, self.chain[1:])
        if self.given and not self.taken:
            names = ", ".join(path.name for path in self.given)
            raise Refused.because("bidder.sign.other", names=names, statement=statement.name)
        from procurement.bidder.seal import write_private

        statement.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(statement, data)
        raise ToSign(statement, self.named)

    def waiting(self, statement: Path) -> bytes | None:
        """What an earlier run wrote there, once signatures are given."""
        return statement.read_bytes() if self.given and statement.exists() else None


def hand(options: argparse.Namespace) -> Here | Elsewhere:
    """Who signs, as the options say."""
    if options.certificate:
        chain = tuple(load_many(options.certificate.read_bytes()))
        return Elsewhere(chain, options.certificate, tuple(options.signature))
    if options.signature:
        raise Refused.because("bidder.usage.needs", option="--certificate")
    return Here(open_p12(options.p12.read_bytes(), _pin(options.pin_file)))


def _with_issuers(p7s: bytes, issuers: tuple[x509.Certificate, ...]) -> bytes:
    """The signature with the issuers that stand in the certificate's file; many leave them out.

    Which certificates come along is not signed: nothing that is changes by it.
    """
    from asn1crypto import cms as asn1
    from asn1crypto import x509 as asn1_x509

    info = asn1.ContentInfo.load(p7s)
    there = [each.chosen for each in info["content"]["certificates"]]
    known = {each.dump() for each in there}
    more = [
        asn1_x509.Certificate.load(data) for each in issuers if (data := der(each)) not in known
    ]
    if not more:
        return p7s
    info["content"]["certificates"] = [
        asn1.CertificateChoices("certificate", each) for each in [*there, *more]
    ]
    return bytes(info.dump())


def beside(path: Path, name: str) -> Path:
    """Where a statement about a file waits to be signed."""
    return path.with_name(f"{path.name}.{name}.to-sign.json")


def kind_of(data: bytes) -> str:
    """The plain name of a statement: that of its format, without the house's name and version."""
    told = json.loads(data)["format"]
    return str(told).removeprefix("zhuxin-").partition("/")[0]


def _pin(file: Path | None) -> str:
    """The PIN of a file, else asked of whoever sits there; ``bidder.usage.needs`` of nobody."""
    if file is not None:
        return secret(file)
    if not sys.stdin.isatty():
        raise Refused.because("bidder.usage.needs", option="--pin-file")
    return getpass.getpass(str(_("PIN 码：")))
