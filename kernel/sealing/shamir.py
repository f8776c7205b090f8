"""Shamir's secret sharing over GF(2^8), byte-compatible with npm shamir-secret-sharing 0.0.4.

A share is the y bytes, one for each byte of the secret, and then the one x byte. The field is
that of AES: polynomial x^8 + x^4 + x^3 + x + 1 (0x11b).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from kernel.errors import Refused

MAX_SHARES = 255


def _tables() -> tuple[bytes, bytes]:
    exp, log, value = bytearray(510), bytearray(256), 1
    for power in range(255):
        exp[power] = exp[power + 255] = value
        log[value] = power
        # 3 generates the group: value * 3 = value * 2 + value, reduced by the polynomial.
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)
    return bytes(exp), bytes(log)


_EXP, _LOG = _tables()


def split(secret: bytes, n: int, k: int) -> list[bytes]:
    """Split a secret into ``n`` shares, any ``k`` of which give it back (2 <= k <= n <= 255).

    Each share is one byte longer than the secret; the x of each is random, not 0, and distinct.
    Refuses an empty secret (``sealing.shamir.empty``) and other counts (``.threshold``).
    """
    if not secret:
        raise Refused.because("sealing.shamir.empty")
    if not 2 <= k <= n <= MAX_SHARES:
        raise Refused.because("sealing.shamir.threshold", n=n, k=k)
    xs = secrets.SystemRandom().sample(range(1, 256), n)
    ys = [bytearray() for _ in xs]
    for byte in secret:
        coefficients = secrets.token_bytes(k - 1)
        for x, y in zip(xs, ys, strict=True):
            y.append(_evaluate(byte, coefficients, x))
    return [bytes(y) + bytes([x]) for x, y in zip(xs, ys, strict=True)]


def combine(shares: Sequence[bytes]) -> bytes:
    """The secret from at least ``k`` of its shares.

    Fewer, or altered, shares give other bytes and no error: the caller compares a commitment.
    Refused: fewer than two, unequal lengths, x = 0, an x twice (``sealing.shamir.shares``).
    """
    return _interpolate(shares, 0)


def recover_share(shares: Sequence[bytes], x: int) -> bytes:
    """The share at ``x`` (1 to 255) as the dealer must have made it, from any ``k`` others.

    From any k all n are interpolated at opening, and each compared with its hash, so that it never
    matters which trustees came.
    """
    if not 1 <= x <= MAX_SHARES:
        raise Refused.because("sealing.shamir.shares", reason="x")
    return _interpolate(shares, x) + bytes([x])


def _evaluate(constant: int, coefficients: bytes, x: int) -> int:
    result = 0
    for coefficient in reversed(coefficients):
        result = _multiply(result ^ coefficient, x)
    return result ^ constant


def _interpolate(shares: Sequence[bytes], x: int) -> bytes:
    xs = _check(shares)
    weights = [_basis(xs, i, x) for i in range(len(xs))]
    result = bytearray(len(shares[0]) - 1)
    for weight, share in zip(weights, shares, strict=True):
        for position in range(len(result)):
            result[position] ^= _multiply(weight, share[position])
    return bytes(result)


def _check(shares: Sequence[bytes]) -> list[int]:
    if not 2 <= len(shares) <= MAX_SHARES:
        raise Refused.because("sealing.shamir.shares", reason="count")
    if len(shares[0]) < 2 or any(len(share) != len(shares[0]) for share in shares):
        raise Refused.because("sealing.shamir.shares", reason="length")
    xs = [share[-1] for share in shares]
    if 0 in xs or len(set(xs)) != len(xs):
        raise Refused.because("sealing.shamir.shares", reason="x")
    return xs


def _basis(xs: Sequence[int], i: int, x: int) -> int:
    """Lagrange's basis polynomial i at x; subtraction in GF(2^8) is exclusive or."""
    result = 1
    for j, other in enumerate(xs):
        if j != i:
            result = _multiply(result, _divide(x ^ other, xs[i] ^ other))
    return result


def _multiply(a: int, b: int) -> int:
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def _divide(a: int, b: int) -> int:
    return _EXP[_LOG[a] + 255 - _LOG[b]] if a else 0
