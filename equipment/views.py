"""The public side of equipment: the register of machines, one machine, and the market."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from credit.citing import language
from credit.conduct import sanctions
from equipment.registry import selectors
from equipment.registry.machine import IDLE, MACHINE
from equipment.registry.models import LiftingMachine
from equipment.registry.pages import MachinePresenter, kind_label, machine_groups
from kernel import clock
from kernel.documents import listing, storage
from kernel.documents.models import StoredFile
from kernel.errors import NotFound
from kernel.identifiers import regions
from kernel.regulation import selectors as law
from kernel.web import places, presets
from kernel.web.acting import acting
from kernel.web.case_pages import chip, document_links, log_url
from kernel.web.export import xlsx_response
from kernel.web.viewmodels import (
    CasePage,
    Column,
    Filter,
    Link,
    Pagination,
    RegisterPage,
    RegisterRow,
    TimelineItem,
)
from kernel.workflow import selectors as workflow
from kernel.workflow.relations import region_prefix

EXPORT_MAX = 50_000
_PUBLIC = {"base_template": "kernel/web/public_base.html"}


def _columns(rent: bool) -> tuple[Column, ...]:
    last = Column(_("日租金"), "money", unit=_("元")) if rent else Column(_("状态"), "state")
    return (
        Column(_("备案编号"), "code"),
        Column(_("设备种类")),
        Column(_("型号"), "name"),
        Column(_("额定起重力矩"), "number", unit=_("千牛·米")),
        Column(_("产权单位"), "name"),
        Column(_("停放地点") if rent else _("工程编号"), "name"),
        last,
    )


def _cells(one: LiftingMachine, rent: bool) -> tuple[Any, ...]:
    return (
        one.number,
        kind_label(one),
        one.model,
        one.capacity_knm,
        one.owner_name,
        one.address if rent else one.site_number,
        one.daily_rent_fen if rent else chip(MACHINE, one.state),
    )


def machines(request: HttpRequest) -> HttpResponseBase:
    """Every filed machine and where it stands."""
    return _register(request, rent=False)


def market(request: HttpRequest) -> HttpResponseBase:
    """Machines that may be hired now."""
    return _register(request, rent=True)


def _register(request: HttpRequest, *, rent: bool) -> HttpResponseBase:
    now = clock.now()
    text = request.GET.get("q", "").strip()[:100]
    kind, region = request.GET.get("kind", ""), request.GET.get("region", "")
    place = region_prefix(region) if region.isascii() and region.isdigit() else ""
    found = selectors.public_register(text, kind, place)
    if rent:
        found = selectors.to_let(found)
    title = _("设备市场") if rent else _("建筑起重机械")
    if request.GET.get("format") == "xlsx":
        cells = (_cells(one, rent) for one in found[:EXPORT_MAX].iterator(500))
        return xlsx_response(title, _columns(rent), cells)
    pagination = Pagination.of(found.count(), request.GET.dict())
    day = clock.legal_date(now)
    cities = [(r.code, places.name(r.code, on=day)) for r in regions.children("230000", day)]
    everything = ("", _("全部"))
    page = RegisterPage(
        title=title,
        lead=_("已备案、可出租的设备，按日租金排列。") if rent else _("已备案的设备，向社会公开。"),
        columns=_columns(rent),
        rows=tuple(
            RegisterRow(_cells(one, rent), reverse("equipment:machine", args=[one.number]))
            for one in found[pagination.offset : pagination.offset + pagination.size]
        ),
        pagination=pagination,
        data_at=now,
        filters=(
            Filter("q", _("型号、编号或产权单位"), value=text),
            Filter(
                "kind",
                _("设备种类"),
                "select",
                kind,
                (everything, *law.options("machine_kind", now, language())),
            ),
            Filter("region", _("地区"), "select", region, (everything, *cities)),
        ),
        export_url=pagination.url(1).removesuffix("page=1") + "format=xlsx",
        actions=(Link(_("申请租用"), reverse("web:act-open", args=["equipment.hire"])),)
        if rent and _hires(request)
        else (),
        empty=_("没有可租的设备。") if rent else _("还没有备案的设备。"),
    )
    return render(request, "kernel/web/register.html", {"page": page, **_PUBLIC})


def _hires(request: HttpRequest) -> bool:
    """Whether who looks at this may ask for a hire."""
    actor = acting(request).actor
    return actor is not None and actor.role in {"contractor_clerk", "project_manager"}


def machine(request: HttpRequest, number: str) -> HttpResponse:
    """One machine as everybody sees it."""
    one = selectors.by_number(number)
    if one is None:
        raise NotFound.because("workflow.case.unknown", number=number[:40])
    shown, now = MachinePresenter(), clock.now()
    acts = [act for act in workflow.acts_of(one) if act.transition in shown.public_acts]
    issued = [d for d in listing.of_page(MACHINE.code, str(one.pk)) if d.issued_at]
    page = CasePage(
        reference=one.reference,
        title=shown.title(one),
        kind=str(MACHINE.label),
        state=chip(MACHINE, one.state),
        head=shown.head(one, now),
        timeline=tuple(_public_item(act) for act in acts),
        facts=machine_groups(one, public=True),
        documents=document_links(issued),
        money=shown.money(one, now) if one.state == IDLE else (),
        back=Link(_("建筑起重机械"), reverse("equipment:machines")),
    )
    free = one.state == IDLE and not sanctions.refusals(one.owner_uscc, now)
    context = {"page": page, "one": one, "hire": free and _hires(request)}
    context["hire_url"] = presets.open_url("equipment.hire", machine_number=one.number)
    return render(request, "equipment/machine.html", context)


def _public_item(act: Any) -> TimelineItem:
    transition = MACHINE.transition(act.transition)
    return TimelineItem(
        "done",
        str(transition.done or transition.label) if transition else act.transition,
        at=act.at,
        organisation=act.organisation.name if act.organisation else "",
        log_index=act.log_index,
        log_url=log_url(act.log_index),
    )


def photo(_request: HttpRequest, pk: int) -> HttpResponseBase:
    """A machine's photo, once the machine is public."""
    one = LiftingMachine.objects.exclude(number="").filter(pk=pk).first()
    stored = StoredFile.objects.filter(sha256=one.photo_sha256).first() if one else None
    if stored is None or not stored.media_type.startswith("image/"):
        raise NotFound.because("workflow.case.unknown", pk=pk)
    return FileResponse(storage.open_verified(stored), content_type=stored.media_type)
