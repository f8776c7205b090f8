"""How dates, instants, sizes and hashes are written (money: ``kernel.money``). Pure.

Dates 2026-11-23, times 14:05:07 where seconds decide, always legal time (UTC+8). Midnight is the
end of a day, as the law has it (民法典 art. 203), on every page and document: 2026-11-26 24:00.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from kernel.clock import LEGAL_ZONE

_HAN = re.compile(r"[\u3400-\u9fff]")


def day(value: date) -> str:
    """Write a date, or the legal day of an instant: ``2026-11-23``."""
    if isinstance(value, datetime):
        value = value.astimezone(LEGAL_ZONE).date()
    return value.isoformat()


def minute(value: datetime) -> str:
    """Write an instant to the minute: ``2026-11-23 14:05``."""
    return second(value)[:-3]


def second(value: datetime) -> str:
    """Write an instant where seconds decide: ``2026-11-23 14:05:07``."""
    legal = value.astimezone(LEGAL_ZONE)
    if legal.time() == time.min and legal.date() > date.min:
        return f"{(legal - timedelta(days=1)).date().isoformat()} 24:00:00"
    return legal.isoformat()[:19].replace("T", " ")


def deadline(value: datetime) -> str:
    """Write the end of a period; midnight is 24:00 of the day that ends: ``2026-11-26 24:00``."""
    return minute(value)


def last_day(value: datetime) -> date:
    """The legal day on which a period ends, also where it ends at 24:00."""
    return (value.astimezone(LEGAL_ZONE) - timedelta(microseconds=1)).date()


def machine(value: date) -> str:
    """Write a date or instant for the ``datetime`` attribute (ISO 8601, with offset)."""
    return value.astimezone(LEGAL_ZONE).isoformat() if isinstance(value, datetime) else day(value)


def size(octets: int) -> str:
    """Write a file size: ``512 B``, ``34 KB``, ``1.2 MB``."""
    if octets < 1024:
        return f"{octets} B"
    if octets < 1024**2:
        return f"{octets // 1024} KB"
    return f"{octets * 10 // 1024**2 / 10} MB"


def thousands(number: int) -> str:
    """Write a count with separators, in every language the same: ``1,204``."""
    return f"{number:,}"


# The first that is found names the browser or system: Edge also says Chrome, Chrome says Safari.
_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("WeChat", r"MicroMessenger/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari/"),
)
_SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iOS", r"iPhone|iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


def device(user_agent: str) -> str:
    """Name a browser and system from what a browser says of itself: ``Chrome 156 · Windows``."""
    browser = next(
        (
            f"{name} {found[1]}"
            for name, mark in _BROWSERS
            if (found := re.search(mark, user_agent))
        ),
        "",
    )
    system = next((name for name, mark in _SYSTEMS if re.search(mark, user_agent)), "")
    return " · ".join(filter(None, (browser, system))) or user_agent[:60]


def masked(value: str, head: int = 4, tail: int = 4) -> str:
    """Hide the middle of an identity number or phone; short values are hidden whole."""
    if len(value) <= head + tail:
        return "•" * len(value)
    return value[:head] + "•" * (len(value) - head - tail) + value[len(value) - tail :]


def grouped(digest: str) -> str:
    """Write a hash in groups of eight, so that two people can compare it aloud."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def has_han(text: str) -> bool:
    """Whether a text has Chinese characters; it then names its language on an English page."""
    return bool(_HAN.search(text))
