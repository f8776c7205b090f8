"""The national platform's project number and the documents that carry it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.identifiers import project_number

DAY = date(2026, 11, 23)


def refusal(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.refusals[0].code


def test_a_number_and_its_parts():
    number = project_number.parse("2301022611230105")
    assert (number.region, number.category) == ("230102", "01")
    assert number.registered_on == DAY
    assert number.stage == ""


@pytest.mark.parametrize(
    ("suffix", "stage"),
    [
        ("BD", "tender"),
        ("HZ", "contract"),
        ("HA", "contract"),
        ("TX", "drawing_review"),
        ("SX", "construction_permit"),
        ("JX", "completion"),
    ],
)
def test_documents_of_a_project(suffix, stage):
    text = project_number.related("2301022611230105", suffix, 7)
    assert text == f"2301022611230105-{suffix}-007"
    parsed = project_number.parse(text)
    assert (parsed.stage, parsed.document_serial) == (stage, 7)
    assert parsed.project == "2301022611230105"
    # A document's own documents do not nest.
    assert project_number.related(text, "SX", 1) == "2301022611230105-SX-001"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form"),
        ("230102261123010", "form"),
        ("2301022611230105-SX-1", "form"),
        ("2301022611230105-S-001", "form"),
        ("9901022611230105", "region"),
        ("2301022613230105", "date"),
        ("2301022602300105", "date"),
        ("2301022611230305", "category"),
        ("2301022611230100", "serial_zero"),
        ("2301022611230105-SX-000", "serial_zero"),
        ("2301022611230105-QX-001", "suffix"),
    ],
)
def test_other_texts_are_refused(text, code):
    assert refusal(project_number.parse, text) == f"identifiers.project_number.{code}"


def test_a_number_dated_later_is_refused():
    text = "2301022611240105"
    assert project_number.parse(text, date(2026, 11, 24))
    assert refusal(project_number.parse, text, DAY) == "identifiers.project_number.date"


@pytest.mark.parametrize("serial", [0, 100, -1])
def test_the_hundredth_project_of_a_day_has_no_number(serial):
    assert refusal(project_number.generate, "230102", DAY, "01", serial) == (
        "identifiers.project_number.serial_overflow"
    )


def test_the_thousandth_document_has_no_number():
    assert refusal(project_number.related, "2301022611230105", "SX", 1000) == (
        "identifiers.project_number.serial_overflow"
    )


def test_no_number_is_given_in_an_abolished_region():
    assert refusal(project_number.generate, "230702", DAY, "01", 1) == (
        "identifiers.region.superseded"
    )
    assert project_number.generate("230702", date(2018, 1, 1), "01", 1)


@settings(deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["230102", "230717", "231183"]),
    st.sampled_from(["01", "02", "99"]),
    st.integers(1, 99),
)
def test_what_is_generated_is_read_back(on, region, category, serial):
    text = project_number.generate(region, on, category, serial)
    parsed = project_number.parse(text.lower(), on)
    assert str(parsed) == text
    assert (parsed.region, parsed.registered_on, parsed.category) == (region, on, category)
