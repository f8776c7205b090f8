"""How a payment is shown and filled in; the measurement comes filled with the bill's items."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access.actors import Actor
from kernel.identifiers import masks
from kernel.web import presenters
from kernel.web.party_names import name_on
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import FieldWords, Words, today
from kernel.web.viewmodels import Fact, FactGroup, Party
from kernel.web.words import listed
from procurement.contracts import cites, needs, quantities, selectors
from procurement.contracts.adjustments.selectors import payable as payable_adjustments
from procurement.contracts.pages import RECEIPT_WORDS, contract_link, own_contracts, parties
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.payments.models import Payment
from procurement.contracts.states import (
    PERFORMING,
    REGISTERED,
    RETENTION_RETURNED,
    SETTLED,
    SETTLING,
    SIGNED,
)
from procurement.contracts.variations.selectors import payable as payable_changes

# A form has no more fields than a request may carry; longer bills come through the API.
_LINES = 250


def _unmeasured(case: Any, _actor: Actor, _at: datetime) -> list[dict[str, Any]]:
    """What was entered already, then the bill's items of which something is left to measure."""
    if case is None:
        return []
    found = [dict(line) for line in case.lines]
    named = {line["code"] for line in found}
    contract = selectors.contract(case.contract_number)
    bill = needs.bill.ask(contract.bill_sha256) if contract else {}
    done = quantities.measured(case.contract_number, case.pk)
    more = quantities.extra_quantities(case.contract_number)
    for code, line in bill.items():
        left = line.quantity + more.get(code, 0) - done.get(code, 0)
        if code not in named and left > 0:
            found.append({"code": code, "name": line.name})
    return found[:_LINES]


def _claimed(case: Any, _actor: Actor, _at: datetime) -> list[dict[str, Any]]:
    return [dict(line) for line in case.lines][:_LINES] if case else []


def _changes(case: Any, _actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    rows = payable_changes(case.contract_number) if case else []
    return [(row.number, f"{row.number} {row.title}") for row in rows]


def _adjustments(case: Any, _actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    rows = payable_adjustments(case.contract_number) if case else []
    return [(row.number, f"{row.number} {row.period}") for row in rows]


FIELDS: FieldWords = {
    "contract_number": Words(
        gettext_lazy("合同"),
        options=own_contracts(
            (SIGNED, REGISTERED, PERFORMING, SETTLING, SETTLED, RETENTION_RETURNED)
        ),
    ),
    "kind": Words(gettext_lazy("付款类别"), options="payment_kind"),
    "measured_to": Words(
        gettext_lazy("计量截止"), help=gettext_lazy("本期计量的最后一天。"), initial=today
    ),
    "lines": Words(
        gettext_lazy("计量项目"),
        help=gettext_lazy("项目取自合同清单。只填写本期完成的数量，未完成的留空。"),
        initial=_unmeasured,
        source=gettext_lazy("合同清单"),
        lines=0,
    ),
    "lines.code": Words(gettext_lazy("项目编码")),
    "lines.name": Words(gettext_lazy("项目名称")),
    "lines.quantity": Words(gettext_lazy("本期数量")),
    "variations": Words(
        gettext_lazy("列入的变更"), options=_changes, group=gettext_lazy("变更与价差")
    ),
    "adjustments": Words(
        gettext_lazy("列入的价差"), options=_adjustments, group=gettext_lazy("变更与价差")
    ),
    "owner_supplied_fen": Words(gettext_lazy("扣甲供材料"), group=gettext_lazy("扣款")),
    "penalties_fen": Words(gettext_lazy("扣违约金"), group=gettext_lazy("扣款")),
    "opinion": Words(gettext_lazy("审核意见"), group=gettext_lazy("审核意见")),
    "account": Words(
        gettext_lazy("农民工工资专用账户"),
        help=gettext_lazy("填写本项目专用账户的账号。"),
        group=gettext_lazy("专用账户"),
    ),
    "disputed_fen": Words(gettext_lazy("有争议的金额"), group=gettext_lazy("争议")),
    "reason": Words(gettext_lazy("理由"), group=gettext_lazy("争议")),
    **RECEIPT_WORDS,
}


class PaymentPresenter(Presenter):
    """A payment's case page and act pages."""

    machine = PAYMENT
    fields = FIELDS

    def title(self, case: Any) -> str:
        """Works and kind of payment."""
        kind = cites.label("payment_kind", case.kind, case.measured_to)
        return f"{case.works_name} {kind}"

    def party(self, case: Any) -> str:
        """The contractor."""
        return name_on(case, case.contractor_uscc)

    def search(self, text: str) -> Q:
        """By number, contract or works."""
        return Q(number__startswith=text) | Q(works_name__contains=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """What is due, of it wages, until when."""
        return (
            Fact(_("本期应付"), case.due_fen, "money"),
            Fact(_("其中人工费用"), case.wages_fen, "money"),
            Fact(_("计量截止"), case.measured_to, "date"),
            Fact(_("付款期限"), clock.legal_date(case.pay_by) if case.pay_by else None, "date"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """The measured items."""
        held = case.certified_lines or case.lines
        lines = tuple(Fact(f"{line['code']} {line['name']}", line["quantity"]) for line in held)
        named = (
            Fact(_("列入的变更"), listed(case.variations), "name"),
            Fact(_("列入的价差"), listed(case.adjustments), "name"),
        )
        return (FactGroup(_("计量项目"), lines), FactGroup(_("变更与价差"), named))

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What it is made of, and what was paid of it."""
        return (FactGroup(_("价款组成"), _parts(case)), FactGroup(_("支付"), _paid(case)))

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Owner, contractor, supervision."""
        return parties(case)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The contract."""
        return (contract_link(case),)

    def masked(self, case: Any, name: str) -> str | None:
        """The account that the wages went to."""
        return case.wage_account or None if name == "wage_account" else None

    def act_form(self, transition: Any, case: Any, *args: Any, **more: Any) -> Any:
        """A certificate begins with what was asked for."""
        if transition.code != "certify":
            return super().act_form(transition, case, *args, **more)
        return _CERTIFYING.form_of(transition, case, *args, **more)


class _Certifying(PaymentPresenter):
    """The form of certifying: the same fields, filled with the quantities that were asked for."""

    fields = {**FIELDS, "lines": Words(
        gettext_lazy("计量项目"),
        help=gettext_lazy("报送的数量已填好，只改需要核减的。"),
        initial=_claimed,
        source=gettext_lazy("承包人报送"),
        lines=0,
    )}  # fmt: skip

    def form_of(self, *args: Any, **more: Any) -> Any:
        """The form by the schema."""
        return Presenter.act_form(self, *args, **more)


def _parts(case: Payment) -> tuple[Fact, ...]:
    return (
        Fact(_("完成工程价款"), case.work_fen, "money"),
        Fact(_("变更价款"), case.variations_fen, "money"),
        Fact(_("价差调整"), case.adjustments_fen, "money"),
        Fact(_("按比例应付"), case.gross_fen, "money"),
        Fact(_("扣回预付款"), case.recovery_fen, "money"),
        Fact(_("扣留质量保证金"), case.retention_fen, "money"),
        Fact(_("扣甲供材料"), case.owner_supplied_fen, "money"),
        Fact(_("扣违约金"), case.penalties_fen, "money"),
        Fact(_("本期应付"), case.due_fen, "money"),
    )


def _paid(case: Payment) -> tuple[Fact, ...]:
    rows = [
        Fact(_("已付人工费用"), case.wages_paid_fen, "money"),
        Fact(_("已付余款"), case.rest_paid_fen, "money"),
        Fact(_("争议金额"), case.disputed_fen, "money"),
        Fact(_("已付利息"), case.interest_fen, "money"),
    ]
    if case.priority_until:
        last = clock.legal_date(case.priority_until - timedelta(seconds=1))
        rows.append(Fact(_("优先受偿权至"), last, "date"))
    if case.wage_account:
        shown = masks.account(case.wage_account)
        url = reverse("web:unmask", args=[PAYMENT.code, case.pk, "wage_account"])
        rows.append(Fact(_("农民工工资专用账户"), shown, "masked", unmask_url=url))
    rows += [
        Fact(f"{receipt['bank']} {receipt['number']}", receipt["amount_fen"], "money")
        for receipt in (*case.wage_receipts, *case.receipts)
    ]
    return tuple(rows)


_CERTIFYING = _Certifying()
presenters.register(PaymentPresenter())
