"""The rules of hire: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kernel.errors import Refusal


@dataclass(frozen=True)
class HireFacts:
    """All that the guards of a hire look at.

    machine_found: a machine of this number is to let. machine_idle: the hire's machine still is.
    site_found: the site is the actor's and open. machine_back: the machine left the site.
    agreed_until: last day of the hire that was asked for; None where it is only being asked for.
    lessor_listed, hirer_listed: by what either side is on a list, and may neither let nor hire.
    """

    today: date
    machine_found: bool
    machine_idle: bool
    machine_back: bool
    site_found: bool
    free_from: date | None
    life_ends_on: date | None
    agreed_until: date | None
    lessor_listed: tuple[Refusal, ...]
    hirer_listed: tuple[Refusal, ...]
    articles: Mapping[str, str]


def _refusal(facts: HireFacts, what: str, field: str = "", **more: Any) -> Refusal:
    return Refusal(f"equipment.hire.{what}", more, facts.articles["rent"], field)


def machine_is_to_let(facts: HireFacts, payload: Any) -> Iterator[Refusal]:
    """Only a filed machine that is offered can be hired."""
    if payload is not None and not facts.machine_found:
        yield _refusal(facts, "machine_unknown", "machine_number", number=payload.machine_number)


def lessor_is_on_no_list(facts: HireFacts, payload: Any) -> Iterator[Refusal]:
    """Nothing is hired of who is on a list, whenever the machine was offered."""
    field = "machine_number" if hasattr(payload, "machine_number") else ""
    yield from (replace(reason, field=field) for reason in facts.lessor_listed)


def hirer_is_on_no_list(facts: HireFacts, _payload: Any) -> Iterator[Refusal]:
    """Who is on a list hires nothing."""
    yield from facts.hirer_listed


def site_has_its_permit(facts: HireFacts, payload: Any) -> Iterator[Refusal]:
    """The site is the asker's own and has its permit."""
    if payload is not None and not facts.site_found:
        yield _refusal(facts, "site_unknown", "site_number", number=payload.site_number)


def period_is_right(facts: HireFacts, payload: Any) -> Iterator[Refusal]:
    """The hire ends after it begins, and begins when the machine is free."""
    if payload is None:
        return
    early = facts.free_from is not None and payload.from_on < facts.free_from
    if payload.to_on <= payload.from_on or payload.from_on < facts.today or early:
        yield _refusal(
            facts, "period", "from_on",
            **{"from": payload.from_on.isoformat(), "to": payload.to_on.isoformat()},
        )  # fmt: skip


def life_covers_the_hire(facts: HireFacts, payload: Any) -> Iterator[Refusal]:
    """The machine's life covers the whole hire: when it is asked for, and when it is agreed."""
    ends, asked = facts.life_ends_on, getattr(payload, "to_on", None)
    until = asked or facts.agreed_until
    if ends is not None and until is not None and ends < until:
        yield Refusal(
            "equipment.machine.life_short",
            {"on": ends.isoformat(), "to": until.isoformat()},
            facts.articles["life"],
            "to_on" if asked else "",
        )


def hire_is_not_over(facts: HireFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing is agreed of a hire whose last day has passed."""
    until = facts.agreed_until
    if until is not None and until < facts.today:
        yield _refusal(facts, "over", on=until.isoformat())


def machine_is_still_free(facts: HireFacts, _payload: Any) -> Iterator[Refusal]:
    """One machine, one hire at a time."""
    if not facts.machine_idle:
        yield _refusal(facts, "machine_taken")


def machine_came_back(facts: HireFacts, _payload: Any) -> Iterator[Refusal]:
    """A hire ends when the machine has left the site."""
    if not facts.machine_back:
        yield _refusal(facts, "not_returned")


def reason_is_given(facts: HireFacts, payload: Any) -> Iterator[Refusal]:
    """Who refuses or withdraws says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")
