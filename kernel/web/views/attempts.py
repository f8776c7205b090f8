"""The register of refused attempts, for whoever oversees: also of those that began no case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.web import desk_parts, spoken
from kernel.web.acting import actor_of, moment
from kernel.web.case_pages import case_url, log_url, refusals_of
from kernel.web.export import xlsx_response
from kernel.web.presenters import presenter_of
from kernel.web.refusals import in_words
from kernel.web.viewmodels import Column, Filter, Link, Pagination, RegisterPage, RegisterRow
from kernel.web.words import sentences
from kernel.workflow import attempts, selectors
from kernel.workflow.machines import Machine, machines
from kernel.workflow.models import RefusedAct

EXPORT_MAX = 50_000
EXPORT_PART = 500  # rows held in memory at a time


def refused(request: HttpRequest) -> HttpResponseBase:
    """Who tried what in vain within an overseer's region, when, and every reason why not."""
    kinds = attempts.overseen(actor_of(request))
    asked, day = request.GET.get("machine", ""), _day(request)
    wanted = [kind for kind in kinds if asked in ("", kind.code)]
    stale = request.GET.get("stale", "")
    rows = attempts.refused(actor_of(request), wanted, day, stale=bool(stale))
    if request.GET.get("format") == "xlsx":
        cells = _exported(rows[:EXPORT_MAX].iterator(EXPORT_PART))
        return xlsx_response(_("未获准的办理"), _columns(), cells)
    pagination = Pagination.of(rows.count(), request.GET.dict())
    page = RegisterPage(
        title=_("未获准的办理"),
        lead=_(
            "辖区内被拒绝的办理，包括尚未立案的；每一次都有存证。"
            "投标文件的递交和评标，开标、评标公开后才列出。"
        ),
        columns=_columns(),
        rows=tuple(
            RegisterRow(cells, log_url(row.log_index))
            for row, cells in _told(
                list(rows[pagination.offset : pagination.offset + pagination.size]),
                actor_of(request),
            )
        ),
        pagination=pagination,
        data_at=moment(request),
        filters=_filters(kinds, asked, day, stale),
        export_url=pagination.url(1).removesuffix("page=1") + "format=xlsx",
        empty=_("还没有未获准的办理。"),
    )
    return render(request, "kernel/web/register.html", {"page": page})


def _day(request: HttpRequest) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(request.GET.get("day", ""))
    return None


def _filters(
    kinds: Sequence[Machine], asked: str, day: date | None, stale: str
) -> tuple[Filter, ...]:
    options = (("", _("全部")), *((kind.code, spoken.kind(kind)) for kind in kinds))
    return (
        Filter("machine", _("种类"), "select", asked, options),
        Filter("day", _("日期"), "date", day.isoformat() if day else ""),
        Filter(
            "stale",
            _("他人已先办理的"),
            "select",
            stale and "1",
            (("", _("不列")), ("1", _("列出"))),
        ),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("存证"), "code"),
        Column(_("时间"), "moment"),
        Column(_("种类")),
        Column(_("案卷")),
        Column(_("事项")),
        Column(_("办理人"), "name"),
        Column(_("单位"), "name"),
        Column(_("角色")),
        Column(_("未获准的理由和依据"), wide=True),
    )


def _exported(rows: Iterable[RefusedAct]) -> Iterator[tuple[Any, ...]]:
    waiting = iter(rows)
    while part := list(islice(waiting, EXPORT_PART)):
        yield from (cells for _row, cells in _told(part))


def _told(
    rows: Sequence[RefusedAct], reader: Actor | None = None
) -> Iterator[tuple[RefusedAct, tuple[Any, ...]]]:
    """Each row with its cells; the numbers of all cases of a kind are asked for at once.

    reader: whose page this is; a number leads to the case where they may open it.
    """
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.case_pk is not None:
            wanted.setdefault(row.machine, set()).add(row.case_pk)
    names: dict[tuple[str, int], str | Link] = {}
    for code, keys in wanted.items():
        kind = machines()[code]
        model: Any = kind.model
        cases = list(model.objects.filter(pk__in=keys))
        open_ = {one.pk for one in selectors.readable_among(cases, reader)} if reader else set()
        for case in cases:
            said = presenter_of(kind).reference(case)
            names[code, case.pk] = Link(said, case_url(case)) if case.pk in open_ else said
    for row in rows:
        yield row, _cells(row, names.get((row.machine, row.case_pk or 0), row.about))


def _cells(row: RefusedAct, case: str | Link) -> tuple[Any, ...]:
    kind = machines()[row.machine]
    return (
        "" if row.log_index is None else f"#{row.log_index}",
        row.at,
        spoken.kind(kind),
        _case(row, case),
        spoken.act(kind, row.transition).label,
        row.person.name if row.person else "",
        row.organisation.name if row.organisation else "",
        spoken.role(row.role),
        _reasons(row),
    )


def _case(row: RefusedAct, case: str | Link) -> str | Link:
    if row.case_pk is not None:
        return case
    return _("未立案（%(about)s）") % {"about": case} if case else _("未立案")


def _reasons(row: RefusedAct) -> str:
    """Every reason: its words, its article, and its code, by which others ask about it.

    Side by side and in no brackets: articles have brackets of their own.
    """
    return sentences(
        " · ".join(part for part in (said.message, said.article, said.code) if part)
        for said in in_words(refusals_of(row))
    )


def _link(actor: Actor) -> Iterator[Link]:
    if TABLE.oversees(actor.role):
        yield Link(_("未获准的办理"), reverse("web:refused"))


desk_parts.add(actions=_link)
