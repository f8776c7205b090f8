"""What is learnt after a certificate changes no certificate: a report says what it would change."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from credit.scoring import differences, services
from kernel import clock
from kernel.errors import Refused
from tests.credit.scoring.test_population import FIRMS, NOW, fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def certified(db, published):
    fact(1, FIRMS[0], "hazard_general", 10)
    gone = fact(2, FIRMS[0], "wage_arrears", 30)
    return services.certificate(FIRMS[0], at=NOW, purpose="test"), gone


@pytest.fixture
def published(db):
    call_command("publish_rules", verbosity=0)


def test_a_later_revocation_is_told_and_the_certificate_stays(certified, monkeypatch):
    held, gone = certified
    later = NOW + timedelta(days=3)
    fact(3, FIRMS[0], "wage_arrears", 30, revokes=gone, recorded_at=later)
    fact(4, FIRMS[0], "late_filing", 5, recorded_at=later)
    fact(5, FIRMS[0], "late_filing", -2, recorded_at=later)  # takes effect after the day
    found = differences.report(held.number, later)
    assert [(c.item, c.taken_back) for c in found.changes] == [
        ("wage_arrears", True), ("late_filing", False),
    ]  # fmt: skip
    assert found.moved
    assert found.then.millionths == held.score_millionths
    assert (found.then.hundredths, found.now.hundredths) == (4300, 5500)
    assert services.replay(held.number).millionths == held.score_millionths
    monkeypatch.setattr(clock, "now", lambda: later)
    out = StringIO()
    call_command("score", held.number, "--difference", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert [change["taken_back"] for change in told["changes"]] == [True, False]
    out = StringIO()
    call_command("score", held.number, "--difference", stdout=out)
    assert "43.00" in out.getvalue() and "55.00" in out.getvalue()


def told(number, *more):
    out = StringIO()
    call_command("score", number, "--difference", *more, stdout=out)
    return out.getvalue()


def test_a_repair_is_told_as_an_end_and_not_as_something_new(certified, monkeypatch):
    held, _gone = certified
    later = NOW + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    end = clock.legal_date(later)
    services.end(record_id=1, on=end, at=later, cause="test:repair")
    found = differences.report(held.number, later)
    assert [(c.item, c.taken_back, c.until) for c in found.changes] == [
        ("hazard_general", False, end)
    ]
    assert not found.moved  # on the certificate's day it weighed
    (change,) = json.loads(told(held.number, "--json"))["changes"]
    assert (change["taken_back"], change["until"]) == (False, end.isoformat())
    (line,) = [line for line in told(held.number).splitlines() if "hazard_general" in line]
    assert line.startswith("~ ") and line.endswith(f"→ {end}")


def test_nothing_learnt_is_no_difference(certified):
    held, _gone = certified
    found = differences.report(held.number, NOW + timedelta(days=3))
    assert (found.moved, found.changes) == (False, ())


def test_nobody_looks_back_before_the_certificate(certified):
    held, _gone = certified
    with pytest.raises(Refused) as refused:
        differences.report(held.number, NOW - timedelta(seconds=1))
    assert refused.value.refusals[0].code == "credit.certificate.later"
    with pytest.raises(Refused) as refused:
        differences.report("XY-0", NOW)
    assert refused.value.refusals[0].code == "credit.certificate.unknown"
