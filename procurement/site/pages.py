"""How visits and hazards are shown and filled in: made for a phone, the photograph first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.web import desk_parts, presenters
from kernel.web.party_names import name_on
from kernel.web.presenters import ActForm
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Link, Party
from kernel.web.words import listed
from kernel.workflow.machines import Transition
from procurement.projects import citing, naming
from procurement.projects.presenting import GuardedPresenter
from procurement.projects.works.models import Works
from procurement.site import criteria, selectors
from procurement.site.machine import HAZARD, SITE_VISIT
from procurement.site.models import ON_SITE, Hazard, SiteVisit
from procurement.site.notice import GRADES

_PHOTO = {"accept": "image/*", "capture": "environment"}


def _works(_case: Any, actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    return selectors.works_of(actor)


def _photos(field: str, label: Any) -> dict[str, Words]:
    return {
        field: Words(label, lines=2),
        f"{field}.file_sha256": Words(
            gettext_lazy("照片"), help=gettext_lazy("可直接拍照；JPEG 或 PNG，不超过 20 MB。")
        ),
        f"{field}.note": Words(gettext_lazy("照片说明")),
    }


class _OnSitePresenter(GuardedPresenter):
    """What visits and hazards have in common: a site, photographs, a phone."""

    def party(self, case: Any) -> str:
        """The contractor."""
        return name_on(case, case.contractor_uscc)

    def search(self, text: str) -> Q:
        """By works."""
        return Q(works_name__contains=text) | Q(works_number__startswith=text)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Who builds, supervises, owns."""
        return naming.parties(
            case,
            ("contractor_uscc", _("施工单位")),
            ("supervision_uscc", _("监理单位")),
            ("owner_uscc", _("建设单位")),
        )

    def act_form(
        self,
        transition: Transition,
        case: Any,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> ActForm:
        """The plain form; on a phone its photographs come from the camera."""
        made = super().act_form(transition, case, actor, at, data, files)
        for name, field in made.form.fields.items():
            if "photos" in name and name.endswith("sha256"):
                field.widget.attrs |= _PHOTO
        return made


def _photo_facts(case: Any, column: str, title: str) -> Iterator[FactGroup]:
    shown = [photo for photo in getattr(case, column) if photo["file_sha256"]]
    if shown:
        yield FactGroup(
            title,
            tuple(
                Fact(
                    _("照片 %(number)d") % {"number": number},
                    photo["note"] or _("查看照片"),
                    "name",
                    url=reverse(
                        "web:case-file", args=[case.machine.code, case.pk, photo["file_sha256"]]
                    ),
                )
                for number, photo in enumerate(shown, start=1)
            ),
        )


class SiteVisitPresenter(_OnSitePresenter):
    """A visit's page and form."""

    machine = SITE_VISIT
    needed = frozenset({"photos.file_sha256", "works_number", "areas", "findings"})
    fields = {
        **_photos("photos", gettext_lazy("现场照片")),
        "works_number": Words(gettext_lazy("单位工程"), options=_works),
        "areas": Words(gettext_lazy("检查内容"), options="inspection_area"),
        "findings": Words(gettext_lazy("检查情况")),
    }

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """When, where."""
        return (
            Fact(_("检查日期"), case.visited_on, "date"),
            Fact(_("单位工程编号"), case.works_number, "code"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Photographs, then what was found."""
        areas = listed(citing.label("inspection_area", code, at) for code in case.areas)
        said = (Fact(_("检查内容"), areas, "name"), Fact(_("检查情况"), case.findings, "name"))
        photos = _photo_facts(case, "photos", _("现场照片"))
        return (*photos, FactGroup(_("检查"), said))

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The works, and the hazards that the visit found."""
        works = Works.objects.filter(number=case.works_number)
        return naming.linked([*works, *Hazard.objects.filter(visit_id=case.pk)], actor, at)


class HazardPresenter(_OnSitePresenter):
    """A hazard's page and forms."""

    machine = HAZARD
    needed = frozenset(
        {"photos.file_sha256", "works_number", "area", "place", "description", "criterion"}
        | {"responsible", "measure", "money_fen", "rectify_by_on", "plan", "reason"}
        | {"rectified_photos.file_sha256", "result", "conclusion", "decision_number"}
    )
    fields = {
        **_photos("photos", gettext_lazy("现场照片")),
        "works_number": Words(gettext_lazy("单位工程"), options=_works),
        "area": Words(gettext_lazy("检查分项"), options="inspection_area"),
        "place": Words(gettext_lazy("部位")),
        "description": Words(gettext_lazy("隐患情况")),
        "visit_id": Words(gettext_lazy("现场检查"), options=lambda c, a, t: _visits(a)),
        "criterion": Words(
            gettext_lazy("判定标准"),
            help=gettext_lazy("等级由判定标准确定，不由个人选择。"),
            options=criteria.options,
        ),
        "opinion": Words(gettext_lazy("定级意见")),
        "responsible": Words(gettext_lazy("责任人")),
        "measure": Words(gettext_lazy("整改措施")),
        "money_fen": Words(gettext_lazy("整改资金")),
        "rectify_by_on": Words(gettext_lazy("整改时限")),
        "plan": Words(gettext_lazy("应急预案")),
        **_photos("rectified_photos", gettext_lazy("整改照片")),
        "result": Words(gettext_lazy("整改情况")),
        "conclusion": Words(gettext_lazy("复查结论")),
        "decision_number": Words(gettext_lazy("处罚决定书文号")),
        "fine_fen": Words(gettext_lazy("罚款")),
    }

    def title(self, case: Any) -> str:
        """Where and what."""
        return f"{case.place} {case.description}"[:80]

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Grade, site, until when."""
        return (
            Fact(_("等级"), str(GRADES[case.grade]) if case.grade else _("待定级")),
            Fact(_("工程名称"), case.works_name, "name"),
            Fact(_("单位工程编号"), case.works_number, "code"),
            Fact(_("整改时限"), case.rectify_by_on, "date"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Photographs first; then what it is, who deals with it, how it ended."""
        hazard = (
            Fact(_("发现日期"), case.found_on, "date"),
            Fact(_("检查分项"), citing.label("inspection_area", case.area, at)),
            Fact(_("部位"), case.place, "name"),
            Fact(_("隐患情况"), case.description, "name"),
            Fact(_("判定标准"), criteria.label(case.criterion, at) if case.criterion else ""),
            Fact(_("判定依据"), case.article, "name"),
            Fact(_("定级意见"), case.opinion, "name"),
        )
        found = [*_photo_facts(case, "photos", _("现场照片")), FactGroup(_("隐患"), hazard)]
        if case.responsible:
            five = (
                Fact(_("责任人"), case.responsible, "name"),
                Fact(_("整改措施"), case.measure, "name"),
                Fact(_("整改资金"), case.money_fen, "money"),
                Fact(_("整改时限"), case.rectify_by_on, "date"),
                Fact(_("应急预案"), case.plan, "name"),
            )
            found.append(FactGroup(_("整改责任"), five))
        if case.result:
            done = (
                Fact(_("整改情况"), case.result, "name"),
                Fact(_("复查结论"), case.conclusion, "name"),
                Fact(_("复查合格日期"), case.rechecked_on, "date"),
            )
            found += [*_photo_facts(case, "rectified_photos", _("整改照片"))]
            found.append(FactGroup(_("整改"), done))
        if case.decision_number:
            fine = Fact(_("罚款"), case.fine_fen, "money")
            decision = Fact(_("处罚决定书文号"), case.decision_number, "name")
            found.append(FactGroup(_("行政处罚"), (decision, fine)))
        return tuple(found)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The works, and the visit that found it."""
        works = Works.objects.filter(number=case.works_number)
        return naming.linked([*works, *SiteVisit.objects.filter(pk=case.visit_id)], actor, at)


def _visits(actor: Actor) -> list[tuple[str, str]]:
    found = SiteVisit.objects.filter(visitor_uscc=actor.uscc).order_by("-pk")[:50]
    return [(str(one.pk), f"{one.reference} {one.works_name}") for one in found]


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role in {"station_officer", "chief_supervisor", *ON_SITE}:
        yield Link(_("发现隐患"), reverse("web:act-open", args=[HAZARD.code]))
    if actor.role in {"station_officer", "chief_supervisor"}:
        yield Link(_("记录现场检查"), reverse("web:act-open", args=[SITE_VISIT.code]))


presenters.register(SiteVisitPresenter())
presenters.register(HazardPresenter())
desk_parts.add(actions=_begin)
