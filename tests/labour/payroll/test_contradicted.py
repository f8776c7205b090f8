"""Wages that a receipt says were paid and that never came: who got nothing says so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel import clock
from kernel.documents import scans
from kernel.errors import NotPermitted, Refused
from kernel.parties.models import User
from kernel.workflow import judge
from labour.payroll import selectors
from labour.payroll.machine import PAYROLL
from labour.payroll.models import Payroll
from labour.payroll.receipts_shown import line_options
from labour.roster.selectors import unpaid_months
from tests.labour import samples
from tests.labour.payroll.test_payrolls import checked, receipts
from tests.labour.samples import act, line, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
CODE = "labour.payroll"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def who():
    return samples.world()


@pytest.fixture
def crew(who):
    return samples.crew_at_work(who, "worker1", "worker2")


@pytest.fixture
def paid(who, crew):
    payroll = checked(who, crew)
    return act(CODE, payroll.pk, "pay", who["bank"], receipts(payroll))


def refused(pk, code, actor, data=None):
    with pytest.raises(Refused) as found:
        act(CODE, pk, code, actor, data)
    return {one.code.removeprefix("labour.payroll.") for one in found.value.refusals}


def said(worker, **changes):
    return {"worker": worker.pk, "reason": "银行卡里没有这笔钱。"} | changes


def owed(payroll):
    return selectors.days_owed(Payroll.objects.get(pk=payroll.pk))


def test_who_got_nothing_says_so_and_the_days_are_owed_again(who, crew, paid):
    first, second = crew
    assert owed(paid) == {}
    assert selectors.paid_fen(samples.SITE, "2025-09") == paid.net_fen
    assert refused(paid.pk, "contradict", who["worker1"], said(first, reason="")) == {
        "workflow.reason.missing"
    }
    act(CODE, paid.pk, "contradict", who["worker1"], said(first))
    assert owed(paid) == {first.pk: Decimal(10)}
    assert selectors.paid_fen(samples.SITE, "2025-09") < paid.net_fen
    samples.later(who, 60)
    assert unpaid_months(first) and not unpaid_months(second)
    assert first.number in selectors.unpaid_of_contract(samples.CONTRACT)


def test_each_speaks_of_the_own_wages_and_the_crew_of_its_people(who, crew, paid):
    first, second = crew
    assert refused(paid.pk, "contradict", who["worker1"], said(second)) == {"line_unknown"}
    for name in ("bank", "clerk"):
        with pytest.raises(NotPermitted):
            act(CODE, paid.pk, "contradict", who[name], said(first))
    act(CODE, paid.pk, "contradict", who["leader"], said(second))
    again = refused(paid.pk, "contradict", who["worker2"], said(second))
    assert again == {"receipt_contradicted"}


def test_what_never_came_is_listed_and_paid_anew(who, crew, paid):
    first, _second = crew
    act(CODE, paid.pk, "contradict", who["worker1"], said(first))
    rest = listed(who, line(first))
    act(CODE, rest.pk, "confirm", who["worker1"])
    samples.settle()
    act(CODE, rest.pk, "check", who["clerk"], {})
    samples.record_transfer(samples.CONTRACT, 10**8, "R-2", clock.now())
    rest = Payroll.objects.get(pk=rest.pk)
    act(CODE, rest.pk, "pay", who["bank"], receipts(rest, batch_number="DF-2"))
    assert owed(paid) == {} == owed(rest)


def test_the_bank_shows_its_paper_and_the_days_are_paid(who, crew, paid):
    first, second = crew
    proof = {"worker": first.pk, "file_sha256": "ab" * 32, "reason": ""}
    assert refused(paid.pk, "prove", who["bank"], proof) == {
        "nothing_contradicted", "proof_missing",
    }  # fmt: skip
    act(CODE, paid.pk, "contradict", who["worker1"], said(first))
    scans.record(actor=who["bank"], sha256="ab" * 32, at=clock.now())
    other = proof | {"worker": second.pk}
    assert refused(paid.pk, "prove", who["bank"], other) == {"nothing_contradicted"}
    act(CODE, paid.pk, "prove", who["bank"], proof)
    assert owed(paid) == {}
    assert refused(paid.pk, "contradict", who["worker1"], said(first)) == {"receipt_proved"}


def test_the_bank_chooses_among_the_lines_that_were_contradicted(who, crew, paid):
    first, second = crew
    act(CODE, paid.pk, "contradict", who["worker1"], said(first))
    paid.refresh_from_db()

    def offered(name):
        return [key for key, _name in line_options(paid, who[name], clock.now())]

    assert offered("bank") == [str(first.pk)]
    assert offered("leader") == [str(second.pk)] == offered("worker2")
    assert offered("worker1") == []


def allowed(payroll, actor):
    """Whether an act page of the payroll offers to say that wages never came."""
    payroll.refresh_from_db()
    acts = judge.what_next(PAYROLL, payroll, actor, clock.now())
    (found,) = [one for one in acts if one.transition.code == "contradict"]
    return found.allowed, {why.code.removeprefix("labour.payroll.") for why in found.refusals}


def test_who_has_spoken_is_not_asked_to_speak_again(who, crew, paid):
    first, second = crew
    assert allowed(paid, who["worker1"]) == (True, set()) == allowed(paid, who["leader"])
    act(CODE, paid.pk, "contradict", who["worker1"], said(first))
    assert allowed(paid, who["worker1"]) == (False, {"receipt_contradicted"})
    # The other worker, and the crew for that one, still may.
    assert allowed(paid, who["worker2"]) == (True, set()) == allowed(paid, who["leader"])
    act(CODE, paid.pk, "contradict", who["leader"], said(second))
    for name in ("worker2", "leader"):
        assert allowed(paid, who[name]) == (False, {"receipt_contradicted"})
    scans.record(actor=who["bank"], sha256="ab" * 32, at=clock.now())
    proof = {"worker": first.pk, "file_sha256": "ab" * 32, "reason": ""}
    act(CODE, paid.pk, "prove", who["bank"], proof)
    assert allowed(paid, who["worker1"]) == (False, {"receipt_proved"})


def test_the_banks_paper_opens_for_whose_wages_it_is_and_for_who_reads_all_lines(
    client, who, crew, paid
):
    first, _second = crew
    act(CODE, paid.pk, "contradict", who["worker1"], said(first))
    stored = scans.store(actor=who["bank"], content=b"%PDF-1.7 paper", at=clock.now())
    proof = {"worker": first.pk, "file_sha256": stored.sha256, "reason": ""}
    act(CODE, paid.pk, "prove", who["bank"], proof)
    url, link = f"/cases/{CODE}/{paid.pk}/", f"/cases/{CODE}/{paid.pk}/files/{stored.sha256}/"
    for name, shown in (("worker1", True), ("worker2", False), ("leader", True), ("bank", True)):
        client.force_login(User.objects.get(person_id=who[name].person_id), BACKEND)
        assert (f'href="{link}"' in client.get(url).content.decode()) is shown, name
        if shown:
            assert b"".join(client.get(link).streaming_content) == b"%PDF-1.7 paper"
