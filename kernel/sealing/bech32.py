"""Bech32 (BIP 173) as age uses it for its keys: no limit of length, 5-bit groups, checksum."""

from __future__ import annotations

from collections.abc import Iterable

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, data: bytes) -> str:
    """Lower-case Bech32 of bytes under a lower-case prefix."""
    groups = _regroup(data, 8, 5, pad=True)
    checked = [*_expand(prefix), *groups, 0, 0, 0, 0, 0, 0]
    polymod = _polymod(checked) ^ 1
    checksum = [(polymod >> 5 * (5 - i)) & 31 for i in range(6)]
    return prefix + "1" + "".join(_ALPHABET[group] for group in groups + checksum)


def decode(text: str) -> tuple[str, bytes]:
    """Prefix (lower case) and bytes; raises ValueError for anything but well-formed Bech32."""
    if text not in (text.lower(), text.upper()):
        raise ValueError("mixed case")
    prefix, separator, body = text.lower().rpartition("1")
    if not separator or not prefix or len(body) < 6:
        raise ValueError("no separator")
    groups = [_ALPHABET.index(character) for character in body]
    if not prefix.isascii() or _polymod([*_expand(prefix), *groups]) != 1:
        raise ValueError("checksum")
    return prefix, bytes(_regroup(groups[:-6], 5, 8, pad=False))


def _polymod(values: Iterable[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATOR):
            checksum ^= generator if (top >> i) & 1 else 0
    return checksum


def _expand(prefix: str) -> list[int]:
    codes = prefix.encode()
    return [code >> 5 for code in codes] + [0] + [code & 31 for code in codes]


def _regroup(values: Iterable[int], width: int, into: int, *, pad: bool) -> list[int]:
    accumulator = bits = 0
    result = []
    for value in values:
        accumulator = (accumulator << width) | value
        bits += width
        while bits >= into:
            bits -= into
            result.append((accumulator >> bits) & ((1 << into) - 1))
        accumulator &= (1 << bits) - 1
    if pad and bits:
        result.append((accumulator << (into - bits)) & ((1 << into) - 1))
    elif not pad and (bits >= width or accumulator):
        raise ValueError("padding")
    return result
