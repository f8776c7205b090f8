"""Pages of contracts and payments: what is there to see, forms that know what is known."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from credit.enterprises.models import Enterprise
from credit.scoring import services as scoring
from kernel import clock
from kernel.access.actors import Actor
from kernel.api.tokens import issue
from kernel.documents import storage
from kernel.identifiers import masks
from kernel.parties.models import Membership, Organisation, User
from procurement.bids import grades
from procurement.contracts import needs
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.payments.models import Payment
from tests.procurement.contracts import samples
from tests.procurement.contracts.paying import approved, measured, receipts
from tests.procurement.contracts.samples import LINES, act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def page(client: Any, name: str, url: str, language: str = "zh-hans") -> str:
    client.force_login(User.objects.get(username=name), BACKEND)
    answer = client.get(url, headers={"accept-language": language})
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "调整后的合同价"), ("en", "Price after changes")]
)
def test_a_contract_shows_its_money(
    client: Any, contract: Contract, language: str, words: str
) -> None:
    url = reverse("web:case", args=[CONTRACT.code, contract.pk])
    shown = page(client, "owner", url, language)
    assert contract.number in shown
    if words not in shown:
        shown = page(client, "owner", f"{url}?tab=money", language)
    assert words in shown
    assert "1,000,000.00" in shown


def test_a_stranger_sees_no_contract(client: Any, contract: Contract) -> None:
    client.force_login(User.objects.get(username="stranger"), BACKEND)
    answer = client.get(reverse("web:case", args=[CONTRACT.code, contract.pk]))
    assert answer.status_code in {403, 404}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_measurement_comes_with_the_bills_items(
    client: Any, people: dict[str, Actor], contract: Contract, language: str
) -> None:
    said = {"contract_number": contract.number, "measured_to": clock.today()}
    pk = act(PAYMENT.code, None, "open", people["contractor"], said).case_pk
    shown = page(
        client, "contractor", reverse("web:act", args=[PAYMENT.code, pk, "measure"]), language
    )
    for line in LINES.values():
        assert f'value="{line.code}"' in shown
        assert line.name in shown


@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("procurement.contract", "owner"),
        ("procurement.payment", "contractor"),
        ("procurement.variation", "contractor"),
        ("procurement.price_adjustment", "contractor"),
    ],
)
def test_every_case_can_be_opened_on_a_page(
    client: Any, people: dict[str, Actor], contract: Contract, code: str, who: str
) -> None:
    shown = page(client, who, reverse("web:act-open", args=[code]))
    if code != "procurement.contract":
        assert contract.number in shown


def test_a_contract_needs_no_query_more_for_more_cases_under_it(
    client: Any, people: dict[str, Actor], contract: Contract
) -> None:
    """The other rooms answer from the samples here; asked, award and bill cost eight queries."""
    url = reverse("web:case", args=[CONTRACT.code, contract.pk])
    page(client, "owner", url)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        counts.append(len([q for q in captured.captured_queries if "SELECT" in q["sql"]]))
        for _ in range(3):
            said = {"contract_number": contract.number, "measured_to": clock.today()}
            act(PAYMENT.code, None, "open", people["contractor"], said)
    assert counts[0] == counts[1] <= 22


def test_the_page_of_a_signed_contract_asks_no_other_room_for_the_award(
    client: Any, contract: Contract
) -> None:
    """Award, bill and securities matter until it is signed: no later guard looks at them."""

    def asked(*said: Any) -> Any:
        raise AssertionError(f"asked for {said}")

    # Undone here: the fixture that lent these answers ends before any fixture of patches.
    with pytest.MonkeyPatch.context() as patch:
        for need in (needs.award, needs.bill_size, needs.securities_fen):
            patch.setattr(need, "_answer", asked)
        shown = page(client, "owner", reverse("web:case", args=[CONTRACT.code, contract.pk]))
    assert contract.number in shown


def test_a_contract_shows_its_contractors_grade_of_today_and_of_the_opening(
    client: Any, contract: Contract, monkeypatch: Any
) -> None:
    monkeypatch.setattr(grades.selectors, "is_opened", lambda _number: True)
    monkeypatch.setattr(grades, "judges", lambda actor, _lot: actor.role == "owner_clerk")
    held = scoring.certificate(
        contract.contractor_uscc,
        at=clock.now(),
        purpose=f"{grades.OPENING}:{contract.lot_number}",
    )
    url = reverse("web:case", args=[CONTRACT.code, contract.pk])
    reasons = reverse("credit:certificate", args=[held.number])
    shown = page(client, "owner", url)
    for words in ("承包人信用", held.grade, held.number, reasons):
        assert words in shown
    assert reasons in page(client, "contractor", url)  # its own
    chief = page(client, "chief", url)
    assert held.number in chief
    assert reasons not in chief


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_contract_names_its_parties_and_its_bill_and_what_its_cases_come_to(
    client: Any, people: dict[str, Actor], contract: Contract, language: str
) -> None:
    archived = [people["contractor"], people["chief"]]
    for actor in archived:
        name = Organisation.objects.get(uscc=actor.uscc).name
        Enterprise.objects.create(uscc=actor.uscc, name=name, entered_at=clock.now())
    said = {"contract_number": contract.number, "measured_to": clock.today()}
    pk = act(PAYMENT.code, None, "open", people["contractor"], said).case_pk
    Payment.objects.filter(pk=pk).update(due_fen=123_456_789)
    shown = page(client, "owner", reverse("web:case", args=[CONTRACT.code, contract.pk]), language)
    for actor in archived:
        name = Organisation.objects.get(uscc=actor.uscc).name
        url = reverse("credit:enterprise", args=[actor.uscc])
        assert re.search(rf'<a href="{url}">(<span[^>]*>)?{name}<', shown)
    # The owner has no archive: its name leads nowhere.
    assert reverse("credit:enterprise", args=[people["owner"].uscc]) not in shown
    assert f'href="{reverse("procurement:contract-bill", args=[contract.pk])}"' in shown
    assert f'title="{samples.BILL}">bbbbbbbb…<' in shown
    assert ("1,234,567.89 元 · " if language == "zh-hans" else "1,234,567.89 yuan · ") in shown


def test_the_bill_of_a_contract_is_had_by_who_may_read_it_and_no_other_bill_by_a_hash(
    client: Any, people: dict[str, Actor], contract: Contract
) -> None:
    url = reverse("procurement:contract-bill", args=[contract.pk])
    client.force_login(User.objects.get(username="owner"), BACKEND)
    assert client.get(url).status_code == 404  # no file of the sample's hash was ever stored
    stored = storage.put(b"<?xml version='1.0'?><bill/>", media_type="application/xml")
    Contract.objects.filter(pk=contract.pk).update(bill_sha256=stored.sha256)
    assert client.get(url).status_code == 404  # another than the one that was bid
    award = samples.awarded(people, bid_bill_sha256=stored.sha256)
    with samples.answers(award):
        answer = client.get(url)
        assert b"".join(answer.streaming_content).endswith(b"<bill/>")
        assert "attachment" in answer["Content-Disposition"]
        client.force_login(User.objects.get(username="stranger"), BACKEND)
        assert client.get(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302


def test_who_reads_a_payment_sees_the_wage_account_masked_as_on_its_own_page(
    client: Any, people: dict[str, Actor], contract: Contract, certificates_are_signed: None
) -> None:
    number = "2301020000000004711"
    paid = approved(people, measured(people, contract))
    needs.wage_account.answered_by(lambda _contract: number)
    said = {"account": number, "receipts": receipts(paid.wages_fen)}
    act(PAYMENT.code, paid.pk, "pay_wages", people["owner"], said)
    url = reverse("web:case", args=[PAYMENT.code, paid.pk])
    shown = page(client, "chief", f"{url}?tab=money")
    assert masks.account(number) in shown and number not in shown
    token = issue(
        Membership.objects.get(person_id=people["chief"].person_id),
        name="t", expires_at=clock.technical_now() + timedelta(days=1),
    )[1]  # fmt: skip
    told = client.get(
        f"/api/v1/cases/{PAYMENT.code}/{paid.pk}", headers={"authorization": f"Bearer {token}"}
    )
    assert told.status_code == 200 and number not in told.content.decode()
    show = reverse("web:unmask", args=[PAYMENT.code, paid.pk, "wage_account"])
    assert number in client.post(show, {"reason": "核对工资支付"}).content.decode()
