"""What other rooms must say before works may go on; a question that nobody answers refuses.

The rooms that know (labour, securities, contracts, credit) register a provider each at start-up;
works never import them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

WAGE_ACCOUNT: Final = "wage_account"
WAGE_BOND: Final = "wage_bond"
PAYMENT_SECURITY: Final = "payment_security"
SAFETY_LICENCE: Final = "safety_licence"
SETTLEMENT: Final = "settlement"
PERMIT_NEEDS: Final = (WAGE_ACCOUNT, WAGE_BOND, PAYMENT_SECURITY, SAFETY_LICENCE)
CLOSE_NEEDS: Final = (SETTLEMENT,)
NEEDS: Final = (*PERMIT_NEEDS, *CLOSE_NEEDS)


@dataclass(frozen=True)
class Asked:
    """What is asked about: the works, their contract and parties, and the legal moment."""

    works_number: str
    contract_number: str
    project_number: str
    owner_uscc: str
    contractor_uscc: str
    at: datetime


Provider = Callable[[Asked], str]
"""Answers with the number of what holds (an account, a guarantee, a licence), or ""."""

_providers: dict[str, Provider] = {}


def register(need: str, provider: Provider) -> None:
    """Let a room answer for a need, once, at start-up."""
    if need not in NEEDS:
        raise ValueError(f"works have no need {need}")
    if _providers.setdefault(need, provider) is not provider:
        raise ValueError(f"two providers for {need}")


_stop_orders: list[Callable[[str], tuple[str, ...]]] = []


def ordered_by(provider: Callable[[str], tuple[str, ...]]) -> None:
    """Let the room of the site tell which orders to stop work stand, by the works' number."""
    _stop_orders[:] = [provider]


def stop_orders(works_number: str) -> tuple[str, ...]:
    """Numbers of the orders by which work is stopped and that nobody lifted."""
    return tuple(number for provider in _stop_orders for number in provider(works_number))


_hazards: list[Callable[[str], tuple[str, ...]]] = []


def endangered_by(provider: Callable[[str], tuple[str, ...]]) -> None:
    """Let the room of the site tell which major hazards are open, by the works' number."""
    _hazards[:] = [provider]


def open_hazards(works_number: str) -> tuple[str, ...]:
    """Numbers of the notices of major hazards that are not put right, beside those that stop it."""
    return tuple(number for provider in _hazards for number in provider(works_number))


def answer(need: str, asked: Asked) -> str | None:
    """The number of what holds, "" where nothing does, None where nobody can tell."""
    provider = _providers.get(need)
    return None if provider is None else provider(asked)
