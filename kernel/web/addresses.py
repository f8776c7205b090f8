"""Addresses of pages: of each shape Django is asked once, keys are put in afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse

# Stands in an address for the key of a row; no real key is so large.
_KEY = 2**62 - 1


def address(name: str, *words: str, key: int | None = None, then: tuple[str, ...] = ()) -> str:
    """The address of a URL name by its arguments in order: words, the key of a row, more words.

    What Django says is kept for as long as the process lives, for it depends on the URL patterns
    alone; words are codes of machines and acts, never anything that people enter.
    """
    arguments: tuple[str | int, ...] = words if key is None else (*words, _KEY, *then)
    found = _shape(name, arguments, get_script_prefix(), get_urlconf())
    return found if key is None else found.replace(str(_KEY), str(key))


def keyed(name: str) -> Callable[[int], str]:
    """Writes the addresses of many rows by their keys alone, for one page."""
    before, _key, after = _shape(name, (_KEY,), get_script_prefix(), get_urlconf()).partition(
        str(_KEY)
    )
    return lambda key: f"{before}{key}{after}"


@lru_cache(maxsize=4096)
def _shape(name: str, arguments: tuple[str | int, ...], _prefix: str, _urlconf: str | None) -> str:
    return reverse(name, args=arguments)
