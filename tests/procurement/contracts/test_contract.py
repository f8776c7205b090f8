"""A contract says what was bid, is signed with its securities in force, and is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.errors import NotPermitted, Refused, Unavailable
from kernel.events.models import Event
from kernel.web.case_pages import case_page
from kernel.web.presenters import presenter_of
from kernel.workflow import judge, sandbox
from kernel.workflow.due import run_due
from kernel.workflow.models import Deadline
from procurement.contracts import needs
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.contracts.needs import Award
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.payments.models import Payment
from procurement.contracts.rules import common, performance, settlement
from procurement.contracts.rules import terms as terms_rules
from tests.conftest import member
from tests.procurement.contracts import samples
from tests.procurement.contracts.samples import PRICE, act, auto, opened, performing, signed, terms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
CODE = CONTRACT.code
SIGNATURE = {"document_number": "1", "document_sha256": "c" * 64}


@pytest.fixture
def people(september: None) -> dict[str, Actor]:
    return samples.market()


@pytest.fixture
def award(people: dict[str, Actor]) -> Iterator[Award]:
    made = samples.awarded(people)
    with samples.answers(made):
        yield made


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.code.removeprefix("procurement.contract.") for r in refused.value.refusals}


def refused_draft(people: dict[str, Actor], **changes: Any) -> set[str]:
    pk = opened(people, **changes)
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "draft", people["owner"])
    return codes(refused)


def test_a_contract_that_says_what_was_bid_is_signed_and_tells_it(
    people: dict[str, Actor], award: Award
) -> None:
    pk = signed(people)
    case = Contract.objects.get(pk=pk)
    assert (case.state, case.number) == ("signed", "2301022511240101-HT01")
    payload = Event.objects.get(name="procurement.contract.signed").payload
    assert payload == {
        "contract_id": pk,
        "number": case.number,
        "lot_id": 7,
        "project_number": award.project_number,
        "works_name": award.works_name,
        "region": "230102",
        "owner_uscc": award.owner_uscc,
        "contractor_uscc": award.winner_uscc,
        "supervision_uscc": people["chief"].uscc,
        "price_fen": PRICE,
        "period_days": 400,
        "project_manager": "示例甲",
        "signed_on": clock.today().isoformat(),
    }


def test_the_clock_of_thirty_days_runs_from_the_award_notice(
    people: dict[str, Actor], award: Award
) -> None:
    pk = opened(people)
    [row] = Deadline.objects.filter(machine=CODE, case_pk=pk)
    # 30 days from 1 September end on 1 October, a holiday: they end on 9 October.
    assert (row.last_day, row.role) == (date(2025, 10, 9), "owner_clerk")


def test_a_lot_that_was_not_awarded_has_no_contract(people: dict[str, Actor]) -> None:
    with samples.answers(None), pytest.raises(Refused) as refused:
        opened(people)
    assert codes(refused) == {"not_awarded"}


def test_on_an_award_that_is_void_no_contract_is_drawn_up_or_signed(
    people: dict[str, Actor], award: Award
) -> None:
    void = replace(award, void=True)
    with samples.answers(void), pytest.raises(Refused) as refused:
        opened(people)
    assert codes(refused) == {"award_void"}
    pk = opened(people)
    with samples.answers(void), pytest.raises(Refused) as refused:
        act(CODE, pk, "draft", people["owner"])
    assert codes(refused) == {"award_void"}
    assert terms_rules.award_is_not_void in performance.SIGNED


def test_only_the_lots_owner_draws_its_contract_up(people: dict[str, Actor], award: Award) -> None:
    with pytest.raises(Refused) as refused:
        act(CODE, None, "open", people["other_owner"], terms(people))
    assert codes(refused) == {"not_your_lot"}


def test_a_lot_has_one_contract(people: dict[str, Actor], award: Award) -> None:
    opened(people)
    with pytest.raises(Refused) as refused:
        opened(people)
    assert codes(refused) == {"lot_contracted"}


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("works_name", "另一工程"),
        ("price_fen", PRICE - 1),
        ("period_days", 401),
        ("quality", "优良"),
        ("project_manager", "示例乙"),
        ("boq_standard", "gb50500-2013"),
        ("bill_sha256", "d" * 64),
        ("progress_percent", "85"),
    ],
)
def test_each_departure_from_tender_and_bid_is_named(
    people: dict[str, Actor], award: Award, term: str, value: Any
) -> None:
    pk = opened(people, **{term: value})
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "draft", people["owner"])
    [reason] = [r for r in refused.value.refusals if r.code.endswith(".differs")]
    assert (reason.field, reason.facts["term"]) == (term, term)


@pytest.mark.parametrize("missing", terms_rules.NEEDED)
def test_a_missing_term_is_named(people: dict[str, Actor], award: Award, missing: str) -> None:
    pk = act(
        CODE, None, "open", people["owner"],
        {k: v for k, v in terms(people).items() if k != missing},
    ).case_pk  # fmt: skip
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "draft", people["owner"])
    named = {r.field for r in refused.value.refusals if r.code.endswith(".term_missing")}
    assert named == {missing}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity_option": ""}, "quantity_option_missing"),
        ({"adjustment": "guess"}, "code_unlisted"),
        ({"retention_percent": "3.01"}, "share_too_high"),
        ({"performance_percent": "10.5"}, "share_too_high"),
        ({"prepayment_percent": "31"}, "share_too_high"),
        ({"prepayment_percent": "9"}, "share_too_low"),
        ({"progress_percent": "79"}, "share_too_low"),
        ({"defect_months": 25}, "defect_period_too_long"),
        ({"audit_basis": True}, "audit_basis"),
        ({"late_interest_percent": "2.99"}, "late_interest_too_low"),
        ({"bill_sha256": "d" * 64}, "bill_unknown"),
    ],
)
def test_an_unlawful_term_is_refused(
    people: dict[str, Actor], award: Award, changes: dict[str, Any], code: str
) -> None:
    assert code in refused_draft(people, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"contractor_is_sme": False, "audit_basis": True},
        {"prepayment_percent": "0"},
        {"late_interest_percent": "3"},
        {"defect_months": 24, "retention_percent": "3"},
    ],
)
def test_a_lawful_term_is_not_refused(
    people: dict[str, Actor], award: Award, changes: dict[str, Any]
) -> None:
    pk = opened(people, **changes)
    assert act(CODE, pk, "draft", people["owner"]).state == "signing"


@pytest.mark.parametrize(
    ("securities", "code"),
    [
        ({"performance": PRICE // 10 - 1, "payment": 1}, "performance_security_missing"),
        ({"performance": PRICE // 10 + 1, "payment": 1}, "performance_security_too_high"),
        ({"performance": PRICE // 10}, "payment_security_missing"),
    ],
)
def test_nothing_is_signed_without_the_securities(
    people: dict[str, Actor], securities: dict[str, int], code: str
) -> None:
    with samples.answers(samples.awarded(people), securities):
        pk = opened(people)
        act(CODE, pk, "draft", people["owner"])
        with pytest.raises(Refused) as refused:
            auto(CODE, pk, "sign", SIGNATURE)
    assert codes(refused) == {code}
    assert Contract.objects.get(pk=pk).state == "signing"


def test_registration_is_no_gate(people: dict[str, Actor], award: Award) -> None:
    pk = signed(people)
    auto(CODE, pk, "perform")
    assert Contract.objects.get(pk=pk).state == "performing"


def test_a_stranger_does_nothing(people: dict[str, Actor], award: Award) -> None:
    pk = opened(people)
    for actor in (people["other_owner"], people["stranger"], people["officer"]):
        with pytest.raises(NotPermitted):
            act(CODE, pk, "draft", actor)


@pytest.mark.parametrize("subject", sorted(performance.SUBSTANCE))
def test_a_supplement_does_not_change_the_substance(
    people: dict[str, Actor], award: Award, subject: str
) -> None:
    pk = signed(people)
    said = {"subject": subject, "number": "补1", "signed_on": clock.today()}
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "supplement", people["owner"], said)
    assert codes(refused) == {"substance_changed"}
    act(CODE, pk, "supplement", people["owner"], said | {"subject": "personnel"})
    assert len(Contract.objects.get(pk=pk).supplements) == 1


def test_a_supplement_is_not_from_tomorrow(people: dict[str, Actor], award: Award) -> None:
    pk = signed(people)
    said = {"subject": "other", "number": "1", "signed_on": clock.today() + timedelta(days=1)}
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "supplement", people["contractor"], said)
    assert codes(refused) == {"dated_ahead"}


def test_who_suspends_or_ends_gave_notice(people: dict[str, Actor], award: Award) -> None:
    case = performing(people)
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "suspend", people["contractor"], {"reason": "拖欠"})
    assert codes(refused) == {"notice_missing"}
    notice = {"reason": "拖欠", "notice_number": "函1", "notified_on": clock.today()}
    assert act(CODE, case.pk, "suspend", people["contractor"], notice).state == "suspended"
    act(CODE, case.pk, "resume", people["owner"], {"reason": "已付"})
    wrong = notice | {"at_fault": "the weather"}
    with pytest.raises(Refused):
        act(CODE, case.pk, "terminate", people["owner"], wrong)
    ends = notice | {"at_fault": "contractor"}
    assert act(CODE, case.pk, "terminate", people["owner"], ends).state == "terminated"
    told = Event.objects.get(name="procurement.contract.terminated").payload
    assert (told["at_fault"], told["document_number"]) == ("contractor", "函1")


def test_one_officer_investigates_and_another_clears(
    people: dict[str, Actor], award: Award
) -> None:
    case = performing(people)
    act(CODE, case.pk, "investigate", people["officer"], {"reason": "涉嫌转包"})
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "clear", people["officer"], {"reason": "查无"})
    assert codes(refused) == {"same_investigator"}
    place = {"region": "230100", "serial": 56, "authority": "city"}
    second = member("permits2", "permit_officer", **place)  # type: ignore[arg-type]
    with pytest.raises(NotPermitted):
        act(CODE, case.pk, "clear", people["contractor"], {"reason": "没有"})
    assert act(CODE, case.pk, "clear", second, {"reason": "查无"}).state == "performing"


# Settlement ----------------------------------------------------------------------------------


def settling(people: dict[str, Actor], **changes: Any) -> int:
    case = performing(people, **changes)
    auto(CODE, case.pk, "begin_settlement", {"accepted_on": clock.today()})
    return int(case.pk)


def test_a_settlement_is_asked_for_at_a_sum(people: dict[str, Actor], award: Award) -> None:
    pk = settling(people)
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "file_settlement", people["contractor"], {"claimed_fen": 0})
    assert codes(refused) == {"settlement_empty"}


def test_nobody_finds_more_right_than_was_asked_for(people: dict[str, Actor], award: Award) -> None:
    pk = settling(people)
    act(CODE, pk, "file_settlement", people["contractor"], {"claimed_fen": PRICE})
    said = {"checked_fen": PRICE, "disputed_fen": 1}
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "check_settlement", people["chief"], said)
    assert codes(refused) == {"checked_above_claim"}


def test_nothing_is_settled_before_all_three_signed(people: dict[str, Actor], award: Award) -> None:
    pk = settling(people)
    act(CODE, pk, "file_settlement", people["contractor"], {"claimed_fen": PRICE})
    act(CODE, pk, "check_settlement", people["chief"], {"checked_fen": PRICE})
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "settle", people["owner"])
    assert codes(refused) == {"statement_unsigned"}


def _silent(people: dict[str, Actor], *, clause: bool) -> Contract:
    pk = settling(people, silence_accepts=clause)
    act(CODE, pk, "file_settlement", people["contractor"], {"claimed_fen": PRICE})
    operator = member("operator", "operator", serial=59)
    sandbox.move_to(clock.now() + timedelta(days=60), actor=operator)
    run_due()
    return Contract.objects.get(pk=pk)


def test_silence_accepts_a_settlement_where_the_contract_says_so(
    people: dict[str, Actor], award: Award
) -> None:
    case = _silent(people, clause=True)
    assert (case.state, case.settled_fen, case.retention_fen) == (
        "settled",
        PRICE,
        PRICE * 3 // 100,
    )
    # 24 months after the acceptance of 1 September 2025, whole.
    assert case.retention_due_at is not None
    assert clock.legal_date(case.retention_due_at) == date(2027, 9, 2)


def test_silence_accepts_nothing_where_it_does_not(people: dict[str, Actor], award: Award) -> None:
    case = _silent(people, clause=False)
    assert (case.state, case.settled_fen) == ("settlement_filed", 0)


def test_who_is_asked_and_does_not_answer_is_said_so() -> None:
    with pytest.raises(Unavailable) as refused:
        needs.Need("示例").ask  # noqa: B018  (asking is what is tested)
    assert codes(refused) == {"nobody_answers"}


def test_a_payment_that_is_open_and_a_file_of_nobody_are_refused(
    people: dict[str, Actor], award: Award
) -> None:
    case = performing(people)
    held = judge.load_facts(CONTRACT, case, clock.now())
    open_ = replace(held, open_payments=("P-1",), unpaid_fen=0)
    found = [*settlement.nothing_is_unpaid(open_, None)]
    found += common.files_are_there(replace(held, missing_files=("e" * 64,)), None)
    assert [r.code for r in found] == [
        "procurement.contract.payments_open", "procurement.contract.file_missing",
    ]  # fmt: skip


def test_retention_goes_back_whole_and_the_contract_ends(
    people: dict[str, Actor], award: Award
) -> None:
    case = _silent(people, clause=True)
    _to_the_end_of_the_defect_period(case)
    receipt = {"bank": "银行", "number": "1", "paid_on": clock.today()}
    short = {"receipts": [receipt | {"amount_fen": case.retention_fen - 1}]}
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "return_retention", people["owner"], short)
    assert codes(refused) == {"retention_not_whole"}
    twice = {"receipts": [receipt | {"amount_fen": 1}] * 2}
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "return_retention", people["owner"], twice)
    assert "receipt_twice" in codes(refused)
    whole = {"receipts": [receipt | {"amount_fen": case.retention_fen}]}
    settled = judge.load_facts(CONTRACT, case, clock.now()).settled_on
    assert settled is not None
    early = receipt | {"paid_on": settled - timedelta(days=1)}
    before = {"receipts": [early | {"amount_fen": case.retention_fen}]}
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "return_retention", people["owner"], before)
    assert codes(refused) == {"retention_before_settlement"}
    act(CODE, case.pk, "return_retention", people["owner"], whole)
    # What was settled is still to be paid, and can still be asked for.
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "close", people["owner"])
    assert codes(refused) == {"unpaid"}
    assert refused.value.refusals[0].facts == {"unpaid": "970,000.00"}
    ask = {"contract_number": case.number, "kind": "settlement", "measured_to": clock.today()}
    payment = act(PAYMENT.code, None, "open", people["contractor"], ask).case_pk
    with connection.cursor() as cursor:  # what leads there is tested with payments
        cursor.execute(f"UPDATE {Payment._meta.db_table} SET state = 'paid' WHERE id = {payment}")
    Payment.objects.filter(pk=payment).update(
        due_fen=PRICE, wages_fen=PRICE, wages_paid_fen=PRICE * 97 // 100 - 1
    )
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "close", people["owner"])
    assert refused.value.refusals[0].facts == {"unpaid": "0.01"}
    Payment.objects.filter(pk=payment).update(wages_paid_fen=PRICE * 97 // 100)
    assert act(CODE, case.pk, "close", people["owner"]).state == "closed"


def _to_the_end_of_the_defect_period(case: Contract) -> None:
    assert case.retention_due_at is not None
    operator = member("operator2", "operator", serial=59)
    while clock.now() < case.retention_due_at:
        step = min(case.retention_due_at, clock.now() + timedelta(days=300))
        sandbox.move_to(step, actor=operator)


def test_retention_goes_back_before_the_defect_period_ends_only_as_both_agreed_and_say_why(
    people: dict[str, Actor], award: Award
) -> None:
    case = _silent(people, clause=True)
    receipt = {"bank": "银行", "number": "1", "paid_on": clock.today()}
    whole = {"receipts": [receipt | {"amount_fen": case.retention_fen}]}
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "return_retention", people["owner"], whole)
    assert codes(refused) == {"retention_early", "retention_unagreed"}
    assert {r.field for r in refused.value.refusals} == {"reason", "file_sha256"}
    # 24 months after the acceptance of 1 September 2025, whole.
    assert refused.value.refusals[0].facts == {"until": "2027-09-01 24:00"}
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "return_retention", people["owner"], whole | {"reason": "协商一致"})
    assert codes(refused) == {"retention_unagreed"}
    agreed = scans.store(actor=people["owner"], content=b"%PDF-1.4 agreed", at=clock.now()).sha256
    said = whole | {"reason": "工程已移交，双方协商一致", "file_sha256": agreed}
    assert act(CODE, case.pk, "return_retention", people["owner"], said).state == (
        "retention_returned"
    )
    # Who looks at the case reads why.
    page = case_page(Contract.objects.get(pk=case.pk), people["owner"], clock.now())
    assert "工程已移交，双方协商一致" in [item.note for item in page.timeline]


@pytest.mark.parametrize("over", [False, True])
def test_the_page_of_returning_retention_says_until_when_it_may_be_held_and_asks_only_then(
    people: dict[str, Actor], award: Award, over: bool
) -> None:
    case = _silent(people, clause=True)
    if over:
        _to_the_end_of_the_defect_period(case)
    transition = CONTRACT.transition("return_retention")
    assert transition is not None
    made = presenter_of(CONTRACT).act_form(transition, case, people["owner"], clock.now())
    warned = [group for group in made.groups if group.warning]
    asked = {view.bound.name for group in made.groups for view in group.fields}
    if over:
        assert not warned
        assert asked.isdisjoint({"reason", "file_sha256"})
    else:
        assert "2027-09-01 24:00" in warned[0].warning
        assert made.groups[0] is warned[0]
        assert {view.bound.name for view in warned[0].fields} == {"reason", "file_sha256"}
        assert all(view.bound.field.needed for view in warned[0].fields)


def test_retention_is_the_agreed_share_and_never_above_the_lawful_one() -> None:
    assert settlement.retention_fen(1_000_00, Decimal(2), Decimal(3)) == 20_00
    assert settlement.retention_fen(1_000_00, Decimal(5), Decimal(3)) == 30_00


def test_months_end_on_the_last_day_where_there_is_no_such_day() -> None:
    assert settlement.months_after(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert settlement.months_after(date(2025, 9, 1), 24) == date(2027, 9, 1)


def test_who_was_passed_over_does_not_sign_on_the_next_ones_bid(people: dict[str, Actor]) -> None:
    """Between drawing up and signing the owner may have gone on to the next candidate."""
    with samples.answers(samples.awarded(people)):
        pk = opened(people)
    other = samples.awarded(people, winner_uscc=people["stranger"].uscc)
    with samples.answers(other):
        with pytest.raises(Refused) as refused:
            act(CODE, pk, "draft", people["owner"])
        assert "winner_differs" in codes(refused)
        act(CODE, pk, "amend", people["owner"], terms(people))
        assert Contract.objects.get(pk=pk).contractor_uscc == people["stranger"].uscc


def test_a_contract_stays_with_its_lot(people: dict[str, Actor]) -> None:
    with samples.answers(samples.awarded(people)):
        pk = opened(people)
    with samples.answers(samples.awarded(people, lot_id=8)):
        with pytest.raises(Refused) as refused:
            act(CODE, pk, "amend", people["owner"], terms(people))
        assert codes(refused) == {"lot_differs"}
