"""Decay by half-life in whole numbers: 10^4 · 2^(-age/half_life), exact. Pure.

Kept, because everybody's facts ask for the same few days again.
"""

from __future__ import annotations

from functools import lru_cache

SCALE = 10_000


@lru_cache(maxsize=16384)
def rounded(age: int, half_life: int) -> int:
    """The factor rounded to the nearest, half up: D[a] = round(10^4 · 2^(-a/H))."""
    found = int(SCALE * 2.0 ** (-age / half_life))
    # The float says where to look; whole numbers decide.
    while found and not _reaches(found, age, half_life):
        found -= 1
    while _reaches(found + 1, age, half_life):
        found += 1
    return found


def _reaches(factor: int, age: int, half_life: int) -> bool:
    """Whether factor - 1/2 <= 10^4 · 2^(-age/half_life)."""
    return bool((2 * factor - 1) ** half_life << age <= (2 * SCALE) ** half_life)


def cut(age: int, half_life: int) -> int:
    """As engines before the third had it: cut down in the first life, halved from there."""
    whole, rest = divmod(age, half_life)
    root = _part_life(rest, half_life)
    return (root + (1 << whole) // 2) >> whole if whole else root


@lru_cache(maxsize=8192)
def _part_life(rest: int, half_life: int) -> int:
    """10^4 · 2^(-rest/half_life), cut down, as (10^(4h) / 2^rest)^(1/h): halved in, exactly."""
    value = SCALE**half_life // 2**rest
    low, high = 0, SCALE + 1  # low^h <= value < high^h
    while high - low > 1:
        middle = (low + high) // 2
        if middle**half_life <= value:
            low = middle
        else:
            high = middle
    return low
