"""Money: one rounding, exact splits, words as banks write them."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import money
from kernel.errors import Refused

FEN = st.integers(-money.LIMIT_FEN + 1, money.LIMIT_FEN - 1)
EXAMPLES = settings(deadline=None, max_examples=200)


def refusal(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.refusals[0].code


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [
        ("0.005", 1),
        ("-0.005", -1),
        ("0.0049999999999999999999999999999999999999", 0),
        ("2.675", 268),
        ("9999999999999999.99", 999999999999999999),
        ("1E+3", 100000),
        ("1E-50", 0),
        ("0E+30", 0),
    ],
)
def test_yuan_are_rounded_half_away_from_zero_once(yuan, fen):
    assert money.round_fen(Decimal(yuan)) == fen


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity"])
def test_what_is_no_number_is_refused(value):
    assert refusal(money.round_fen, Decimal(value)) == "money.not_a_number"


@pytest.mark.parametrize("value", ["1E+16", "9999999999999999.995", "1E+59", "1E+400", "-1E+16"])
def test_a_sum_beyond_the_column_is_refused(value):
    assert refusal(money.round_fen, Decimal(value)) == "money.too_large"


def test_a_float_is_a_programming_error():
    with pytest.raises(TypeError):
        money.round_fen(0.1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        money.share(100, [0.5, 0.5])  # type: ignore[list-item]


@EXAMPLES
@given(st.decimals(-(10**15), 10**15, places=9))
def test_rounding_agrees_with_decimal_and_errs_by_half_a_fen_at_most(yuan):
    fen = money.round_fen(yuan)
    assert fen == int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))
    assert abs(Fraction(fen) - Fraction(yuan) * 100) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234,567.89", 123456789),
        ("１，２３４．５", 123450),
        (" 12 ", 1200),
        ("￥1,000元", 100000),
        ("¥0.01", 1),
        ("-3.5", -350),
        ("+7", 700),
        ("007", 700),
        ("1 234.00", 123400),
    ],
)
def test_amounts_are_read_as_people_type_them(text, fen):
    assert money.parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.not_a_number"),
        ("12,34", "money.not_a_number"),
        ("1,2345", "money.not_a_number"),
        (".5", "money.not_a_number"),
        ("1.", "money.not_a_number"),
        ("1e5", "money.not_a_number"),
        ("--1", "money.not_a_number"),
        ("壹佰元", "money.not_a_number"),
        ("١٢", "money.not_a_number"),  # digits of another script
        ("1" * 100, "money.not_a_number"),
        ("1.234", "money.too_many_decimals"),
        ("1.000", "money.too_many_decimals"),
        ("10000000000000000", "money.too_large"),
    ],
)
def test_other_texts_are_refused_with_a_code(text, code):
    assert refusal(money.parse_yuan, text) == code


@EXAMPLES
@given(FEN)
def test_what_is_written_is_read_back(fen):
    assert money.parse_yuan(money.format_yuan(fen)) == fen
    assert money.round_fen(money.to_yuan(fen)) == fen
    assert Decimal(money.format_yuan(fen).replace(",", "")) == money.to_yuan(fen)


@EXAMPLES
@given(st.text(max_size=80))
def test_any_text_gives_fen_or_a_coded_refusal(text):
    try:
        assert isinstance(money.parse_yuan(text), int)
    except Refused as refused:
        assert refused.refusals[0].code.startswith("money.")


def test_yuan_have_separators_and_two_decimals():
    assert money.format_yuan(123456) == "1,234.56"
    assert money.format_yuan(-5) == "-0.05"
    assert money.format_yuan(0) == "0.00"


@pytest.mark.parametrize(
    ("fen", "decimals", "exact", "text"),
    [
        (123456789, 2, False, "123.46"),
        (123456789, 4, False, "123.4568"),
        (123456789, 2, True, "123.456789"),
        (120000000, 2, True, "120.00"),
        (123450000, 2, True, "123.45"),
        (123456000, 2, True, "123.456"),
        (10**12, 2, False, "1,000,000.00"),
        (5000, 2, False, "0.01"),
        (-5000, 2, False, "-0.01"),
        (-4999, 2, False, "0.00"),
        (1, 6, False, "0.000001"),
    ],
)
def test_wan_yuan(fen, decimals, exact, text):
    assert money.format_wan(fen, decimals, exact) == text


@EXAMPLES
@given(FEN)
def test_exact_wan_yuan_lose_nothing(fen):
    shown = Decimal(money.format_wan(fen, exact=True).replace(",", ""))
    assert shown * 10**6 == fen


def test_wan_yuan_have_two_to_six_decimals():
    for decimals in (1, 7):
        with pytest.raises(ValueError, match="decimals"):
            money.format_wan(1, decimals)


# The examples of 《支付结算办法》 annex 1, in the first form where it allows two; then our own.
CAPITALS = [
    (140950, "壹仟肆佰零玖元伍角整"),
    (600714, "陆仟零柒元壹角肆分"),
    (168032, "壹仟陆佰捌拾元零叁角贰分"),
    (10700053, "壹拾万柒仟元零伍角叁分"),
    (1640902, "壹万陆仟肆佰零玖元零贰分"),
    (32504, "叁佰贰拾伍元零肆分"),
    (120000000, "壹佰贰拾万元整"),
    (0, "零元整"),
    (5, "伍分"),
    (50, "伍角整"),
    (-50, "负伍角整"),
    (100, "壹元整"),
    (1005, "壹拾元零伍分"),
    (10000000100, "壹亿零壹元整"),
    (1001000000, "壹仟零壹万元整"),
    (100010001, "壹佰万零壹佰元零壹分"),
    (10**14, "壹万亿元整"),
    (10**14 + 100, "壹万亿零壹元整"),
    (10**14 + 10**10, "壹万零壹亿元整"),
    (10**18 - 1, "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
]


@pytest.mark.parametrize(("fen", "words"), CAPITALS)
def test_sums_in_capitals(fen, words):
    assert money.capitals(fen) == words


def test_a_sum_too_large_for_words_is_refused():
    assert refusal(money.capitals, money.LIMIT_FEN) == "money.too_large"


@EXAMPLES
@given(st.one_of(st.integers(0, 10**18 - 1), st.integers(0, 10**9)))
def test_capitals_agree_with_cn2an_where_the_rule_leaves_no_choice(fen):
    theirs = cn2an.an2cn(str(money.to_yuan(fen)), "rmb")
    # It writes 伍角 without 整, and never 零 before jiao; the annex allows both.
    ours = money.capitals(fen)
    if ours.endswith("角整"):
        ours = ours[:-1]
    if fen // 100 % 10 == 0 and fen // 10 % 10:
        ours = ours.replace("元零", "元")
    assert ours == theirs


@EXAMPLES
@given(FEN)
def test_capitals_are_read_back_by_an_independent_reader(fen):
    assert value_of(money.capitals(fen)) == fen


def value_of(words):
    """A plain reader of Chinese sums, for the test only."""
    sign = -1 if words.startswith("负") else 1
    words = words.removeprefix("负").removesuffix("整")
    whole, _, small = words.rpartition("元")
    digits = {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}

    def section(text):
        total = digit = 0
        for char in text:
            if char in digits:
                digit = digits[char]
            else:
                total += digit * {"拾": 10, "佰": 100, "仟": 1000}[char]
                digit = 0
        return total + digit

    def upto_yi(text):
        high, sep, low = text.rpartition("万")
        return section(high) * 10000 + section(low) if sep else section(text)

    high, _, low = whole.rpartition("亿")
    yuan = upto_yi(high) * 10**8 + upto_yi(low)
    cents = 0
    for unit, fen in (("角", 10), ("分", 1)):
        if unit in small:
            cents += digits[small[small.index(unit) - 1]] * fen
    return sign * (yuan * 100 + cents)


WEIGHTS = st.lists(
    st.one_of(st.integers(0, 10**6), st.decimals(0, 1000, places=4)), min_size=1, max_size=12
).filter(any)


def test_shares_go_by_the_largest_remainder():
    assert money.share(100, [1, 1, 1]) == [34, 33, 33]
    assert money.share(-100, [1, 1, 1]) == [-34, -33, -33]
    assert money.share(10, [Decimal("0.15"), Decimal("0.85")]) == [2, 8]
    assert money.share(0, [1, 2]) == [0, 0]
    assert money.share(7, [0, 5]) == [0, 7]


@EXAMPLES
@given(FEN, WEIGHTS)
def test_shares_add_up_and_are_within_a_fen_of_the_quota(fen, weights):
    parts = money.share(fen, weights)
    total = sum(Fraction(w) for w in weights)
    assert sum(parts) == fen
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - fen * Fraction(weight) / total) < 1
        assert weight or part == 0


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_cannot_share_are_refused(weights):
    assert refusal(money.share, 100, weights) == "money.share_weights"
