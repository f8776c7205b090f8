"""A row made without its model's constructor is the row that the constructor makes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kernel import queries
from kernel.events.models import Event
from kernel.rows import fresh
from kernel.workflow.models import Act
from procurement.bids.models import Bid, BidVersion, PendingUpload

NOW = datetime(2026, 1, 2, tzinfo=UTC)
VALUES = {
    Act: {"machine": "m", "case_pk": 1, "person_id": None, "at": NOW},
    Event: {"name": "n", "version": 1, "payload": {"a": 1}, "occurred_at": NOW},
    PendingUpload: {"lot_number": "1", "person_id": 2, "started_at": NOW},
    BidVersion: {"bid_id": 3, "number": 1, "provisional": ["timestamp"]},
    Bid: {},
}


@pytest.mark.parametrize("model", VALUES, ids=lambda model: model.__name__)
def test_it_has_what_the_constructor_gives(model):
    made, told = fresh(model, **VALUES[model]), model(**VALUES[model])
    names = {field.attname for field in model._meta.concrete_fields}
    own = names - {"id"} if model is PendingUpload else names  # its number is drawn
    assert {name: getattr(made, name) for name in own} == {n: getattr(told, n) for n in own}
    assert made.__dict__.keys() - {"_state"} == names
    assert made._state.adding
    assert made._state.db is None


def test_what_a_default_makes_is_each_rows_own():
    first, second = fresh(BidVersion), fresh(BidVersion)
    first.provisional.append("crl")
    assert second.provisional == []
    assert fresh(PendingUpload).id != fresh(PendingUpload).id


def test_a_column_that_is_none_is_refused():
    with pytest.raises(TypeError, match=r"Event has no \['nonsense'\]"):
        fresh(Event, nonsense=1)


@pytest.mark.django_db
def test_it_is_written_and_read_as_any_other():
    row = fresh(Event, name="a.b", version=1, payload={"x": [1]}, case="", occurred_at=NOW,
                recorded_at=NOW)  # fmt: skip
    queries.insert(row)
    found = Event.objects.get(pk=row.pk)
    assert (found.name, found.payload, found.occurred_at) == ("a.b", {"x": [1]}, NOW)
