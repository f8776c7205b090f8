"""Construction permit numbers of eighteen digits."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.identifiers import permit_number

DAY = date(2026, 11, 23)


def refusal(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.refusals[0].code


def test_a_number_and_its_parts():
    number = permit_number.parse("230102 20261123 03 01")
    assert (number.region, number.serial, number.trade) == ("230102", 3, "01")
    assert number.registered_on == DAY
    assert str(number) == "230102202611230301"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form"),
        ("23010220261123030", "form"),
        ("99010220261123 0301", "region"),
        ("230102202602300301", "date"),
        ("230102199702200301", "date"),
        ("230102202611230001", "serial_zero"),
        ("230102202611230300", "trade"),
        ("230102202611230320", "trade"),
    ],
)
def test_other_texts_are_refused(text, code):
    assert refusal(permit_number.parse, text) == f"identifiers.permit_number.{code}"


def test_a_number_dated_later_is_refused():
    assert refusal(permit_number.parse, "230102202611240301", DAY) == (
        "identifiers.permit_number.date"
    )


@pytest.mark.parametrize("serial", [0, 100])
def test_the_hundredth_permit_of_a_day_has_no_number(serial):
    assert refusal(permit_number.generate, "230102", DAY, serial) == (
        "identifiers.permit_number.serial_overflow"
    )


@settings(deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["230102", "230717"]),
    st.integers(1, 99),
    st.sampled_from(sorted(permit_number.TRADES)),
)
def test_what_is_generated_is_read_back(on, region, serial, trade):
    parsed = permit_number.parse(permit_number.generate(region, on, serial, trade), on)
    assert (parsed.region, parsed.registered_on) == (region, on)
    assert (parsed.serial, parsed.trade) == (serial, trade)
