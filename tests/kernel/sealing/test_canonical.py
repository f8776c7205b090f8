"""Canonical JSON: one spelling per value, and nothing that two readers could read differently."""

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from unittest import mock

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.sealing import canonical
from kernel.sealing.canonical import MAX_DEPTH, MAX_INTEGER, decode, digest, encode
from tests.kernel.sealing.support import refusal

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=127))
SCALARS = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20
)


def code_of(call, *arguments):
    return refusal(call, *arguments).removeprefix("sealing.canonical.")


def test_rfc8785_section_3_2_2_strings_and_literals():
    value = {"string": '€$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]}
    assert encode(value).hex() == (
        b'{"literals":[null,true,false],"string":"'.hex()
        + "e282ac24"
        + rb"\u000f\nA'B\"\\\\\"/".hex()
        + b'"}'.hex()
    )


def test_keys_are_sorted_and_chinese_stays_utf8():
    assert encode({"b": 1, "a": "投标", "B": [], "": {}}) == (
        '{"":{},"B":[],"a":"投标","b":1}'.encode()
    )


def test_digest_is_sha256_of_the_canonical_bytes():
    assert digest({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').digest()


@given(VALUES)
def test_every_allowed_value_comes_back(value):
    assert decode(encode(value)) == value


@given(VALUES)
def test_any_other_spelling_is_refused(value):
    for spelling in (
        json.dumps(value, indent=1),
        json.dumps(value) + "\n",
        " " + json.dumps(value),
    ):
        data = spelling.encode()
        if data != encode(value):
            assert code_of(decode, data) == "not_canonical"


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_refused_or_canonical(data):
    try:
        value = decode(data)
    except Refused:
        return
    assert encode(value) == data


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.0, "type"),
        ([{"x": 0.5}], "type"),
        (Decimal(1), "type"),
        (datetime(2026, 1, 1, tzinfo=UTC), "type"),
        (b"x", "type"),
        ((1,), "type"),
        (2**53, "integer"),
        (-(2**53), "integer"),
        ({1: 2}, "key"),
        ({"名": 2}, "key"),
        ("\ud800", "text"),
    ],
)
def test_what_is_not_exact_everywhere_is_not_encoded(value, code):
    assert code_of(encode, value) == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff", "utf8"),
        (b"\xef\xbb\xbf{}", "syntax"),
        (b"", "syntax"),
        (b"{}{}", "syntax"),
        (b"NaN", "syntax"),
        (b"-Infinity", "syntax"),
        (b"1.0", "type"),
        (b"1e3", "type"),
        (b"9007199254740992", "integer"),
        (b"1" * 100_000, "integer"),
        (b"-0", "not_canonical"),
        (b'{"a":1,"a":1}', "duplicate_key"),
        (b'{"b":1,"a":1}', "not_canonical"),
        (b'"\\u0041"', "not_canonical"),
        (b'"\\/"', "not_canonical"),
        (b'"\\ud800"', "text"),
        ('{"名":1}'.encode(), "key"),
        (b"[" * 100_000, "depth"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(data, code):
    assert code_of(decode, data) == code


def test_depth_has_one_limit_both_ways():
    deep: list = []
    for _ in range(MAX_DEPTH):
        deep = [deep]
    assert decode(encode(deep)) == deep
    assert code_of(encode, [deep]) == "depth"
    assert code_of(decode, b"[" + encode(deep) + b"]") == "depth"


@given(VALUES)
def test_the_spelling_is_the_one_of_an_independent_implementation(value):
    assert encode(value) == rfc8785.dumps(value)


@given(st.text())
def test_every_text_is_spelt_as_the_standard_says(text):
    assert encode([text]) == rfc8785.dumps([text])


@given(
    st.binary(max_size=60)
    | VALUES.map(encode)
    | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
)
def test_the_quick_reader_answers_nothing_that_the_strict_one_refuses(data):
    _same_with_and_without_the_quick_reader(data)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}', '{"a":1,"a":2}', "1.0", "1e2", "-0", "9007199254740992", "NaN", "Infinity",
        '"\\ud800"', '{"\u00e9":1}', "null", "true", " 1", "1 ", '"\\u0061"', "[" * 64 + "]" * 64,
        "[" * 65 + "]" * 65, "[" * 9999 + "]" * 9999, "1" * 5000, '{"b":1,"a":2}', '"\\/"',
    ],
)  # fmt: skip
def test_the_quick_reader_answers_nothing_odd(text):
    _same_with_and_without_the_quick_reader(text.encode())


def _same_with_and_without_the_quick_reader(data):
    def told():
        try:
            return repr(canonical.decode(data))
        except Refused as refused:
            return refused.refusals

    quick = told()
    with mock.patch.object(canonical, "_quick", lambda _text: None):
        assert told() == quick
