"""The works have their permit and begin."""

from __future__ import annotations

from typing import Any

from procurement.demonstration.play import Play
from procurement.demonstration.stages.drawings import papers
from procurement.demonstration.unexpected import Unexpected
from procurement.projects.works import selectors

MACHINE = "procurement.works"
_PAPERS = (
    "land_use", "planning_permit", "site_condition", "funding_arrangement", "quality_measures",
    "quality_procedure", "safety_procedure", "safety_measures",
)  # fmt: skip


def who_acts(p: Play, uscc: str, role: str) -> str:
    """The log-in name of somebody who acts for an organisation in a role."""
    for name, actor in p.actors.items():
        if (actor.uscc, actor.role) == (uscc, role):
            return name
    raise Unexpected(f"nobody acts for {uscc} as {role}")


def leaders(p: Play, manager: str) -> list[dict[str, Any]]:
    """Who leads for each of the five parties, appointed and committed. manager: the contract's."""
    people = {
        "owner": p.actors["owner1"].person_name,
        "survey": p.actors["survey1"].person_name,
        "design": p.actors["design1"].person_name,
        "contractor": manager,
        "supervision": p.actors["chief1"].person_name,
    }
    return [
        {
            "role": role,
            "name": name,
            "authorisation_number": f"演示授权-{number}",
            "commitment_number": f"演示承诺-{number}",
            "signed_on": p.today.isoformat(),
        }
        for number, (role, name) in enumerate(people.items(), start=1)
    ]


def application(p: Play, manager: str) -> dict[str, Any]:
    """A whole application for a permit. manager: whom the contract names."""
    return {
        "trade": "01",
        "size": "住宅 8 栋及地下车库",
        "survey_uscc": p.actors["survey1"].uscc,
        "design_uscc": p.actors["design1"].uscc,
        "supervision_uscc": p.actors["chief1"].uscc,
        "papers": papers(p, *_PAPERS),
        "leaders": leaders(p, manager),
        "dangerous": [
            {
                "kind": "deep_pit",
                "part": "地下车库基坑",
                "measures": "支护、降水、第三方监测",
                "over_scale": True,
            },
            {"kind": "scaffold", "part": "主楼外立面", "measures": "专项方案，逐层验收"},
        ],
    }


def play(p: Play) -> None:
    """Needs ``project_number`` and a contract whose signing opened the works.

    Wage account, wage bond and payment security hold by then. Leaves ``works`` (its key),
    ``works_number``, ``contractor`` and ``manager`` (log-in names).
    """
    p.begin("works")
    p.settle()
    works = selectors.of_project(p.store["project_number"])[-1]
    p.store["works"], p.store["works_number"] = works.pk, works.number
    p.store["contractor"] = who_acts(p, works.contractor_uscc, "contractor_clerk")
    p.store["manager"] = who_acts(p, works.contractor_uscc, "project_manager")
    whole = application(p, works.project_manager)
    p.refused(
        MACHINE,
        works.pk,
        "apply",
        "owner1",
        whole
        | {"papers": papers(p, *_PAPERS[:-1]), "dangerous": [], "leaders": whole["leaders"][1:]}
        | {"design_uscc": p.actors["survey1"].uscc},
        codes=[
            "procurement.works.leader_missing",
            "procurement.works.party_off_record",
            "procurement.works.condition_safety",
            "procurement.works.dangerous_list_missing",
        ],
    )
    p.refused(
        MACHINE, works.pk, "start", "owner1", codes=["workflow.act.not_in_state"]
    )  # no works begin without a permit
    p.act(MACHINE, works.pk, "apply", "owner1", whole)
    p.working_days(3)
    p.act(MACHINE, works.pk, "permit", "permit1")
    p.sign(MACHINE, works.pk, "permit1")
    p.working_days(5)
    p.act(MACHINE, works.pk, "start", "owner1")
    p.settle()
    p.expect_state(MACHINE, works.pk, "under_construction")
