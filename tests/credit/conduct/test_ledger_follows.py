"""Whatever is lawfully done with records: the ledger holds just what is in force, each day."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.conduct.states import SHOWN
from credit.scoring import rules as engine
from credit.scoring import selectors as scoring
from kernel import clock
from kernel.access.table import TABLE
from kernel.errors import NotPermitted, Refused
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, REPAIR, act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]

WHY = {"reason": "理由。"}
ORDER = WHY | {"document_number": "示例行初〔2025〕1 号"}
WHO = ("one", "two", "firm", "upper", "upper2")
STEPS = st.lists(
    st.tuples(
        st.sampled_from([t.code for t in RECORD.transitions if not t.automatic and t.sources]),
        st.integers(0, 1),
        st.sampled_from([0, 0, 0, 3, 12, 90, 200]),
    ),
    min_size=6,
    max_size=14,
)
DATA = {
    "state": {"statement": "申辩。"},
    "state_listing": {"statement": "申辩。"},
    "apply_repair": REPAIR,
    "amend": WHY | {"item": "hazard_major"},
    "correct": WHY | {"item": "late_filing"},
    "propose_removal": WHY | {"overturned_by": "示例行终〔2025〕1 号"},
    "propose_suspension": ORDER,
    "propose_lifting": ORDER,
    "review_uphold": ORDER,
    "propose_review_revocation": ORDER,
}


# What signing their papers does.
SERVED = {"answer_statement": "serve_answer", "propose_list": "serve_list_notice"}


def data_of(code):
    if code == "propose_change":
        return ORDER | {"changed_on": clock.today()}
    if code in DATA:
        return DATA[code]
    found = RECORD.transition(code)
    return WHY if "reason" in found.schema.model_fields else None


def attempt(record, code, people):
    """By whoever may; what is refused changes nothing."""
    for who in WHO:
        try:
            record = act(record, code, people[who], data_of(code))
        except (Refused, NotPermitted):
            continue
        if code in SERVED:
            samples.signed(record, SERVED[code])
        return True
    return False


def in_force():
    """Records that are shown, or on a list, as long as the scheme lets their fact weigh."""
    now = clock.now()
    items = scoring.scheme(now).items
    return sorted(
        (row.pk, row.item)
        for row in ConductRecord.objects.filter(state__in=SHOWN, suspended_by="")
        if row.shown_until > now or row.state == "listed"
        if (clock.today() - clock.legal_date(row.published_at)).days < items[row.item].days
    )


def in_ledger(day, known):
    scheme = scoring.scheme(clock.start_of(day))
    found = engine.active(scoring.entries(FIRM), scheme, day, known)
    of = dict(scoring.PointEntry.objects.values_list("pk", "record_id"))
    return sorted((of[entry.id], entry.item) for entry in found)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_the_ledger_holds_what_is_in_force_and_knowledge_only_grows(steps):
    from django.db import transaction

    with transaction.atomic():
        people = samples.officers()
        records = [
            samples.published(people),
            samples.notified(people, item="wage_arrears"),
        ]
        then = []
        for code, which, days in steps:
            attempt(records[which], code, people)
            if days:
                samples.later(people, days)
            samples.settle()
            day, now = clock.today(), clock.now()
            assert in_ledger(day, now) == in_force(), code
            then.append((day, now, scoring.score(FIRM, day, now).millionths))
            for before, known, points in then:
                assert scoring.score(FIRM, before, known).millionths == points
        transaction.set_rollback(True)


def test_a_fact_on_a_list_weighs_no_longer_than_its_scheme_says():
    people = samples.officers()
    record = act(samples.published(people), "propose_list", people["one"], WHY)
    record = samples.signed(record, "serve_list_notice")
    samples.later(people, 12)
    record = act(record, "list", people["two"], WHY)
    samples.later(people, 340)
    assert in_ledger(clock.today(), clock.now()) == in_force() == [(record.pk, record.item)]
    samples.later(people, 15)
    assert ConductRecord.objects.get().state == "listed"
    assert in_ledger(clock.today(), clock.now()) == in_force() == []


def test_every_act_that_people_do_is_in_the_walk():
    assert set(DATA) <= {t.code for t in RECORD.transitions}
    assert all(TABLE.acts[RECORD.act_name(t.code)] for t in RECORD.transitions if not t.automatic)
