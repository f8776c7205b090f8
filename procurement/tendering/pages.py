"""How lots, plans and objections are shown; what they put on desks and on the home page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.access.actors import Actor
from kernel.web import desk_parts, presenters
from kernel.web.case_pages import case_url, chip
from kernel.web.party_names import name_on
from kernel.web.presenters import ActForm, Presenter
from kernel.web.together import of_all
from kernel.web.viewmodels import Fact, FactGroup, Link, Party, PublicList, PublicRow
from kernel.workflow.machines import Transition
from kernel.workflow.models import Case
from procurement.projects import selectors as projects
from procurement.projects.pages import place
from procurement.projects.presenting import GuardedPresenter
from procurement.tendering import law_facts, selectors
from procurement.tendering.documents import name_of
from procurement.tendering.failing import why
from procurement.tendering.fields import LOT_FIELDS, OBJECTION_FIELDS, PLAN_FIELDS
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot, Objection
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.objections.selectors import of_lot
from procurement.tendering.plans.machine import PLAN
from procurement.tendering.plans.models import TenderPlan
from procurement.tendering.rules.drafting import FIELDS
from procurement.tendering.show import (
    candidates,
    clarifications,
    groups,
    money,
    parties,
    passed_over,
)

_LISTS = {
    "kind": "tender_kind",
    "method": "tender_method",
    "evaluation_method": "evaluation_method",
    "standard_text": "standard_text",
    "stage": "objection_stage",
}
_PUBLIC_ACTS = frozenset(
    {
        "publish", "close_sale", "clarify", "pause", "resume", "close", "open_bids", "fail",
        "start_evaluation", "publicise", "pause_publicity", "resume_publicity", "end_publicity",
        "issue_award_notice", "report_award", "contract", "archive", "retender", "terminate",
        "suspend", "lift", "lift_pause", "lift_evaluation", "lift_publicity",
        "lift_publicity_pause", "lift_award", "lift_awarded", "next_candidate", "fail_award",
    }
)  # fmt: skip


def _in_words(presenter: Presenter, name: str, value: Any, at: datetime) -> str:
    if listed := _LISTS.get(name):
        return law_facts.label(listed, value, at) if value else ""
    if name.endswith("_uscc") and value:
        return name_of(value)
    return Presenter.value_in_words(presenter, name, value, at)


class LotPresenter(GuardedPresenter):
    """A lot's case page and act pages."""

    machine = LOT
    public_acts = _PUBLIC_ACTS
    fields = LOT_FIELDS
    needed = frozenset(
        {*FIELDS, "project_number", "ceiling_price_fen", "evaluation_text", "price_points"}
        | {"technical_points", "commercial_points", "credit_points", "text", "objection_channel"}
        | {"documents.file_sha256", "cause", "file_sha256"}
    )

    def act_form(self, transition: Transition, *args: Any, **named: Any) -> ActForm:
        """The act's form; an addendum begins without the files that are published already."""
        if transition.code == "clarify" and not isinstance(self, _AddendumPresenter):
            return _AddendumPresenter().act_form(transition, *args, **named)
        return super().act_form(transition, *args, **named)

    def title(self, case: Any) -> str:
        """The lot's name."""
        return case.name or _("（未命名标段）")

    def party(self, case: Any) -> str:
        """Who calls for bids."""
        return name_on(case, case.owner_uscc)

    def search(self, text: str) -> Q:
        """By name or number."""
        return Q(name__contains=text) | Q(number__startswith=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """What people look for first."""
        return (
            Fact(_("招标人"), name_on(case, case.owner_uscc), "name"),
            Fact(_("建设地点"), place(case.region, at)),
            Fact(_("最高投标限价"), case.ceiling_price_fen or None, "money"),
            Fact(_("投标截止时间"), case.bid_deadline_at, "moment"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Why it failed, all that the documents say, what was clarified, who was recommended."""
        return (
            *why(case),
            *groups(case, at),
            *clarifications(case),
            *candidates(case),
            *passed_over(case, at),
        )

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Prices and security."""
        return money(case)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Owner, agency, winner."""
        return parties(case)

    def is_public(self, case: Any) -> bool:
        """Once its notice is out."""
        return case.published_at is not None

    def public_url(self, case: Any) -> str:
        """The notice's page."""
        if not self.is_public(case):
            return ""
        return reverse("procurement:notice", args=[case.number])

    def value_in_words(self, name: str, value: Any, at: datetime) -> str:
        """Codes by their labels, parties by their names."""
        return _in_words(self, name, value, at)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """Its project; the lot it follows; its objections, for the parties of the tender."""
        facts = []
        project = projects.public_project(case.project_number)
        if project is not None:
            url = reverse("procurement:project-public", args=[project.number])
            facts.append(Fact(_("项目"), project.name, "name", url=url))
        if case.retender_of:
            url = reverse("procurement:notice", args=[case.retender_of])
            facts.append(Fact(_("重新招标的原标段"), case.retender_of, "code", url=url))
        following = Lot.objects.filter(retender_of=case.number).order_by("pk")
        facts += [
            Fact(_("重新招标的新标段"), lot.number, "code", url=case_url(lot)) for lot in following
        ]
        facts += [
            Fact(_("异议"), objection.reference, "code", url=case_url(objection))
            for objection in of_lot(case.pk)
            if _reads(objection, actor)
        ]
        return (FactGroup(_("相关业务"), tuple(facts)),) if facts else ()


def _projects(cases: Sequence[Case]) -> dict[str, str]:
    plans = (case for case in cases if isinstance(case, TenderPlan))
    return projects.public_names(plan.project_number for plan in plans)


def _lots(cases: Sequence[Case]) -> dict[str, str]:
    return selectors.lot_names(case.lot_number for case in cases if isinstance(case, Objection))


class _AddendumPresenter(LotPresenter):
    fields = LOT_FIELDS | {"documents": replace(LOT_FIELDS["documents"], initial=lambda *_: ())}
    needed = frozenset({"text"})


def _reads(objection: Objection, actor: Actor) -> bool:
    from kernel.workflow.judge import readable

    return readable(OBJECTION, objection, actor)


class PlanPresenter(GuardedPresenter):
    """A tender plan's case page and act pages."""

    machine = PLAN
    public_acts = frozenset({"announce", "end"})
    fields = PLAN_FIELDS
    needed = frozenset({"project_number"})

    def title(self, case: Any) -> str:
        """The project's name."""
        return of_all(case, _projects).get(case.project_number, case.reference)

    def party(self, case: Any) -> str:
        """Who plans."""
        return name_on(case, case.owner_uscc)

    def search(self, text: str) -> Q:
        """By the project's number."""
        return Q(project_number__startswith=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Who plans what, where."""
        return (
            Fact(_("招标人"), name_on(case, case.owner_uscc), "name"),
            Fact(_("建设地点"), place(case.region, at)),
            Fact(_("项目编号"), case.project_number, "code"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """The lots that are intended."""
        return tuple(
            FactGroup(
                lot["name"],
                (
                    Fact(_("招标类别"), law_facts.label("tender_kind", lot["kind"], at)),
                    Fact(_("合同估算价"), lot["estimate_fen"], "money"),
                    Fact(_("公告年月"), lot["month"]),
                ),
            )
            for lot in case.lots
        )

    def is_public(self, case: Any) -> bool:
        """Once it was announced."""
        return case.announced_at is not None


class ObjectionPresenter(GuardedPresenter):
    """An objection's case page and act pages."""

    machine = OBJECTION
    fields = OBJECTION_FIELDS
    needed = frozenset({"text"})

    def title(self, case: Any) -> str:
        """The lot that it is about."""
        return of_all(case, _lots).get(case.lot_number, case.lot_number)

    def party(self, case: Any) -> str:
        """Who raised it."""
        return name_on(case, case.raiser_uscc)

    def search(self, text: str) -> Q:
        """By the lot's number."""
        return Q(lot_number__startswith=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Who, about what, since when."""
        return (
            Fact(_("异议人"), name_on(case, case.raiser_uscc), "name"),
            Fact(_("标段编号"), case.lot_number, "code"),
            Fact(_("异议阶段"), law_facts.label("objection_stage", case.stage, at)),
            Fact(_("提出时间"), case.raised_at, "moment"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What was objected and answered."""
        answered = (
            Fact(_("答复内容"), case.answer, "name"),
            Fact(_("处理结果"), _("成立") if case.upheld else _("不成立")),
            Fact(_("答复时间"), case.answered_at, "moment"),
        )
        return (
            FactGroup(_("异议"), (Fact(_("异议内容"), case.text, "name"), *_interest(case))),
            *((FactGroup(_("答复"), answered),) if case.answered_at else ()),
        )

    def value_in_words(self, name: str, value: Any, at: datetime) -> str:
        """Codes by their labels, parties by their names."""
        return _in_words(self, name, value, at)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The notice."""
        url = reverse("procurement:notice", args=[case.lot_number])
        return (FactGroup(_("相关业务"), (Fact(_("标段编号"), case.lot_number, "code", url=url),)),)


def _interest(case: Any) -> Iterator[Fact]:
    """What the candidates are to somebody who did not bid, for who has to answer."""
    if case.interest:
        url = reverse("web:case-file", args=[OBJECTION.code, case.pk, case.interest_sha256])
        yield Fact(_("利害关系"), case.interest, "name")
        yield Fact(_("利害关系证明"), f"{case.interest_sha256[:12]}…", "code", url=url)


def _newest(now: datetime) -> PublicList:
    return PublicList(
        title=_("最近的招标公告"),
        url=reverse("procurement:notices"),
        rows=tuple(
            PublicRow(
                title=row.name,
                url=reverse("procurement:notice", args=[row.number]),
                at=row.published_at or now,
                reference=row.number,
                place=place(row.region, now),
                state=chip(LOT, row.state),
                until=row.bid_deadline_at if row.state == "published" else None,
            )
            for row in selectors.public_register()[:8]
        ),
        empty=_("还没有招标公告。"),
    )


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role in ("owner_clerk", "agency_clerk"):
        yield Link(_("编制招标计划"), reverse("web:act-open", args=[PLAN.code]))
        yield Link(_("编制招标文件"), reverse("web:act-open", args=[LOT.code]))
    if actor.role == "contractor_clerk":
        yield Link(_("对招标提出异议"), reverse("web:act-open", args=[OBJECTION.code]))


def _register_link() -> Link:
    return Link(pgettext("register", "招标公告"), reverse("procurement:notices"))


presenters.register(LotPresenter())
presenters.register(PlanPresenter())
presenters.register(ObjectionPresenter())
desk_parts.add(actions=_begin, public_list=_newest, public_link=_register_link)
