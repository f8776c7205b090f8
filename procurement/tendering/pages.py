"""How lots are shown; what tendering puts on desks and on the home page."""

from __future__ import annotations

from collections.abc import Iterator
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
from kernel.web.viewmodels import Fact, FactGroup, Link, Party, PublicList, PublicRow
from kernel.workflow.machines import Transition
from procurement.projects import selectors as projects
from procurement.projects.pages import place
from procurement.projects.presenting import GuardedPresenter
from procurement.tendering import law_facts, selectors
from procurement.tendering.documents import name_of
from procurement.tendering.failing import why
from procurement.tendering.fields import LOT_FIELDS
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot, Objection
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.objections.selectors import of_lot
from procurement.tendering.plans.machine import PLAN
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


def in_words(presenter: Presenter, name: str, value: Any, at: datetime) -> str:
    """Codes by their labels, parties by their names."""
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
        return in_words(self, name, value, at)

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


class _AddendumPresenter(LotPresenter):
    fields = LOT_FIELDS | {"documents": replace(LOT_FIELDS["documents"], initial=lambda *_: ())}
    needed = frozenset({"text"})


def _reads(objection: Objection, actor: Actor) -> bool:
    from kernel.workflow.judge import readable

    return readable(OBJECTION, objection, actor)


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
desk_parts.add(actions=_begin, public_list=_newest, public_link=_register_link)
