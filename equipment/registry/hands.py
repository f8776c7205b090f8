"""Who lays hands on a machine: the installer that was engaged for it, a tester who is nobody's.

Pure: values in, refusals out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from equipment.registry.rules import MachineFacts
from kernel.errors import Refusal


def nobody_is_engaged(case: Any, _actor: Any) -> bool:
    """Whether a machine waits for an installer; of the engaged one, its notice is waited for."""
    return not case.installer_uscc


def installer_is_known(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """Whom user or lessor engages is an installer that the platform knows."""
    if payload is not None and not facts.installer_known:
        yield Refusal(
            "equipment.machine.installer_unknown",
            {"uscc": payload.installer_uscc},
            facts.articles["install"],
            "installer_uscc",
        )


def tester_is_nobodys(facts: MachineFacts, _payload: Any) -> Iterator[Refusal]:
    """Whoever tests or assesses works neither for its owner nor for its user or installer."""
    if facts.tester_interested:
        yield Refusal("equipment.machine.tester_interested", {}, facts.articles["test"])
