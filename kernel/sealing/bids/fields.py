"""Strict reading of the signed files: every field named, typed and bounded, nothing else in it.

A shape is a function that takes a value and the path it stands at, and returns what it means or
refuses it with ``sealing.format.<field|unknown|missing|size|kind>``, naming the path.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from kernel.errors import Refused
from kernel.sealing import canonical

T = TypeVar("T")
Shape = Callable[[Any, str], T]

MAX_DOCUMENT = 4 * 1024 * 1024

_WIDE_SPACE = chr(0x3000)
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def read(
    data: bytes, form: str, shapes: Mapping[str, Shape[Any]], limit: int = MAX_DOCUMENT
) -> dict[str, Any]:
    """The fields of a signed file in canonical JSON whose ``format`` is ``form``.

    Refused: ``sealing.format.size`` (bytes over the limit), ``.kind`` (another format), the codes
    of :func:`kernel.sealing.canonical.decode` and of the shapes.
    """
    if len(data) > limit:
        raise Refused.because("sealing.format.size", form=form, limit=limit)
    value = canonical.decode(data)
    if not isinstance(value, dict) or value.get("format") != form:
        raise Refused.because("sealing.format.kind", form=form)
    fields = record(**shapes)({k: v for k, v in value.items() if k != "format"}, "$")
    return dict(fields)


def form_of(data: bytes) -> str:
    """The format that a signed file says it has, empty where it says none; nothing is checked."""
    value = canonical.decode(data) if len(data) <= MAX_DOCUMENT else None
    found = value.get("format") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def write(form: str, **values: Any) -> bytes:
    """The canonical bytes of a signed file."""
    return canonical.encode({"format": form, **values})


def record(**shapes: Shape[Any]) -> Shape[dict[str, Any]]:
    """An object with exactly these fields."""

    def shape(value: Any, path: str) -> dict[str, Any]:
        if type(value) is not dict:
            raise _wrong(path, "object")
        if value.keys() != shapes.keys():
            if unknown := sorted(set(value) - set(shapes)):
                raise Refused.because("sealing.format.unknown", path=f"{path}.{unknown[0]}"[:200])
            missing = sorted(set(shapes) - set(value))
            raise Refused.because("sealing.format.missing", path=f"{path}.{missing[0]}")
        return {name: check(value[name], f"{path}.{name}") for name, check in shapes.items()}

    return shape


def listing(item: Shape[T], least: int = 0, most: int = 10_000) -> Shape[tuple[T, ...]]:
    """A list of so many items."""

    def shape(value: Any, path: str) -> tuple[T, ...]:
        if type(value) is not list or not least <= len(value) <= most:
            raise _wrong(path, f"list {least}..{most}")
        return tuple(item(each, f"{path}[{i}]") for i, each in enumerate(value))

    return shape


def text(most: int = 200, least: int = 1) -> Shape[str]:
    """A text of so many characters, without control characters."""

    def shape(value: Any, path: str) -> str:
        if type(value) is not str or not least <= len(value) <= most or not printable(value):
            raise _wrong(path, f"text {least}..{most}")
        return value

    return shape


def printable(value: str) -> bool:
    """Whether a text has no character that could show it as another text (control, direction)."""
    # The full-width space is no printable character to Python, and stands in many titles.
    return value.replace(_WIDE_SPACE, "").isprintable()


def integer(least: int, most: int = canonical.MAX_INTEGER) -> Shape[int]:
    """An integer within bounds."""

    def shape(value: Any, path: str) -> int:
        if type(value) is not int or not least <= value <= most:
            raise _wrong(path, f"integer {least}..{most}")
        return value

    return shape


def boolean(value: Any, path: str) -> bool:
    """True or false."""
    if type(value) is not bool:
        raise _wrong(path, "boolean")
    return value


def choice(*allowed: str) -> Shape[str]:
    """One of some texts."""

    def shape(value: Any, path: str) -> str:
        if type(value) is not str or value not in allowed:
            raise _wrong(path, "|".join(allowed)[:100])
        return value

    return shape


def hexadecimal(size: int, *, empty: bool = False) -> Shape[str]:
    """Lower-case hexadecimal of so many bytes; where allowed, an empty text for none."""

    fits = re.compile(rf"[0-9a-f]{{{2 * size}}}" + ("|" if empty else "")).fullmatch

    def shape(value: Any, path: str) -> Any:
        if type(value) is not str or fits(value) is None:
            raise _wrong(path, f"hex {size}")
        return value

    return shape


digest = hexadecimal(32)
digest_or_none = hexadecimal(32, empty=True)


def serial(value: Any, path: str) -> str:
    """A certificate's serial number: lower-case hexadecimal without leading zeros."""
    if type(value) is not str or not re.fullmatch(r"[1-9a-f][0-9a-f]{0,39}", value):
        raise _wrong(path, "serial")
    return value


def octets(least: int, most: int) -> Shape[bytes]:
    """Bytes in base64 (RFC 4648 §4), in its one canonical spelling."""

    def shape(value: Any, path: str) -> bytes:
        data = unpacked(value) if type(value) is str else None
        if data is None or not least <= len(data) <= most:
            raise _wrong(path, f"base64 {least}..{most}")
        return data

    return shape


def unpacked(value: Any) -> bytes | None:
    """The bytes that a text spells in base64; None for what is not their one spelling."""
    text = value.encode("ascii", "replace") if isinstance(value, str) else value
    try:
        data = base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        return None
    return data if base64.b64encode(data) == text else None


def uscc(value: Any, path: str) -> str:
    """A unified social credit code by its form; its check characters are the register's affair."""
    if type(value) is not str or not _USCC.fullmatch(value):
        raise _wrong(path, "uscc")
    return value


def instant(value: Any, path: str) -> datetime:
    """An instant in UTC to the microsecond: ``2026-11-23T01:02:03.000004Z``."""
    if type(value) is str and _INSTANT.fullmatch(value):
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        except ValueError:
            pass
    raise _wrong(path, "instant")


def instant_text(at: datetime) -> str:
    """An aware instant as :func:`instant` reads it."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def b64(data: bytes) -> str:
    """Bytes as base64 text."""
    return base64.b64encode(data).decode()


def _wrong(path: str, expected: str) -> Refused:
    return Refused.because("sealing.format.field", path=path[:200], expected=expected)
