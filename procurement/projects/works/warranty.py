"""How long a contractor answers for works at least (质量条例 40); pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kernel.errors import Refusal

# The class of works that have a roof, heating and installations.
BUILDINGS = "01"
STRUCTURE = "warranty_structure_years"
DESIGN_LIFE = "design_life_years"
# Field -> the key under which the law keeps the least period.
LEAST = {
    "warranty_waterproofing_years": "warranty.waterproofing",
    "warranty_heating_seasons": "warranty.heating",
    "warranty_services_years": "warranty.services",
}
FIELDS = (DESIGN_LIFE, STRUCTURE, *LEAST)


@dataclass(frozen=True)
class Warranty:
    """The least periods. least: field -> (amount, article); whole: works have every part."""

    least: Mapping[str, tuple[int, str]]
    article: str
    whole: bool


class Facts(Protocol):
    """The part of the facts of works that this rule looks at."""

    @property
    def warranty(self) -> Warranty:
        """The least periods of the day."""


def warranty_is_long_enough(facts: Facts, payload: Any) -> Iterator[Refusal]:
    """Ground and structure for the design life, waterproofing, heating, installations as the law.

    A building has every part. Other works (a road) may have none of a kind: it is left empty.
    """
    if payload is None:
        return
    one, code = facts.warranty, "procurement.works.warranty_"
    life, structure = getattr(payload, DESIGN_LIFE), getattr(payload, STRUCTURE)
    for field in (DESIGN_LIFE, STRUCTURE):
        if not getattr(payload, field):
            yield Refusal(code + "missing", {"part": field}, one.article, field)
    if life and structure and structure < life:
        said = {"part": STRUCTURE, "given": structure, "least": life}
        yield Refusal(code + "short", said, one.article, STRUCTURE)
    for field, (least, article) in one.least.items():
        given = getattr(payload, field)
        if given is None:
            if one.whole:
                yield Refusal(code + "missing", {"part": field}, article, field)
        elif given < least:
            said = {"part": field, "given": given, "least": least}
            yield Refusal(code + "short", said, article, field)
