"""The rules of ending a project: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from procurement.projects.rules import ProjectFacts


def every_works_is_closed(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """A project ends when all that was built under it is done, and something was."""
    if facts.works_open or facts.works_open is None:
        yield Refusal(
            "procurement.project.works_open",
            {"works": list(facts.works_open or ())},
            facts.articles["platform"],
            "",
        )


def nothing_goes_on(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """A project does not end while a lot of it is live or a contract of it has no works."""
    for need, found in facts.kept_open.items():
        if found or found is None:
            yield Refusal(
                f"procurement.project.{need if found else 'unanswered'}",
                {"numbers": list(found or ())},
                facts.articles["platform"],
                "",
            )


END = (every_works_is_closed, nothing_goes_on)
