"""A business licence that calls an enterprise otherwise asks for the name; it does not give it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from credit.enterprises.corrections.machine import CORRECTION, FILED
from credit.enterprises.machine import LICENCE
from credit.enterprises.models import Correction, Enterprise, Licence
from kernel.events.registry import Envelope
from kernel.workflow.following import follow
from kernel.workflow.models import Act


def ask(row: Enterprise, name: str, envelope: Envelope) -> None:
    """Lay the name of a recorded business licence before another officer, once."""
    entry = f"enterprise:{row.uscc}"
    same = Correction.objects.filter(entry=entry, field="name", should_be=name, state=FILED)
    if same.exists():
        return
    licence = Licence.objects.get(pk=int(envelope.case.rpartition(":")[2]))
    act = Act.objects.filter(machine=LICENCE.code, case_pk=licence.pk, transition="record").first()
    with override("zh-hans"):
        says = _("营业执照 %(number)s 载明的名称与档案不同，请核对后确认。") % {
            "number": licence.number
        }
    follow(
        CORRECTION.code,
        None,
        "file_licence",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
        payload={
            "entry": entry, "field": "name", "should_be": name, "says": says,
            "document_sha256": licence.file_sha256,
            "filed_by": (act.person_id or 0) if act else 0,
        },
    )  # fmt: skip
