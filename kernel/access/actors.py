"""Who acts: a person, for an organisation, in a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from kernel import clock
from kernel.errors import NotPermitted
from kernel.parties.models import Membership, Organisation, Person
from kernel.queries import Prepared


@dataclass(frozen=True)
class Actor:
    """A person who acts for an organisation in a role; nobody acts as only one of the three.

    ``authority`` is the level of a public authority ("province", "city", "county") or empty.
    """

    person_id: int
    organisation_id: int
    role: str
    person_name: str = ""
    organisation_name: str = ""
    uscc: str = ""
    region: str = ""
    authority: str = ""

    @property
    def is_platform(self) -> bool:
        """True for the platform itself, which acts only when a deadline has passed."""
        return self.role == PLATFORM_ROLE


PLATFORM_ROLE = "platform"
PLATFORM = Actor(person_id=0, organisation_id=0, role=PLATFORM_ROLE, organisation_name="筑信平台")


def from_membership(membership: Membership) -> Actor:
    """The actor that a membership stands for (person and organisation already loaded)."""
    organisation = membership.organisation
    return Actor(
        person_id=membership.person_id,
        organisation_id=membership.organisation_id,
        role=membership.role,
        person_name=membership.person.name,
        organisation_name=organisation.name,
        uscc=organisation.uscc,
        region=organisation.region,
        authority=organisation.authority,
    )


def live_memberships(person_id: int, day: date | None = None) -> list[Membership]:
    """The memberships of a person in force on a legal day, today unless told, oldest first."""
    today = day or clock.today()
    found = (_membership(row) for row in _memberships.rows(person_id, today))
    return [row for row in found if row.valid_to is None or row.valid_to >= today]


_OF_PARTIES: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "person": (Person, ("id", "name")),
    "organisation": (Organisation, ("id", "uscc", "name", "region", "authority")),
}


def _own() -> list[str]:
    return [field.attname for field in Membership._meta.concrete_fields]


_memberships = Prepared(
    lambda slots: Membership.objects.filter(
        person_id=slots.number(0), valid_from__lte=slots.day(1)
    ).values_list(
        *_own(),
        *(f"{of}__{name}" for of, (_model, names) in _OF_PARTIES.items() for name in names),
    )
)


def _membership(row: Sequence[Any]) -> Membership:
    """A membership with its person and its organisation, as far as actors need them."""
    at = len(own := _own())
    made = Membership.from_db(DEFAULT_DB_ALIAS, own, row[:at])
    for of, (model, names) in _OF_PARTIES.items():
        whose = model.from_db(DEFAULT_DB_ALIAS, names, row[at : at + len(names)])
        made._state.fields_cache[of] = whose
        at += len(names)
    return made


_periods = Prepared(
    lambda slots: (
        Membership.objects.order_by()
        .filter(
            person_id=slots.number(0),
            organisation_id=slots.number(1),
            role=slots.text(2),
            valid_from__lte=slots.day(3),
        )
        .values_list("valid_to")
    )
)


def confirm(actor: Actor, today: date) -> None:
    """Refuse an actor whose membership is not in force on a legal day (it may have ended)."""
    if actor.is_platform:
        return
    rows = _periods.rows(actor.person_id, actor.organisation_id, actor.role, today)
    if not any(valid_to is None or valid_to >= today for (valid_to,) in rows):
        raise NotPermitted.because("access.membership.ended", role=actor.role)
