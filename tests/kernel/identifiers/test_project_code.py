"""National project code: form and time only, because the check is not known."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.identifiers import project_code


def refusal(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.refusals[0].code


def test_a_code_and_its_parts():
    code = project_code.parse("2601-230102-04-01-123456")
    assert (code.year, code.month) == (2026, 1)
    assert (code.region, code.department, code.project_type) == ("230102", "04", "01")
    assert len(str(code)) == 24


def test_codes_before_2021_carry_the_year():
    code = project_code.parse("2018-230102-47-03-004567")
    assert (code.year, code.month) == (2018, None)


@pytest.mark.parametrize(
    "text",
    [
        "26012301020401123456",
        "２６０１－２３０１０２－０４－０１－１２３４５６",
        " 2601–230102—04-01 123456 ",
    ],
)
def test_hyphens_and_widths_are_forgiven(text):
    assert str(project_code.parse(text)) == "2601-230102-04-01-123456"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form"),
        ("2601-230102-04-01-12345", "form"),
        ("2601-230102-04-01-12345A", "form"),
        ("2613-230102-04-01-123456", "time"),
        ("2600-230102-04-01-123456", "time"),
        ("1901-230102-04-01-123456", "time"),
        ("2014-230102-04-01-123456", "time"),
        ("2601-990102-04-01-123456", "region"),
    ],
)
def test_other_texts_are_refused(text, code):
    assert refusal(project_code.parse, text) == f"identifiers.project_code.{code}"


def test_a_code_of_a_month_to_come_is_refused():
    today = date(2026, 11, 23)
    assert project_code.parse("2611-230102-04-01-123456", today)
    for text in ("2612-230102-04-01-123456", "2701-230102-04-01-123456"):
        assert refusal(project_code.parse, text, today) == "identifiers.project_code.future"


@settings(deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["230102", "230717", "110105"]),
    st.integers(0, 99_999),
    st.sampled_from("0123456789X"),
)
def test_what_is_put_together_is_read_back(given_on, region, number, check):
    code = project_code.generate(given_on, region, "04", "01", number, check)
    parsed = project_code.parse(code, given_on)
    assert str(parsed) == code
    assert (parsed.year, parsed.month) == (given_on.year, given_on.month)
    assert parsed.region == region
