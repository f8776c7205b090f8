"""Rules about what the site's room knows: no works are accepted over a major hazard. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from kernel.errors import Refusal

ARTICLE_STOPPED = "《建设工程安全生产管理条例》第四十三条"
ARTICLE_HAZARD = "《安全生产法》第四十一条"
_CODE = "procurement.works."


class Facts(Protocol):
    """The part of the facts of works that these rules look at."""

    @property
    def stop_orders(self) -> tuple[str, ...]:
        """Notices of major hazards by which the station stopped work."""

    @property
    def open_hazards(self) -> tuple[str, ...]:
        """Those of the others that are not put right."""


def no_stop_order_stands(facts: Facts, _payload: Any) -> Iterator[Refusal]:
    """Works that the station stopped for a major hazard are not accepted over its order."""
    if facts.stop_orders:
        said = {"numbers": ", ".join(facts.stop_orders)}
        yield Refusal(_CODE + "stop_order", said, ARTICLE_STOPPED, "")


def no_major_hazard_is_open(facts: Facts, _payload: Any) -> Iterator[Refusal]:
    """Works with a major hazard that nobody has put right are not accepted, stopped or not."""
    if facts.open_hazards:
        said = {"numbers": ", ".join(facts.open_hazards)}
        yield Refusal(_CODE + "hazard_open", said, ARTICLE_HAZARD, "")
