"""A prepared query gives what the ORM's query gives, whatever stands in its slots."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import (
    transaction,
)
from hypothesis import given
from hypothesis import strategies as st

from kernel import queries
from kernel.events.models import Delivery, Event
from kernel.parties.models import Organisation
from kernel.queries import Prepared
from tests.kernel.events.samples import AT, event

by_case = Prepared(
    lambda slots: (
        Event.objects.order_by("pk")
        .filter(case=slots.text(0), pk__gte=slots.number(1))
        .values_list("pk", "case", "payload", "occurred_at", "deliveries__subscriber")
    )
)
by_day = Prepared(
    lambda slots: (
        Organisation.objects.order_by("pk")
        .filter(memberships__valid_from__lte=slots.day(0), region=slots.text(1))
        .values_list("uscc", "memberships__valid_from")
    )
)
small = st.integers(-3, 3) | st.integers(-(2**31), 2**31 - 1)
cases = st.sampled_from(["a:1", "a:2", "", "%", "'", '"', "\\", "%s", "二"]) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20
)


@pytest.mark.django_db
@given(st.lists(st.tuples(cases, st.integers(0, 3)), max_size=4), cases, small)
def test_a_prepared_query_gives_what_the_query_gives(
    written: list[tuple[str, int]], case: str, least: int
) -> None:
    with transaction.atomic():
        for number, (name, of) in enumerate(written):
            row = event()
            row.case, row.version, row.payload = name, of, {"n": number}
            queries.insert(row)
            if number % 2:
                Delivery.objects.create(event=row, subscriber=name[:80], next_attempt_at=AT)
        wanted = (
            Event.objects.order_by("pk")
            .filter(case=case, pk__gte=least)
            .values_list("pk", "case", "payload", "occurred_at", "deliveries__subscriber")
        )
        assert list(map(tuple, by_case.rows(case, least))) == list(wanted)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date.min, date(2019, 12, 31), date(2020, 1, 1), date.max])
def test_a_prepared_query_takes_days(people: Any, day: date) -> None:
    wanted = (
        Organisation.objects.order_by("pk")
        .filter(memberships__valid_from__lte=day, region="230102")
        .values_list("uscc", "memberships__valid_from")
    )
    assert list(map(tuple, by_day.rows(day, "230102"))) == list(wanted)


@pytest.mark.django_db
def test_a_slot_that_the_statement_leaves_out_is_a_fault() -> None:
    # The column is so narrow that the ORM knows the answer for such a number without asking.
    narrow = Prepared(
        lambda slots: Event.objects.filter(version__gte=slots.number(0)).values_list("pk")
    )
    with pytest.raises(LookupError, match="slot"):
        narrow.rows(1)
