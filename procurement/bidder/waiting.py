"""A trustee's step that cannot be done yet, for others have to act first: no fault of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import Refused

# What only other parties' acts, or the end of a time that is theirs, take away.
CODES = frozenset(
    {
        "sealing.signature.too_few",
        "bidder.list.no_timestamp",
        "bidder.release.no_draw",
        "bidder.release.marks",
        "bidder.release.protest",
        "bidder.release.cure",
    }
)


@dataclass(frozen=True)
class Halt:
    """Where a lot's steps came to wait. done: the steps before it, which stand."""

    lot: str
    step: str
    done: tuple[str, ...]
    refused: Refused


class Waits(Exception):  # noqa: N818 - nothing failed: others have to act
    """Some lot's steps wait. done: lot → step → its result, of every lot."""

    def __init__(self, done: Mapping[str, Mapping[str, Any]], halts: tuple[Halt, ...]) -> None:
        super().__init__(", ".join(f"{halt.lot}: {halt.step}" for halt in halts))
        self.done, self.halts = done, halts


def is_waiting(refused: Refused) -> bool:
    """Whether every reason of a refusal goes away by others' acts."""
    return {reason.code for reason in refused.refusals} <= CODES
