"""How a conduct record is shown and filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit import citing
from credit.conduct import steps
from credit.conduct.deciders import decided_by
from credit.conduct.machine import RECORD, SHOWN
from credit.enterprises import selectors as archive
from credit.scoring import selectors as scoring
from credit.scoring.scheme_words import SEVERITIES
from kernel import clock
from kernel.access.actors import Actor
from kernel.identifiers import regions
from kernel.web import desk_parts, places, presenters
from kernel.web.presenters import REASON, ActForm, Presenter
from kernel.web.schema_forms import Words, today
from kernel.web.viewmodels import Fact, FactGroup, Link, Party
from kernel.workflow.machines import Transition

_KNOWN = 500  # rows that a list of suggestions holds at most


def item_options(_case: Any, _actor: Actor, at: datetime) -> Iterator[tuple[str, str]]:
    """The items of the scheme in force, in words, with what they weigh."""
    for code, item in scoring.scheme(at).items.items():
        label = scoring.item_label(code, at, citing.language())
        yield code, f"{label} ({item.points / 100:+g})"


def known_codes(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The archive's enterprises, by code."""
    yield from archive.register().values_list("uscc", "name")[:_KNOWN]


def known_names(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The same, by name."""
    yield from archive.register().values_list("name", "uscc")[:_KNOWN]


def _regions(_case: Any, actor: Actor, at: datetime) -> Iterator[tuple[str, str]]:
    """Where who acts is competent, and the cities of the province."""
    day = clock.legal_date(at)
    cities = [region.code for region in regions.children("230000", day)]
    for code in dict.fromkeys([actor.region, "230000", *cities]):
        if code:
            yield code, places.full_name(code, on=day)


_STATED = {"": gettext_lazy("按评价项")} | {k: v for k, v in SEVERITIES.items() if k}


class RecordPresenter(Presenter):
    """A conduct record's case page and act pages."""

    machine = RECORD
    public_acts = frozenset(
        {
            "publish", "uphold", "amend", "correct", "revoke", "withdraw",
            "withdraw_on_time", "review_revoke", "repair", "expire", "list", "remove",
        }
    )  # fmt: skip
    fields = {
        "uscc": Words(
            gettext_lazy("统一社会信用代码"),
            suggest=known_codes,
            help=gettext_lazy("输入代码或者企业名称的一部分，从列表中选择；企业名称随代码。"),
        ),
        "name": Words(
            gettext_lazy("企业名称"),
            help=gettext_lazy("只有档案中没有的企业才填写。"),
        ),
        "item": Words(gettext_lazy("评价项"), options=item_options),
        "occurred_on": Words(gettext_lazy("发生日期"), initial=today),
        "severity": Words(
            gettext_lazy("文书载明的轻重"),
            options=lambda *_asked: _STATED.items(),
            initial=lambda *_asked: None,
        ),
        "document_number": Words(
            # Another document than the record's own, where one is asked for later.
            gettext_lazy("文书编号"),
            group=gettext_lazy("决定文书"),
            initial=lambda *_asked: None,
        ),
        "decided_on": Words(
            gettext_lazy("文书日期"),
            group=gettext_lazy("决定文书"),
            help=gettext_lazy("公示期自文书日期起算；未填写的，自发生日期起算。"),
        ),
        "penalty_until": Words(
            gettext_lazy("处罚期限至"),
            group=gettext_lazy("决定文书"),
            help=gettext_lazy("公示期不短于文书载明的处罚期限。"),
        ),
        "bid_ban_until": Words(
            gettext_lazy("禁止投标至"),
            group=gettext_lazy("决定文书"),
            help=gettext_lazy("文书载明一定期限内禁止投标的，填写最后一日；期间不接收其投标。"),
        ),
        "repair_barred_by": Words(
            gettext_lazy("依法不得修复的条款"),
            group=gettext_lazy("决定文书"),
            help=gettext_lazy("法律规定不得修复的，填写条款；填写后不受理修复申请。"),
        ),
        "overturned_by": Words(
            gettext_lazy("变更或者撤销列入依据的文书编号"),
            help=gettext_lazy("企业已申请提前移出的，不必填写。"),
        ),
        "statement": Words(gettext_lazy("陈述申辩")),
        "statement_sha256": Words(gettext_lazy("证明材料")),
        "changed_on": Words(gettext_lazy("变更或者撤销日期"), initial=today),
        # Every act of a record that has a reason is refused without one.
        "reason": replace(REASON["reason"], needed=True),
        "correction_document": Words(gettext_lazy("纠正行为的证明文书编号"), needed=True),
        "duties_met": Words(gettext_lazy("决定所定义务已全部履行")),
        "document_sha256": Words(
            gettext_lazy("文书扫描件"), group=gettext_lazy("决定文书"), needed=True
        ),
        "decided_by": Words(
            gettext_lazy("作出决定的单位"),
            group=gettext_lazy("决定文书"),
            initial=lambda case, actor, _at: case.decided_by if case else actor.organisation_name,
        ),
        "article": Words(gettext_lazy("依据条款"), group=gettext_lazy("决定文书")),
        "fact": Words(gettext_lazy("事实")),
        "project_number": Words(gettext_lazy("项目编号")),
        "section": Words(gettext_lazy("合同段"), help=gettext_lazy("合同编号或者标段编号")),
        "stated_points": Words(
            gettext_lazy("决定载明的分值"),
            help=gettext_lazy("如 2 或者 2.00，不必写正负号；方案已定分值的填 0"),
            unit=gettext_lazy("分"),
            hundredths=True,
        ),
        "stated_days": Words(
            gettext_lazy("决定载明的期限"), help=gettext_lazy("以日计，方案已定期限的填 0")
        ),
        "region": Words(
            gettext_lazy("管辖地"),
            options=_regions,
            initial=lambda case, actor, _at: case.region if case else actor.region,
        ),
        "commitment_sha256": Words(gettext_lazy("信用承诺书"), needed=True),
    }

    def title(self, case: Any) -> str:
        """The enterprise and what it did."""
        return f"{case.name} {label_of(case)}"

    def party(self, case: Any) -> str:
        """The enterprise."""
        return str(case.name)

    def search(self, text: str) -> Q:
        """By number, enterprise or document."""
        found = Q(number__startswith=text) | Q(name__contains=text)
        return found | Q(uscc__startswith=text.upper()) | Q(document_number__contains=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Enterprise, item, how grave, until when it is shown."""
        shown = steps.last_day(case.shown_until)
        return (
            Fact(_("企业"), case.name, "name", url=enterprise_url(case.uscc)),
            Fact(_("评价项"), label_of(case)),
            Fact(_("轻重"), SEVERITIES[case.severity]),
            Fact(_("公示至"), shown, "date"),
            *((Fact(_("暂停使用"), case.suspended_by, "name"),) if case.suspended_by else ()),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Everything that the record says."""
        return (
            FactGroup(
                _("行为"),
                (
                    Fact(_("记录编号"), case.number, "code"),
                    Fact(_("统一社会信用代码"), case.uscc, "code"),
                    Fact(_("发生日期"), case.occurred_on, "date"),
                    Fact(_("事实"), case.fact, "name"),
                    Fact(_("项目编号"), case.project_number, "code"),
                    *((Fact(_("合同段"), case.section, "code"),) if case.section else ()),
                ),
            ),
            FactGroup(
                _("决定文书"),
                (
                    Fact(_("文书编号"), case.document_number, "name"),
                    Fact(_("作出决定的单位"), decided_by(case), "name"),
                    Fact(_("依据条款"), citing.told(case.article), "name"),
                    *steps.scan(case),
                ),
            ),
            *steps.groups(case, at),
            *_proposal(case),
        )

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """The enterprise."""
        return (Party(_("企业"), case.name, case.uscc),)

    def summary(
        self, transition: Transition, case: Any, form: ActForm, at: datetime
    ) -> tuple[FactGroup, ...]:
        """What the actor reads before the last click; of a new record first whose it is."""
        told = super().summary(transition, case, form, at)
        code = "" if case else str(form.form["uscc"].value() or "")
        if not (known := archive.name_of(code)):
            return told
        return (FactGroup(_("企业"), (Fact(_("企业名称"), known, "name"),)), *told)

    def is_public(self, case: Any) -> bool:
        """While it is shown."""
        return case.state in SHOWN and not case.kept_back

    def public_url(self, case: Any) -> str:
        """The enterprise's page, where the record stands."""
        return enterprise_url(case.uscc) if self.is_public(case) else ""


def _proposal(case: Any) -> Iterator[FactGroup]:
    """What one officer proposed and another has to confirm."""
    act = RECORD.transition(case.proposed)
    if act is not None:
        yield FactGroup(
            _("待确认的提议"),
            (
                Fact(_("提议的处理"), str(act.label)),
                Fact(_("提议理由"), case.proposal_reason, "name"),
                *(
                    (Fact(_("提议所依文书"), case.proposal_document, "name"),)
                    if case.proposal_document
                    else ()
                ),
            ),
        )


def label_of(case: Any) -> str:
    """The item in words, as the scheme of its publication (or of today) has them."""
    return scoring.item_label(case.item, case.published_at or clock.now(), citing.language())


def enterprise_url(uscc: str) -> str:
    """The address of an enterprise's page."""
    return reverse("credit:enterprise", args=[uscc])


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "credit_officer":
        yield Link(_("采集行为记录"), reverse("web:act-open", args=[RECORD.code]))
        yield Link(_("登记企业证照"), reverse("web:act-open", args=["credit.licence"]))


def _link() -> Link:
    return Link(_("企业与信用"), reverse("credit:enterprises"))


presenters.register(RecordPresenter())
desk_parts.add(actions=_begin, public_link=_link)
