"""Resident identity number: check, birth, age, and that it never leaks."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from kernel.errors import Refused
from kernel.identifiers import resident_id

EXAMPLES = settings(deadline=None, max_examples=200)
NUMBERS = st.builds(
    resident_id.generate,
    st.sampled_from(["230102", "230717", "110105", "232126", "510211"]),
    st.dates(date(1900, 1, 1), date(2026, 11, 23)),
    st.integers(0, 999),
)


def refused(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.refusals[0]


def test_the_standards_own_example():
    number = resident_id.parse("11010519491231002x")
    assert number.number == "11010519491231002X"
    assert number.birth == date(1949, 12, 31)
    assert number.region == "110105"
    assert number.sex == "female"
    assert number.masked == "110105********002X"


def test_sex_is_the_seventeenth_digit():
    born = date(1990, 5, 1)
    assert resident_id.parse(resident_id.generate("230102", born, 11)).sex == "male"
    assert resident_id.parse(resident_id.generate("230102", born, 12)).sex == "female"


def test_a_region_abolished_since_is_accepted():
    # 巴彦县 of 松花江地区, which ended in 1996.
    assert resident_id.parse(resident_id.generate("232126", date(1980, 1, 1), 1))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110105491231002", "length"),
        ("", "length"),
        ("1101051949123100X2", "characters"),
        ("110105194912310021", "check"),
    ],
)
def test_broken_numbers_are_refused(text, code):
    assert refused(resident_id.parse, text).code == f"identifiers.resident_id.{code}"


def with_check(head):
    return head + resident_id.check_character(head)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("11010519490230002", "birth"),
        ("11010518991231002", "birth"),
        ("11010519491331002", "birth"),
        ("99010519491231002", "foreigner"),
        ("09010519491231002", "region"),
        ("10000019491231002", "region"),
    ],
)
def test_a_right_check_does_not_excuse_the_rest(head, code):
    assert refused(resident_id.parse, with_check(head)).code == f"identifiers.resident_id.{code}"


def test_nobody_is_born_after_the_day_of_reading():
    number = resident_id.generate("230102", date(2026, 11, 24), 1)
    assert resident_id.parse(number, on=date(2026, 11, 24))
    assert refused(resident_id.parse, number, date(2026, 11, 23)).code.endswith(".birth")


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (date(2010, 11, 23), date(2026, 11, 22), 15),
        (date(2010, 11, 23), date(2026, 11, 23), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_age_in_full_years(birth, on, age):
    assert resident_id.parse(resident_id.generate("230102", birth, 1)).age(on) == age


@EXAMPLES
@given(NUMBERS)
def test_generated_numbers_are_sound_here_and_in_the_independent_library(number):
    assert resident_id.parse(number).number == number
    assert ric.calc_check_digit(number) == number[17]


@EXAMPLES
@given(NUMBERS, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_changed_character_is_always_detected(number, place, other):
    changed = number[:place] + other + number[place + 1 :]
    if changed != number:
        refused(resident_id.parse, changed)


@EXAMPLES
@given(NUMBERS, st.integers(0, 16))
def test_two_exchanged_neighbours_are_always_detected(number, place):
    changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if changed != number:
        refused(resident_id.parse, changed)


@EXAMPLES
@given(NUMBERS)
def test_the_number_stands_in_no_refusal_and_no_text_of_it(number):
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert number[6:14] not in str(dict(refused(resident_id.parse, wrong).facts))
    assert number[6:14] not in f"{resident_id.parse(number)!r} {resident_id.parse(number)}"


def test_serials_have_three_digits():
    born = date(1990, 1, 1)
    for serial in (-1, 1000):
        code = refused(resident_id.generate, "230102", born, serial).code
        assert code == "identifiers.resident_id.serial_overflow"
    assert refused(resident_id.generate, "23", born, 1).code.endswith(".characters")
