"""DER (X.690 §10) as far as the quick path of signatures needs it: one spelling, or nothing.

:func:`parts` gives None for whatever is not strict DER with short tags; the caller then asks the
slow reader, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

INTEGER, OCTETS, OID = 0x02, 0x04, 0x06
UTC_TIME, GENERAL_TIME = 0x17, 0x18
SEQUENCE, SET, CONTEXT_0 = 0x30, 0x31, 0xA0
_CONSTRUCTED = 0x20
# Values, and one inside another: what is signed here has some hundreds, twenty deep at most.
_MOST, _DEEPEST = 100_000, 50


@dataclass(frozen=True, slots=True)
class Item:
    """One encoded value: its tag, its content, and all its bytes."""

    tag: int
    content: bytes
    whole: bytes


def parts(data: bytes) -> list[Item] | None:
    """The values that stand one after another in ``data``; None unless all of it is strict DER."""
    found, place, end = [], 0, len(data)
    while place < end:
        if end - place < 2 or data[place] & 0x1F == 0x1F:
            return None
        size, start = data[place + 1], place + 2
        if size & 0x80:
            count = size & 0x7F
            if not 1 <= count <= 3 or start + count > end:
                return None
            size = int.from_bytes(data[start : start + count], "big")
            # The shortest spelling of a length is the only one.
            if size < 0x80 or size >> (8 * (count - 1)) == 0:
                return None
            start += count
        if start + size > end:
            return None
        found.append(Item(data[place], data[start : start + size], data[place : start + size]))
        place = start + size
    return found


def is_strict(data: bytes) -> bool:
    """Whether bytes are values with tags and lengths as DER writes them, to the innermost one.

    The programs of trustees read nothing else: what is accepted in another spelling, they could
    not open.
    """
    waiting, looked = [(data, 0)], 0
    while waiting:
        inner, depth = waiting.pop()
        found = parts(inner)
        looked += len(found or ())
        # Values inside values cost their size at every level.
        if found is None or looked > _MOST or depth > _DEEPEST:
            return False
        waiting += [(each.content, depth + 1) for each in found if each.tag & _CONSTRUCTED]
    return True


def inside(data: bytes, tag: int) -> list[Item] | None:
    """What stands inside the one value that ``data`` is, if it has this tag."""
    outer = parts(data)
    if outer is None or len(outer) != 1 or outer[0].tag != tag:
        return None
    return parts(outer[0].content)


def item(tag: int, *contents: bytes) -> bytes:
    """An encoded value of this tag around these contents."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    count = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | count)) + size.to_bytes(count, "big") + content


def set_of(values: Iterable[bytes], tag: int = SET) -> bytes:
    """A SET OF: DER has its values in the order of their bytes."""
    return item(tag, *sorted(values))
