"""What an enterprise says of itself is C until an officer saw the original, and never A."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from credit.enterprises.declarations import selectors
from credit.enterprises.declarations.machine import CLAIM, FINANCE
from credit.enterprises.models import Achievement, ArchiveChange
from kernel.errors import NotPermitted, Refused
from kernel.parties.models import Membership
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    people = officers.officers()
    samples.licence(people)
    return people


def test_an_achievement_is_c_when_declared_and_b_when_checked(people):
    claim = samples.claim(people)
    assert claim.level == "C"
    checked = samples.act(CLAIM, claim, "check", people["one"], {"document_number": "原件 1 号"})
    assert checked.level == "B"
    assert [row.level for row in selectors.claims(samples.FIRM)] == ["B"]


def test_nobody_checks_the_own_declaration(people):
    claim = samples.claim(people)
    with pytest.raises(NotPermitted):
        samples.act(CLAIM, claim, "check", people["firm"], {"document_number": "原件 1 号"})
    with pytest.raises(NotPermitted):
        samples.act(CLAIM, claim, "check", people["far"], {"document_number": "原件 1 号"})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document_sha256": ""}, "document_missing"),
        ({"document_sha256": "0" * 64}, "document_missing"),
        ({"signed_on": date(2030, 1, 1), "completed_on": None}, "day_impossible"),
        ({"completed_on": date(2019, 1, 1)}, "day_impossible"),
    ],
)
def test_an_unsound_achievement_is_refused_by_name(people, changes, code):
    with pytest.raises(Refused) as refused:
        samples.claim(people, **changes)
    assert {r.code for r in refused.value.refusals} == {f"credit.declaration.{code}"}


def test_a_contract_is_declared_once_and_never_beside_what_is_proven(people):
    samples.claim(people)
    with pytest.raises(Refused) as refused:
        samples.claim(people)
    assert refused.value.refusals[0].code == "credit.declaration.taken"
    Achievement.objects.create(
        uscc=samples.FIRM, contract_number="HT-1", project_number="", name="示例", price_fen=1,
        signed_on=date(2024, 1, 1),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        samples.claim(people, contract_number="HT-1")
    assert refused.value.refusals[0].facts["level"] == "A"


def test_who_is_not_in_the_archive_declares_nothing(people):
    with pytest.raises(Refused) as refused:
        samples.claim(people, who="other")
    assert refused.value.refusals[0].code == "credit.declaration.enterprise_unknown"


def test_a_refused_or_withdrawn_declaration_is_gone_and_may_be_made_anew(people):
    claim = samples.claim(people)
    samples.act(CLAIM, claim, "refuse", people["one"], {"reason": "与原件不符"})
    again = samples.claim(people)
    samples.act(CLAIM, again, "withdraw", people["firm"])
    assert selectors.claims(samples.FIRM) == []


def test_a_years_figures_are_declared_when_the_year_is_over(people):
    with pytest.raises(Refused) as refused:
        samples.finance(people, year=2025)
    assert refused.value.refusals[0].code == "credit.declaration.year_open"
    row = samples.finance(people)
    samples.act(FINANCE, row, "check", people["one"], {"document_number": "审计报告 7 号"})
    (shown,) = selectors.finances(samples.FIRM)
    assert (shown.year, shown.net_profit_fen, shown.level) == (2024, -100_00, "B")


def test_every_change_stands_in_the_log_with_source_and_level(people):
    claim = samples.claim(people)
    samples.act(CLAIM, claim, "check", people["one"], {"document_number": "原件 1 号"})
    rows = ArchiveChange.objects.filter(entry=f"claim:{claim.pk}")
    assert {row.level for row in rows} == {"B", "C"}
    price = rows.get(field="price_fen")
    assert (price.old, price.new, price.level) == ("", "12345678.00", "C")
    assert "credit.achievement_claim" in price.source
    assert rows.get(field="level").old == "C"


def test_a_person_in_two_roles_does_not_check_the_own_declaration(people):
    claim = samples.claim(people)
    city = people["one"]
    Membership.objects.create(
        person_id=people["firm"].person_id, organisation_id=city.organisation_id,
        role="credit_officer", valid_from=date(2020, 1, 1),
    )  # fmt: skip
    both = replace(city, person_id=people["firm"].person_id)
    with pytest.raises(Refused) as refused:
        samples.act(CLAIM, claim, "check", both, {"document_number": "原件 1 号"})
    assert {r.code for r in refused.value.refusals} == {"credit.declaration.own_declaration"}
