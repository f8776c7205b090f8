"""Numbers of safety production licences."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.identifiers import regions, safety_licence


def refusal(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.refusals[0].code


@pytest.mark.parametrize(
    "text",
    [
        "(黑)JZ安许证字[2024]000123",
        "（黑）JZ安许证字〔2024〕000123",
        "【黑】ｊｚ安许证字（2024） 000123",
        "[黑]jz安许证字(2024)000123",
    ],
)
def test_brackets_of_any_kind(text):
    licence = safety_licence.parse(text)
    assert (licence.issuer, licence.year, licence.serial) == ("黑", 2024, 123)
    assert licence.region == "230000"
    assert str(licence) == "(黑)JZ安许证字[2024]000123"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form"),
        ("黑JZ安许证字[2024]000123", "form"),
        ("(黑)JZ安许证字[2024]00123", "form"),
        ("(黑)JZ安全证字[2024]000123", "form"),
        ("(哈)JZ安许证字[2024]000123", "issuer"),
        ("(黑)JZ安许证字[2003]000123", "year"),
        ("(黑)JZ安许证字[2024]000000", "serial_zero"),
    ],
)
def test_other_texts_are_refused(text, code):
    assert refusal(safety_licence.parse, text) == f"identifiers.safety_licence.{code}"


def test_a_year_to_come_is_refused():
    text = "(黑)JZ安许证字[2027]000001"
    assert refusal(safety_licence.parse, text, date(2026, 11, 23)).endswith(".year")
    assert safety_licence.parse(text, date(2027, 1, 1))


def test_every_issuer_is_a_province_or_the_ministry():
    for issuer in safety_licence.ISSUERS:
        code = safety_licence.SafetyLicence(issuer, 2024, 1).region
        assert code == regions.STATE or regions.level(regions.region(code).code) == "province"


def test_serials_have_six_digits():
    for serial in (0, 1_000_000):
        assert refusal(safety_licence.generate, "黑", 2024, serial) == (
            "identifiers.safety_licence.serial_overflow"
        )


@settings(deadline=None)
@given(
    st.sampled_from(sorted(safety_licence.ISSUERS)),
    st.integers(2004, 2099),
    st.integers(1, 999_999),
)
def test_what_is_generated_is_read_back(issuer, year, serial):
    licence = safety_licence.parse(safety_licence.generate(issuer, year, serial))
    assert (licence.issuer, licence.year, licence.serial) == (issuer, year, serial)
