"""How a project is shown and filled in; what it puts on desks and on the home page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.identifiers import masks
from kernel.web import desk_parts, places, presenters
from kernel.web.presenters import ActForm
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Link, Party, PublicList, PublicRow
from kernel.web.words import with_note
from kernel.workflow.machines import OPEN, Transition
from procurement.projects import forms, naming, selectors
from procurement.projects.machine import CLOSED, PROJECT, REGISTERED, TERMINATED
from procurement.projects.models import Project
from procurement.projects.presenting import GuardedPresenter

# Columns that hold a code, and the list that the code is from.
_LISTS = {
    "project_class": "project_class",
    "nature": "construction_nature",
    "approval_kind": "investment_kind",
}


def _on_record(case: Any, _actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    """The parties that may leave."""
    return [(party["uscc"], party["name"]) for party in case.parties] if case else []


class ProjectPresenter(GuardedPresenter):
    """A project's case page and act pages."""

    machine = PROJECT
    related = ("owner",)
    needed = frozenset({"role", "document_number", "reason"})
    fields = {
        "role": Words(gettext_lazy("参建单位类别"), options="project_party"),
        "left_uscc": Words(
            gettext_lazy("退出的单位"),
            suggest=_on_record,
            help=gettext_lazy("统一社会信用代码；只增加单位的不填。"),
        ),
        "uscc": Words(
            gettext_lazy("加入的单位"),
            help=gettext_lazy("统一社会信用代码；只退出单位的不填。"),
        ),
        "name": Words(gettext_lazy("加入的单位名称")),
        "document_number": Words(gettext_lazy("依据的合同或者通知文号")),
    }
    public_acts = frozenset({"submit", "accept", "terminate", "close", "finish"})

    def title(self, case: Any) -> str:
        """The project's name."""
        return case.name or _("（未命名项目）")

    def party(self, case: Any) -> str:
        """The owner."""
        return str(case.owner.name)

    def search(self, text: str) -> Q:
        """By name, number, code, or the reference that a project has before its number."""
        found = Q(name__contains=text) | Q(number__startswith=text)
        found |= Q(project_code__startswith=text)
        serial = text.upper().removeprefix("BJ").lstrip("0")
        return found | Q(pk=int(serial)) if serial.isdecimal() and len(serial) < 18 else found

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Owner, place, money: what people look for first."""
        return (
            Fact(_("建设单位"), case.owner.name, "name"),
            Fact(_("建设地点"), place(case.region, at)),
            Fact(_("总投资"), case.total_investment_fen, "wan"),
            Fact(_("项目代码"), case.project_code, "code"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """All that was registered, grouped as on the form."""
        return groups(case, at)

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Where the money comes from."""
        rows = tuple(
            Fact(selectors.label("funding_source", f["source"], at), f["amount_fen"], "money")
            for f in case.funding
        )
        total = Fact(_("总投资"), case.total_investment_fen, "money")
        return (FactGroup(_("资金来源"), (*rows, total)),)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """The owner and the parties on record."""
        owner = Party(_("建设单位"), case.owner.name, case.owner.uscc)
        return (
            owner,
            *(
                Party(selectors.label("project_party", p["role"], at), p["name"], p["uscc"])
                for p in case.parties
            ),
        )

    def is_public(self, case: Any) -> bool:
        """Once it has its number."""
        return bool(case.number) and case.state in {REGISTERED, TERMINATED, CLOSED}

    def public_url(self, case: Any) -> str:
        """Its page on the public register."""
        if not self.is_public(case):
            return ""
        return reverse("procurement:project-public", args=[case.number])

    def masked(self, case: Any, name: str) -> str | None:
        """The manager's phone."""
        return case.manager_phone if name == "manager_phone" else None

    def value_in_words(self, name: str, value: Any, at: datetime) -> str:
        """Codes by their labels, the place by its name."""
        if name == "region":
            return place(value, at)
        if listed := _LISTS.get(name):
            return selectors.label(listed, value, at) if value else ""
        return super().value_in_words(name, value, at)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The whole life of the project, once it has a number to be found by."""
        if not case.number:
            return ()
        return (FactGroup(_("相关业务"), (naming.life_of(case.number),)),)

    def act_form(
        self,
        transition: Transition,
        case: Any,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> ActForm:
        """The registration form for opening and amending; else the plain one."""
        if transition.code not in {OPEN, "amend"}:
            return super().act_form(transition, case, actor, at, data, files)
        form = forms.ProjectForm(data, files, at=at, project=case, actor=actor)
        return ActForm(form, form.groups(), review=False)


def place(region: str, at: datetime) -> str:
    """A region's full name, or empty; a code that a draft has wrong stands for itself."""
    try:
        return places.full_name(region, on=clock.legal_date(at)) if region else ""
    except Refused:
        return region


def groups(case: Project, at: datetime, *, public: bool = False) -> tuple[FactGroup, ...]:
    """A project's facts; ``public`` leaves out what is nobody else's business."""

    def listed(name: str, code: str) -> str:
        return selectors.label(name, code, at) if code else ""

    project = (
        Fact(_("项目名称"), case.name, "name"),
        Fact(_("项目代码"), case.project_code, "code"),
        Fact(_("项目编号"), case.number, "code"),
        Fact(_("工程类别"), listed("project_class", case.project_class)),
        Fact(_("建设性质"), listed("construction_nature", case.nature)),
        Fact(_("立项方式"), listed("investment_kind", case.approval_kind)),
        Fact(_("建设地点"), f"{place(case.region, at)} {case.address}".strip(), "name"),
        Fact(_("总建筑面积（平方米）"), case.floor_area_m2 or None, "number"),
        Fact(_("总投资"), case.total_investment_fen, "money"),
        Fact(_("计划开工"), case.planned_start_on, "date"),
        Fact(_("计划竣工"), case.planned_end_on, "date"),
        Fact(_("建设内容与规模"), case.summary, "name"),
    )
    manager = (
        Fact(_("建设单位项目负责人"), case.manager_name, "name"),
        Fact(
            _("负责人电话"),
            masks.phone(case.manager_phone) if case.manager_phone else "",
            "masked",
            unmask_url=reverse("web:unmask", args=[PROJECT.code, case.pk, "manager_phone"])
            if case.manager_phone
            else "",
        ),
    )
    papers = tuple(
        Fact(
            listed("project_paper", paper["kind"]),
            with_note(paper["number"], paper["issued_on"]),
            "name",
            url=""
            if public or not paper["file_sha256"]
            else reverse("procurement:project-paper", args=[case.pk, paper["file_sha256"]]),
        )
        for paper in case.papers
    )
    found = [FactGroup(_("项目"), project), FactGroup(_("批准文件"), papers)]
    if not public:
        found.append(FactGroup(_("负责人"), manager))
    return tuple(found)


def _newest(now: datetime) -> PublicList:
    return PublicList(
        title=_("最近登记的项目"),
        url=reverse("procurement:project-register"),
        rows=tuple(
            PublicRow(
                title=row.name,
                url=reverse("procurement:project-public", args=[row.number]),
                at=row.registered_at or now,
                reference=row.number,
                place=place(row.region, now),
            )
            for row in selectors.public_register()[:8]
        ),
        empty=_("还没有登记的项目。"),
    )


def _register_link() -> Link:
    return Link(_("项目登记"), reverse("procurement:project-register"))


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "owner_clerk":
        yield Link(_("新建报建"), reverse("web:act-open", args=[PROJECT.code]))
        yield Link(_("批量导入"), reverse("procurement:project-import"))


presenters.register(ProjectPresenter())
desk_parts.add(actions=_begin, public_list=_newest, public_link=_register_link)
