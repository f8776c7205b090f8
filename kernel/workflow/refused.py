"""Refused attempts are kept too: who tried what, when, and every reason why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.evidence import services as evidence
from kernel.regulation.citing import as_written
from kernel.regulation.named import kept
from kernel.workflow import binding
from kernel.workflow.due import play_due
from kernel.workflow.machines import Machine
from kernel.workflow.models import Act, Case, RefusedAct

# Nobody reads more, and a page that stood open for years must not carry a whole history.
CHANGES_TOLD = 20


def log_refusal(
    machine: Machine,
    case_pk: int | None,
    transition: str,
    *,
    actor: Actor,
    payload_sha256: str,
    refused: Refused,
    at: datetime,
) -> RefusedAct:
    """Write a refused attempt in a transaction of its own, after the attempt was rolled back.

    What had fallen due by then takes effect here, so that the case shows what the refusal saw.
    """
    reasons = [
        {
            "code": r.code,
            # What changed meanwhile is told to whoever asked; the acts themselves keep it.
            "facts": {name: kept(fact) for name, fact in r.facts.items() if name != "changes"},
            # In Chinese, as the law is cited, whatever the language of who tried.
            "article": as_written(r.article),
            "field": r.field,
        }
        for r in refused.refusals
    ]
    model: Any = machine.model
    if case_pk is not None and not model.objects.filter(pk=case_pk).exists():
        case_pk = None
    if case_pk is not None:
        play_due(machine, case_pk, at)
    salt = binding.new_salt()
    with transaction.atomic():
        entry = evidence.append(
            kind="workflow.refusal",
            case=f"{machine.code}:{case_pk}" if case_pk else machine.code,
            at=at,
            body={
                "act": machine.act_name(transition),
                "codes": [r.code for r in refused.refusals],
                "organisation": actor.uscc,
                "role": actor.role,
                **binding.of_attempt(salt, actor.person_id or 0, payload_sha256, reasons),
            },
            public=False,
        )
        return RefusedAct.objects.create(
            machine=machine.code,
            case_pk=case_pk,
            transition=transition,
            payload_sha256=payload_sha256,
            salt=salt,
            refusals=reasons,
            person_id=actor.person_id or None,
            organisation_id=actor.organisation_id or None,
            role=actor.role,
            at=at,
            log_index=entry.index,
        )


def what_changed(
    machine: Machine, case: Case, since_version: int, actor: Actor
) -> list[dict[str, Any]]:
    """The acts that somebody who looked at ``since_version`` has not seen, as JSON values.

    The newest twenty in their order, masked columns without their values, and nothing of the acts
    that this actor may not see: an old version is easily named.
    """
    newest = (
        Act.objects.filter(machine=machine.code, case_pk=case.pk, version__gt=since_version)
        .exclude(role__in=machine.hidden_roles(case, actor))
        .select_related("person", "organisation")
        .order_by("-version")[:CHANGES_TOLD]
    )
    return [
        {
            "act": act.transition,
            "version": act.version,
            "at": act.at.isoformat(),
            "person": act.person.name if act.person else "",
            "organisation": act.organisation.name if act.organisation else "",
            "role": act.role,
            "state": act.target,
            "fields": {
                name: ["", ""] if name in machine.masked else values
                for name, values in act.changes.items()
            },
        }
        for act in reversed(newest)
    ]
