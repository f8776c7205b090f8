"""Who builds is who is on the project's record; five leaders are appointed and committed."""

from __future__ import annotations

from typing import Any

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.events.procurement_contracts import ContractSigned
from kernel.events.registry import Envelope
from kernel.workflow.models import Act
from procurement.projects.models import Project
from procurement.projects.subscribers import parties_are_recorded
from procurement.projects.works.models import Works
from procurement.projects.works.subscribers import party_is_changed
from tests.conftest import member
from tests.procurement.projects import building as b
from tests.procurement.projects.samples import registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
_C, _P, PROJECT = "procurement.works.", "procurement.project.", "procurement.project"


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    b.answered(monkeypatch)
    return b.people() | {"design2": member("design2", "design_clerk", serial=26)}


@pytest.fixture
def works(who: dict[str, Actor]) -> Works:
    number = registered(who["owner"], who["officer"]).number
    b.passed(number, who)
    found: Works = b.contracted(number, who)
    return found


def project_of(works: Works) -> Project:
    return Project.objects.get(number=works.project_number)


def refused(who: dict[str, Actor], works: Works, **changes: Any) -> set[str]:
    return b.codes(b.WORKS, works.pk, "apply", who["owner"], b.application(who, **changes))


def change(who: dict[str, Actor], **changes: Any) -> dict[str, Any]:
    return {
        "role": "design_firm",
        "left_uscc": who["design"].uscc,
        "uscc": who["design2"].uscc,
        "name": "示例单位26",
        "document_number": "示例变更 1 号",
        "reason": "原设计单位注销",
        **changes,
    }


def test_a_party_that_is_not_on_record_gets_no_permit_until_it_is(
    who: dict[str, Actor], works: Works
) -> None:
    other = who["design2"].uscc
    assert refused(who, works, design_uscc=other) == {_C + "party_off_record"}
    project = project_of(works)
    b.act(PROJECT, project.pk, "change_party", who["owner"], change(who))
    party_is_changed(b.told("procurement.project.party_changed"), None)
    assert Works.objects.get(pk=works.pk).design_uscc == other
    assert refused(who, works) == {_C + "party_off_record"}
    assert refused(who, works, design_uscc=other) == set()


def test_a_change_of_parties_keeps_who_was_there_and_why(
    who: dict[str, Actor], works: Works
) -> None:
    project = project_of(works)
    before = project.parties
    b.act(PROJECT, project.pk, "change_party", who["owner"], change(who))
    after = project_of(works).parties
    assert [p["role"] for p in after] == [p["role"] for p in before]
    done = Act.objects.get(machine=PROJECT, case_pk=project.pk, transition="change_party")
    assert done.changes["parties"] == [before, after]
    assert done.payload["reason"] == "原设计单位注销"
    b.act(PROJECT, project.pk, "change_party", who["owner"], change(
        who, role="agency", left_uscc="", uscc=who["stranger"].uscc, name="示例代理",
    ))  # fmt: skip
    assert project_of(works).parties[-1]["role"] == "agency"
    b.act(PROJECT, project.pk, "change_party", who["owner"], change(
        who, role="agency", left_uscc=who["stranger"].uscc, uscc="", name="",
    ))  # fmt: skip
    assert project_of(works).parties == after


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "poet"}, _P + "code_unlisted"),
        ({"role": "contractor", "left_uscc": ""}, _P + "contractor_by_contract"),
        ({"left_uscc": "", "uscc": "", "name": ""}, _P + "change_of_nobody"),
        ({"name": ""}, _P + "party_unnamed"),
        ({"document_number": ""}, _P + "change_unproven"),
        ({"reason": ""}, "workflow.reason.missing"),
        ({"role": "survey_firm"}, _P + "party_not_there"),
        ({"uscc": "91230102MA00000000"}, "identifiers.uscc.check"),
    ],
)
def test_a_change_with_a_fault_is_refused(
    who: dict[str, Actor], works: Works, changes: dict[str, Any], code: str
) -> None:
    payload = change(who, **changes)
    found = b.codes(PROJECT, project_of(works).pk, "change_party", who["owner"], payload)
    assert code in found


def test_nobody_joins_twice_and_only_the_owner_changes_parties(
    who: dict[str, Actor], works: Works
) -> None:
    pk = project_of(works).pk
    twice = change(who, left_uscc="", uscc=who["design"].uscc)
    assert b.codes(PROJECT, pk, "change_party", who["owner"], twice) == {_P + "party_twice"}
    for name in ("stranger", "contractor", "officer"):
        found = b.codes(PROJECT, pk, "change_party", who[name], change(who))
        assert found == {"access.act.not_permitted"}


def test_a_signed_contract_puts_contractor_and_supervision_on_record(
    who: dict[str, Actor], works: Works
) -> None:
    event = ContractSigned(
        7, works.contract_number, 9, works.project_number, works.name, works.region,
        works.owner_uscc, works.contractor_uscc, works.supervision_uscc, 1, 400, "示例经理",
        clock.today(),
    )  # fmt: skip
    before = project_of(works).parties
    parties_are_recorded(Envelope(7, "procurement.contract:7", clock.now(), event), None)
    assert project_of(works).parties == [
        *before,
        {"role": "contractor", "uscc": works.contractor_uscc, "name": "示例单位31", "contact": ""},
    ]


def led(**changes: Any) -> list[dict[str, Any]]:
    """The five leaders; the contractor's differs as told."""
    return [line | changes if line["role"] == "contractor" else line for line in b.leaders()]


@pytest.mark.parametrize(
    ("leaders", "code"),
    [
        (b.leaders()[1:], "leader_missing"),
        (led(name=""), "leader_missing"),
        ([*b.leaders(), b.leaders()[0]], "leader_twice"),
        (led(authorisation_number=""), "leader_authorisation_missing"),
        (led(commitment_number=""), "leader_commitment_missing"),
        (led(signed_on=None), "leader_undated"),
        (led(name="别人"), "leader_is_another"),
        ([*b.leaders(), b.leaders()[0] | {"role": "poet"}], "kind_unlisted"),
    ],
)
def test_a_leader_who_is_not_appointed_and_committed_stops_the_permit(
    who: dict[str, Actor], works: Works, leaders: list[dict[str, Any]], code: str
) -> None:
    assert refused(who, works, leaders=leaders) == {_C + code}


def test_a_leaders_letter_of_somebody_else_is_refused(who: dict[str, Actor], works: Works) -> None:
    foreign = led(file_sha256=b.photo(who["stranger"]))
    assert refused(who, works, leaders=foreign) == {_C + "file_missing"}
