"""The expert bank: who is in it, since when they work where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.identifiers import uscc
from procurement.evaluation.models import Expert, ExpertEmployment


def register(
    *,
    actor: Actor,
    code: str,
    specialties: Iterable[str],
    region: str,
    employments: Iterable[tuple[str, date, date | None]] = (),
    valid_until: date | None = None,
) -> Expert:
    """Enter a person into the bank, or correct what it says of them; found by their code.

    actor: as whom the expert acts (person and the organisation that keeps the bank). employments:
    (credit code, first day, last day or None); the list replaces what was known. Refuses
    ``procurement.evaluation.expert_unspecialised`` and codes that are none.
    """
    wanted = sorted(set(specialties))
    if not wanted:
        raise Refused.because("procurement.evaluation.expert_unspecialised", field="specialties")
    rows = [(uscc.parse(where).code, since, until) for where, since, until in employments]
    expert, _new = Expert.objects.update_or_create(
        code=code,
        defaults={
            "person_id": actor.person_id,
            "organisation_id": actor.organisation_id,
            "specialties": wanted,
            "region": region,
            "valid_until": valid_until,
        },
    )
    expert.employments.all().delete()
    ExpertEmployment.objects.bulk_create(
        ExpertEmployment(expert=expert, uscc=where, since=since, until=until)
        for where, since, until in rows
    )
    return expert
