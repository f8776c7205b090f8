"""A sandbox may begin in the past, once, before anything has happened; then time moves forward."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.evidence.models import LogEntry
from kernel.workflow import sandbox
from tests.procurement.projects.samples import opened

pytestmark = pytest.mark.django_db


def test_a_sandbox_begins_where_it_is_told(people, september):
    assert clock.today().isoformat() == "2025-09-01"
    assert LogEntry.objects.get().kind == "workflow.sandbox_began"
    opened(people["clerk"])
    assert clock.today().isoformat() == "2025-09-01"


def test_it_begins_once(people, september):
    with pytest.raises(Refused) as refused:
        sandbox.begin_at(clock.now() + timedelta(days=1))
    assert refused.value.refusals[0].code == "workflow.sandbox.begun"


def test_nothing_that_happened_is_dated_back(people):
    opened(people["clerk"])
    with pytest.raises(Refused):
        sandbox.begin_at(clock.now() - timedelta(days=365))


def test_production_begins_nowhere_else(settings):
    settings.SANDBOX = False
    with pytest.raises(NotPermitted) as refused:
        sandbox.begin_at(clock.now())
    assert refused.value.refusals[0].code == "workflow.sandbox.not_a_sandbox"


def test_time_still_moves_forward_only(people, september):
    for step, code in ((timedelta(seconds=-1), "backward"), (timedelta(days=401), "too_far")):
        with pytest.raises(Refused) as refused:
            sandbox.move_to(clock.now() + step, actor=people["operator"])
        assert refused.value.refusals[0].code == f"workflow.sandbox.{code}"
    sandbox.move_to(clock.now() + timedelta(days=3), actor=people["operator"])
    assert clock.today().isoformat() == "2025-09-04"
