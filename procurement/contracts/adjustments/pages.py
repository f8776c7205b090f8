"""How a price adjustment is shown and filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.money import format_yuan
from kernel.web import presenters
from kernel.web.party_names import name_on
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import FieldWords, Words
from kernel.web.viewmodels import Fact, FactGroup, Party
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT
from procurement.contracts.adjustments.schemas import ProposePayload
from procurement.contracts.pages import contract_link, own_contracts, parties
from procurement.contracts.states import PERFORMING, SETTLING

_INDEX = gettext_lazy("指数调差")
FIELDS: FieldWords = {
    "contract_number": Words(gettext_lazy("合同"), options=own_contracts((PERFORMING, SETTLING))),
    "period": Words(
        gettext_lazy("调整期间"), help=gettext_lazy("价格信息或者指数的期间，如 2026年5月。")
    ),
    "materials": Words(
        gettext_lazy("材料价差"), help=gettext_lazy("合同约定按造价信息调差时填写。")
    ),
    "materials.code": Words(gettext_lazy("材料编码")),
    "materials.name": Words(gettext_lazy("材料名称")),
    "materials.unit": Words(gettext_lazy("计量单位")),
    "materials.quantity": Words(gettext_lazy("本期用量")),
    "materials.base_fen": Words(gettext_lazy("基准期信息价")),
    "materials.bid_fen": Words(gettext_lazy("投标单价")),
    "materials.current_fen": Words(gettext_lazy("当期信息价")),
    "materials.source": Words(gettext_lazy("信息价出处")),
    "work_done_fen": Words(gettext_lazy("本期完成工程价款"), group=_INDEX),
    "constant": Words(
        gettext_lazy("定值权重"),
        help=gettext_lazy("定值权重与各变值权重之和为 1。"),
        group=_INDEX,
    ),
    "components": Words(gettext_lazy("变值因子")),
    "components.name": Words(gettext_lazy("因子")),
    "components.weight": Words(gettext_lazy("权重")),
    "components.current": Words(gettext_lazy("现行指数")),
    "components.base": Words(gettext_lazy("基本指数")),
    "grown": Words(
        gettext_lazy("工程量偏差"), help=gettext_lazy("数量与合同清单相差超过幅度的项目。")
    ),
    "grown.code": Words(gettext_lazy("项目编码")),
    "grown.done": Words(gettext_lazy("完成总量")),
    "grown.new_price_fen": Words(gettext_lazy("新单价")),
    "opinion": Words(gettext_lazy("审核意见")),
}


class AdjustmentPresenter(Presenter):
    """A price adjustment's case page and act pages."""

    machine = PRICE_ADJUSTMENT
    fields = FIELDS

    def title(self, case: Any) -> str:
        """Works and period."""
        return f"{case.works_name} {case.period}"

    def party(self, case: Any) -> str:
        """The contractor."""
        return name_on(case, case.contractor_uscc)

    def search(self, text: str) -> Q:
        """By number, works or period."""
        return Q(number__startswith=text) | Q(works_name__contains=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Period, sum, risk."""
        return (
            Fact(_("调整期间"), case.period, "name"),
            Fact(_("调整金额"), case.amount_fen, "money"),
            Fact(_("风险幅度（%）"), f"{case.risk_percent.normalize():f}"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What it is counted from."""
        proposal = ProposePayload.model_validate(case.proposal)
        materials = tuple(
            Fact(
                f"{one.code} {one.name}",
                _("用量 %(quantity)s；基准 %(base)s，投标 %(bid)s，当期 %(current)s 元") % {
                    "quantity": f"{one.quantity.normalize():f}",
                    "base": format_yuan(one.base_fen),
                    "bid": format_yuan(one.bid_fen),
                    "current": format_yuan(one.current_fen),
                },
                "name",
            )
            for one in proposal.materials
        )  # fmt: skip
        factors = tuple(
            Fact(one.name, f"{one.weight} × {one.current} / {one.base}")
            for one in proposal.components
        )
        grown = tuple(Fact(one.code, f"{one.done.normalize():f}", "name") for one in proposal.grown)
        groups = (
            FactGroup(_("材料价差"), materials),
            FactGroup(_("指数调差"), factors),
            FactGroup(_("工程量偏差"), grown),
        )
        return tuple(group for group in groups if group.facts)

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What it comes to."""
        return (FactGroup(_("价差"), (Fact(_("调整金额"), case.amount_fen, "money"),)),)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Owner, contractor, supervision."""
        return parties(case)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The contract."""
        return (contract_link(case),)


presenters.register(AdjustmentPresenter())
