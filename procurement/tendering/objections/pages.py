"""How objections are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.web import presenters
from kernel.web.party_names import name_on
from kernel.web.together import of_all
from kernel.web.viewmodels import Fact, FactGroup
from kernel.workflow.models import Case
from procurement.projects.presenting import GuardedPresenter
from procurement.tendering import law_facts, selectors
from procurement.tendering.fields import OBJECTION_FIELDS
from procurement.tendering.models import Objection
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.pages import in_words


def _lots(cases: Sequence[Case]) -> dict[str, str]:
    return selectors.lot_names(case.lot_number for case in cases if isinstance(case, Objection))


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

    def valuein_words(self, name: str, value: Any, at: datetime) -> str:
        """Codes by their labels, parties by their names."""
        return in_words(self, name, value, at)

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


presenters.register(ObjectionPresenter())
