"""What is no row of a case is locked under numbers that stay: two versions run side by side."""

from __future__ import annotations

import pytest
from django.db.transaction import TransactionManagementError

from kernel.workflow import holding
from procurement.bids import coming_and_going


def test_what_a_text_names_is_locked_under_the_same_numbers_as_ever():
    assert holding.numbers("person:7") == [3813944083494939208]
    lots = 0x6C6F7473
    assert holding.numbers("2301022511240101-01", lots) == [lots, -587601162]


@pytest.mark.usefixtures("committed")
def test_nothing_is_held_outside_a_transaction():
    with pytest.raises(TransactionManagementError):
        holding.hold("person", 7)
    with pytest.raises(TransactionManagementError):
        coming_and_going.hold("2301022511240101-01")
