"""Money: integer fen in columns, Decimal yuan in rules, words on documents. Pure, never a float."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from kernel.errors import Refused

# 9999万亿 yuan and 99 fen: the largest sum that has words, and it fits a signed 64-bit column.
LIMIT_FEN = 10**18

_YUAN = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
_DRESS = re.compile(r"^¥|元$")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_FEN = Decimal("0.01")

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")


def round_fen(yuan: Decimal) -> int:
    """Yuan to fen, half away from zero: the only place where money is rounded.

    Refused with ``money.not_a_number`` (NaN, infinite) or ``money.too_large``.
    """
    _refuse_floats(yuan)
    if not yuan.is_finite():
        raise Refused.because("money.not_a_number", field="amount", text=str(yuan))
    if yuan and yuan.adjusted() > 16:
        raise Refused.because("money.too_large", field="amount")
    # One rounding straight from the operand; rounding the product first would round twice.
    return _bounded(int(_EXACT.scaleb(yuan.quantize(_FEN, context=_EXACT), 2)))


def to_yuan(fen: int) -> Decimal:
    """Fen to yuan, exactly, with two decimals."""
    return Decimal(fen).scaleb(-2, context=_EXACT)


def parse_yuan(text: str) -> int:
    """Fen from yuan as people type it: thousands separators, full-width digits, ¥, 元.

    At most two decimals; separators, where there are any, stand in all the right places.
    Refused with ``money.not_a_number``, ``money.too_many_decimals`` or ``money.too_large``.
    """
    plain = "".join(unicodedata.normalize("NFKC", text[:64]).split())
    match = _YUAN.fullmatch(_DRESS.sub("", plain))
    if match is None or len(text) > 64:
        raise Refused.because("money.not_a_number", field="amount", text=text[:64])
    sign, whole, decimals = match[1], match[2].replace(",", ""), match[3] or ""
    if len(decimals) > 2:
        raise Refused.because("money.too_many_decimals", field="amount", text=plain)
    fen = int(whole) * 100 + int(decimals.ljust(2, "0"))
    return _bounded(-fen if sign == "-" else fen)


def format_yuan(fen: int) -> str:
    """Yuan with thousands separators and two decimals: 1,234.56."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def format_wan(fen: int, decimals: int = 2, exact: bool = False) -> str:
    """万元 with two to six decimals, rounded half away from zero: 123.46.

    exact: take as many decimals as lose nothing, at least `decimals`; six always suffice.
    """
    if not 2 <= decimals <= 6:
        raise ValueError("wan yuan has two to six decimals")
    while exact and decimals < 6 and fen % 10 ** (6 - decimals):
        decimals += 1
    step = 10 ** (6 - decimals)
    parts = (2 * abs(fen) + step) // (2 * step)
    whole, rest = divmod(parts, 10**decimals)
    return f"{'-' if fen < 0 and parts else ''}{whole:,}.{rest:0{decimals}d}"


def capitals(fen: int) -> str:
    """The sum in financial capitals: 壹佰贰拾万元整, 壹仟陆佰捌拾元零叁角贰分, 负伍角整.

    After 《支付结算办法》 annex 1: 整 after yuan and after jiao, never after fen; one 零 for inner
    zeros; where it leaves free whether 零 stands before jiao (yuan digit 0), it stands.
    """
    whole, rest = divmod(abs(_bounded(fen)), 100)
    jiao, cent = divmod(rest, 10)
    words = f"{_below_limit(whole)}元" if whole else ""
    if whole and ((jiao and whole % 10 == 0) or (cent and not jiao)):
        words += "零"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    if cent:
        words += f"{_DIGITS[cent]}分"
    elif words:
        words += "整"
    return ("负" if fen < 0 else "") + (words or "零元整")


def share(fen: int, weights: Sequence[int | Decimal]) -> list[int]:
    """Split a sum by weights so that the parts add up to it: largest remainder, earlier ones first.

    Each part is within one fen of its exact quota. Refused with ``money.share_weights`` when no
    weight is positive or one is negative.
    """
    _refuse_floats(*weights)
    exact = [Fraction(weight) for weight in weights]
    total = sum(exact)
    if not total or min(exact) < 0:
        raise Refused.because("money.share_weights", field="weights")
    quotas = [abs(fen) * weight / total for weight in exact]
    parts = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - quotas[i])
    for index in by_remainder[: abs(fen) - sum(parts)]:
        parts[index] += 1
    return [-part for part in parts] if fen < 0 else parts


def _bounded(fen: int) -> int:
    if abs(fen) >= LIMIT_FEN:
        raise Refused.because("money.too_large", field="amount")
    return fen


def _refuse_floats(*values: object) -> None:
    if any(isinstance(value, float) for value in values):
        raise TypeError("money is never counted in floats")


def _below_limit(number: int) -> str:
    """1 to 10**16 - 1 in words: hundred millions and the rest."""
    return _joined(number, 10**8, "亿", _below_hundred_million)


def _below_hundred_million(number: int) -> str:
    return _joined(number, 10**4, "万", _below_ten_thousand)


def _joined(number: int, unit: int, name: str, words: Callable[[int], str]) -> str:
    high, low = divmod(number, unit)
    text = f"{words(high)}{name}" if high else ""
    # A lower half that does not fill its first place has zeros between: one 零 says so.
    if high and 0 < low < unit // 10:
        text += _DIGITS[0]
    return text + (words(low) if low else "")


def _below_ten_thousand(number: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += f"{_DIGITS[0] if gap else ''}{_DIGITS[digit]}{_UNITS[place]}"
        gap = False
    return text
