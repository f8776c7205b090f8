"""Builds the case page of any machine: its life so far, what comes next, what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.documents import forms, listing
from kernel.documents.models import Document
from kernel.errors import Refusal
from kernel.evidence.models import LogEntry
from kernel.regulation.named import told
from kernel.web import ahead, case_files, other_entries, spoken
from kernel.web.addresses import address
from kernel.web.cures import cures
from kernel.web.dues import MARKS, due_view
from kernel.web.presenters import presenter_of
from kernel.web.refusals import in_words
from kernel.web.viewmodels import (
    ActButton,
    CasePage,
    DocumentLink,
    Link,
    LogRow,
    TimelineItem,
)
from kernel.web.words import sentences, with_note
from kernel.workflow import judge, selectors
from kernel.workflow.machines import Machine
from kernel.workflow.models import Act, Case, Deadline, RefusedAct

chip = spoken.chip


def case_url(case: Case) -> str:
    """The address of a case's page."""
    return address("web:case", case.machine.code, key=case.pk)


def file_url(case: Case, sha256: str) -> str:
    """The address of a file that a case names; empty for one that none of its own brought."""
    named = bool(sha256) and case_files.names(case, sha256)
    return reverse("web:case-file", args=[case.machine.code, case.pk, sha256]) if named else ""


def act_url(case: Case, transition: str) -> str:
    """The address of an act's page: the room's own where it has one (``Presenter.act_page``)."""
    own = presenter_of(case.machine).act_page(case, transition)
    return own or address("web:act", case.machine.code, key=case.pk, then=(transition,))


def log_url(index: int | None) -> str:
    """The address of a log entry's page."""
    return "" if index is None else address("web:log-entry", key=index)


def case_page(case: Case, actor: Actor, now: datetime, before: int | None = None) -> CasePage:
    """Everything that stands on a case's page, for somebody who may read it.

    before: show the refused attempts before this place (``selectors.refused_on``), not the newest.
    """
    machine = case.machine
    shown = presenter_of(machine)
    hidden = shown.hidden_roles(case, actor)
    acts = [row for row in selectors.acts_of(case) if row.role not in hidden]
    refused, earlier = selectors.refused_on(case, before, hidden=hidden)
    clocks = ahead.running(case)
    links = links_of(case, actor)
    others = other_entries.of_case(case.case_ref)
    running = due_view(clocks[0], now) if clocks else None
    return CasePage(
        reference=shown.reference(case),
        title=shown.title(case),
        kind=spoken.kind(machine),
        state=chip(machine, case.state),
        head=shown.head(case, now),
        due=running,
        timeline=tuple(_timeline(case, acts, refused, others, clocks, links, now)),
        acts=tuple(_buttons(case, actor, now)),
        facts=(*shown.facts(case, now), *shown.linked(case, actor, now)),
        documents=links,
        parties=shown.parties(case, now),
        money=shown.money(case, now),
        log=tuple(_log(machine, acts, refused, others)),
        back=Link(_("返回工作台"), address("web:desk")),
        attempts=tuple(_pages_of_attempts(case, before, earlier)),
    )


def _pages_of_attempts(case: Case, before: int | None, earlier: int | None) -> Iterable[Link]:
    """Where the other refused attempts on a case stand, if they are more than one page shows."""
    if before is not None:
        yield Link(_("最近的未获准办理"), case_url(case))
    if earlier is not None:
        yield Link(_("更早的未获准办理"), f"{case_url(case)}?before={earlier}")


def links_of(case: Case, actor: Actor) -> tuple[DocumentLink, ...]:
    """A case's documents as links; not those whose signers the actor may not know."""
    hidden = presenter_of(case.machine).hidden_roles(case, actor)
    rows = listing.of_page(case.machine.code, str(case.pk))
    return document_links(
        row for row in rows if hidden.isdisjoint(one.role for one in listing.signatures_of(row))
    )


def document_links(rows: Iterable[Document]) -> tuple[DocumentLink, ...]:
    """Documents as links: to the file where there is one, to the check page always."""
    found = []
    for row in rows:
        file = row.signed_file or row.draft_file
        issued = row.state == "issued"
        found.append(
            DocumentLink(
                title=row.title if issued else with_note(row.title, row.get_state_display()),
                url=address("documents:file", key=row.pk) if file else "",
                number=row.number,
                at=row.issued_at or row.created_at,
                size=file.size if file else None,
                digest=file.sha256 if file else "",
                signers=tuple(
                    f"{given.organisation.name} {given.person.name}"
                    for given in listing.signatures_of(row)
                    if given.is_given and given.person
                ),
                check_url=reverse("documents:check-code", args=[row.check_code]),
                sealed=row.issued_at is not None and not forms.get(row.form).signers,
            )
        )
    return tuple(found)


def _timeline(
    case: Case,
    acts: Sequence[Act],
    refused: Sequence[RefusedAct],
    others: Sequence[LogEntry],
    clocks: Sequence[Deadline],
    links: tuple[DocumentLink, ...],
    now: datetime,
) -> Iterable[TimelineItem]:
    machine = case.machine
    past = [_done(machine, act) for act in acts] + [_tried(machine, row) for row in refused]
    past += other_entries.timeline(others, log_url)
    yield from sorted(past, key=lambda item: item.at or now)
    yield from ahead.timeline(case, clocks, now, links)


def _done(machine: Machine, act: Act) -> TimelineItem:
    transition, said = machine.transition(act.transition), spoken.act(machine, act.transition)
    return TimelineItem(
        "done",
        said.done,
        at=act.at,
        who=act.person.name if act.person else "",
        organisation=act.organisation.name if act.organisation else _("平台"),
        role=spoken.role(act.role) if act.person else "",
        note=str(getattr(act, "reason", None) or ""),
        article=said.article,
        mark=MARKS.get(transition.source, "") if transition else "",
        log_index=act.log_index,
        log_url=log_url(act.log_index),
    )


def _tried(machine: Machine, row: RefusedAct) -> TimelineItem:
    views = in_words(refusals_of(row))
    return TimelineItem(
        "done",
        spoken.act(machine, row.transition).label,
        at=row.at,
        who=row.person.name if row.person else "",
        organisation=row.organisation.name if row.organisation else "",
        role=spoken.role(row.role),
        note=sentences(view.message for view in views),
        log_index=row.log_index,
        log_url=log_url(row.log_index),
        refused=True,
    )


def refusals_of(row: RefusedAct) -> list[Refusal]:
    """The stored reasons of a refused attempt as refusals, their facts in the active language."""
    return [
        Refusal(
            reason["code"],
            {name: told(fact, row.at) for name, fact in reason["facts"].items()},
            reason["article"],
            reason["field"],
        )
        for reason in row.refusals
    ]


def _buttons(case: Case, actor: Actor, now: datetime) -> Iterable[ActButton]:
    cured, ahead = cures(case, actor), case.machine.reachable(case.state)
    for act in judge.what_next(case.machine, case, actor, now):
        if ahead.isdisjoint(act.transition.sources):
            continue  # its time is over: it is no "not yet"
        yield ActButton(
            label=spoken.act(case.machine, act.transition.code).label,
            url=act_url(case, act.transition.code),
            # An act whose form cures what is missing stays open; the form says what is.
            allowed=act.allowed,
            reasons=in_words(act.refusals, cured),
            effect=str(act.transition.effect),
            grave=act.transition.grave,
        )


def _log(
    machine: Machine,
    acts: Sequence[Act],
    refused: Sequence[RefusedAct],
    others: Sequence[LogEntry],
) -> Iterable[LogRow]:
    rows = other_entries.log_rows(others, log_url)
    every: list[Act | RefusedAct] = [*acts, *refused]
    for row in every:
        if row.log_index is None:
            continue
        rows.append(
            LogRow(
                index=row.log_index,
                at=row.at,
                what=spoken.act(machine, row.transition).label,
                who=row.person.name if row.person else "",
                organisation=row.organisation.name if row.organisation else "",
                digest=row.leaf if isinstance(row, Act) else "",
                url=log_url(row.log_index),
                refused=isinstance(row, RefusedAct),
            )
        )
    return sorted(rows, key=lambda r: r.index)
