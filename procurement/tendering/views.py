"""A notice's page, and the files of the tender documents."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import clock
from kernel.documents import listing, storage
from kernel.documents.models import StoredFile
from kernel.errors import NotFound
from kernel.web import ahead, other_entries, presets
from kernel.web.acting import acting
from kernel.web.case_pages import chip, document_links, log_url
from kernel.web.viewmodels import (
    CasePage,
    Link,
    LogRow,
    TimelineItem,
)
from kernel.workflow import selectors as workflow
from kernel.workflow.models import Act, Deadline
from procurement.tendering import bill_views, failing, needs, selectors
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.pages import LotPresenter

# Acts whose reason everybody is told with them.
_REASONED = frozenset({"fail", "retender", "terminate"})


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """A published lot as everybody sees it: facts, papers, acts and their proofs."""
    lot = _lot(number)
    now, shown = clock.now(), LotPresenter()
    acts = [act for act in workflow.acts_of(lot) if act.transition in shown.public_acts]
    others = other_entries.of_case(lot.case_ref, public=True)
    issued = [d for d in listing.of_page(LOT.code, str(lot.pk)) if d.issued_at and _public(d)]
    page = CasePage(
        reference=lot.number,
        title=lot.name,
        kind=str(LOT.label),
        state=chip(LOT, lot.state),
        head=shown.head(lot, now),
        timeline=(
            *sorted(
                [*map(_step, acts), *other_entries.timeline(others, log_url)],
                key=lambda item: item.at or now,
            ),
            *ahead.timeline(lot, _public_clocks(lot), now),
        ),
        facts=(*shown.facts(lot, now), *failing.neighbours(lot)),
        documents=document_links(issued),
        parties=shown.parties(lot, now),
        money=shown.money(lot, now),
        log=tuple(
            sorted(
                [*map(_log_row, acts), *other_entries.log_rows(others, log_url)],
                key=lambda row: row.index,
            )
        ),
        back=Link(pgettext("register", "招标公告"), reverse("procurement:notices")),
    )
    role = actor.role if (actor := acting(request).actor) else ""
    context = {
        "page": page,
        "bids": role == "contractor_clerk",
        "objection_url": presets.open_url(OBJECTION.code, lot_number=lot.number),
        "security_url": _security_url(lot) if role == "guarantor_clerk" else "",
        "places": tuple(_places(lot)),
        "bill": bill_views.links(lot.number, lot.bill_sha256),
        "bidding": needs.how_to_bid(lot.number) if lot.state == "published" else None,
    }
    return render(request, "procurement/tendering/notice.html", context)


def _public_clocks(lot: Lot) -> list[Deadline]:
    """The clocks that run, but that of the committee's report: how far it is, nobody knows yet."""
    return [row for row in ahead.running(lot) if row.state != "evaluating"]


def _places(lot: Lot) -> Iterator[Link]:
    """Where the life of the lot goes on in public: its project, its opening, its ranking."""
    yield Link(_("项目"), reverse("procurement:project-public", args=[lot.project_number]))
    if url := needs.opening_page(lot.number):
        yield Link(_("开标记录"), url)
    if url := needs.result_page(lot.number):
        yield Link(_("评标结果"), url)


def _security_url(lot: Lot) -> str:
    """The act page of a bid security for this lot; empty where none is asked or bids are over."""
    if not lot.security_fen or lot.state != "published":
        return ""
    return presets.open_url(
        "procurement.security", kind="bid", about=lot.number, project_number=lot.project_number,
        beneficiary_uscc=lot.owner_uscc, amount_fen=lot.security_fen,
    )  # fmt: skip


def _public(document: Any) -> bool:
    from kernel.documents import forms

    return forms.get(document.form).public


def _lot(number: str) -> Lot:
    lot = selectors.public_lot(number)
    if lot is None:
        raise NotFound.because("workflow.case.unknown", number=number)
    return lot


def _label(act: Act) -> str:
    transition = LOT.transition(act.transition)
    return str((transition.done or transition.label) if transition else act.transition)


def _step(act: Act) -> TimelineItem:
    """An act without the names of clerks."""
    return TimelineItem(
        "done",
        _label(act),
        at=act.at,
        organisation=act.organisation.name if act.organisation else _("平台"),
        note=str(getattr(act, "reason", None) or "") if act.transition in _REASONED else "",
        log_index=act.log_index,
        log_url=log_url(act.log_index),
    )


def _log_row(act: Act) -> LogRow:
    return LogRow(
        index=act.log_index or 0,
        at=act.at,
        what=_label(act),
        organisation=act.organisation.name if act.organisation else "",
        digest=act.leaf,
        url=log_url(act.log_index),
    )


def file(request: HttpRequest, number: str, sha256: str) -> FileResponse:
    """A file of the published tender documents; the hash of any other opens nothing."""
    lot = _lot(number)
    named = {item["file_sha256"]: item["name"] for item in lot.documents}
    for addendum in lot.clarifications:
        named |= {item["file_sha256"]: item["name"] for item in addendum["documents"]}
    stored = StoredFile.objects.filter(sha256=sha256).first() if sha256 in named else None
    if stored is None:
        raise NotFound.because("documents.file.missing", sha256=sha256)
    response = FileResponse(
        storage.open_verified(stored),
        as_attachment=True,
        filename=_file_name(named[sha256], sha256, stored.media_type),
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file_name(name: str, sha256: str, media_type: str) -> str:
    """A file's name as it was published, with the ending of what it is; else its hash."""
    ending = mimetypes.guess_extension(media_type) or ""
    kept = "".join(" " if c in '/\\:*?"<>|' or ord(c) < 32 else c for c in name).strip(" .")
    kept = kept or sha256[:12]
    return kept if kept.casefold().endswith(ending) else f"{kept}{ending}"
