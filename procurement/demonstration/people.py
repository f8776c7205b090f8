"""Invented organisations and people of the demonstration province. All of it is generated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kernel.access.actors import Actor, from_membership
from kernel.identifiers import resident_id, uscc
from kernel.parties.models import Membership, Organisation, Person, User

SINCE = date(2024, 1, 1)


@dataclass(frozen=True)
class Member:
    """A person of the demonstration: log-in name, shown name, role."""

    username: str
    name: str
    role: str


@dataclass(frozen=True)
class Group:
    """An organisation of the demonstration and its people."""

    name: str
    name_en: str
    region: str
    serial: int
    members: tuple[Member, ...]
    authority: str = ""


GROUPS = (
    Group(
        "哈尔滨松江示范置业有限公司",
        "Harbin Songjiang Demonstration Estates",
        "230102",
        1,
        (
            Member("owner1", "演示·林知远", "owner_clerk"),
            Member("owner2", "演示·周若谷", "owner_clerk"),
        ),
    ),
    Group(
        "大庆油城示范建设投资有限公司",
        "Daqing Oil City Demonstration Investment",
        "230602",
        2,
        (Member("owner3", "演示·陈望舒", "owner_clerk"),),
    ),
    Group(
        "哈尔滨市住房和城乡建设局（演示）",
        "Harbin Bureau of Housing and Urban-Rural Development (demonstration)",
        "230100",
        3,
        (
            Member("officer1", "演示·沈既白", "registration_officer"),
            Member("officer2", "演示·顾清和", "registration_officer"),
        ),
        authority="city",
    ),
    Group(
        "大庆市住房和城乡建设局（演示）",
        "Daqing Bureau of Housing and Urban-Rural Development (demonstration)",
        "230600",
        4,
        (Member("officer3", "演示·许听澜", "registration_officer"),),
        authority="city",
    ),
    Group(
        "黑龙江省住房和城乡建设厅（演示）",
        "Heilongjiang Department of Housing and Urban-Rural Development (demonstration)",
        "230000",
        5,
        (Member("auditor1", "演示·苏明允", "auditor"),),
        authority="province",
    ),
)


def create(password: str) -> dict[str, Actor]:
    """Make all organisations, people, accounts and memberships; actors by log-in name."""
    actors: dict[str, Actor] = {}
    for group in GROUPS:
        organisation = Organisation.objects.create(
            uscc=uscc.demonstration(group.region, group.serial),
            name=group.name,
            name_en=group.name_en,
            region=group.region,
            authority=group.authority,
        )
        for member in group.members:
            actors[member.username] = _person(member, organisation, len(actors) + 1, password)
    return actors


def _person(member: Member, organisation: Organisation, serial: int, password: str) -> Actor:
    person = Person.objects.create(
        name=member.name,
        resident_id=resident_id.generate("230102", date(1985, 1, serial), 900 + serial),
        phone=f"199000000{serial:02d}",
    )
    User.objects.create_user(username=member.username, password=password, person=person)
    membership = Membership.objects.create(
        person=person, organisation=organisation, role=member.role, valid_from=SINCE
    )
    return from_membership(membership)
