"""How a wage account is shown and filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access.actors import Actor
from kernel.identifiers import masks
from kernel.parties.models import Organisation
from kernel.web import desk_parts, presenters
from kernel.web.presenters import REASON, Presenter
from kernel.web.schema_forms import Words, today
from kernel.web.viewmodels import Fact, FactGroup, Link, Party
from labour.accounts.machine import ACCOUNT
from labour.accounts.models import AccountEntry
from labour.accounts.selectors import balance_fen, contradicted_by
from labour.sites import selectors as sites


def contract_options(_case: Any, actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The actor's signed contracts."""
    for one in sites.contracts_of(actor.uscc)[:200]:
        yield one.number, f"{one.number} {one.works_name}"


def bank_options(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """Banks whose people pay out wages here."""
    found = Organisation.objects.filter(memberships__role="bank_clerk").distinct()
    for one in found[:200]:
        yield one.uscc, one.name


class AccountPresenter(Presenter):
    """A wage account's case page and act pages."""

    machine = ACCOUNT
    fields = {
        "contract_number": Words(gettext_lazy("施工合同"), options=contract_options),
        "bank_uscc": Words(gettext_lazy("开户银行"), options=bank_options),
        "account_number": Words(gettext_lazy("账号"), initial=lambda _c, _a, _t: ""),
        "opened_on": Words(gettext_lazy("开户日期"), initial=today),
        "confirmation_number": Words(gettext_lazy("开户证明编号")),
        "confirmation_sha256": Words(gettext_lazy("开户证明")),
        "amount_fen": Words(gettext_lazy("入账金额")),
        "receipt_number": Words(gettext_lazy("回单编号")),
        "payer": Words(gettext_lazy("付款方")),
        "reason": REASON["reason"],
        "rest_fen": Words(
            gettext_lazy("退回施工总承包单位的余额"),
            initial=lambda case, _a, _t: balance_fen(case.contract_number),
        ),
        "rest_receipt": Words(
            gettext_lazy("退回余额的银行回单"), help=gettext_lazy("有余额的填写")
        ),
    }

    def title(self, case: Any) -> str:
        """The works whose wages it pays."""
        return str(case.works_name)

    def party(self, case: Any) -> str:
        """The contractor."""
        return str(case.contractor_name)

    def search(self, text: str) -> Q:
        """By contract or works."""
        return Q(contract_number__startswith=text) | Q(works_name__contains=text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Bank, account (masked), balance."""
        return (
            Fact(_("开户银行"), case.bank_name, "name"),
            Fact(
                _("账号"), masks.account(case.account_number), "masked",
                unmask_url=reverse("web:unmask", args=[ACCOUNT.code, case.pk, "account_number"]),
            ),
            Fact(_("余额"), balance_fen(case.contract_number), "money"),
        )  # fmt: skip

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """When it was opened, and whether in time."""
        in_time = _("超过规定期限") if case.late else _("按期开立")
        proof = Fact(
            _("开户证明编号"), case.confirmation_number, "name",
            url=reverse("web:case-file", args=[ACCOUNT.code, case.pk, case.confirmation_sha256])
            if case.confirmation_sha256 else "",
        )  # fmt: skip
        return (
            FactGroup(
                _("开户"),
                (
                    Fact(_("合同编号"), case.contract_number, "code"),
                    Fact(_("开户日期"), case.opened_on, "date"),
                    Fact(_("应开户至"), case.due_on, "date"),
                    Fact(_("是否按期"), in_time),
                    proof,
                    Fact(_("应拨付人工费用至"), _last_day(case.transfer_due_at), "date"),
                    Fact(_("逾期未拨付次数"), case.transfers_missed or "", "number"),
                    Fact(_("已退回施工总承包单位的余额"), case.rest_fen or None, "money"),
                    Fact(_("退回余额的银行回单"), case.rest_receipt, "code"),
                ),
            ),
        )

    def money(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """The last movements."""
        entries = AccountEntry.objects.filter(contract_number=case.contract_number)
        rows = tuple(
            Fact(_entry_words(one), one.amount_fen, "money") for one in entries.order_by("-pk")[:50]
        )
        return (FactGroup(_("收支明细"), rows),) if rows else ()

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Contractor and bank."""
        return (
            Party(_("施工总承包单位"), case.contractor_name, case.contractor_uscc),
            Party(_("开户银行"), case.bank_name, case.bank_uscc),
        )

    def masked(self, case: Any, name: str) -> str | None:
        """The account's number."""
        return str(case.account_number) if name == "account_number" else None


def _entry_words(one: AccountEntry) -> str:
    if receipt := contradicted_by(one.receipt):
        return _("%(number)s：银行称未到账") % {"number": receipt}
    return f"{one.receipt} {one.payroll_number or one.payer}".strip()


def _last_day(ends_at: datetime | None) -> date | None:
    return clock.legal_date(ends_at - timedelta(seconds=1)) if ends_at is not None else None


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role == "labour_clerk":
        yield Link(_("开立工资专用账户"), reverse("web:act-open", args=[ACCOUNT.code]))


presenters.register(AccountPresenter())
desk_parts.add(actions=_begin)
