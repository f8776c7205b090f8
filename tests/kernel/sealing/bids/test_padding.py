"""Sizes tell little: Padmé against its paper's own bound, and against another spelling of it."""

import math

from hypothesis import given
from hypothesis import strategies as st

from kernel.sealing.bids.padding import is_padded, padded, padme


def as_in_the_paper(size):
    e = math.floor(math.log2(size))
    s = math.floor(math.log2(e)) + 1 if e else 0
    mask = (1 << (e - s)) - 1 if e > s else 0
    return (size + mask) & ~mask


@given(st.integers(2, 2**33))
def test_as_the_paper_says(size):
    assert padme(size) == as_in_the_paper(size)


@given(st.integers(1, 2**33))
def test_padding_covers_costs_at_most_an_eighth_and_is_stable(size):
    assert size <= padme(size) <= size * 9 // 8 + 1
    assert padme(padme(size)) == padme(size)


@given(st.integers(1, 2**32), st.integers(1024, 2**21))
def test_what_is_padded_is_told_from_what_is_not(size, minimum):
    assert is_padded(padded(size, minimum), minimum)
    if padme(size) != size or size < minimum:
        assert not is_padded(size, minimum)
