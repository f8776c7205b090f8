"""Unified social credit code: two checks, the known traps, and what a typing error does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from kernel.errors import Refused
from kernel.identifiers import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
EXAMPLES = settings(deadline=None, max_examples=200)
CODES = st.builds(
    uscc.generate,
    st.sampled_from(["230000", "230102", "230717", "110000", "100000"]),
    st.one_of(st.text(ALPHABET, min_size=8, max_size=8), st.integers(0, 10**8 - 1)),
    st.sampled_from("159NY"),
    st.sampled_from("12359"),
)


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusals[0].code


def codes_of(parsed):
    return [warning.code for warning in parsed.warnings]


@pytest.mark.parametrize("code", ["91110000600037341L", "91350200MA2YJ1XR9G"])
def test_sound_codes_have_no_warning(code):
    parsed = uscc.parse(code)
    assert str(parsed) == code
    assert not parsed.needs_proof


def test_a_sum_of_zero_mod_31_gives_the_check_zero():
    # The trap: (31 - 0) indexes past the alphabet. Here only the outer check holds.
    parsed = uscc.parse("9123010012345678A0")
    assert codes_of(parsed) == ["identifiers.uscc.inner_check"]


@pytest.mark.parametrize("code", ["91350203M0001QAY9B", "91350100M0001TGQXM"])
def test_early_codes_that_fail_the_outer_check_only_are_read_with_a_warning(code):
    parsed = uscc.parse(code)
    assert codes_of(parsed) == ["identifiers.uscc.outer_check"]
    assert parsed.needs_proof


def test_the_parts_of_a_code():
    parsed = uscc.parse("91110000600037341L")
    assert (parsed.department, parsed.category, parsed.region) == ("9", "1", "110000")
    assert parsed.organisation_code == "600037341"


def test_full_width_lower_case_and_blanks_are_forgiven():
    assert uscc.parse(" ９１１１００００ 6000-37341l\u200b").code == "91110000600037341L"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "length"),
        ("9111000060003734", "length"),
        ("9" * 5000, "length"),
        ("91110000600037341O", "characters"),
        ("9111000A600037341L", "characters"),
        ("91110000٦00037341L", "characters"),
        ("91110000600037342L", "check"),
    ],
)
def test_broken_codes_are_refused(text, code):
    assert refusal(uscc.parse, text) == f"identifiers.uscc.{code}"


def test_a_province_that_does_not_exist_is_a_warning():
    head = "91990000600037341"
    parsed = uscc.parse(head + uscc.outer_check(head))
    assert codes_of(parsed) == ["identifiers.uscc.region"]


@EXAMPLES
@given(CODES)
def test_generated_codes_are_sound_here_and_in_the_independent_library(code):
    assert not uscc.parse(code).warnings
    # The library wants digits in the first two places; the standard has letters there too.
    assert stdnum_uscc.is_valid(code) is code[:2].isdigit()


@EXAMPLES
@given(CODES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_never_passes_in_silence(code, place, other):
    changed = code[:place] + other + code[place + 1 :]
    if changed == code:
        return
    try:
        parsed = uscc.parse(changed)
    except Refused:
        return
    # The outer check always notices; the inner one alone does not make a code sound.
    assert "identifiers.uscc.outer_check" in codes_of(parsed)


@EXAMPLES
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_code(text):
    try:
        uscc.parse(text)
    except Refused as refused:
        assert refused.refusals[0].code.startswith("identifiers.uscc.")


def test_demonstration_codes_lie_in_the_range_that_gb_11714_keeps_for_own_use():
    codes = {uscc.demonstration("230100", serial) for serial in range(1, 200)}
    assert len(codes) == 199
    assert all(uscc.parse(code).organisation_code.startswith("PDY00") for code in codes)
    for serial in (0, 100_000):
        assert refusal(uscc.demonstration, "230100", serial) == "identifiers.uscc.serial_overflow"


@pytest.mark.parametrize(
    ("region", "body", "department"),
    [
        ("990000", "12345678", "9"),
        ("2301", "12345678", "9"),
        ("230100", "1234567", "9"),
        ("230100", "1234567O", "9"),
        ("230100", 10**8, "9"),
        ("230100", "12345678", "Z"),
    ],
)
def test_parts_that_make_no_code_are_refused(region, body, department):
    assert refusal(uscc.generate, region, body, department) == "identifiers.uscc.parts"
