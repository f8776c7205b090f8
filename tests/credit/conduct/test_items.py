"""The items that captured events need came as a version of their own, and change no other."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from types import SimpleNamespace

import pytest

from credit.conduct import rules
from credit.conduct.pages import RecordPresenter
from credit.scoring import selectors as scoring
from credit.scoring.models import PointEntry
from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.web.schema_forms import SchemaForm, Setting
from kernel.workflow.machines import Payload
from tests.credit.conduct import samples

BEFORE = datetime(2026, 11, 30, 12, 0, tzinfo=clock.LEGAL_ZONE)
AFTER = datetime(2026, 12, 1, 0, 0, tzinfo=clock.LEGAL_ZONE)
NEW = {"bid_security_forfeited", "late_contract", "late_award_report", "hazard_penalised"}


def test_the_version_of_december_2026_adds_four_items_and_changes_none():
    old, new = scoring.scheme(BEFORE), scoring.scheme(AFTER)
    assert (old.version, new.version) == ("2025.1", "2026.2")
    assert set(new.items) - set(old.items) == NEW
    same = {code: item for code, item in new.items.items() if code not in NEW}
    assert same == old.items
    changed = {"version", "sha256", "items"}
    for field in dataclasses.fields(old):
        if field.name not in changed:
            assert getattr(old, field.name) == getattr(new, field.name), field.name


@pytest.mark.parametrize(
    ("item", "points", "days", "code"),
    [
        ("bad_stated", 0, 0, "weight_missing"),
        ("bad_stated", 100, 0, "weight_missing"),
        ("bad_stated", 100, 90, ""),
        ("hazard_general", 0, 0, ""),
        ("hazard_general", 100, 90, "weight_given"),
    ],
)
def test_points_stand_in_the_document_only_where_the_scheme_says_so(item, points, days, code):
    facts = SimpleNamespace(
        items={"bad_stated": "ordinary", "hazard_general": "ordinary"},
        by_document=frozenset({"bad_stated"}),
        articles={"record": "依据"},
    )
    given = SimpleNamespace(item=item, stated_points=points, stated_days=days)
    codes = [each.code for each in rules.weight_is_stated(facts, given)]
    assert codes == ([f"credit.conduct_record.{code}"] if code else [])


def test_the_section_of_a_fact_reaches_the_ledger(september):
    people = samples.officers()
    record = samples.published(people, section="HT-2025-1")
    assert PointEntry.objects.get(record_id=record.pk).section == "HT-2025-1"


def test_a_weight_that_the_scheme_fixes_is_not_stated_again(september):
    people = samples.officers()
    with pytest.raises(Refused) as refused:
        samples.captured(people, stated_points=100, stated_days=30)
    assert [each.code for each in refused.value.refusals] == ["credit.conduct_record.weight_given"]


class OfPoints(Payload):
    stated_points: int = 0


def test_stated_points_are_typed_as_the_decision_states_them(db):
    words = {"stated_points": RecordPresenter.fields["stated_points"]}
    now = Setting(None, Actor(0, 0, "credit_officer"), clock.now())
    form = SchemaForm(OfPoints, words, now, {"stated_points": "-2.00"})
    assert form.is_valid() and form.cleaned_data["stated_points"] == 200
