"""Relations that stood before they had clocks end with their own last day, as later ones do."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Any

from django.db import migrations

LEGAL_ZONE = timezone(timedelta(hours=8))
MACHINE, PERIOD = "credit.relation", "relation.until"


def start_clocks(apps: Any, _editor: Any) -> None:
    """The clock of each that is in force, has a last day and no clock: due at 24:00 of that day,
    or at its latest act where that came later; no act is told before its cause.
    """
    deadlines = apps.get_model("kernel", "Deadline").objects
    have = deadlines.filter(machine=MACHINE, period_key=PERIOD, ended_at=None).values("case_pk")
    found = apps.get_model("credit", "EnterpriseRelation").objects.filter(
        state="in_force", until__isnull=False
    )
    for relation in found.exclude(pk__in=have).order_by("pk"):
        next_day = relation.until + timedelta(days=1)
        due_at = max(datetime.combine(next_day, time(), LEGAL_ZONE), relation.changed_at)
        last_instant = due_at - timedelta(microseconds=1)
        deadlines.create(
            machine=MACHINE,
            case_pk=relation.pk,
            state="in_force",
            role="platform",
            on_due="end_on_time",
            started_at=relation.changed_at,
            due_at=due_at,
            last_day=last_instant.astimezone(LEGAL_ZONE).date(),
            status="running",
            period_key=PERIOD,
            unit="instant",
            article="《招标投标法实施条例》第三十四条",
            source="statute_text",
        )


class Migration(migrations.Migration):
    dependencies = (
        ("credit", "0022_licence_by_number"),
        ("kernel", "0010_salted_attempts"),
    )

    operations = (migrations.RunPython(start_clocks, migrations.RunPython.noop),)
