"""How a tender bill is brought and shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.errors import Refusal
from kernel.web import desk_parts, presenters
from kernel.web.party_names import name_on
from kernel.web.refusals import in_words
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Link
from procurement.cost import places
from procurement.projects.pages import place
from procurement.projects.presenting import GuardedPresenter
from procurement.tendering.bills import selectors
from procurement.tendering.bills.machine import TENDER_BILL
from procurement.tendering.fields import projects_of

# The page tells so many notes; the file itself holds all.
_MOST = 50


def _projects(case: Any, actor: Actor, at: datetime) -> list[tuple[str, Any]]:
    """The owner's own registered projects; an agency's are those whose plans name it."""
    found = list(projects_of(case, actor, at))
    if actor.role == "owner_clerk":
        return found
    mine = selectors.projects_of_agency(actor.uscc)
    return [(number, label) for number, label in found if number in mine]


class TenderBillPresenter(GuardedPresenter):
    """A tender bill's case page and act pages."""

    machine = TENDER_BILL
    needed = frozenset({"project_number", "file_sha256", "reason"})
    fields = {
        "project_number": Words(gettext_lazy("项目"), options=_projects),
        "file_sha256": Words(
            gettext_lazy("清单文件"),
            help=gettext_lazy("XLSX 或 XML，不超过 20 MB。格式见工作台的“清单模板”。"),
        ),
        "reason": Words(gettext_lazy("理由")),
    }

    def title(self, case: Any) -> str:
        """The name that the bill gives itself."""
        return str(case.name or case.reference)

    def party(self, case: Any) -> str:
        """Whose project it is."""
        return name_on(case, case.owner_uscc)

    def place_in_words(self, place: str) -> str:
        """Where in the file."""
        return places.told(place)

    def search(self, text: str) -> Q:
        """By name, project number or the beginning of its identity."""
        found = Q(name__contains=text) | Q(project_number__startswith=text)
        return found | Q(sha256__startswith=text.lower())

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Whose, where, how much."""
        return (
            Fact(_("招标人"), name_on(case, case.owner_uscc), "name"),
            Fact(_("建设地点"), place(case.region, at)),
            Fact(_("项目编号"), case.project_number, "code"),
            Fact(_("清单项目数"), case.item_count, "number"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """By what standard, under what identity, in which file; what the checks only told."""
        file = reverse("web:case-file", args=[TENDER_BILL.code, case.pk, case.file_sha256])
        bill = FactGroup(
            _("清单"),
            (
                Fact(_("计价标准"), _STANDARDS.get(case.standard, case.standard)),
                Fact(_("清单文件"), case.file_sha256, "code", url=file),
                Fact(_("清单内容的 SHA-256"), case.sha256, "code"),
            ),
        )
        said = in_words(Refusal(**note) for note in case.notes[:_MOST])
        if not said:
            return (bill,)
        notes = tuple(
            Fact(places.told(view.field) or view.code, view.message, "name") for view in said
        )
        told = _("检查提示（不影响入库，共 %(number)d 条）") % {"number": len(case.notes)}
        return (bill, FactGroup(told, notes))


_STANDARDS = {"gbt50500-2024": "GB/T 50500-2024", "gb50500-2013": "GB 50500-2013"}


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role in ("owner_clerk", "agency_clerk"):
        act = reverse("web:act-open", args=[TENDER_BILL.code])
        yield Link(_("导入招标工程量清单"), act)
        yield Link(_("清单模板（XLSX）"), reverse("procurement:bill-template"))


presenters.register(TenderBillPresenter())
desk_parts.add(actions=_begin)
