"""Codes of items in a bill: (edition, code), unique within a tender."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.identifiers import boq_code
from kernel.identifiers.boq_code import BoqCode


def refusals(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return [refusal.code.removeprefix("identifiers.boq_code.") for refusal in caught.value.refusals]


def test_twelve_digits():
    code = boq_code.parse("０１０１０１００１００１", "2024")
    assert (code.trade, code.base, code.serial) == ("01", "010101001", 1)
    assert not code.supplement


def test_a_supplement_code():
    code = boq_code.parse("01b001", "2013")
    assert code == BoqCode("2013", "01B001")
    assert code.supplement
    assert (code.trade, code.base, code.serial) == ("01", "01B", 1)


def test_the_same_digits_of_two_editions_are_two_codes():
    assert boq_code.parse("010101001001", "2013") != boq_code.parse("010101001001", "2024")


@pytest.mark.parametrize(
    ("text", "edition", "code"),
    [
        ("010101001001", "2008", "edition"),
        ("", "2024", "form"),
        ("01010100100", "2024", "form"),
        ("110101001001", "2024", "form"),
        ("000101001001", "2024", "form"),
        ("01C001", "2024", "form"),
        ("010101001000", "2024", "serial_zero"),
        ("01B000", "2024", "serial_zero"),
    ],
)
def test_other_texts_are_refused(text, edition, code):
    assert refusals(boq_code.parse, text, edition) == [code]


def test_all_repeated_codes_are_named_and_editions_do_not_mix():
    one, two = (boq_code.parse(text, "2024") for text in ("010101001001", "010101001002"))
    old = boq_code.parse("010101001001", "2013")
    boq_code.check_unique([])
    boq_code.check_unique([one, two])
    assert refusals(boq_code.check_unique, [one, two, one, two, two]) == ["repeated", "repeated"]
    assert refusals(boq_code.check_unique, [one, old, one]) == ["editions_mixed", "repeated"]


def test_serials_end_at_999():
    assert refusals(boq_code.generate, "2024", "010101001", 1000) == ["serial_overflow"]
    assert refusals(boq_code.generate, "2024", "010101001", 0) == ["serial_overflow"]
    assert refusals(boq_code.generate, "2024", "0101", 1) == ["form"]


@settings(deadline=None)
@given(
    st.sampled_from(sorted(boq_code.EDITIONS)),
    st.one_of(st.from_regex(r"\A0[1-9][0-9]{7}\Z"), st.sampled_from(["01B", "09B"])),
    st.integers(1, 999),
)
def test_what_is_generated_is_read_back(edition, base, serial):
    code = boq_code.generate(edition, base, serial)
    assert boq_code.parse(f" {code} ", edition) == code
    assert (code.base, code.serial) == (base, serial)
