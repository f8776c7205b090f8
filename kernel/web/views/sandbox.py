"""The sandbox's clock page."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.errors import Refused
from kernel.web import formats
from kernel.web.acting import actor_of
from kernel.web.refusals import in_words
from kernel.workflow import sandbox
from kernel.workflow.due import run_due

STEPS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}


class ClockForm(forms.Form):
    """Where the legal clock is to stand."""

    to = forms.DateTimeField(
        label=gettext_lazy("拨到（北京时间）"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
    )
    step = forms.ChoiceField(
        label=gettext_lazy("或向前"),
        choices=[
            ("", "—"),
            ("hour", gettext_lazy("一小时")),
            ("day", gettext_lazy("一天")),
            ("week", gettext_lazy("一周")),
            ("month", gettext_lazy("三十天")),
        ],
        required=False,
    )

    def target(self, now: datetime) -> datetime | None:
        """The instant asked for; None where nothing was."""
        step = STEPS.get(self.cleaned_data["step"])
        chosen: datetime | None = self.cleaned_data["to"]
        return now + step if step else chosen


def move_clock(request: HttpRequest) -> HttpResponse:
    """Move legal time forward; everything that falls due on the way takes effect at its time."""
    form = ClockForm(request.POST or None)
    now = clock.now()
    if request.method == "POST" and form.is_valid():
        target = form.target(now)
        if target is None:
            form.add_error("to", _("请选择时间"))
        else:
            try:
                sandbox.move_to(target, actor=actor_of(request))
            except Refused as refused:
                form.add_error("to", " ".join(v.message for v in in_words(refused.refusals)))
            else:
                run_due()
                messages.success(
                    request,
                    _("法定时间现为 %(now)s。期间到期的事项已按其到期时刻生效。")
                    % {"now": formats.second(clock.now())},
                )
                return redirect("web:sandbox-clock")
    status = 422 if form.errors else 200
    return render(
        request, "kernel/web/sandbox_clock.html", {"form": form, "now": now}, status=status
    )
