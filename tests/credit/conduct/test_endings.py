"""A fact that was lawfully in force stays so for the days on which it was, whatever ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credit.conduct.models import ConductRecord
from credit.scoring import ahead, differences, formulas, services
from credit.scoring import selectors as scoring
from kernel import clock
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, act, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]

WHY = {"reason": "理由。"}
ORDER = WHY | {"document_number": "示例行初〔2025〕1 号"}


@pytest.fixture
def people():
    return samples.officers()


def now_score():
    samples.settle()
    return scoring.score(FIRM, clock.today(), clock.now())


def expires(people, _record):
    later(people, 200)
    later(people, 200)


def is_repaired(people, record):
    later(people, 200)
    record = samples.mended(people, record)
    act(act(record, "propose_repair", people["one"], WHY), "repair", people["two"])


def is_suspended(people, record):
    later(people, 5)
    act(act(record, "propose_suspension", people["one"], ORDER), "suspend", people["two"])


@pytest.mark.parametrize("ends", [expires, is_repaired, is_suspended])
def test_a_day_on_which_a_fact_was_in_force_stays_what_it_was(people, ends):
    record = samples.published(people)
    day, then = clock.today(), now_score()
    assert then.hundredths < 6000
    certified = services.certificate(FIRM, at=clock.now(), purpose="lot:1")
    ends(people, record)
    assert now_score().hundredths == 6000
    assert scoring.score(FIRM, day, clock.now()).millionths == then.millionths
    found = differences.report(certified.number, clock.now())
    assert not found.moved
    assert all(not change.taken_back for change in found.changes)


def test_a_revoked_fact_was_in_force_on_no_day_as_it_is_known_since(people):
    record = samples.published(people)
    day = clock.today()
    certified = services.certificate(FIRM, at=clock.now(), purpose="lot:1")
    later(people, 3)
    samples.revoked(people, record)
    assert now_score().hundredths == 6000
    assert scoring.score(FIRM, day, clock.now()).hundredths == 6000
    found = differences.report(certified.number, clock.now())
    assert found.moved and [change.taken_back for change in found.changes] == [True]


def test_the_look_ahead_ends_a_fact_when_its_showing_ends(people):
    samples.published(people)
    record = ConductRecord.objects.get()
    ends = clock.legal_date(record.shown_until)
    now = clock.now()
    scheme = scoring.scheme(now)
    (one,) = scoring.score(FIRM, clock.today(), now).contributions
    assert one.ends_on == min(ends, clock.today() + timedelta(days=scheme.items[one.item].days))
    entries = scoring.entries(FIRM)
    told = {turn.day for turn in ahead.turns(entries, scheme, clock.today(), now)}
    assert told <= {one.ends_on}
    # On that day it is so, and nobody has to write anything for it.
    before = formulas.score(entries, scheme, one.ends_on - timedelta(days=1), now)
    after = formulas.score(entries, scheme, one.ends_on, now)
    assert before.hundredths < after.hundredths == 6000


def test_off_a_list_a_record_is_a_bad_one_again_and_weighs_as_long_as_it_is_shown(people):
    record = samples.listed(people, samples.published(people, item="collusion"))
    on_the_list = now_score()
    later(people, 30)
    record = samples.unlisted(people["one"], people["two"], record)
    assert record.state == "published"
    three_years = clock.today().replace(year=clock.today().year + 3)
    assert clock.legal_date(record.shown_until - timedelta(seconds=1)) >= three_years
    assert now_score().millionths == on_the_list.millionths


def test_whoever_was_listed_is_not_better_off_than_whoever_was_not(people):
    record = samples.published(people, item="collusion")
    samples.listed(people, record)
    later(people, 380)
    record.refresh_from_db()
    assert record.state == "published"
    assert now_score().hundredths < 6000


def test_a_suspension_goes_on_while_a_record_leaves_its_list(people):
    record = samples.listed(people, samples.published(people, item="collusion"))
    record = act(act(record, "propose_suspension", people["one"], ORDER), "suspend", people["two"])
    later(people, 380)
    record.refresh_from_db()
    assert (record.state, bool(record.suspended_by)) == ("published", True)
    assert now_score().hundredths == 6000
    act(act(record, "propose_lifting", people["one"], ORDER), "lift_suspension", people["two"])
    assert now_score().hundredths < 6000
