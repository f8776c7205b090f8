"""An administrator registers a signing certificate: whose it is, what it is for, who issued it."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from django.db import transaction
from django.db.models import Q

from kernel import clock
from kernel.documents import trust
from kernel.errors import Conflict, Refused
from kernel.parties.models import Certificate, Membership, Organisation, Person
from kernel.sealing.certificates import (
    Profile,
    check_profile,
    fingerprint,
    identity_of,
    is_demonstration,
    load,
    pem,
)
from kernel.sealing.trust import Anchors, build_chain
from kernel.workflow.administration import Administrator, log, organisation_of, person_of


def add_certificate(
    *,
    by: Administrator,
    at: datetime,
    organisation_id: int,
    data: bytes,
    person_id: int | None = None,
) -> Certificate:
    """Register a certificate (PEM) of a person, or of an organisation's seal without one.

    It must be made for signing, be valid now, lead to an anchor that is trusted here, be in no
    revocation list, and name this very organisation and person. Refuses what
    ``kernel.sealing.certificates`` and ``.trust`` refuse, and ``administration.certificate.*``.
    """
    organisation = organisation_of(organisation_id)
    person = person_of(person_id) if person_id is not None else None
    if not data.lstrip().startswith(b"-----BEGIN CERTIFICATE-----"):
        raise Refused.because("administration.certificate.unreadable")
    certificate = load(data)
    _require_trusted(certificate, at)
    _require_named(certificate, organisation, person)
    if person is not None:
        _require_member(person, organisation, at)
    digest = fingerprint(certificate)
    if known := Certificate.objects.filter(fingerprint=digest).first():
        raise Conflict.because("administration.certificate.exists", id=known.pk)
    with transaction.atomic():
        made = Certificate.objects.create(
            organisation=organisation,
            person=person,
            fingerprint=digest,
            pem=pem([certificate]).decode(),
            subject=certificate.subject.rfc4514_string()[:300],
            serial=format(certificate.serial_number, "x"),
            valid_from=certificate.not_valid_before_utc,
            valid_to=certificate.not_valid_after_utc,
            registered_at=at,
        )
        facts = {"organisation": organisation.pk, "person": person_id, "fingerprint": digest}
        log(by, at, "certificate_added", certificate=made.pk, **facts)
    return made


def _require_trusted(certificate: x509.Certificate, at: datetime) -> None:
    check_profile(certificate, Profile.SIGNER)
    trusted = trust.current()
    demonstration = is_demonstration(certificate)
    anchors = [one for one in map(load, trusted.anchors) if is_demonstration(one) == demonstration]
    build_chain(
        certificate,
        [load(one) for one in trusted.issuers],
        Anchors(tuple(anchors), demonstration=demonstration),
        at,
    )
    trust.require_lists(pem([certificate]), at)


def _require_named(
    certificate: x509.Certificate, organisation: Organisation, person: Person | None
) -> None:
    named = identity_of(certificate)
    found = named.uscc or named.organisation
    if found != (organisation.uscc if named.uscc else organisation.name):
        raise Refused.because(
            "administration.certificate.other_organisation",
            found=found,
            expected=f"{organisation.name} {organisation.uscc}",
        )
    expected = person.name if person else ""
    if named.person != expected:
        raise Refused.because(
            "administration.certificate.other_person",
            found=named.person or "–",
            expected=expected or "–",
        )


def _require_member(person: Person, organisation: Organisation, at: datetime) -> None:
    day = clock.legal_date(at)
    in_force = Membership.objects.filter(
        person=person, organisation=organisation, valid_from__lte=day
    ).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    if not in_force.exists():
        raise Refused.because("administration.certificate.not_a_member")
