"""Conduct that the platform itself sees: captured from events, then confirmed by two officers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from credit.conduct.machine import RECORD
from credit.enterprises.models import Enterprise
from credit.scoring import selectors as scoring
from kernel.access.actors import PLATFORM
from kernel.events.procurement_completion import CompletionFiled
from kernel.events.procurement_site import HazardConfirmed
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.following import follow

PLATFORM_NAME = PLATFORM.organisation_name


@subscribe(HazardConfirmed, "credit.conduct.hazard")
def hazard_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """A hazard that the station or the supervision firm graded."""
    event = envelope.event
    assert isinstance(event, HazardConfirmed)
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.contractor_uscc,
            item=f"hazard_{event.grade}",
            occurred_on=event.found_on,
            document_number=event.document_number,
            article=event.article,
            project_number=event.project_number,
            fact=_("施工现场存在事故隐患，已下达整改通知书 %(number)s。")
            % {"number": event.document_number},
        )


@subscribe(CompletionFiled, "credit.conduct.performance")
def performance_is_captured(envelope: Envelope, _prepared: Any) -> None:
    """How a contract was performed, as the owner evaluated it at completion filing."""
    event = envelope.event
    assert isinstance(event, CompletionFiled)
    with override("zh-hans"):
        _capture(
            envelope,
            uscc=event.contractor_uscc,
            item=f"performance_{event.performance}",
            occurred_on=event.filed_on,
            document_number=event.document_number,
            article="",
            project_number=event.project_number,
            fact=_("工程竣工验收备案，合同 %(number)s 履约评价已出具。")
            % {"number": event.contract_number},
        )


def _capture(envelope: Envelope, *, uscc: str, item: str, project_number: str, **rest: Any) -> None:
    enterprise = Enterprise.objects.filter(uscc=uscc).first()
    if item not in scoring.scheme(envelope.occurred_at).items:
        return  # the scheme of the day does not weigh it
    follow(
        RECORD.code,
        None,
        "capture_event",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
        payload={
            "uscc": uscc,
            "name": enterprise.name if enterprise else uscc,
            "item": item,
            "decided_by": PLATFORM_NAME,
            "project_number": project_number,
            "region": project_number[:6] or "230000",
            "source": f"event:{envelope.id}",
            **rest,
        },
    )
