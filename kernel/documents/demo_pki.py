"""The sandbox's certificate authority: certificates for demonstration people, fresh lists.

Its keys are made at first use under ``<var>/pki`` and exist in sandboxes only. What it trusts is
marked as demonstration and worth nothing anywhere else.
"""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from kernel import clock
from kernel.documents import trust
from kernel.parties.models import Certificate, Organisation, Person
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import pem
from kernel.sealing.keystore import KDF_ROUNDS, make_p12

LIFETIME_DAYS = 3 * 365
# A list is made anew while it has still some days to live, as legal time goes.
_MARGIN = timedelta(days=2)


def folder() -> Path:
    """Where the authority lives."""
    return Path(settings.VAR_DIR) / "pki"


def authority(now: datetime) -> DemoAuthority:
    """The authority, made at first use and dated a year back, so that old cases verify."""
    home = folder() / "demo-authority"
    if (home / "revoked.json").exists():
        return DemoAuthority.load(home)
    made = DemoAuthority.create(now - timedelta(days=366))
    made.save(home)
    for name, certificate in (("anchors", made.root), ("issuers", made.issuing)):
        (folder() / name).mkdir(exist_ok=True)
        (folder() / name / "demonstration.pem").write_bytes(pem([certificate.certificate]))
    _write_lists(made, now)
    return made


def _write_lists(made: DemoAuthority, now: datetime) -> None:
    (folder() / "crls").mkdir(exist_ok=True)
    issuing, root = made.crls(now)
    # Who finds the issuing authority's list fresh looks no further: the root's is there before it.
    for name, data in (("root", root), ("issuing", issuing)):
        # Threads of one process also meet here, so the process alone does not name the part.
        partial = folder() / "crls" / f"{name}.{os.getpid()}.{threading.get_ident()}.partial"
        partial.write_bytes(data)
        partial.replace(folder() / "crls" / f"{name}.crl")


def current() -> trust.Trust:
    """What the sandbox trusts, with lists that are fresh by its own clock."""
    path = folder() / "crls" / "issuing.crl"
    if path.exists():
        now = clock.now()
        until = x509.load_der_x509_crl(path.read_bytes()).next_update_utc
        if until is None or until - now < _MARGIN:
            _write_lists(authority(now), now)
    return trust.from_files()


def certify(
    person: Person,
    organisation: Organisation,
    pin: str,
    now: datetime,
    rounds: int = KDF_ROUNDS,
) -> Path:
    """Make a person's signing key and certificate; the key goes into a .p12 beside, never here.

    rounds: of the PIN's derivation; fewer where seventy keys are made at once for play.
    Returns the path of the .p12, which in a real deployment the person's own token would be.
    """
    signer = authority(now).issue_signer(
        person.name, organisation.name, organisation.uscc, now - timedelta(days=365), LIFETIME_DAYS
    )
    certificate = signer.certificate
    Certificate.objects.create(
        organisation=organisation,
        person=person,
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        pem=pem([certificate]).decode(),
        subject=certificate.subject.rfc4514_string()[:300],
        serial=format(certificate.serial_number, "x"),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        registered_at=now,
    )
    keys = Path(settings.VAR_DIR) / "demo-keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    path = keys / f"{person.user.username}.p12"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(make_p12(signer, pin, name=person.user.username, rounds=rounds))
    return path


def install() -> None:
    """Let the sandbox trust its own authority; called at start-up."""
    if settings.SANDBOX:
        trust.use(current)
