"""Check codes survive being read aloud, typed badly and copied in full width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.documents import codes

CODES = st.text(alphabet=codes.ALPHABET, min_size=12, max_size=12)


def test_codes_are_twelve_characters_of_the_alphabet_and_differ() -> None:
    made = {codes.generate() for _ in range(500)}
    assert len(made) == 500
    assert all(codes.parse(code) == code for code in made)


@given(CODES)
def test_what_is_printed_is_what_is_parsed(code: str) -> None:
    assert codes.parse(codes.grouped(code)) == code
    assert codes.parse(codes.grouped(code).lower()) == code


@given(CODES)
def test_letters_that_look_like_digits_are_read_as_digits(code: str) -> None:
    assert codes.parse(code.replace("0", "o").replace("1", "l")) == code
    assert codes.parse(code.replace("1", "I")) == code


def test_full_width_and_spaces_are_accepted() -> None:
    assert codes.parse(" ７Ｍ３Ｋ－Ｑ０ＺＴ　9XWA\n") == "7M3KQ0ZT9XWA"


@pytest.mark.parametrize(
    "text", ["", "7M3K", "7M3K-Q0ZT-9XWU", "7M3K-Q0ZT-9XWA-1", "松建报〔2026〕1号"]
)
def test_anything_else_is_no_code(text: str) -> None:
    assert codes.parse(text) is None
