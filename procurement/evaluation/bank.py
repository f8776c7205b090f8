"""The expert bank from the outside: who enters somebody does it by the same acts as pages do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kernel.access.actors import Actor
from kernel.workflow.firing import fire
from procurement.evaluation.experts.machine import EXPERT
from procurement.evaluation.experts.models import Expert


def register(
    *,
    actor: Actor,
    officer: Actor,
    second: Actor,
    key: str,
    specialties: Iterable[str],
    region: str,
    employments: Iterable[tuple[str, date, date | None]],
    practised_on: date,
    title_number: str,
    title_sha256: str,
    record: str,
    title: str = "senior",
    punishments: str = "",
) -> Expert:
    """Let a person apply to the bank, an officer propose to admit them, another one decide.

    actor: who applies, acting as an expert for the organisation that keeps the bank. officer,
    second: two others, of the authority of their region. key: idempotency key of the three acts.
    employments: (credit code, first day, last day or None). record: where the officer looked
    punishments up. title_sha256: a file that the actor uploaded.
    Raises Refused with every reason (``procurement.expert.*``).
    """
    said = {
        "specialties": list(specialties),
        "region": region,
        "practised_on": practised_on,
        "title": title,
        "title_number": title_number,
        "title_sha256": title_sha256,
        "punishments": punishments,
        "employments": [
            {"uscc": uscc, "since": since, "until": until} for uscc, since, until in employments
        ],
    }
    applied = fire(EXPERT.code, None, "apply", actor=actor, payload=said, key=f"{key}-apply")
    proposed = fire(
        EXPERT.code, applied.case_pk, "propose", actor=officer,
        payload={"act": "admit", "reason": record},
        key=f"{key}-propose", seen_version=applied.version,
    )  # fmt: skip
    fire(
        EXPERT.code, applied.case_pk, "admit", actor=second, payload={"record": record},
        key=f"{key}-admit", seen_version=proposed.version,
    )  # fmt: skip
    found: Expert = Expert.objects.get(pk=applied.case_pk)
    return found
