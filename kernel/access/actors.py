"""Who acts: a person, for an organisation, in a role."""

from __future__ import annotations

from dataclasses import dataclass

from kernel import clock
from kernel.errors import NotPermitted
from kernel.parties.models import Membership


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


def live_memberships(person_id: int) -> list[Membership]:
    """The memberships in force today of a person, oldest first."""
    today = clock.today()
    return [
        membership
        for membership in Membership.objects.filter(
            person_id=person_id, valid_from__lte=today
        ).select_related("person", "organisation")
        if membership.valid_to is None or membership.valid_to >= today
    ]


def confirm(actor: Actor) -> None:
    """Refuse an actor whose membership is not in force now (it may have ended since log-in)."""
    if actor.is_platform:
        return
    today = clock.today()
    rows = Membership.objects.filter(
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        role=actor.role,
        valid_from__lte=today,
    ).values_list("valid_to", flat=True)
    if not any(valid_to is None or valid_to >= today for valid_to in rows):
        raise NotPermitted.because("access.membership.ended", role=actor.role)
