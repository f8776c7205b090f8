"""What was proposed of an expert lapses after thirty days, also what was proposed before that."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Any

from django.db import migrations, models

LEGAL_ZONE = timezone(timedelta(hours=8))
MACHINE, PERIOD = "procurement.expert", "expert.proposal"
DAYS = 30
STATES = ("applied", "admitted", "suspended")
# What experts tell of their work decides nothing that was proposed (experts.two.proposals).
ASIDE = "report_employer"


def start_clocks(apps: Any, _editor: Any) -> None:
    """Every file with a proposal that nobody has decided gets its clock, from the newest one.

    The last day is the thirtieth as it falls: calendars of holidays are not read here. Where the
    file had an act after it, the clock ends with that act: no act is told before its cause.
    """
    acts = apps.get_model("kernel", "Act").objects.filter(machine=MACHINE)
    deadlines = apps.get_model("kernel", "Deadline").objects
    experts = apps.get_model("procurement", "Expert").objects
    asked = acts.filter(transition="propose").values("case_pk")
    for expert in experts.filter(pk__in=asked, state__in=STATES).order_by("pk"):
        last = acts.filter(case_pk=expert.pk).exclude(transition=ASIDE).order_by("-version").first()
        if last.transition != "propose":
            continue
        last_day = last.at.astimezone(LEGAL_ZONE).date() + timedelta(days=DAYS)
        ends = datetime.combine(last_day + timedelta(days=1), time(), LEGAL_ZONE)
        due_at = max(ends, expert.changed_at)
        experts.filter(pk=expert.pk).update(proposal_lapses_at=due_at)
        deadlines.create(
            machine=MACHINE,
            case_pk=expert.pk,
            state=expert.state,
            role="tender_supervisor",
            on_due="lapse_proposal",
            started_at=last.at,
            due_at=due_at,
            last_day=(due_at - timedelta(microseconds=1)).astimezone(LEGAL_ZONE).date(),
            status="running",
            period_key=PERIOD,
            unit="instant",
            article="平台规则",
            source="own_default",
        )


class Migration(migrations.Migration):
    dependencies = (
        ("kernel", "0010_salted_attempts"),
        ("procurement", "0025_tender_bill"),
    )

    operations = (
        migrations.AddField(
            model_name="expert",
            name="proposal_lapses_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="提议失效时间"),
        ),
        migrations.RunPython(start_clocks, migrations.RunPython.noop),
    )
