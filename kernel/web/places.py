"""What places are called on pages: in the reader's language, by the table of the day."""

from __future__ import annotations

from datetime import date

from kernel.identifiers import regions
from kernel.regulation.citing import language


def name(code: str, on: date | None = None) -> str:
    """Its own name: 道里区, Daoli District. Refuses what ``regions.region`` refuses."""
    return called(regions.region(code, on))


def full_name(code: str, on: date | None = None) -> str:
    """With all that it lies in: 黑龙江省哈尔滨市道里区; Daoli District, Harbin, Heilongjiang."""
    if language() == "zh":
        return regions.full_name(code, on)
    whole = (regions.region(code, on), *reversed(regions.ancestors(code, on)))
    return ", ".join(called(part) for part in whole)


def place_name(code: str) -> str:
    """A place as far as the table knows it, as ``regions.place_name`` has it."""
    if language() == "zh" or not regions.plausible(code) or code == regions.STATE:
        return regions.place_name(code)
    if regions.known(code):
        return full_name(code)
    return f"{called(regions.province(code))} {code}"


def called(region: regions.Region) -> str:
    """The name of a row of the table in the reader's language."""
    return region.english if language() == "en" else region.name
