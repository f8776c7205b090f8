"""Personal data as it is shown by default."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.identifiers import masks


@pytest.mark.parametrize(
    ("text", "shown"), [("张三", "张**"), ("欧阳修远", "欧**"), (" 李 ", "李**"), ("", "")]
)
def test_names_show_their_first_character(text, shown):
    assert masks.name(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("+86-13812341234", "138****1234"),
        ("0451-82345678", "045****5678"),
        ("82345678", "****5678"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_phones(text, shown):
    assert masks.phone(text) == shown


def test_numbers_show_six_and_four():
    assert masks.resident_id("11010519491231002x") == "110105********002X"
    assert masks.resident_id("110105491231002") == "110105*****1002"
    assert masks.resident_id("E12345678") == "*********"


def test_accounts_show_the_last_four():
    assert masks.account("6222 0212 3456 7890 123") == "***************0123"


@settings(deadline=None)
@given(st.text("0123456789X", max_size=30))
def test_a_mask_keeps_the_length_and_hides_at_least_four(number):
    for shown in (masks.resident_id(number), masks.account(number)):
        assert len(shown) == len(number)
        assert shown.count("*") >= min(4, len(number))
