"""One account a contract; money in by receipt, out by payroll; closed when nobody is owed."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.events.procurement_completion import CompletionUseStopped
from kernel.events.procurement_contracts import ContractTerminated, PaymentWagesPaid
from kernel.events.procurement_works import WorksAccepted, WorksStarted
from labour.accounts import selectors
from labour.accounts.models import AccountEntry, WageAccount
from labour.accounts.services import record_transfer
from labour.roster.selectors import wage_account
from labour.sites import selectors as sites
from tests.labour import samples
from tests.labour.samples import CONTRACT, act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def who():
    found = samples.people()
    samples.signed()
    return found


def refused(who, code, **changes):
    with pytest.raises(Refused) as found:
        samples.open_account(who, **changes)
    assert not WageAccount.objects.exists()
    codes = {one.code.removeprefix("labour.wage_account.") for one in found.value.refusals}
    assert code in codes, codes


def test_an_account_is_opened_before_there_is_a_permit(who):
    account = samples.open_account(who)
    assert wage_account(CONTRACT) == account
    assert not account.late


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("contract_unknown", {"contract_number": "HT-9"}),
        ("bank_unknown", {"bank_uscc": "91230102MA0000000X"}),
        ("number", {"account_number": "12 34"}),
        ("unconfirmed", {"confirmation_number": ""}),
        ("file_missing", {"confirmation_sha256": "a" * 64}),
    ],
)
def test_an_account_that_lacks_something_is_refused_by_name(who, code, changes):
    refused(who, code, **changes)


def test_an_account_is_opened_between_contract_and_today(who):
    refused(who, "opened_on", opened_on=clock.today() - timedelta(days=1))
    refused(who, "opened_on", opened_on=clock.today() + timedelta(days=1))


def test_another_contractor_opens_no_account_for_it(who):
    with pytest.raises(Refused):
        act("labour.wage_account", None, "open", who["strange_clerk"], samples.account_payload())


def test_a_contract_has_one_account(who):
    samples.open_account(who)
    with pytest.raises(Refused) as found:
        samples.open_account(who)
    assert [one.code for one in found.value.refusals] == ["labour.wage_account.taken"]


def test_an_account_after_its_time_is_opened_and_called_late(who):
    # Thirty days from 1 September end in the holidays of October and run on to the 9th.
    samples.later(who, 45)
    assert samples.open_account(who).late


def test_the_same_receipt_is_money_once(who):
    account = samples.open_account(who)
    for _ in range(2):
        record_transfer(CONTRACT, 100, "R", clock.now())
    assert selectors.balance_fen(CONTRACT) == 100
    with pytest.raises(Refused) as found:
        act("labour.wage_account", account.pk, "receive", who["bank"],
            {"amount_fen": 5, "receipt_number": "R", "payer": "示例"})  # fmt: skip
    assert [one.code for one in found.value.refusals] == ["labour.wage_account.receipt_taken"]


def test_the_bank_receives_and_nothing_else_does(who):
    account = samples.open_account(who)
    data = {"amount_fen": 5, "receipt_number": "R", "payer": "示例"}
    with pytest.raises(NotPermitted):
        act("labour.wage_account", account.pk, "receive", who["clerk"], data)
    with pytest.raises(Refused) as found:
        act("labour.wage_account", account.pk, "receive", who["bank"], data | {"amount_fen": 0})
    assert [one.code for one in found.value.refusals] == ["labour.wage_account.amount"]
    act("labour.wage_account", account.pk, "receive", who["bank"], data)
    assert selectors.balance_fen(CONTRACT) == 5


def test_the_wage_share_of_a_payment_arrives_even_before_the_account_is_on_record(who):
    samples.tell(wages_paid())
    samples.open_account(who)
    assert selectors.balance_fen(CONTRACT) == 300


def wages_paid(number="ZF-1"):
    """The owner paid the wage share of a payment with two receipts."""
    return PaymentWagesPaid(
        payment_id=1, number=number, contract_number=CONTRACT, wages_fen=300, payer="示例建设",
        transfers=(
            {"number": f"{number}-1", "amount_fen": 200},
            {"number": f"{number}-2", "amount_fen": 100},
        ),
    )  # fmt: skip


def works(kind, site=samples.SITE):
    """Works of the contract begin, or are accepted."""
    return kind(
        works_id=1, number=site, contract_number=CONTRACT, project_number="P1", name="示例楼",
        region="230102", owner_uscc="", contractor_uscc=samples.CONTRACTOR, supervision_uscc="",
        occurred_on=clock.today(),
    )  # fmt: skip


def due_on(account):
    account.refresh_from_db()
    ends = account.transfer_due_at
    return clock.legal_date(ends - timedelta(seconds=1)) if ends else None


def test_the_wage_share_is_on_the_account_under_the_banks_own_receipts(who):
    account = samples.open_account(who)
    samples.tell(wages_paid())
    assert selectors.balance_fen(CONTRACT) == 300
    rows = AccountEntry.objects.values_list("receipt", "payer")
    assert set(rows) == {("ZF-1-1", "示例建设"), ("ZF-1-2", "示例建设")}
    with pytest.raises(Refused) as found:
        act("labour.wage_account", account.pk, "receive", who["bank"],
            {"amount_fen": 200, "receipt_number": "ZF-1-1", "payer": "示例建设"})  # fmt: skip
    assert [one.code for one in found.value.refusals] == ["labour.wage_account.receipt_taken"]


def test_labour_cost_is_due_every_month_from_the_start_to_the_last_acceptance(who):
    account = samples.open_account(who)
    assert due_on(account) is None
    for site in ("P1-W01", "P1-W02"):
        samples.tell(works(WorksStarted, site))
    # A month from 1 September ends on 1 October, in the holidays, which end on the 8th.
    assert due_on(account) == date(2025, 10, 9)
    samples.later(who, 20)
    samples.tell(wages_paid())
    assert due_on(account) == date(2025, 10, 21)
    samples.later(who, 31)
    account.refresh_from_db()
    assert (account.state, account.transfers_missed) == ("in_force", 1)
    assert due_on(account) == date(2025, 11, 21)
    samples.tell(works(WorksAccepted, "P1-W01"))
    assert due_on(account) == date(2025, 11, 21)
    samples.tell(works(WorksAccepted, "P1-W02"))
    assert due_on(account) is None
    samples.later(who, 60)
    account.refresh_from_db()
    assert account.transfers_missed == 1


def use_is_stopped(site="P1-W01"):
    """The authority takes an acceptance back: works are to be accepted again."""
    return CompletionUseStopped(
        filing_id=1, works_id=1, works_number=site, project_number="P1", owner_uscc=""
    )


def test_labour_cost_is_due_again_once_an_acceptance_is_annulled(who):
    account = samples.open_account(who)
    samples.permitted("P1-W01")
    samples.tell(works(WorksStarted, "P1-W01"))
    samples.tell(works(WorksAccepted, "P1-W01"))
    assert due_on(account) is None and not sites.is_being_built(CONTRACT)
    samples.later(who, 20)
    samples.tell(use_is_stopped())
    assert sites.is_being_built(CONTRACT)
    assert due_on(account) == date(2025, 10, 21)
    samples.later(who, 1)
    samples.tell(works(WorksAccepted, "P1-W01"))
    assert due_on(account) is None


def test_an_acceptance_that_is_delivered_after_it_was_annulled_counts_for_nothing(who):
    account = samples.open_account(who)
    samples.permitted("P1-W01")
    samples.tell(works(WorksStarted, "P1-W01"))
    due = due_on(account)
    with transaction.atomic():
        (late,) = events.publish([works(WorksAccepted, "P1-W01")], case="", at=clock.now())
    kept = list(Delivery.objects.filter(event=late, subscriber__startswith="labour."))
    Delivery.objects.filter(event=late).delete()
    samples.later(who, 20)
    samples.tell(use_is_stopped())
    Delivery.objects.bulk_create(kept)
    samples.settle()
    assert not Delivery.objects.exclude(state="done").exists() and kept
    assert sites.is_being_built(CONTRACT)
    assert due_on(account) is not None and due is not None
    # Accepted again, it is accepted.
    samples.later(who, 1)
    samples.tell(works(WorksAccepted, "P1-W01"))
    assert due_on(account) is None and not sites.is_being_built(CONTRACT)


def test_an_account_that_was_announced_to_be_closed_stays_in_use_for_works_to_be_mended(who):
    account = samples.open_account(who)
    samples.permitted("P1-W01")
    samples.tell(works(WorksStarted, "P1-W01"))
    samples.tell(works(WorksAccepted, "P1-W01"))
    act("labour.wage_account", account.pk, "announce_close", who["clerk"])
    samples.later(who, 20)
    samples.tell(use_is_stopped())
    assert due_on(account) == date(2025, 10, 21)
    assert account.state == "in_force"


def contradicted(who, account, receipt="ZF-1-1", **changes):
    said = {"receipt_number": receipt, "reason": "本行无此入账。"} | changes
    return act("labour.wage_account", account.pk, "contradict", who["bank"], said)


def test_what_the_owner_says_was_transferred_is_off_the_account_where_the_bank_never_saw_it(who):
    account = samples.open_account(who)
    samples.tell(works(WorksStarted))
    assert due_on(account) == date(2025, 10, 9)
    samples.later(who, 20)
    samples.tell(wages_paid())
    assert (selectors.balance_fen(CONTRACT), due_on(account)) == (300, date(2025, 10, 21))
    with pytest.raises(NotPermitted):
        said = {"receipt_number": "ZF-1-1", "reason": "未到。"}
        act("labour.wage_account", account.pk, "contradict", who["clerk"], said)
    contradicted(who, account)
    # The other receipt stands: the month is not without labour cost.
    assert (selectors.balance_fen(CONTRACT), due_on(account)) == (100, date(2025, 10, 21))
    contradicted(who, account, "ZF-1-2")
    assert selectors.balance_fen(CONTRACT) == 0
    assert set(AccountEntry.objects.values_list("amount_fen", flat=True)) == {200, 100, -200, -100}


def test_a_month_whose_only_transfer_never_arrived_is_missed_when_it_is_over(who):
    account = samples.open_account(who)
    samples.tell(works(WorksStarted))
    samples.tell(wages_paid("ZF-1"))
    samples.later(who, 20)
    samples.tell(wages_paid("ZF-2"))
    samples.later(who, 25)
    account.refresh_from_db()
    assert (account.transfers_missed, due_on(account)) == (0, date(2025, 10, 21))
    for receipt in ("ZF-2-1", "ZF-2-2"):
        contradicted(who, account, receipt)
    account.refresh_from_db()
    assert account.transfers_missed == 1
    assert due_on(account) > date(2025, 11, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"receipt_number": "X"}, "labour.wage_account.receipt_unknown"),
        ({"reason": ""}, "workflow.reason.missing"),
    ],
)
def test_a_contradiction_names_a_receipt_on_record_and_says_why(who, changes, code):
    account = samples.open_account(who)
    samples.tell(wages_paid())
    with pytest.raises(Refused) as found:
        contradicted(who, account, **changes)
    assert [one.code for one in found.value.refusals] == [code]


def test_money_that_never_came_is_contradicted_once_and_not_when_it_is_spent(who):
    account = samples.open_account(who)
    samples.tell(wages_paid())
    contradicted(who, account)
    with pytest.raises(Refused) as found:
        contradicted(who, account)
    assert [one.code for one in found.value.refusals] == ["labour.wage_account.contradicted"]
    record_transfer(CONTRACT, 1, "R", clock.now())
    AccountEntry.objects.create(
        contract_number=CONTRACT, amount_fen=-50, receipt="DF-1", at=clock.now()
    )
    with pytest.raises(Refused) as found:
        contradicted(who, account, "ZF-1-2")
    assert [one.code for one in found.value.refusals] == ["labour.wage_account.spent"]


def test_an_account_that_is_opened_after_the_start_has_its_month_from_then(who):
    samples.tell(works(WorksStarted))
    samples.later(who, 20)
    assert due_on(samples.open_account(who)) == date(2025, 10, 21)


def test_a_movement_is_never_changed(who):
    from django.db import DatabaseError, transaction

    entry = record_transfer(CONTRACT, 100, "R", clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        AccountEntry.objects.filter(pk=entry.pk).update(amount_fen=1)


def test_an_account_closes_after_thirty_days_in_public(who):
    account = samples.open_account(who)
    account = act("labour.wage_account", account.pk, "announce_close", who["clerk"])
    with pytest.raises(Refused) as found:
        act("labour.wage_account", account.pk, "close", who["clerk"], {})
    assert [one.code for one in found.value.refusals] == ["labour.wage_account.publicity_runs"]
    samples.later(who, 45)
    act("labour.wage_account", account.pk, "close", who["clerk"], {})
    assert wage_account(CONTRACT) is None


def test_money_of_a_closed_account_is_booked_out_and_pays_no_wages_from_the_next(who):
    account = samples.open_account(who)
    record_transfer(CONTRACT, 700, "R", clock.now())
    act("labour.wage_account", account.pk, "announce_close", who["clerk"])
    samples.later(who, 45)
    for said, codes in (
        ({}, {"rest", "rest_unproved"}),
        ({"rest_fen": 700}, {"rest_unproved"}),
        ({"rest_fen": 699, "rest_receipt": "TH-1"}, {"rest"}),
        ({"rest_fen": 700, "rest_receipt": "R"}, {"receipt_taken"}),
    ):
        with pytest.raises(Refused) as found:
            act("labour.wage_account", account.pk, "close", who["clerk"], said)
        told = {one.code.removeprefix("labour.wage_account.") for one in found.value.refusals}
        assert told == codes
    said = {"rest_fen": 700, "rest_receipt": "TH-1"}
    closed = act("labour.wage_account", account.pk, "close", who["clerk"], said)
    assert (closed.rest_fen, closed.rest_receipt) == (700, "TH-1")
    samples.open_account(who, account_number="999900000000012345")
    assert selectors.balance_fen(CONTRACT) == 0


def test_what_accounts_left_that_were_closed_before_is_booked_out_by_the_migration(who):
    opened = clock.now()
    account = samples.open_account(who)
    act("labour.wage_account", account.pk, "announce_close", who["clerk"])
    samples.later(who, 45)
    act("labour.wage_account", account.pk, "close", who["clerk"], {})
    AccountEntry.objects.create(contract_number=CONTRACT, amount_fen=700, receipt="R", at=opened)
    move = import_module("labour.migrations.0004_days_paid_and_rest")
    for _twice in range(2):
        move.book_out_what_closed_accounts_left(apps, None)
    assert selectors.balance_fen(CONTRACT) == 0
    account.refresh_from_db()
    assert account.rest_fen == 700


def test_an_account_is_not_closed_while_works_go_on_and_is_once_their_contract_was_ended(who):
    account = samples.open_account(who)
    samples.permitted()
    samples.tell(works(WorksStarted, samples.SITE))
    with pytest.raises(Refused) as found:
        act("labour.wage_account", account.pk, "announce_close", who["clerk"])
    assert [one.code for one in found.value.refusals] == ["labour.wage_account.works_go_on"]
    samples.tell(
        ContractTerminated(
            contract_id=1, number=CONTRACT, project_number="P1", owner_uscc="", contractor_uscc="",
            at_fault="owner", document_number="J-1", terminated_on=clock.today(),
        )
    )  # fmt: skip
    assert due_on(account) is None
    act("labour.wage_account", account.pk, "announce_close", who["clerk"])


def test_an_account_stays_open_while_a_worker_is_owed(who):
    account = samples.open_account(who)
    samples.permitted()
    samples.crew_at_work(who, "worker1")
    with pytest.raises(Refused) as found:
        act("labour.wage_account", account.pk, "announce_close", who["clerk"])
    assert [one.code for one in found.value.refusals] == ["labour.wage_account.arrears"]


def test_an_inspector_objects_with_a_reason(who):
    account = samples.open_account(who)
    act("labour.wage_account", account.pk, "announce_close", who["clerk"])
    with pytest.raises(Refused):
        act("labour.wage_account", account.pk, "object", who["inspector"], {})
    account = act("labour.wage_account", account.pk, "object", who["inspector"], {"reason": "欠薪"})
    assert account.state == "in_force"
