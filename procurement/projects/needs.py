"""What a project asks of rooms that come after it in its life, before it ends.

The rooms that know (tendering, contracts) register a provider each at start-up; the project never
imports them. A question that nobody answers refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

LIVE_LOTS: Final = "live_lots"
CONTRACTS_WITHOUT_WORKS: Final = "contracts_without_works"
NEEDS: Final = (LIVE_LOTS, CONTRACTS_WITHOUT_WORKS)

Provider = Callable[[str], tuple[str, ...]]
"""(project number) -> numbers of what still keeps the project open."""

_providers: dict[str, Provider] = {}


def register(need: str, provider: Provider) -> None:
    """Let a room answer, once, at start-up."""
    if need not in NEEDS:
        raise ValueError(f"projects have no need {need}")
    if _providers.setdefault(need, provider) is not provider:
        raise ValueError(f"two providers for {need}")


def answer(need: str, project_number: str) -> tuple[str, ...] | None:
    """What still keeps a project open; None where nobody can tell."""
    provider = _providers.get(need)
    return None if provider is None else provider(project_number)
