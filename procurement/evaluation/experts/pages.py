"""How an expert's file is shown, and what experts and officers begin from their desks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel import clock
from kernel.access.actors import Actor
from kernel.parties.models import Person
from kernel.web import desk_parts, places, presenters
from kernel.web.case_pages import case_url, chip
from kernel.web.dues import due_view
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import FieldWords, Words
from kernel.web.viewmodels import DeskRow, Fact, FactGroup, Link
from kernel.web.words import listed
from kernel.workflow import judge
from kernel.workflow.machines import Transition
from kernel.workflow.models import Act, Deadline
from procurement.evaluation import selectors
from procurement.evaluation.experts import two
from procurement.evaluation.experts.machine import EXPERT
from procurement.evaluation.experts.models import Expert
from procurement.evaluation.experts.services import employments, proposed
from procurement.tendering.documents import name_of

_WHAT = pgettext_lazy("expert", "专业")
_PROOF = gettext_lazy("从业年限和职称")
_NEW = gettext_lazy("调整后的评标专业")
_NEW_HELP = gettext_lazy("只在提议调整评标专业时勾选，勾选调整后的全部专业；提议其他事项的不选。")


def _proposable(case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The acts that two decide and that the file allows now."""
    for code, states in two.DECIDED.items():
        if case is not None and case.state in states:
            yield code, _act_label(code)


def _act_label(code: str) -> str:
    found = EXPERT.transition(code)
    return str(found.label) if found else code


def _none(_case: Any, _actor: Actor, _at: datetime) -> tuple[str, ...]:
    """What an officer proposes may have nothing to do with specialties."""
    return ()


def _proposed_specialties(case: Any, _actor: Actor, _at: datetime) -> list[str]:
    """What the other officer proposed; what is on file where nobody did."""
    told = proposed([case.pk])[case.pk].get("change_specialties")
    return list(told.specialties if told else case.specialties)


def _proposals(case: Any, at: datetime) -> Iterator[Fact]:
    """What one officer has proposed, for whoever decides."""
    for code, told in proposed([case.pk])[case.pk].items():
        who = Person.objects.filter(pk=told.person).values_list("name", flat=True).first() or ""
        # Only a change of specialties proposes any.
        others = told.specialties if code == "change_specialties" else ()
        named = [who, *(_label("expert_specialty", each, at) for each in others)]
        yield Fact(_act_label(code), listed(named), "name")
    if case.proposal_lapses_at is not None:
        yield Fact(_("提议失效时间"), case.proposal_lapses_at, "moment")


class ExpertPresenter(Presenter):
    """An expert's case page and act pages; never public, for who may be drawn is nobody's news."""

    machine = EXPERT
    fields = {
        "specialties": Words(gettext_lazy("评标专业"), options="expert_specialty", group=_WHAT),
        "region": Words(gettext_lazy("所在地"), help=gettext_lazy("六位行政区划代码"), group=_WHAT),
        "practised_on": Words(
            gettext_lazy("从业起始日期"),
            help=gettext_lazy("从事相关领域工作自何时起，应满八年。"),
            group=_PROOF,
        ),
        "title": Words(gettext_lazy("职称或专业水平"), options="expert_title", group=_PROOF),
        "title_number": Words(gettext_lazy("证书编号"), group=_PROOF),
        "title_sha256": Words(gettext_lazy("证书或证明文件"), group=_PROOF),
        "punishments": Words(
            gettext_lazy("处罚记录"),
            help=gettext_lazy("招标投标、评标活动中受过的行政处罚或者刑事处罚；没有的不填。"),
            group=_PROOF,
        ),
        "employments": Words(
            gettext_lazy("任职单位"),
            help=gettext_lazy("现任职单位不填离任日期；三年内离任的单位也应填写。"),
            lines=3,
        ),
        "employments.uscc": Words(gettext_lazy("统一社会信用代码")),
        "employments.since": Words(gettext_lazy("任职日期")),
        "employments.until": Words(gettext_lazy("离任日期")),
        "uscc": Words(gettext_lazy("统一社会信用代码")),
        "since": Words(gettext_lazy("任职日期")),
        "until": Words(gettext_lazy("离任日期"), help=gettext_lazy("仍在任职的不填")),
        "record": Words(
            gettext_lazy("处罚记录查询"), help=gettext_lazy("写明查询的系统或文书编号")
        ),
        "found": Words(
            gettext_lazy("查询到的处罚记录"), help=gettext_lazy("没有的不填；有处罚记录的不得入库")
        ),
        "act": Words(gettext_lazy("提议办理的事项"), options=_proposable),
        "document_number": Words(gettext_lazy("文书编号"), help=gettext_lazy("没有文书的不填")),
    }

    def words_for(self, transition: Transition) -> FieldWords:
        """Specialties are ticked beforehand where they are on file, or as they were proposed."""
        own = self.fields["specialties"]
        if transition.code == "propose":
            own = replace(own, label=_NEW, help=_NEW_HELP, initial=_none)
        elif transition.code == "change_specialties":
            own = replace(own, initial=_proposed_specialties)
        return {**self.fields, "specialties": own}

    def title(self, case: Any) -> str:
        """Whose file it is."""
        return str(case.person.name)

    def search(self, text: str) -> Q:
        """By code or name."""
        return Q(code__startswith=text.upper()) | Q(person__name__contains=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """What they are an expert in, where, until when."""
        return (
            Fact(_("评标专业"), listed(_specialties(case, at))),
            Fact(_("所在地"), _place(case, at)),
            Fact(_("聘期至"), case.valid_until, "date"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What was applied for and what an officer held it against."""
        told = tuple(_proposals(case, at))
        lawful = (
            Fact(_("从业起始日期"), case.practised_on, "date"),
            Fact(_("职称或专业水平"), _label("expert_title", case.title, at)),
            Fact(_("证书编号"), case.title_number, "code"),
            Fact(_("处罚记录"), case.punishments or _("无"), "name"),
            Fact(_("处罚记录查询"), case.record, "name"),
            Fact(_("入库日期"), case.admitted_on, "date"),
            Fact(_("理由"), case.reason, "name"),
            Fact(_("文书编号"), case.document_number, "code"),
        )
        return (
            *((FactGroup(_("待另一人决定的提议"), told),) if told else ()),
            FactGroup(_("从业年限和职称"), tuple(one for one in lawful if one.value)),
            FactGroup(_("任职单位"), tuple(_jobs(case))),
        )

    def value_in_words(self, name: str, value: Any, at: datetime) -> str:
        """Codes by their labels."""
        if name == "specialties":
            return listed(_label("expert_specialty", code, at) for code in value or ())
        if name == "employments":
            return listed(name_of(row["uscc"]) for row in value or ())
        return super().value_in_words(name, value, at)


def _label(name: str, code: str, at: datetime) -> str:
    return selectors.label(name, code, at) if code else ""


def _specialties(case: Any, at: datetime) -> Iterator[str]:
    for code in case.specialties:
        yield _label("expert_specialty", code, at)


def _place(case: Any, at: datetime) -> str:
    return places.full_name(case.region, on=clock.legal_date(at)) if case.region else ""


def _jobs(case: Any) -> Iterable[Fact]:
    for one in employments(case):
        until = one.until.isoformat() if one.until else _("至今")
        yield Fact(name_of(one.uscc), f"{one.since.isoformat()} – {until}")


def _begin(actor: Actor) -> Iterator[Link]:
    """An expert without a file applies; who has one keeps it."""
    if actor.role == "expert":
        own = Expert.objects.filter(person_id=actor.person_id).first()
        if own is None:
            yield Link(_("申请进入评标专家库"), reverse("web:act-open", args=[EXPERT.code]))
        else:
            yield Link(_("我的专家档案"), case_url(own))


def _proposed(actor: Actor, at: datetime) -> Iterator[DeskRow]:
    """What an officer proposed stands on the desk of everybody else who may decide it.

    Applications are there already: they wait in a state of their own.
    """
    if actor.role != "tender_supervisor":
        return
    found = Expert.objects.filter(
        pk__in=Act.objects.filter(machine=EXPERT.code, transition="propose").values("case_pk"),
        state__in=(two.ADMITTED, two.SUSPENDED),
    )
    cases = list(found.select_related("person").order_by("-pk")[:_LOOKED_AT])
    waiting = proposed([case.pk for case in cases])
    clocks = _clocks(pk for pk, found in waiting.items() if found)
    for case in cases:
        for code, told in waiting[case.pk].items():
            act = EXPERT.transition(code)
            if act is None or told.person == actor.person_id or case.state not in act.sources:
                continue
            if judge.permitted(EXPERT, act, case, actor):
                yield DeskRow(
                    act=_("决定另一人的提议：%(act)s") % {"act": act.label},
                    reference=case.code,
                    title=case.person.name,
                    url=case_url(case),
                    state=chip(EXPERT, case.state),
                    due=due_view(clocks[case.pk], at) if case.pk in clocks else None,
                )


def _clocks(pks: Iterable[int]) -> dict[int, Deadline]:
    """By expert, the running clock after which what was proposed lapses; one query."""
    found = Deadline.objects.filter(
        machine=EXPERT.code, case_pk__in=list(pks), period_key="expert.proposal", ended_at=None
    )
    return {row.case_pk: row for row in found}


_LOOKED_AT = 200  # experts somebody ever proposed something of, the newest

presenters.register(ExpertPresenter())
desk_parts.add(actions=_begin, rows=_proposed)
