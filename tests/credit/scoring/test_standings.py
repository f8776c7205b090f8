"""The grade that a search asks is the grade that is shown, on every day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from credit.enterprises.models import Enterprise
from credit.scoring import selectors, services, standings
from credit.scoring.models import CreditStanding, PointEntry
from kernel import clock
from tests.credit.conduct.samples import FIRM, later, officers, published
from tests.credit.scoring.test_population import FIRMS, NOW, ledger

__all__ = ["ledger"]
pytestmark = pytest.mark.django_db


def held():
    return dict(CreditStanding.objects.values_list("uscc", "grade"))


def shown(at):
    day = clock.legal_date(at)
    usccs = PointEntry.objects.values_list("uscc", flat=True).distinct()
    return {uscc: selectors.score(uscc, day, at).grade for uscc in usccs}


def test_everybodys_standing_follows_the_days(ledger):
    for days in (0, 1, 200, 800):
        at = NOW + timedelta(days=days)
        assert standings.renew(at)
        assert not standings.renew(at)
        assert held() == shown(at)


def test_a_record_moves_its_enterprises_standing_at_once(september):
    people = officers()
    Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    published(people, item="wage_arrears", severity="serious")
    assert held() == shown(clock.now())
    later(people, 400)
    standings.renew(clock.now())
    assert held() == shown(clock.now())


def test_a_search_by_grade_reads_no_ledger_but_those_it_shows(ledger):
    for uscc in FIRMS:
        Enterprise.objects.create(uscc=uscc, name=uscc, entered_at=NOW)
    services.enter(
        uscc="9" * 18, item="collusion", group="x", effective_on=clock.legal_date(NOW), at=NOW,
        cause="test:x", record_id=9,
    )  # fmt: skip
    standings.renew(clock.now())
    base = standings.base_grade(clock.now())
    with CaptureQueriesContext(connection) as asked:
        Client().get(f"/credit/enterprises/?credit={base}")
    ledgers = [q["sql"] for q in asked.captured_queries if 'FROM "credit_pointentry"' in q["sql"]]
    assert len(ledgers) <= 1
    assert all(" IN (" in sql for sql in ledgers)
