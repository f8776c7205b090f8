"""Rules about who builds: the parties on record, and the five leaders who answer for quality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kernel.errors import Refusal
from procurement.projects.works.schemas import Leader

_CODE = "procurement.works."
CONTRACTOR = "contractor"


@dataclass(frozen=True)
class Team:
    """Who builds. off_record: columns whose party the project's record does not name in that role.

    leaders: as they were named. roles: the five roles and their labels. manager: whom the contract
    names as the contractor's leader, empty where it names nobody.
    """

    off_record: tuple[str, ...]
    leaders: tuple[Leader, ...]
    roles: Mapping[str, str]
    manager: str


class Facts(Protocol):
    """The part of the facts of works that these rules look at."""

    @property
    def team(self) -> Team | None:
        """None where nobody has named anybody yet (a page only looks)."""

    @property
    def articles(self) -> Mapping[str, str]:
        """What a refusal rests on."""


def parties_are_on_record(facts: Facts, _payload: Any) -> Iterator[Refusal]:
    """Survey, design and supervision are those that the project has on record."""
    for field in facts.team.off_record if facts.team else ():
        yield Refusal(
            _CODE + "party_off_record", {"field": field}, facts.articles["cite.parties"], field
        )


def leaders_are_committed(facts: Facts, _payload: Any) -> Iterator[Refusal]:
    """Each of the five parties has appointed its leader, who committed to answer for quality."""
    if facts.team is None:
        return
    article = facts.articles["leaders"]
    named: dict[str, list[tuple[int, Leader]]] = {}
    for index, leader in enumerate(facts.team.leaders):
        named.setdefault(leader.role, []).append((index, leader))
    for role, label in facts.team.roles.items():
        found = named.pop(role, [])
        if len(found) != 1 or not found[0][1].name:
            code = "leader_twice" if len(found) > 1 else "leader_missing"
            yield Refusal(_CODE + code, {"role": label}, article, "leaders")
            continue
        ((index, leader),) = found
        for part in ("authorisation", "commitment"):
            if not getattr(leader, f"{part}_number"):
                field = f"leaders.{index}.{part}_number"
                yield Refusal(_CODE + f"leader_{part}_missing", {"role": label}, article, field)
        if leader.signed_on is None:
            field = f"leaders.{index}.signed_on"
            yield Refusal(_CODE + "leader_undated", {"role": label}, article, field)
        if role == CONTRACTOR and facts.team.manager and leader.name != facts.team.manager:
            yield Refusal(
                _CODE + "leader_is_another",
                {"name": leader.name, "manager": facts.team.manager},
                article,
                f"leaders.{index}.name",
            )
    for role, rest in named.items():
        field = f"leaders.{rest[0][0]}.role"
        yield Refusal(_CODE + "kind_unlisted", {"code": role}, article, field)
