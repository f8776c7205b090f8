"""How a completion filing is shown and filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.web import presenters
from kernel.web.party_names import name_on
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Party
from procurement.projects import citing, naming
from procurement.projects.drawings.pages import paper_words, papers_group
from procurement.projects.filing.machine import COMPLETION_FILING
from procurement.projects.presenting import GuardedPresenter
from procurement.projects.works.models import Works


def _known_documents(case: Any, _actor: Actor, _at: datetime) -> list[dict[str, Any]]:
    """What was handed in before; else the papers of the acceptance, which are needed again."""
    if case.documents:
        return list(case.documents)
    works = Works.objects.filter(pk=case.works_id).first()
    wanted = {"planning_acceptance", "fire_acceptance", "warranty"}
    kept = [p for p in (works.completion_papers if works else ()) if p["kind"] in wanted]
    if works is not None and works.accepted_on:
        report = {
            "kind": "acceptance_report",
            "number": works.acceptance_number,
            "issued_on": works.accepted_on.isoformat(),
        }
        kept.insert(0, report)
    return kept


class CompletionFilingPresenter(GuardedPresenter):
    """The case page and act pages of a completion filing."""

    machine = COMPLETION_FILING
    needed = frozenset(
        {"documents.kind", "documents.number", "documents.issued_on"}
        | {"performance", "performance_reasons"}
    )
    fields = {
        **paper_words("documents", "completion_paper", gettext_lazy("备案文件"), 7),
        "documents": Words(gettext_lazy("备案文件"), lines=7, initial=_known_documents),
        "residential": Words(gettext_lazy("住宅工程")),
        "performance": Words(gettext_lazy("履约评价"), options="performance"),
        "performance_reasons": Words(
            gettext_lazy("评价理由"), help=gettext_lazy("评价计入施工单位的信用记录。")
        ),
    }

    def party(self, case: Any) -> str:
        """The owner."""
        return name_on(case, case.owner_uscc)

    def search(self, text: str) -> Q:
        """By name, works, project or filing number."""
        found = Q(name__contains=text) | Q(works_number__startswith=text)
        return found | Q(filing_number=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Works, number, whether late."""
        late = _("逾期") if case.overdue else _("未逾期")
        return (
            Fact(_("单位工程编号"), case.works_number, "code"),
            Fact(_("备案编号"), case.filing_number, "code"),
            Fact(_("是否逾期"), late),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """The documents and the owner's judgement."""
        found = [papers_group(_("备案文件"), case, "documents", "completion_paper", at)]
        if case.performance:
            grade = Fact(_("履约评价"), citing.label("performance", case.performance, at))
            reasons = Fact(_("评价理由"), case.performance_reasons, "name")
            found.append(FactGroup(_("履约评价"), (grade, reasons)))
        return tuple(found)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Owner and contractor."""
        return naming.parties(
            case, ("owner_uscc", _("建设单位")), ("contractor_uscc", _("施工单位"))
        )

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The works."""
        return naming.linked(Works.objects.filter(pk=case.works_id), actor, at)


presenters.register(CompletionFilingPresenter())
