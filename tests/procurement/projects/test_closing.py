"""A project ends when nothing under it goes on; who asks for its end is told what does."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.events.procurement_tendering import LotTerminated
from kernel.events.registry import Envelope
from kernel.workflow.guarding import firing
from procurement import connections
from procurement.contracts.models import Contract
from procurement.projects import needs
from procurement.projects.models import Project
from procurement.projects.subscribers import project_is_closed
from procurement.tendering.models import Lot
from tests.procurement.contracts import samples as contracts
from tests.procurement.projects import building as b
from tests.procurement.projects.samples import registered
from tests.procurement.tendering import samples as tendering

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
_C = "procurement.project."


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    b.answered(monkeypatch)
    return b.people()


@pytest.fixture
def project(who: dict[str, Actor]) -> Project:
    """A project whose one works is closed."""
    works = b.closed(who, b.started(who))
    return Project.objects.get(number=works.project_number)


def going_on(monkeypatch: pytest.MonkeyPatch, **found: tuple[str, ...]) -> None:
    for need in needs.NEEDS:
        held = found.get(need, ())
        monkeypatch.setitem(needs._providers, need, lambda _number, held=held: held)


def test_two_things_may_keep_a_project_open() -> None:
    assert set(needs.NEEDS) == {"live_lots", "contracts_without_works"}


@pytest.mark.parametrize("need", needs.NEEDS)
def test_what_still_goes_on_keeps_a_project_open_and_is_named(
    who: dict[str, Actor], project: Project, monkeypatch: pytest.MonkeyPatch, need: str
) -> None:
    going_on(monkeypatch, **{need: ("甲-01", "甲-02")})
    with pytest.raises(Refused) as refused:
        b.act("procurement.project", project.pk, "finish", who["owner"])
    (reason,) = refused.value.refusals
    assert (reason.code, reason.facts) == (_C + need, {"numbers": ["甲-01", "甲-02"]})
    with pytest.raises(Refused):
        b.caused("procurement.project", project.pk, "close")
    monkeypatch.delitem(needs._providers, need)
    found = b.codes("procurement.project", project.pk, "finish", who["owner"])
    assert found == {_C + "unanswered"}
    going_on(monkeypatch)
    assert b.act("procurement.project", project.pk, "finish", who["owner"]).state == "closed"


def test_only_the_owner_asks_for_the_end_and_not_before_something_was_built(
    who: dict[str, Actor], project: Project
) -> None:
    for name in ("stranger", "officer", "contractor"):
        found = b.codes("procurement.project", project.pk, "finish", who[name])
        assert found == {"access.act.not_permitted"}
    bare = registered(who["owner"], who["officer"])
    found = b.codes("procurement.project", bare.pk, "finish", who["owner"])
    assert found == {_C + "works_open"}


def test_a_lot_that_is_given_up_last_ends_the_project(
    who: dict[str, Actor], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = LotTerminated(9, "甲-02", project.number, who["owner"].uscc, "")
    told = Envelope(7, "procurement.tender:9", clock.now(), event)
    going_on(monkeypatch, live_lots=("甲-03",))
    project_is_closed(told, None)
    assert b.case("procurement.project", project.pk).state == "registered"
    going_on(monkeypatch)
    project_is_closed(told, None)
    assert b.case("procurement.project", project.pk).state == "closed"


def test_a_lot_is_live_until_it_is_archived_given_up_or_put_out_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tendering.answered(monkeypatch)
    lot = tendering.published(tendering.market())
    with firing():
        for state in ("draft", "evaluating", "failed", "contracted", "suspended"):
            Lot.objects.filter(pk=lot.pk).update(state=state)
            assert connections._live_lots(lot.project_number) == (lot.number,)
        for state in ("archived", "terminated", "retendered"):
            Lot.objects.filter(pk=lot.pk).update(state=state)
            assert connections._live_lots(lot.project_number) == ()


def test_a_living_contract_keeps_a_project_open_until_its_works_are_there() -> None:
    people = contracts.market()
    with contracts.answers(contracts.awarded(people)):
        case = Contract.objects.get(pk=contracts.opened(people))
    number = case.project_number
    assert connections._contracts_without_works(number) == (case.number,)
    with firing():
        Contract.objects.filter(pk=case.pk).update(state="terminated")
        assert connections._contracts_without_works(number) == ()
        Contract.objects.filter(pk=case.pk).update(state="signed")
    b.caused(b.WORKS, None, "open", b.signed_contract(case))
    assert connections._contracts_without_works(number) == ()
