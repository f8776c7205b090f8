"""How tender plans are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.web import presenters
from kernel.web.party_names import name_on
from kernel.web.together import of_all
from kernel.web.viewmodels import Fact, FactGroup
from kernel.workflow.models import Case
from procurement.projects import selectors as projects
from procurement.projects.pages import place
from procurement.projects.presenting import GuardedPresenter
from procurement.tendering import law_facts
from procurement.tendering.fields import PLAN_FIELDS
from procurement.tendering.plans.machine import PLAN
from procurement.tendering.plans.models import TenderPlan


def _projects(cases: Sequence[Case]) -> dict[str, str]:
    plans = (case for case in cases if isinstance(case, TenderPlan))
    return projects.public_names(plan.project_number for plan in plans)


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


presenters.register(PlanPresenter())
