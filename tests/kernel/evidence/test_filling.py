"""While something must not be counted, trees grow by whole steps from head to head."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kernel.evidence import audit, filling, selectors, services
from kernel.evidence.models import TreeHead
from tests.kernel.evidence.support import AT, append, new_signer

STEP = filling.STEP


def cover(at, many):
    return [services.NewEntry("a.cover", "", at, {}, public=False) for _ in range(many)]


@pytest.fixture
def hidden(monkeypatch):
    """Something must not be counted until a day after."""
    monkeypatch.setattr(filling, "_sources", {})
    filling.hide("x", lambda at: at < AT + timedelta(days=1), cover)


@given(st.integers(0, 10**12), st.integers(0, 10**5))
def test_a_head_is_a_whole_number_of_steps_after_the_last_and_at_least_one(before, grown):
    missing = filling.missing(before + grown, before)
    assert 0 <= missing < STEP or (grown == 0 and missing == STEP)
    steps, rest = divmod(grown + missing, STEP)
    assert rest == 0 and steps >= 1
    assert (steps - 1) * STEP < grown or grown == 0


@pytest.mark.django_db
def test_heads_show_whole_steps_whatever_came(hidden):
    signer, sizes = new_signer(), [0]
    for minute, came in enumerate((3, 0, STEP, STEP + 1, 1)):
        for _ in range(came):
            append()
        sizes.append(services.sign_head(AT + timedelta(minutes=minute), signer).size)
    grown = [after - before for before, after in itertools.pairwise(sizes)]
    assert grown == [STEP, STEP, STEP, 2 * STEP, STEP]
    assert audit.check({signer.key_id: signer.spki}).unsigned == 0


@pytest.mark.django_db
def test_the_same_head_asked_again_is_the_same_and_nothing_is_filled(hidden):
    append()
    signer = new_signer()
    first = services.sign_head(AT, signer)
    assert services.sign_head(AT, signer).pk == first.pk
    assert selectors.log_size() == first.size


@pytest.mark.django_db
def test_a_new_keys_first_head_is_filled_too(hidden):
    append()
    first = services.sign_head(AT, new_signer())
    second = services.rotate_key(AT + timedelta(seconds=1), new_signer())
    assert second.size - first.size == STEP


@pytest.mark.django_db
def test_where_nothing_is_hidden_nothing_is_filled(hidden):
    append()
    assert services.sign_head(AT + timedelta(days=2), new_signer()).size == 1


@pytest.mark.django_db
def test_a_filled_head_takes_as_many_queries_however_much_is_missing(
    hidden, django_assert_max_num_queries
):
    signer = new_signer()
    append()
    services.sign_head(AT, signer)
    append()
    most = 12 if connection.vendor == "sqlite" else 13  # COPY is none that Django counts
    with django_assert_max_num_queries(most):
        services.sign_head(AT + timedelta(minutes=1), signer)


def test_writers_beside_a_filled_head_lose_nothing(hidden, committed_log):
    signer = new_signer()

    def write(_n):
        try:
            for _ in range(20):
                append()
        finally:
            connection.close()

    def sign():
        try:
            for second in range(10):
                services.sign_head(AT + timedelta(seconds=second), signer)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        signing = pool.submit(sign)
        list(pool.map(write, range(3)))
        signing.result()
    summary = audit.check({signer.key_id: signer.spki})
    assert summary.heads == 10
    assert all(head.size % STEP == 0 for head in TreeHead.objects.all())
    assert summary.entries >= 60 + 10 * (STEP - 60)


def test_two_sources_of_one_name_are_a_mistake(monkeypatch):
    monkeypatch.setattr(filling, "_sources", {})

    def never(_at):
        return False

    filling.hide("x", never, cover)
    filling.hide("x", never, cover)
    with pytest.raises(ValueError, match="two sources"):
        filling.hide("x", lambda _at: True, cover)
