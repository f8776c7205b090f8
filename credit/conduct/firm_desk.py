"""The desk of whoever speaks for a firm: papers that it was served, and the list that it is on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from credit.conduct import leaving
from credit.conduct.machine import LISTED, RECORD
from credit.conduct.models import ConductRecord
from credit.conduct.pages import label_of
from credit.conduct.papers import PREFIX
from kernel import clock
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.documents import forms
from kernel.documents.models import Document, DocumentState
from kernel.web import desk_parts, formats
from kernel.web.case_pages import case_url, chip
from kernel.web.dues import due_of_period, due_view
from kernel.web.viewmodels import DeskRow, DueView
from kernel.web.words import listed as one_after_another
from kernel.web.words import with_note
from kernel.workflow import judge
from kernel.workflow import selectors as workflow
from kernel.workflow.machines import Transition
from kernel.workflow.models import Deadline

# As long as the law lets a decision be brought before a higher authority.
TOLD_FOR = timedelta(days=60)
SHOWN = 20
# What may be done against a paper, and the period in which; from when, _since says.
_PERIODS = {
    "state_listing": "conduct.list.hearing",
    "dispute": "conduct.objection.raise",
    "ask_review": "conduct.review.ask",
}


def rows(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """What stands against a firm: each record's last paper, and each record by which it is listed.

    Each with what may be done now and until when, and leading to the record with its acts.
    """
    if actor.role not in TABLE.representatives() or not actor.uscc:
        return
    found = ConductRecord.objects.filter(workflow.readable(RECORD, actor), uscc=actor.uscc)
    records = {record.pk: record for record in found}
    if not records:
        return
    listed = [record for record in records.values() if record.state == LISTED]
    yield from _on_the_list(listed[:SHOWN], actor, now)
    for record, paper in _last_papers(records, now):
        # What it waits for stands on the desk by itself, with its clock: a notice is told once.
        if not _stands_there(record, actor):
            yield _served(record, paper, actor, now)


def _stands_there(record: ConductRecord, actor: Actor) -> bool:
    """Whether the record stands on this desk with an act that it waits for."""
    waits = (t for t in RECORD.transitions if t.desk and record.state in t.sources)
    return any(judge.permitted(RECORD, t, record, actor) for t in waits)


def _last_papers(
    records: dict[int, ConductRecord], now: datetime
) -> Iterator[tuple[ConductRecord, Document]]:
    """The paper that each record was served last, where that is not long ago."""
    issued = Document.objects.filter(
        case_machine=RECORD.code, case_pk__in=[str(pk) for pk in records],
        form__startswith=PREFIX, state=DocumentState.ISSUED, issued_at__gt=now - TOLD_FOR,
    )  # fmt: skip
    seen: set[str] = set()
    for paper in issued.order_by("-pk"):
        if paper.case_pk not in seen and len(seen) < SHOWN:
            seen.add(paper.case_pk)
            yield records[int(paper.case_pk)], paper


def _served(record: ConductRecord, paper: Document, actor: Actor, now: datetime) -> DeskRow:
    # What a listed firm may do stands in the row of the list.
    acts = [] if record.state == LISTED else _open(record, actor, now)
    dues = [due for act in acts if (due := _due(act.code, record, paper, actor, now))]
    return DeskRow(
        act=_with(_("收到文书：%(paper)s") % {"paper": forms.get(paper.form).title}, acts),
        reference=paper.number,
        title=label_of(record),
        url=case_url(record),
        due=min(dues, key=lambda due: due.at, default=None),
        state=chip(RECORD, record.state),
        only_told=not acts,
    )


def _on_the_list(
    records: Sequence[ConductRecord], actor: Actor, now: datetime
) -> Iterator[DeskRow]:
    clocks = Deadline.objects.filter(
        machine=RECORD.code, case_pk__in=[record.pk for record in records],
        period_key=leaving.TERM, ended_at__isnull=True,
    )  # fmt: skip
    terms = {row.case_pk: row for row in clocks} if records else {}
    for record in records:
        acts, term = _open(record, actor, now), terms.get(record.pk)
        yield DeskRow(
            act=_with(_("在失信名单上"), acts) if acts else _not_yet(record, now),
            reference=record.number,
            title=label_of(record),
            url=case_url(record),
            due=due_view(term, now) if term else None,
            state=chip(RECORD, record.state),
            only_told=not acts,
        )


def _not_yet(record: ConductRecord, now: datetime) -> str:
    """Since when it may be asked to leave early, where that is still to come."""
    left = leaving.left_from(record, now)
    if left is None or left.at <= now or record.repair_barred_by:
        return _("在失信名单上")
    day = formats.day(clock.legal_date(left.at))
    return with_note(_("在失信名单上"), _("最早 %(day)s 可以申请提前移出") % {"day": day})


def _open(record: ConductRecord, actor: Actor, now: datetime) -> list[Transition]:
    """What the firm may do with its record now."""
    return [act.transition for act in judge.what_next(RECORD, record, actor, now) if act.allowed]


def _with(text: str, acts: Sequence[Transition]) -> str:
    if not acts:
        return text
    labels = one_after_another(act.label for act in acts)
    return with_note(text, _("可以办理：%(acts)s") % {"acts": labels})


def _due(
    act: str, record: ConductRecord, paper: Document, actor: Actor, now: datetime
) -> DueView | None:
    since: Any = {
        "dispute": record.published_at, "ask_review": record.objection_decided_at,
    }.get(act, paper.created_at)  # fmt: skip
    period = _PERIODS.get(act)
    return due_of_period(since, period, actor.role, now) if period and since else None


desk_parts.add(rows=rows)
