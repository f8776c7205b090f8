"""An administrator's writes: who takes part. Each is one transaction and one entry of the log.

The entries (``administration.*``) are not public, and hold numbers of rows instead of names of
people: an entry is for ever, a name may have to be erased.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from kernel import clock
from kernel.access.table import TABLE
from kernel.errors import Conflict, NotFound, Refused
from kernel.evidence import services as evidence
from kernel.identifiers import regions, resident_id, uscc
from kernel.parties import tokens
from kernel.parties.models import ApiToken, Membership, Organisation, Person, User

LEVELS = {"province": "province", "city": "prefecture", "county": "county"}
# Our own default: a system that nobody renews for a year is one that nobody looks after.
TOKEN_DAYS = 366
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,19}")


@dataclass(frozen=True)
class Administrator:
    """Who administers, by the account of the operating system, and why in their own words."""

    account: str
    reason: str = ""


def add_organisation(
    *, by: Administrator, at: datetime, code: str, name: str, region: str, authority: str = ""
) -> tuple[Organisation, uscc.Uscc]:
    """Register an organisation; its parsed code comes along, whose warnings need the register.

    authority: ``province``, ``city``, ``county`` or empty. Refuses what the code and the region
    refuse, ``administration.organisation.exists``, ``.level`` and ``administration.name.missing``.
    """
    parsed = uscc.parse(code)
    place = regions.parse(region, clock.legal_date(at)).code
    if authority and LEVELS.get(authority) != regions.level(place):
        raise Refused.because(
            "administration.organisation.level", authority=authority, region=place
        )
    if known := Organisation.objects.filter(uscc=parsed.code).first():
        raise Conflict.because("administration.organisation.exists", uscc=parsed.code, id=known.pk)
    with transaction.atomic():
        made = Organisation.objects.create(
            uscc=parsed.code, name=_name(name, 200), region=place, authority=authority
        )
        facts = {"uscc": made.uscc, "name": made.name, "region": place, "authority": authority}
        log(by, at, "organisation_added", organisation=made.pk, **facts)
    return made, parsed


def add_person(
    *, by: Administrator, at: datetime, name: str, identity_number: str = "", phone: str = ""
) -> Person:
    """Register a natural person; number and phone may stay empty.

    Refuses what the number refuses, ``administration.person.exists``, ``.phone`` and
    ``administration.name.missing``.
    """
    number = ""
    if identity_number:
        number = resident_id.parse(identity_number, clock.legal_date(at)).number
        if known := Person.objects.filter(resident_id=number).first():
            raise Conflict.because("administration.person.exists", id=known.pk)
    if phone and not _PHONE.fullmatch(phone):
        raise Refused.because("administration.person.phone")
    with transaction.atomic():
        made = Person.objects.create(name=_name(name, 80), resident_id=number, phone=phone)
        log(by, at, "person_added", person=made.pk, identified=bool(number))
    return made


def add_account(
    *, by: Administrator, at: datetime, username: str, person_id: int
) -> tuple[User, str]:
    """An account for a person, with a temporary password that is returned once.

    Refuses ``administration.person.unknown``, ``.account.exists`` and ``.account.username``.
    """
    person = person_of(person_id)
    if known := User.objects.filter(person=person).first():
        raise Conflict.because(
            "administration.account.exists", person=person.pk, username=known.username
        )
    password = secrets.token_urlsafe(12)
    user = User(username=username, person=person)
    user.set_password(password)
    user.password_is_temporary = True
    # Two names that differ in capitals only would be taken for one another.
    taken = User.objects.filter(username__iexact=username).exists()
    try:
        user.clean_fields(exclude={"password"})
    except ValidationError:
        taken = True
    if taken:
        raise Refused.because("administration.account.username", username=username)
    with transaction.atomic():
        user.save()
        log(by, at, "account_added", account=user.pk, person=person.pk)
    return user, password


def add_membership(
    *,
    by: Administrator,
    at: datetime,
    person_id: int,
    organisation_id: int,
    role: str,
    first: date,
    last: date | None = None,
) -> Membership:
    """A person acts for an organisation in a role, both days included; ``last`` None: open.

    Refuses ``administration.membership.role``, ``.not_an_authority``, ``.period``, ``.overlaps``.
    """
    person, organisation = person_of(person_id), organisation_of(organisation_id)
    known = TABLE.roles.get(role)
    if known is None:
        names = sorted(TABLE.roles)
        raise Refused.because("administration.membership.role", role=role, roles=names)
    if known.authority and not organisation.authority:
        raise Refused.because("administration.membership.not_an_authority", role=str(known.label))
    if last is not None and last < first:
        raise Refused.because(
            "administration.membership.period", first=first.isoformat(), last=last.isoformat()
        )
    with transaction.atomic():
        # Two administrators at once: the organisation's row lets one go after the other.
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        same = Membership.objects.filter(person=person, organisation=organisation, role=role)
        same = same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
        if other := (same.filter(valid_from__lte=last) if last else same).first():
            raise Conflict.because("administration.membership.overlaps", id=other.pk)
        made = Membership.objects.create(
            person=person, organisation=organisation, role=role, valid_from=first, valid_to=last
        )
        facts = {"person": person.pk, "organisation": organisation.pk, "role": role}
        log(by, at, "membership_added", membership=made.pk, **facts, **_period(made))
    return made


def end_membership(
    *, by: Administrator, at: datetime, membership_id: int, last: date
) -> Membership:
    """Set the last day of a membership; yesterday ends it at once, nothing ends it earlier.

    Refuses ``administration.membership.unknown``, ``.ended``, ``.period`` and ``.past``.
    """
    with transaction.atomic():
        found = Membership.objects.select_for_update().filter(pk=membership_id).first()
        if found is None:
            raise NotFound.because("administration.membership.unknown", membership=membership_id)
        if found.valid_to is not None and found.valid_to <= last:
            raise Conflict.because(
                "administration.membership.ended",
                membership=found.pk,
                last=found.valid_to.isoformat(),
            )
        if last < found.valid_from:
            first = found.valid_from.isoformat()
            raise Refused.because(
                "administration.membership.period", first=first, last=last.isoformat()
            )
        if last < clock.legal_date(at) - timedelta(days=1):
            raise Refused.because("administration.membership.past", last=last.isoformat())
        found.valid_to = last
        found.save(update_fields=["valid_to"])
        log(by, at, "membership_ended", membership=found.pk, **_period(found))
    return found


def issue_token(
    *, by: Administrator, at: datetime, membership_id: int, name: str, days: int
) -> tuple[ApiToken, str]:
    """A token with which a system acts for a membership; its secret is returned once.

    Refuses ``administration.membership.unknown``, ``administration.token.days`` and
    ``administration.name.missing``.
    """
    membership = Membership.objects.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound.because("administration.membership.unknown", membership=membership_id)
    if not 1 <= days <= TOKEN_DAYS:
        raise Refused.because("administration.token.days", most=TOKEN_DAYS)
    expires_at = clock.technical_now() + timedelta(days=days)
    with transaction.atomic():
        token, secret = tokens.issue(membership, name=_name(name, 80), expires_at=expires_at)
        log(by, at, "token_issued", token=token.pk, membership=membership.pk, days=days)
    return token, secret


def revoke_token(*, by: Administrator, at: datetime, token_id: int) -> ApiToken:
    """End a token now. Refuses ``administration.token.unknown`` and ``.revoked``."""
    with transaction.atomic():
        found = ApiToken.objects.select_for_update().filter(pk=token_id).first()
        if found is None:
            raise NotFound.because("administration.token.unknown", token=token_id)
        if found.revoked_at is not None:
            raise Conflict.because("administration.token.revoked", token=token_id)
        found.revoked_at = clock.technical_now()
        found.save(update_fields=["revoked_at"])
        log(by, at, "token_revoked", token=found.pk, membership=found.membership_id)
    return found


def person_of(pk: int) -> Person:
    """A person by number; 404 ``administration.person.unknown``."""
    found = Person.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound.because("administration.person.unknown", person=pk)
    return found


def organisation_of(pk: int) -> Organisation:
    """An organisation by number; 404 ``administration.organisation.unknown``."""
    found = Organisation.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound.because("administration.organisation.unknown", organisation=pk)
    return found


def log(by: Administrator, at: datetime, what: str, **facts: Any) -> None:
    """The entry of one write, as the last thing of its transaction."""
    body = {"by": by.account, "reason": by.reason, **facts}
    evidence.append(kind=f"administration.{what}", case="", at=at, body=body, public=False)


def _name(text: str, longest: int) -> str:
    name = text.strip()
    if not name or len(name) > longest:
        raise Refused.because("administration.name.missing", longest=longest)
    return name


def _period(membership: Membership) -> dict[str, str]:
    last = membership.valid_to
    return {"from": membership.valid_from.isoformat(), "to": last.isoformat() if last else ""}
