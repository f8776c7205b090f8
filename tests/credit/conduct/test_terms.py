"""How long a record is shown and from when it may be repaired: by class, document and law."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

import pytest

from credit.conduct import rules, selectors, showing
from credit.conduct.models import ConductRecord
from credit.conduct.schemas import CapturePayload
from credit.scoring import selectors as scoring
from kernel import clock
from kernel.errors import Refused
from kernel.workflow import sandbox
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, REPAIR, act, captured, payload, published

pytestmark = pytest.mark.django_db
NEW_RULES = datetime(2026, 4, 1, 9, 0, tzinfo=clock.LEGAL_ZONE)
OLD_RULES = datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE)


def ends(severity, starts_on, until, at):
    return clock.legal_date(
        selectors.term_ends_at(severity, starts_on, until, at) - timedelta(seconds=1)
    )


@pytest.mark.parametrize(
    ("severity", "at", "last"),
    [
        ("minor", OLD_RULES, date(2026, 2, 20)),
        ("minor", NEW_RULES, date(2025, 11, 20)),
        ("ordinary", NEW_RULES, date(2026, 8, 20)),
        ("serious", NEW_RULES, date(2028, 8, 20)),
        ("", NEW_RULES, date(2028, 8, 20)),
    ],
)
def test_a_term_counts_from_the_document_by_the_law_of_the_publication(severity, at, last):
    assert ends(severity, date(2025, 8, 20), None, at) == last


def test_a_record_is_shown_as_long_as_its_penalty_and_no_shorter_than_its_class():
    start = date(2025, 8, 20)
    assert ends("ordinary", start, date(2027, 1, 5), NEW_RULES) == date(2027, 1, 5)
    assert ends("ordinary", start, date(2025, 9, 5), NEW_RULES) == date(2026, 8, 20)


@pytest.fixture
def people():
    sandbox.begin_at(OLD_RULES)
    return samples.officers()


def refused(record, code, actor, data=None):
    with pytest.raises(Refused) as found:
        act(record, code, actor, data)
    return {r.code.removeprefix("credit.conduct_record."): r for r in found.value.refusals}


def test_a_document_that_states_the_class_and_the_penalty_is_taken_at_its_word(people):
    record = published(people, severity="serious", penalty_until="2030-01-05")
    assert record.severity == "serious"
    assert clock.legal_date(record.shown_until - timedelta(seconds=1)) == date(2030, 1, 5)


def test_bad_conduct_without_a_class_is_refused_by_name(people):
    """No published scheme has such an item; the rule does not rest on that."""
    facts = selectors.facts(ConductRecord(), clock.now(), None, people["one"])
    bare = dataclasses.replace(facts, items={"hazard_general": ""})
    capture = CapturePayload(**payload())
    assert [r.code for r in rules.class_is_known(bare, capture)] == [
        "credit.conduct_record.class_missing"
    ]
    assert not list(rules.class_is_known(facts, capture))


def test_what_lost_its_document_is_not_noticed(people):
    record = act(samples.captured(people), "verify", people["one"])
    record = act(record, "confirm", people["two"])
    ConductRecord.objects.filter(pk=record.pk).update(document_number="", severity="grave")
    assert set(refused(record, "notify", people["two"])) == {"document_missing", "term_missing"}


def test_a_term_that_ends_during_the_notice_lets_nothing_be_shown(people):
    record = act(captured(people, occurred_on="2024-09-04"), "verify", people["one"])
    record = act(record, "confirm", people["two"])
    assert set(refused(record, "notify", people["two"])) == {"term_over"}
    # Nor what was told before there was this rule: it is published and over at once.
    ConductRecord.objects.filter(pk=record.pk).update(occurred_on="2024-09-20")
    record = act(ConductRecord.objects.get(pk=record.pk), "notify", people["two"])
    samples.signed(record, "serve_notice")
    ConductRecord.objects.filter(pk=record.pk).update(occurred_on="2024-09-04")
    samples.later(people, 10)
    record.refresh_from_db()
    assert record.state == "expired"
    now = clock.now()
    assert scoring.score(FIRM, clock.legal_date(now), now).hundredths == 6000


def test_repair_waits_for_the_penalty_too_and_is_barred_where_the_law_bars_it(people):
    bound = published(people, penalty_until="2026-06-30")
    barred = published(people, item="collusion", repair_barred_by="《示例条例》第八条")
    samples.later(people, 250)
    early = refused(bound, "apply_repair", people["firm"], REPAIR)
    assert set(early) == {"repair_too_early"}
    never = refused(barred, "apply_repair", people["firm"], REPAIR)
    assert set(never) == {"repair_barred"}
    assert never["repair_barred"].article == "《示例条例》第八条"


def test_by_the_rules_of_2026_a_minor_record_is_repaired_at_once_an_ordinary_after_months(
    people,
):
    minor = published(people, severity="minor")
    assert set(refused(minor, "apply_repair", people["firm"], REPAIR)) == {"not_repairable"}
    sandbox.move_to(datetime(2026, 4, 2, 9, 0, tzinfo=clock.LEGAL_ZONE), actor=people["operator"])
    fresh = published(people, severity="minor")
    assert samples.mended(people, fresh).state == "repair_applied"
    ordinary = published(people)
    assert set(refused(ordinary, "apply_repair", people["firm"], REPAIR)) == {"repair_too_early"}
    samples.later(people, 92)
    record = samples.mended(people, ConductRecord.objects.get(pk=ordinary.pk))
    record = act(record, "reject_repair", people["one"], {"reason": "义务未履行。"})
    assert samples.mended(people, record).state == "repair_applied"


def test_what_is_repaired_is_shown_shared_and_used_no_more(people):
    record = published(people)
    samples.later(people, 200)
    record = samples.mended(people, ConductRecord.objects.get(pk=record.pk))
    assert record.correction_document == REPAIR["correction_document"]
    record = act(record, "propose_repair", people["one"], {"reason": "属实。"})
    record = act(record, "repair", people["two"])
    samples.settle()
    assert record.state == "repaired"
    assert not showing.shown(FIRM).exists() and not showing.public_register().exists()
