"""How a variation is shown and filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access.actors import Actor
from kernel.money import format_yuan
from kernel.web import presenters
from kernel.web.party_names import name_on
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import FieldWords, Words, today
from kernel.web.viewmodels import Fact, FactGroup, Party
from procurement.contracts import cites, quantities
from procurement.contracts.messages import INSTRUCTION
from procurement.contracts.models import Contract
from procurement.contracts.pages import contract_link, parties
from procurement.contracts.parties import has_part
from procurement.contracts.states import PERFORMING, REGISTERED, SIGNED
from procurement.contracts.variations.machine import VARIATION
from procurement.contracts.variations.rules import value_fen


def _contracts(_case: Any, actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    rows = Contract.objects.filter(state__in=(SIGNED, REGISTERED, PERFORMING))
    mine = Q(owner_uscc=actor.uscc) | Q(contractor_uscc=actor.uscc)
    found = rows.filter(mine | Q(supervision_uscc=actor.uscc)).order_by("-pk")[:200]
    return [(r.number, f"{r.number} {r.works_name}") for r in found if has_part(r, actor.uscc)]


def _known_items(case: Any, _actor: Actor, _at: datetime) -> list[dict[str, Any]]:
    return [dict(item) for item in (case.checked_items or case.items)] if case else []


_ITEMS = gettext_lazy("估价明细")
_ORDER = gettext_lazy("变更指令")
FIELDS: FieldWords = {
    "contract_number": Words(gettext_lazy("合同"), options=_contracts),
    "title": Words(gettext_lazy("变更事项")),
    "reason_code": Words(gettext_lazy("变更原因"), options="variation_reason"),
    "description": Words(gettext_lazy("变更说明")),
    "instruction_number": Words(INSTRUCTION["instruction_number"], group=_ORDER),
    "instructed_on": Words(INSTRUCTION["instructed_on"], group=_ORDER, initial=today),
    "supervision_notice": Words(INSTRUCTION["supervision_notice"], group=_ORDER),
    "drawing_number": Words(INSTRUCTION["drawing_number"], group=_ORDER),
    "drawing_sha256": Words(gettext_lazy("变更图纸"), group=_ORDER),
    "major_design": Words(
        gettext_lazy("重大设计变更"),
        help=gettext_lazy("涉及已审查内容的，须重新送审。"),
        group=_ORDER,
    ),
    "review_number": Words(gettext_lazy("重新审查的合格书编号"), group=_ORDER),
    "items": Words(_ITEMS, initial=_known_items),
    "items.code": Words(gettext_lazy("项目编码")),
    "items.name": Words(gettext_lazy("项目名称")),
    "items.unit": Words(gettext_lazy("计量单位")),
    "items.quantity": Words(gettext_lazy("数量"), help=gettext_lazy("减少的填负数。")),
    "items.price_fen": Words(gettext_lazy("综合单价")),
    "items.basis": Words(gettext_lazy("计价方式"), options="variation_basis"),
    "items.reference": Words(
        gettext_lazy("类似项目编码"), help=gettext_lazy("参照类似项目时填写。")
    ),
    "items.cost_fen": Words(gettext_lazy("单位成本"), help=gettext_lazy("按成本加利润时填写。")),
    "items.profit_fen": Words(gettext_lazy("单位利润")),
    "extra_days": Words(gettext_lazy("顺延工期"), unit=gettext_lazy("天")),
    "opinion": Words(gettext_lazy("审核意见"), group=gettext_lazy("审核意见")),
    "extra_approval": Words(
        gettext_lazy("追加批准文号"),
        help=gettext_lazy("累计变更超过规定比例时填写。"),
        group=gettext_lazy("批准"),
    ),
}


class VariationPresenter(Presenter):
    """A variation's case page and act pages."""

    machine = VARIATION
    fields = FIELDS

    def title(self, case: Any) -> str:
        """What is changed."""
        return str(case.title)

    def party(self, case: Any) -> str:
        """The contractor."""
        return name_on(case, case.contractor_uscc)

    def search(self, text: str) -> Q:
        """By number, works or title."""
        found = Q(number__startswith=text) | Q(works_name__contains=text)
        return found | Q(title__contains=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Works, reason, value."""
        reason = cites.label("variation_reason", case.reason_code, clock.legal_date(at))
        return (
            Fact(_("工程名称"), case.works_name, "name"),
            Fact(_("变更原因"), reason),
            Fact(_("批准价款"), case.approved_fen, "money"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """The proposal, the instruction, the items."""
        items = quantities.ITEMS.validate_python(case.checked_items or case.items)
        told = tuple(
            Fact(
                f"{item.code} {item.name}".strip(),
                _("%(quantity)s %(unit)s × %(price)s = %(sum)s 元") % {
                    "quantity": f"{item.quantity.normalize():f}",
                    "unit": item.unit,
                    "price": format_yuan(item.price_fen),
                    "sum": format_yuan(value_fen([item])),
                },
            )
            for item in items
        )  # fmt: skip
        proposal = (
            Fact(_("变更事项"), case.title, "name"),
            Fact(_("变更说明"), case.description, "name"),
        )
        return (
            FactGroup(_("变更"), proposal),
            FactGroup(_("变更指令"), _instruction(case)),
            FactGroup(_("估价明细"), told),
        )

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """As valued, checked, approved; what is paid as a change."""
        rows = (
            Fact(_("报送价款"), case.valued_fen, "money"),
            Fact(_("审核价款"), case.checked_fen, "money"),
            Fact(_("批准价款"), case.approved_fen, "money"),
            Fact(_("按变更支付"), case.payable_fen, "money"),
            Fact(_("随计量支付"), case.approved_fen - case.payable_fen, "money"),
        )
        return (FactGroup(_("变更价款"), rows),)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Owner, contractor, supervision."""
        return parties(case)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The contract."""
        return (contract_link(case),)


def _instruction(case: Any) -> tuple[Fact, ...]:
    rows = [
        Fact(str(INSTRUCTION["instruction_number"]), case.instruction_number, "name"),
        Fact(str(INSTRUCTION["instructed_on"]), case.instructed_on, "date"),
        Fact(str(INSTRUCTION["supervision_notice"]), case.supervision_notice, "name"),
        Fact(str(INSTRUCTION["drawing_number"]), case.drawing_number, "name"),
    ]
    if case.major_design:
        rows.append(Fact(_("重新审查的合格书编号"), case.review_number, "name"))
    return tuple(rows)


presenters.register(VariationPresenter())
