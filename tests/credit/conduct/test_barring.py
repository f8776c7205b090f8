"""Who may not bid, by which document and by which article."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credit.conduct import barring
from credit.conduct.models import ConductRecord
from credit.enterprises import selectors as enterprises
from kernel import clock
from kernel.workflow.guarding import firing
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, later, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
WAGES = "《保障农民工工资支付条例》第四十八条"


@pytest.fixture
def people():
    return samples.officers()


def bars():
    found = enterprises.refusals_to_bid(FIRM, trade="", grade="", at=clock.now())
    return [(r.facts["document"], r.article) for r in found if r.code == "credit.enterprise.barred"]


def test_who_is_on_a_list_is_refused_by_the_article_of_its_own_record(people):
    record = samples.listed(people, published(people, article=WAGES))
    assert bars() == [(record.document_number, WAGES)]


def test_a_record_without_an_article_is_refused_by_that_of_the_platforms_rule(people):
    samples.listed(people, published(people, article=""))
    ((_document, article),) = bars()
    assert article


def test_a_document_that_excludes_from_bidding_does_so_until_its_last_day_and_without_a_list(
    people,
):
    until = clock.today() + timedelta(days=30)
    record = published(people, item="collusion", bid_ban_until=until.isoformat(), article=WAGES)
    assert bars() == [(record.document_number, WAGES)]
    assert barring.barring_documents(FIRM) == []
    later(people, (until - clock.today()).days)
    assert len(bars()) == 1
    later(people, 1)
    assert bars() == []


def test_a_ban_that_is_suspended_or_undone_bars_nobody(people):
    until = (clock.today() + timedelta(days=300)).isoformat()
    record = published(people, item="collusion", bid_ban_until=until)
    order = {"document_number": "示例行保〔2025〕1 号", "reason": "停止执行。"}
    record = samples.act(record, "propose_suspension", people["one"], order)
    record = samples.act(record, "suspend", people["two"])
    assert bars() == []
    record = samples.act(record, "propose_lifting", people["one"], order)
    record = samples.act(record, "lift_suspension", people["two"])
    assert len(bars()) == 1
    samples.revoked(people, record)
    assert bars() == []


def test_a_ban_outlives_the_time_of_showing_and_ends_with_its_own_last_day(people):
    until = clock.today() + timedelta(days=5 * 365)
    record = published(
        people, item="collusion", severity="ordinary", bid_ban_until=until.isoformat(),
        article=WAGES,
    )  # fmt: skip
    later(people, (record.shown_until - clock.now()).days + 2)
    record.refresh_from_db()
    assert record.state == "expired"
    assert barring.bans(FIRM, until) == [(record.document_number, WAGES)] == bars()
    assert barring.bans(FIRM, until + timedelta(days=1)) == []


def test_a_repair_ends_the_showing_and_not_the_ban_of_the_document(people):
    until = clock.today() + timedelta(days=3 * 365)
    record = published(
        people, item="collusion", severity="ordinary", bid_ban_until=until.isoformat(),
        article=WAGES,
    )  # fmt: skip
    later(people, 200)
    record.refresh_from_db()
    record = samples.mended(people, record)
    record = samples.act(record, "propose_repair", people["one"], {"reason": "已整改。"})
    record = samples.act(record, "repair", people["two"])
    assert record.state == "repaired"
    assert bars() == [(record.document_number, WAGES)]
    assert barring.bans(FIRM, until + timedelta(days=1)) == []


def test_a_ban_that_was_put_by_untold_bars_nobody(people):
    record = published(
        people, item="collusion", bid_ban_until=(clock.today() + timedelta(days=900)).isoformat()
    )
    with firing():
        ConductRecord.objects.filter(pk=record.pk).update(state="expired", published_at=None)
    assert bars() == []
