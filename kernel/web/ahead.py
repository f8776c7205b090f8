"""What is still to come in the life of a case: where it stands, which clocks run, what follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from kernel.access.table import TABLE
from kernel.web import spoken
from kernel.web.dues import MARKS, clock_label, due_view, leading
from kernel.web.viewmodels import DocumentLink, TimelineItem
from kernel.web.words import cited, listed
from kernel.workflow import selectors
from kernel.workflow.machines import Machine
from kernel.workflow.models import Case, Deadline


def running(case: Case) -> list[Deadline]:
    """The clocks that run for a case; the first one stands for it."""
    clocks = (d for d in selectors.deadlines_of(case) if d.ended_at is None)
    return leading(case.machine, clocks)


def timeline(
    case: Case,
    clocks: Sequence[Deadline],
    now: datetime,
    documents: tuple[DocumentLink, ...] = (),
) -> Iterator[TimelineItem]:
    """The present state with its documents, each clock by its end, the states that follow."""
    machine = case.machine
    state = machine.state(case.state)
    if not state.final:
        yield TimelineItem(
            "now",
            str(state.label),
            article=cited(state.article),
            mark=MARKS.get(state.source, ""),
            documents=documents,
        )
    for row in sorted(clocks, key=lambda clock: (clock.due_at, clock.pk)):
        yield _falls_due(machine, row, now)
    if case.state in machine.main_path:
        for code in machine.main_path[machine.main_path.index(case.state) + 1 :]:
            yield TimelineItem("next", str(machine.state(code).label))


def _falls_due(machine: Machine, row: Deadline, now: datetime) -> TimelineItem:
    due = due_view(row, now)
    return TimelineItem(
        "next",
        clock_label(machine, row),
        role=spoken.role(row.role),
        note=ended_by(machine, row),
        due=due,
        article=due.article,
        mark=due.mark,
    )


def ended_by(machine: Machine, row: Deadline) -> str:
    """Which act ends a clock: the platform's at its instant, or one of whom it is addressed to."""
    rule = machine.clock(row.state, row.period_key)
    if row.on_due:
        act = spoken.act(machine, row.on_due).label
        return _("到期时由平台自动办理“%(act)s”") % {"act": act}
    met_by = rule.met_by if rule else ""
    labels = [
        spoken.act(machine, code).label for code in ([met_by] if met_by else _acts(machine, row))
    ]
    return _("办理“%(acts)s”后停止计时") % {"acts": listed(labels)} if labels else ""


def _acts(machine: Machine, row: Deadline) -> list[str]:
    """The acts by which those whom a clock is addressed to move the case out of its state."""
    return [
        t.code
        for t in machine.transitions
        if row.state in t.sources
        and t.target not in ("", row.state)
        and not (t.automatic or t.grave)
        and any(
            row.role in TABLE.addressed_as(allowed.role)
            for allowed in TABLE.acts.get(machine.act_name(t.code), ())
        )
    ]
