"""How works are shown and filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.web import desk_parts, presenters
from kernel.web.party_names import name_on
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Link, Party
from kernel.web.words import listed, with_note
from kernel.workflow.machines import Machine
from kernel.workflow.project_cases import outlines_of
from procurement.projects import citing, naming
from procurement.projects.drawings.pages import paper_words, papers_group, with_role
from procurement.projects.models import Project
from procurement.projects.pages import place
from procurement.projects.presenting import GuardedPresenter
from procurement.projects.works.machine import WORKS
from procurement.projects.works.messages import WARRANTY
from procurement.projects.works.models import Works

# Papers that the registration of the project named already: known again, not asked again.
_KNOWN = {"land_use": "land_use", "planning_permit": "planning_permit"}


def _known_papers(case: Any, _actor: Actor, _at: datetime) -> list[dict[str, Any]]:
    if case.papers:
        return list(case.papers)
    project = Project.objects.filter(number=case.project_number).first()
    named = project.papers if project else ()
    return [
        {"kind": _KNOWN[p["kind"]], "number": p["number"], "issued_on": p["issued_on"]}
        for p in named
        if p["kind"] in _KNOWN
    ]


def _known_leaders(case: Any, _actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """A line for each of the five; the names that registration and contract have already."""
    if case.leaders:
        return list(case.leaders)
    project = Project.objects.filter(number=case.project_number).first()
    known = {"owner": project.manager_name if project else "", "contractor": case.project_manager}
    return [
        {"role": role, "name": known.get(role, "")}
        for role, _label in citing.options("project_leader", at)
    ]


class WorksPresenter(GuardedPresenter):
    """The case page and act pages of works."""

    machine = WORKS
    needed = frozenset(
        {"trade", "survey_uscc", "design_uscc", "supervision_uscc", "suspended_on", "reason"}
        | {"planned_on", "conclusion", "archive_receipt", "dangerous.measures"}
        | {"design_life_years", "warranty_structure_years", "leaders.name", "leaders.signed_on"}
        | {"leaders.role", "leaders.authorisation_number", "leaders.commitment_number"}
        | {
            f"{papers}.{part}"
            for papers in ("papers", "completion_papers")
            for part in ("kind", "number", "issued_on")
        }
    )
    public_acts = frozenset(
        {"permit", "start", "accept", "take_back_acceptance", "file", "close", "void", "abandon"}
    )
    fields = {
        "trade": Words(gettext_lazy("工程分类"), options="permit_trade"),
        "size": Words(gettext_lazy("建设规模")),
        "survey_uscc": Words(gettext_lazy("勘察单位"), options=with_role("survey_clerk")),
        "design_uscc": Words(gettext_lazy("设计单位"), options=with_role("design_clerk")),
        "supervision_uscc": Words(gettext_lazy("监理单位"), options=with_role("chief_supervisor")),
        **paper_words("papers", "works_paper", gettext_lazy("申请文件"), 9),
        "papers": Words(gettext_lazy("申请文件"), lines=9, initial=_known_papers),
        "leaders": Words(
            gettext_lazy("五方项目负责人"),
            lines=5,
            initial=_known_leaders,
            help=gettext_lazy("每一方一名，附法定代表人授权书和工程质量终身责任承诺书。"),
        ),
        "leaders.role": Words(gettext_lazy("责任主体"), options="project_leader"),
        "leaders.name": Words(gettext_lazy("姓名")),
        "leaders.authorisation_number": Words(gettext_lazy("授权书文号")),
        "leaders.commitment_number": Words(gettext_lazy("承诺书文号")),
        "leaders.signed_on": Words(gettext_lazy("签署日期")),
        "leaders.file_sha256": Words(gettext_lazy("扫描件")),
        "dangerous": Words(
            gettext_lazy("危险性较大的分部分项工程"),
            help=gettext_lazy("逐项列明部位和安全管理措施；没有的，勾选下面一项。"),
        ),
        "dangerous.kind": Words(gettext_lazy("类别"), options="dangerous_work"),
        "dangerous.part": Words(gettext_lazy("部位")),
        "dangerous.measures": Words(gettext_lazy("安全管理措施")),
        "dangerous.over_scale": Words(gettext_lazy("超过一定规模（须专家论证）")),
        "dangerous.plan_sha256": Words(gettext_lazy("专项施工方案")),
        "no_dangerous": Words(gettext_lazy("无危险性较大的分部分项工程")),
        "suspended_on": Words(gettext_lazy("中止施工日期")),
        "planned_on": Words(
            gettext_lazy("计划验收日期"), help=gettext_lazy("至少在七个工作日之后。")
        ),
        **{
            name: Words(label, group=gettext_lazy("质量保修期限"))
            for name, label in WARRANTY.items()
        },
        **paper_words("completion_papers", "completion_paper", gettext_lazy("验收文件"), 8),
        "conclusion": Words(gettext_lazy("监督结论")),
        "breach": Words(gettext_lazy("验收程序或工程质量有违规情形")),
        "report_sha256": Words(gettext_lazy("监督报告")),
        "archive_receipt": Words(gettext_lazy("档案接收凭证编号")),
    }

    def party(self, case: Any) -> str:
        """The contractor."""
        return name_on(case, case.contractor_uscc)

    def search(self, text: str) -> Q:
        """By name, number, permit, contract or project."""
        found = Q(name__contains=text) | Q(number__startswith=text) | Q(permit_number=text)
        return found | Q(contract_number=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Number, permit, price, period."""
        return (
            Fact(_("单位工程编号"), case.number, "code"),
            Fact(_("施工许可证编号"), case.permit_number, "code"),
            Fact(_("合同价款"), case.price_fen, "wan"),
            Fact(_("建设地点"), place(case.region, at)),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """All that is known, in the order in which it comes to be known."""
        return (*groups(case, at), *_papers(case, at))

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """The price of the contract."""
        return (FactGroup(_("合同"), (Fact(_("合同价款"), case.price_fen, "money"),)),)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """The five parties of a building."""
        return naming.parties(
            case,
            ("owner_uscc", _("建设单位")),
            ("contractor_uscc", _("施工单位")),
            ("supervision_uscc", _("监理单位")),
            ("survey_uscc", _("勘察单位")),
            ("design_uscc", _("设计单位")),
        )

    def is_public(self, case: Any) -> bool:
        """Once there is a permit."""
        return bool(case.permit_number)

    def public_url(self, case: Any) -> str:
        """Its page on the public register."""
        if not self.is_public(case):
            return ""
        return reverse("procurement:works-public", args=[case.number])

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The project, its drawings, and everything about these works."""
        about = (
            other
            for other in outlines_of(case.project_number, _may_be_about)
            if other.case_ref != case.case_ref and _about(other, case)
        )
        return naming.linked(about, actor, at, life=case.project_number)


_WHOLE_PROJECT = frozenset({"procurement.project", "procurement.drawing_review"})


def _may_be_about(machine: Machine) -> bool:
    """Whether cases of a machine say which works, or concern them all."""
    if machine.code in _WHOLE_PROJECT or machine.code == "procurement.contract":
        return True
    model: Any = machine.model
    named = {field.name for field in model._meta.concrete_fields}
    return bool(named & {"works_number", "contract_number"})


def _about(other: Any, case: Works) -> bool:
    """Whether a case of the project is about these works, or about the whole project."""
    for column, own in (("works_number", case.number), ("contract_number", case.contract_number)):
        if named := getattr(other, column, ""):
            return bool(named == own)
    if other.machine.code == "procurement.contract":
        return bool(other.pk == case.contract_id)
    return other.machine.code in _WHOLE_PROJECT


def groups(case: Works, at: datetime) -> tuple[FactGroup, ...]:
    """What everybody may know of works."""
    works = (
        Fact(_("工程名称"), case.name, "name"),
        Fact(_("项目编号"), case.project_number, "code"),
        Fact(_("合同编号"), case.contract_number, "code"),
        Fact(_("合同工期（天）"), case.period_days, "number"),
        Fact(_("项目经理"), case.project_manager, "name"),
        Fact(_("建设规模"), case.size, "name"),
        Fact(_("工程分类"), citing.label("permit_trade", case.trade, at) if case.trade else ""),
    )
    course = (
        Fact(_("发证日期"), case.permitted_on, "date"),
        Fact(_("开工延期"), case.extensions or None, "number"),
        Fact(_("开工日期"), case.started_on, "date"),
        Fact(_("中止施工日期"), case.suspended_on, "date"),
        Fact(_("逾期报告中止施工（次）"), case.late_suspensions or None, "number"),
        Fact(_("计划验收日期"), case.acceptance_planned_on, "date"),
        Fact(_("竣工验收日期"), case.accepted_on, "date"),
        Fact(_("监督报告日期"), case.station_reported_on, "date"),
        Fact(_("移交档案日期"), case.archived_on, "date"),
    )
    known = tuple(fact for fact in course if fact.value is not None)
    found = (FactGroup(_("工程"), works),)
    return (*found, FactGroup(_("进程"), known)) if known else found


def _papers(case: Works, at: datetime) -> Iterator[FactGroup]:
    if case.papers:
        yield papers_group(_("申请文件"), case, "papers", "works_paper", at)
    if case.leaders:
        yield FactGroup(
            _("五方项目负责人"),
            tuple(
                Fact(
                    citing.label("project_leader", item["role"], at),
                    with_note(
                        item["name"],
                        listed((item["authorisation_number"], item["commitment_number"])),
                    ),
                    "name",
                )
                for item in case.leaders
            ),
        )
    if case.dangerous:
        yield FactGroup(
            _("危险性较大的分部分项工程"),
            tuple(
                Fact(
                    citing.label("dangerous_work", item["kind"], at),
                    with_note(item["part"] or item["measures"], item["measures"]),
                    "name",
                )
                for item in case.dangerous
            ),
        )
    periods = [(label, getattr(case, name)) for name, label in WARRANTY.items()]
    if any(years for _label, years in periods):
        yield FactGroup(
            _("质量保修期限"),
            tuple(Fact(str(label), years, "number") for label, years in periods if years),
        )
    if case.completion_papers:
        yield papers_group(_("验收文件"), case, "completion_papers", "completion_paper", at)
    if case.station_conclusion:
        said = Fact(_("监督结论"), case.station_conclusion, "name")
        receipt = Fact(_("档案接收凭证"), case.archive_receipt, "name")
        yield FactGroup(_("监督与档案"), (said, receipt))


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role in {"owner_clerk", "contractor_clerk", "permit_officer", "station_officer"}:
        yield Link(_("单位工程"), reverse("procurement:works-register"))


def _register_link() -> Link:
    return Link(_("施工许可"), reverse("procurement:works-register"))


presenters.register(WorksPresenter())
desk_parts.add(actions=_begin, public_link=_register_link)
