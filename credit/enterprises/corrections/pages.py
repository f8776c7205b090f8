"""How a correction is shown and filled in, and how the enterprise is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.conduct.pages import enterprise_url
from credit.enterprises import words
from credit.enterprises.corrections import selectors
from credit.enterprises.corrections.machine import CORRECTION
from credit.enterprises.corrections.rules import FIELDS
from kernel.access.actors import Actor
from kernel.web import desk_parts, presenters
from kernel.web.case_pages import case_url, chip
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import DeskRow, Fact, FactGroup, Party


def _field_options(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys(name for names in FIELDS.values() for name in names):
        yield name, words.field(name)


class CorrectionPresenter(Presenter):
    """A correction's case page and act pages."""

    machine = CORRECTION
    fields = {
        "entry": Words(
            gettext_lazy("档案内容"), help=gettext_lazy("由企业页面的“申请更正”带入，勿改")
        ),
        "field": Words(gettext_lazy("字段"), options=_field_options),
        "should_be": Words(gettext_lazy("应为")),
        "says": Words(gettext_lazy("说明"), help=gettext_lazy("写明哪里不对、依据什么")),
        "document_sha256": Words(gettext_lazy("证明材料")),
        "value": Words(
            gettext_lazy("更正为"),
            help=gettext_lazy("日期写作 2025-09-01，金额以元为单位，类别和等级填代码"),
            initial=lambda case, _actor, _at: case.should_be if case else "",
            source=gettext_lazy("更正申请"),
        ),
    }

    def title(self, case: Any) -> str:
        """Which entry, which field."""
        return f"{words.entry(case.entry)} {words.field(case.field)}"

    def party(self, case: Any) -> str:
        """The enterprise, by its code."""
        return str(case.uscc)

    def search(self, text: str) -> Q:
        """By number or the enterprise's code."""
        return Q(number__startswith=text) | Q(uscc__startswith=text.upper())

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Whose entry, what it says and should say."""
        return (
            Fact(_("统一社会信用代码"), case.uscc, "code", url=enterprise_url(case.uscc)),
            Fact(_("现有内容"), case.was, "name"),
            Fact(_("应为"), case.should_be, "name"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Everything that was said and decided."""
        asked = (
            Fact(_("档案内容"), f"{words.entry(case.entry)} · {case.entry}"),
            Fact(_("字段"), words.field(case.field)),
            Fact(_("说明"), case.says, "name"),
        )
        decided = (
            Fact(_("更正为"), case.value or "—", "name"),
            Fact(_("处理理由"), case.reason or "—", "name"),
        )
        return (FactGroup(_("更正申请"), asked), FactGroup(_("处理"), decided))

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Whose archive it is."""
        return (Party(_("企业"), case.uscc, case.uscc),)


def _told(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """The enterprise learns who wants what of its archive put right, and what came of it."""
    if actor.role != "contractor_clerk" or not actor.uscc:
        return
    for case in selectors.concerning(actor.uscc, now):
        yield DeskRow(
            act=_("本单位档案的更正申请"),
            reference=case.number,
            title=f"{words.entry(case.entry)} {words.field(case.field)}",
            url=case_url(case),
            state=chip(CORRECTION, case.state),
        )


presenters.register(CorrectionPresenter())
desk_parts.add(rows=_told)
