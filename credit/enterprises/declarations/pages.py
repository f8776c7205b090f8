"""How declarations are shown and filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.conduct.pages import enterprise_url
from credit.enterprises import words
from credit.enterprises.declarations.machine import CLAIM, FINANCE
from kernel.access.actors import Actor
from kernel.web import desk_parts, presenters, presets
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Link, Party

_DOCUMENT = Words(
    gettext_lazy("证明材料"), help=gettext_lazy("合同、验收文件或审计报告的扫描件，不公开")
)
_NUMBER = Words(gettext_lazy("原件编号"), help=gettext_lazy("核对时所见原件的文号或编号"))


def _fields(*names: str) -> dict[str, Words]:
    return {name: Words(words.FIELDS[name]) for name in names}


class _Declared(Presenter):
    """What both kinds share."""

    figures: tuple[str, ...] = ()

    def party(self, case: Any) -> str:
        """The enterprise, by its code."""
        return str(case.uscc)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Whose it is and how far it is proven."""
        return (
            Fact(_("统一社会信用代码"), case.uscc, "code", url=enterprise_url(case.uscc)),
            Fact(_("核验等级"), case.level or "—"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Everything that was declared."""
        found = tuple(_fact(case, name) for name in self.figures)
        return (FactGroup(str(self.machine.label), found), FactGroup(_("核对"), _checked(case)))

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Who declares."""
        return (Party(_("企业"), case.uscc, case.uscc),)


def _checked(case: Any) -> tuple[Fact, ...]:
    return (Fact(_("原件编号"), case.document_number or "—", "name"),)


def _fact(case: Any, name: str) -> Fact:
    value, label = getattr(case, name), words.field(name)
    if name.endswith("_fen"):
        return Fact(label.replace(_("（元）"), ""), value, "money")
    return Fact(label, value, "date" if name.endswith("_on") else "name")


class ClaimPresenter(_Declared):
    """A declared achievement."""

    machine = CLAIM
    figures = (
        "name", "contract_number", "owner", "manager", "price_fen", "signed_on", "completed_on",
    )  # fmt: skip
    fields = {
        **_fields("contract_number", "name", "owner", "manager", "signed_on", "completed_on"),
        "price_fen": Words(gettext_lazy("合同价")),
        "document_sha256": _DOCUMENT,
        "document_number": _NUMBER,
    }

    def search(self, text: str) -> Q:
        """By name, contract or the enterprise's code."""
        found = Q(name__contains=text) | Q(contract_number__startswith=text)
        return found | Q(uscc__startswith=text.upper())


class FinancePresenter(_Declared):
    """The figures of a year."""

    machine = FINANCE
    figures = ("revenue_fen", "assets_fen", "liabilities_fen", "net_profit_fen")
    fields = {
        "year": Words(gettext_lazy("年度")),
        "revenue_fen": Words(gettext_lazy("营业收入")),
        "assets_fen": Words(gettext_lazy("资产总额")),
        "liabilities_fen": Words(gettext_lazy("负债总额")),
        "net_profit_fen": Words(gettext_lazy("净利润")),
        "document_sha256": _DOCUMENT,
        "document_number": _NUMBER,
    }

    def title(self, case: Any) -> str:
        """Which year."""
        return _("%(year)s 年度财务摘要") % {"year": case.year}

    def search(self, text: str) -> Q:
        """By the enterprise's code, or by year."""
        found = Q(uscc__startswith=text.upper())
        return found | Q(year=int(text)) if text.isascii() and text.isdigit() else found


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "contractor_clerk":
        yield Link(_("申报业绩"), presets.open_url(CLAIM.code))
        yield Link(_("申报财务摘要"), presets.open_url(FINANCE.code))


presenters.register(ClaimPresenter())
presenters.register(FinancePresenter())
desk_parts.add(actions=_begin)
