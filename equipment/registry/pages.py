"""How a machine is shown and filled in; what it puts on desks and on the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from credit.citing import language
from credit.conduct import sanctions
from equipment.registry import selectors
from equipment.registry.machine import MACHINE
from kernel import clock
from kernel.access.actors import Actor
from kernel.identifiers import regions
from kernel.regulation import selectors as law
from kernel.web import desk_parts, places, presenters
from kernel.web.party_names import name_on
from kernel.web.presenters import Presenter
from kernel.web.refusals import in_words
from kernel.web.schema_forms import Words, today
from kernel.web.viewmodels import DeskRow, Fact, FactGroup, Link, Party
from kernel.web.words import with_note


def home_regions(_case: Any, actor: Actor, at: datetime) -> Iterator[tuple[str, str]]:
    """The counties of the province; a machine is filed where its owner is registered."""
    day = clock.legal_date(at)
    for city in regions.children("230000", day):
        for county in regions.children(city.code, day):
            yield county.code, places.full_name(county.code, on=day)


def known_installers(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """Who installs: the firms that the platform knows in this role, by code."""
    yield from selectors.installers()


_PLAN = gettext_lazy("专项施工方案")
FIELDS = {
    "kind": Words(gettext_lazy("设备种类"), options="machine_kind"),
    "model": Words(gettext_lazy("型号")),
    "maker": Words(gettext_lazy("制造单位")),
    "serial": Words(gettext_lazy("出厂编号"), help=gettext_lazy("见设备铭牌")),
    "special_licence": Words(gettext_lazy("制造许可证编号")),
    "capacity_knm": Words(gettext_lazy("额定起重力矩"), unit=gettext_lazy("千牛·米")),
    "manufactured_on": Words(gettext_lazy("出厂日期")),
    "purchased_on": Words(gettext_lazy("购置日期")),
    "region": Words(
        gettext_lazy("产权单位注册地"),
        options=home_regions,
        initial=lambda case, actor, _at: case.region if case else actor.region,
    ),
    "address": Words(gettext_lazy("停放地点")),
    "photo_sha256": Words(gettext_lazy("设备照片"), help=gettext_lazy("JPEG 或 PNG，可直接拍照")),
    "papers": Words(gettext_lazy("备案文件"), lines=5),
    "papers.kind": Words(gettext_lazy("文件种类"), options="machine_paper"),
    "papers.number": Words(gettext_lazy("编号")),
    "papers.file_sha256": Words(gettext_lazy("扫描件")),
    "daily_rent_fen": Words(gettext_lazy("日租金")),
    "free_from": Words(gettext_lazy("可租日期"), initial=today),
    "installer_uscc": Words(gettext_lazy("安装单位（统一社会信用代码）"), suggest=known_installers),
    "plan_number": Words(gettext_lazy("方案编号"), group=_PLAN),
    "signed_by": Words(gettext_lazy("安装单位技术负责人（签字）"), group=_PLAN),
    "reviewed_by_contractor": Words(gettext_lazy("总承包单位审核人"), group=_PLAN),
    "reviewed_by_supervision": Words(gettext_lazy("监理单位审核人"), group=_PLAN),
    "planned_on": Words(gettext_lazy("计划作业日期"), group=_PLAN),
    "plan_sha256": Words(gettext_lazy("方案文件"), group=_PLAN),
    "passed": Words(gettext_lazy("结论为合格")),
    "technician": Words(gettext_lazy("现场专业技术人员")),
    "report_number": Words(gettext_lazy("报告编号")),
    "report_sha256": Words(gettext_lazy("报告文件")),
    "next_due_on": Words(gettext_lazy("下次检验日期")),
    "number": Words(gettext_lazy("验收编号")),
    "lessor_signatory": Words(gettext_lazy("出租单位签字人")),
    "installer_signatory": Words(gettext_lazy("安装单位签字人")),
    "supervision_signatory": Words(gettext_lazy("监理单位签字人")),
    "operators": Words(gettext_lazy("作业人员"), lines=4),
    "operators.name": Words(gettext_lazy("姓名")),
    "operators.trade": Words(gettext_lazy("工种"), options="operator_trade"),
    "operators.certificate": Words(gettext_lazy("操作资格证书编号")),
    "operators.valid_to": Words(gettext_lazy("有效期至")),
    "scheme_number": Words(gettext_lazy("维护保养和应急预案编号")),
    "usable_until": Words(gettext_lazy("可继续使用至")),
}


class MachinePresenter(Presenter):
    """A machine's case page and act pages."""

    machine = MACHINE
    public_acts = frozenset(
        {"file", "register_use", "lapse_inspection", "lapse_operators"}
        | {"fail_assessment", "scrap", "deregister"}
    )
    fields = FIELDS

    def title(self, case: Any) -> str:
        """Kind and model."""
        return f"{kind_label(case)} {case.model}"

    def party(self, case: Any) -> str:
        """The owner."""
        return str(case.owner_name)

    def search(self, text: str) -> Q:
        """By number, model, serial or owner."""
        found = Q(number__startswith=text) | Q(model__contains=text) | Q(serial__contains=text)
        return found | Q(owner_name__contains=text) | Q(site_number__startswith=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Owner, where it stands, until when it may be used."""
        inspected = clock.legal_date(case.inspection_ends_at) if case.inspection_ends_at else None
        return (
            Fact(_("产权单位"), case.owner_name, "name"),
            Fact(_("所在工地"), case.site_number or case.address, "name"),
            Fact(_("检验有效期至"), _day_before(inspected), "date"),
            Fact(_("使用年限至"), case.life_ends_on, "date"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Everything on record of it."""
        return machine_groups(case)

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What it costs."""
        return (FactGroup(_("租金"), (Fact(_("日租金"), case.daily_rent_fen or None, "money"),)),)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Owner, user, installer."""
        rows = (
            (_("产权单位"), case.owner_name, case.owner_uscc),
            (_("使用单位"), name_on(case, case.contractor_uscc), case.contractor_uscc),
            (_("安装单位"), name_on(case, case.installer_uscc), case.installer_uscc),
            (_("监理单位"), name_on(case, case.supervision_uscc), case.supervision_uscc),
        )
        return tuple(Party(role, name, uscc) for role, name, uscc in rows if uscc)

    def is_public(self, case: Any) -> bool:
        """Once it has its number."""
        return bool(case.number)

    def public_url(self, case: Any) -> str:
        """Its page on the public register."""
        return str(reverse("equipment:machine", args=[case.number])) if case.number else ""


def _day_before(day: date | None) -> date | None:
    return date.fromordinal(day.toordinal() - 1) if day else None


def kind_label(case: Any) -> str:
    """The kind in words."""
    at = case.opened_at or clock.now()
    labels = dict(law.options("machine_kind", at, language()))
    return str(labels.get(case.kind, case.kind))


def machine_groups(case: Any, *, public: bool = False) -> tuple[FactGroup, ...]:
    """A machine's facts; ``public`` leaves out people and papers."""
    plate = FactGroup(
        pgettext("machine", "设备"),
        (
            Fact(_("备案编号"), case.number, "code"),
            Fact(_("设备种类"), kind_label(case)),
            Fact(_("型号"), case.model, "name"),
            Fact(_("制造单位"), case.maker, "name"),
            Fact(_("出厂编号"), case.serial, "code"),
            Fact(_("额定起重力矩（千牛·米）"), case.capacity_knm, "number"),
            Fact(_("出厂日期"), case.manufactured_on, "date"),
            Fact(_("使用年限至"), case.life_ends_on, "date"),
            Fact(
                _("设备照片"),
                _("查看") if case.photo_sha256 else "",
                url=reverse("equipment:photo", args=[case.pk]) if case.photo_sha256 else "",
            ),
        ),
    )
    use = FactGroup(
        _("使用"),
        (
            Fact(_("工程编号"), case.site_number, "code"),
            Fact(_("使用登记编号"), case.use_number, "code"),
            Fact(_("检验报告编号"), case.test_report, "name"),
            Fact(_("租期至"), case.hired_until, "date"),
        ),
    )
    if public:
        return (plate, use)
    papers = dict(law.options("machine_paper", case.opened_at, language()))
    filed = FactGroup(
        _("备案文件"),
        tuple(
            Fact(
                papers.get(paper["kind"], paper["kind"]),
                paper["number"],
                "name",
                url=reverse("web:case-file", args=[MACHINE.code, case.pk, paper["file_sha256"]])
                if paper["file_sha256"]
                else "",
            )
            for paper in case.papers
        ),
    )
    crew = FactGroup(
        _("作业人员"),
        tuple(
            Fact(one["name"], f"{one['certificate']} {one['valid_to']}", "name")
            for one in case.operators
        ),
    )
    return tuple(group for group in (plate, use, filed, crew) if group.facts)


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "lessor_clerk":
        yield Link(_("登记设备"), reverse("web:act-open", args=[MACHINE.code]))
        yield Link(_("本单位的设备"), reverse("web:cases", args=[MACHINE.code]))
    if actor.role in {"contractor_clerk", "project_manager"}:
        yield Link(_("租用设备"), reverse("equipment:market"))


def off_the_market(actor: Actor, at: datetime) -> Iterator[DeskRow]:
    """Why the machines that a lessor offers are not in the market: the documents of its listing."""
    if actor.role != "lessor_clerk" or not (listed := sanctions.refusals(actor.uscc, at)):
        return
    if not (offered := selectors.offered_by(actor.uscc)):
        return
    for reason, said in zip(listed, in_words(listed), strict=True):
        yield DeskRow(
            act=_("%(count)s 台设备已从市场撤下") % {"count": offered},
            reference=str(reason.facts["number"]),
            title=with_note(said.message, said.article),
            url=reverse("credit:enterprise", args=[actor.uscc]),
            only_told=True,
        )


def _register_link() -> Link:
    return Link(_("建筑起重机械"), reverse("equipment:machines"))


def _market_link() -> Link:
    return Link(_("设备市场"), reverse("equipment:market"))


presenters.register(MachinePresenter())
desk_parts.add(rows=off_the_market, actions=_begin, public_link=_register_link)
desk_parts.add(public_link=_market_link)
