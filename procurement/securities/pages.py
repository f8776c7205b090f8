"""How a security is shown, and what guarantors begin from their desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.parties.models import Organisation
from kernel.web import desk_parts, presenters
from kernel.web.party_names import name_on
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import Words, today
from kernel.web.viewmodels import Fact, FactGroup, Link, Party
from procurement.contracts import selectors as contracts
from procurement.projects import selectors as projects
from procurement.securities.machine import SECURITY
from procurement.tendering import selectors as tendering
from procurement.tendering.documents import name_of
from procurement.tendering.law_facts import label

_WHAT, _WHO, _TERM = gettext_lazy("担保事项"), gettext_lazy("当事人"), gettext_lazy("金额与期限")


_BY_CODE = gettext_lazy("统一社会信用代码；输入名称中的几个字可从已知单位中选取")
_KNOWN = 500  # rows that a list of suggestions holds at most


def _secured(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """Lots that take bids under a security, and contracts in force."""
    lots = tendering.public_register().filter(state="published", security_fen__gt=0)
    for lot in lots[:_KNOWN]:
        yield lot.number, lot.name
    for contract in contracts.all_in_force()[:_KNOWN]:
        yield contract.number, contract.works_name


def _projects(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    for project in projects.public_register().filter(state="registered")[:_KNOWN]:
        yield project.number, project.name


def _organisations(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """Whom a guarantee stands for, and whom it protects: owners and contractors."""
    roles = ("owner_clerk", "contractor_clerk")
    found = Organisation.objects.filter(memberships__role__in=roles).distinct().order_by("name")
    yield from found.values_list("uscc", "name")[:_KNOWN]


class SecurityPresenter(Presenter):
    """A security's case page and act pages."""

    machine = SECURITY
    fields = {
        "kind": Words(gettext_lazy("担保种类"), options="security_kind", group=_WHAT),
        "number": Words(
            gettext_lazy("保函编号"), help=gettext_lazy("本机构的编号，不得重复"), group=_WHAT
        ),
        "about": Words(
            gettext_lazy("担保事项编号"),
            help=gettext_lazy("投标保函填写标段编号，其余填写合同编号"),
            suggest=_secured,
            group=_WHAT,
        ),
        "project_number": Words(gettext_lazy("项目编号"), suggest=_projects, group=_WHAT),
        "principal_uscc": Words(
            gettext_lazy("被保证人"), help=_BY_CODE, suggest=_organisations, group=_WHO
        ),
        "beneficiary_uscc": Words(
            gettext_lazy("受益人"), help=_BY_CODE, suggest=_organisations, group=_WHO
        ),
        "amount_fen": Words(gettext_lazy("金额"), group=_TERM),
        "valid_from": Words(gettext_lazy("生效日"), initial=today, group=_TERM),
        "valid_to": Words(gettext_lazy("届满日"), help=gettext_lazy("含当日"), group=_TERM),
        "file_sha256": Words(gettext_lazy("保函文件"), group=_WHAT),
        "interest_note": Words(
            gettext_lazy("利息说明"),
            help=gettext_lazy("现金保证金写明退还的同期存款利息；保函写明不计利息"),
        ),
    }

    def title(self, case: Any) -> str:
        """Its kind and the guarantor's number."""
        return f"{label('security_kind', case.kind, case.issued_at)} {case.number}"

    def party(self, case: Any) -> str:
        """Who issued it."""
        return name_on(case, case.guarantor_uscc)

    def search(self, text: str) -> Q:
        """By number, or by what it secures."""
        return Q(number__startswith=text) | Q(about__startswith=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Who stands for whom, for how much, until when."""
        return (
            Fact(_("担保机构"), name_on(case, case.guarantor_uscc), "name"),
            Fact(_("被保证人"), name_on(case, case.principal_uscc), "name"),
            Fact(_("担保金额"), case.amount_fen, "money"),
            Fact(_("届满日"), case.valid_to, "date"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What it secures and what became of it."""
        about = (
            Fact(_("担保种类"), label("security_kind", case.kind, at)),
            Fact(_("保函编号"), case.number, "code"),
            Fact(_("担保事项编号"), case.about, "code"),
            Fact(_("项目编号"), case.project_number, "code"),
            Fact(_("生效日"), case.valid_from, "date"),
            Fact(_("届满日"), case.valid_to, "date"),
        )
        ended = (
            Fact(_("解除担保期限"), case.release_due_at, "moment"),
            Fact(_("退还期限"), case.return_due_at, "moment"),
            Fact(_("退还时间"), case.returned_at, "moment"),
            Fact(_("利息说明"), case.interest_note, "name"),
            Fact(_("索赔金额"), case.claimed_fen or None, "money"),
            Fact(_("索赔理由"), case.claim_reason, "name"),
        )
        shown = tuple(fact for fact in ended if fact.value not in ("", None))
        return (
            FactGroup(_("保函"), about),
            *((FactGroup(_("退还与索赔"), shown),) if shown else ()),
        )

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Guarantor, principal, beneficiary."""
        return tuple(
            Party(words, name_on(case, code), code)
            for words, code in (
                (_("担保机构"), case.guarantor_uscc),
                (_("被保证人"), case.principal_uscc),
                (_("受益人"), case.beneficiary_uscc),
            )
        )

    def value_in_words(self, name: str, value: Any, at: datetime) -> str:
        """Codes by their labels, parties by their names."""
        if name == "kind":
            return label("security_kind", value, at) if value else ""
        if name.endswith("_uscc") and value:
            return name_of(value)
        return super().value_in_words(name, value, at)


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "guarantor_clerk":
        yield Link(_("出具保函"), reverse("web:act-open", args=[SECURITY.code]))


presenters.register(SecurityPresenter())
desk_parts.add(actions=_begin)
