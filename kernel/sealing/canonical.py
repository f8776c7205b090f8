"""Canonical JSON (RFC 8785) of the platform's narrow kind: the only form that is ever hashed."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from kernel.errors import Refused

# Beyond this the integers of other languages (IEEE 754 doubles) stop being exact.
MAX_INTEGER = 2**53 - 1
# Deep enough for every document of ours, shallow enough for every reader's stack.
MAX_DEPTH = 64

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def encode(value: Any) -> bytes:
    """Canonical UTF-8 bytes of a value.

    Allowed: None, bool, str, int with |n| < 2^53, list, and dict with ASCII str keys, to a depth of
    64; exactly these types, no subclasses. Everything else (float, Decimal, datetime, bytes,
    tuple) is refused with ``sealing.canonical.<type|integer|key|text|depth>``, naming the path.
    """
    if not _plain(value, 0):
        _check(value, "$", 0)  # slower, and says where
    # Of ASCII keys, integers and text this is RFC 8785's spelling; tests hold it to rfc8785.
    return _ENCODER.encode(value).encode()


def decode(data: bytes) -> Any:
    """The value of canonical bytes; refuses every other spelling of the same value.

    Refused: bad UTF-8 (``.utf8``), bad JSON, NaN or Infinity (``.syntax``), a key twice
    (``.duplicate_key``), a number that is no integer (``.type``), whatever :func:`encode` refuses,
    and bytes that differ from our own serialisation (``.not_canonical``).
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Refused.because("sealing.canonical.utf8", position=fault.start) from fault
    if (quick := _quick(text)) is not None:
        return quick
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_refuse_float,
            parse_int=_integer,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as fault:
        raise Refused.because("sealing.canonical.syntax", position=fault.pos) from fault
    except RecursionError as fault:
        raise Refused.because("sealing.canonical.depth", path="$", limit=MAX_DEPTH) from fault
    if encode(value) != data:
        raise Refused.because("sealing.canonical.not_canonical")
    return value


def _quick(text: str) -> Any:
    """The value of canonical bytes, by the reader that asks nothing; None for any other.

    A key that stands twice or another spelling does not come back as the same bytes. What comes
    back as ASCII has texts and keys of ASCII only, and no deeper than it has brackets: then
    numbers alone must be looked at, and are while they are read.
    """
    try:
        if text.isascii() and text.count("[") + text.count("{") <= MAX_DEPTH:
            value = _OF_ASCII.decode(text)
            return value if _ENCODER.encode(value) == text else None
        value = json.loads(text)
    except (ValueError, RecursionError, Refused):
        return None
    return value if _plain(value, 0) and _ENCODER.encode(value) == text else None


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical bytes of a value (32 bytes)."""
    return hashlib.sha256(encode(value)).digest()


def _plain(value: Any, depth: int) -> bool:
    """Whether a value is allowed, without saying why not."""
    kind = type(value)
    if depth > MAX_DEPTH:
        return False
    if kind is str:
        return str.isascii(value) or _encodable(value)
    if kind is int:
        return bool(-MAX_INTEGER <= value <= MAX_INTEGER)
    if value is None or kind is bool:
        return True
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                return False
            if type(item) is str and item.isascii() and depth < MAX_DEPTH:
                continue  # most of them are; each call saved is a tenth of a receipt
            if not _plain(item, depth + 1):
                return False
        return True
    if kind is not list:
        return False
    for item in value:
        if type(item) is str and item.isascii() and depth < MAX_DEPTH:
            continue
        if not _plain(item, depth + 1):
            return False
    return True


def _encodable(text: str) -> bool:
    # A lone surrogate has no UTF-8; JSON can spell one as an escape all the same.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check(value: Any, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Refused.because("sealing.canonical.depth", path=path[:200], limit=MAX_DEPTH)
    kind = type(value)
    if value is None or kind is bool:
        return
    if kind is int:
        if abs(value) > MAX_INTEGER:
            raise Refused.because("sealing.canonical.integer", path=path)
    elif kind is str:
        _check_text(value, path)
    elif kind is list:
        for position, item in enumerate(value):
            _check(item, f"{path}[{position}]", depth + 1)
    elif kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise Refused.because("sealing.canonical.key", path=path, key=repr(key)[:80])
            _check(item, f"{path}.{key}", depth + 1)
    else:
        raise Refused.because("sealing.canonical.type", path=path, type=kind.__name__)


def _check_text(text: str, path: str) -> None:
    if not _encodable(text):
        raise Refused.because("sealing.canonical.text", path=path)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise Refused.because("sealing.canonical.duplicate_key", key=key[:80])
        result[key] = value
    return result


def _integer(literal: str) -> int:
    # Checked before int(): a literal of a million digits must not cost quadratic time.
    if len(literal) > len(str(-MAX_INTEGER)):
        raise Refused.because("sealing.canonical.integer", path="$")
    return int(literal)


def _small_integer(literal: str) -> int:
    value = _integer(literal)
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise Refused.because("sealing.canonical.integer", path="$")
    return value


def _refuse_float(literal: str) -> NoReturn:
    raise Refused.because("sealing.canonical.type", path="$", type="float", literal=literal[:40])


def _refuse_constant(literal: str) -> NoReturn:
    raise Refused.because("sealing.canonical.syntax", literal=literal, position=0)


_OF_ASCII = json.JSONDecoder(
    parse_float=_refuse_float, parse_int=_small_integer, parse_constant=_refuse_constant
)
