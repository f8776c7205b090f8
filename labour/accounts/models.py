"""The special wage account of a contract, and every movement on it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from labour.accounts.machine import ACCOUNT

__all__ = ["AccountEntry", "WageAccount"]


class WageAccount(ProjectCase):
    """The account that a contract's wages are paid from. late: opened after the time allowed."""

    machine: ClassVar[Machine] = ACCOUNT

    contract_number = models.CharField(_("合同编号"), max_length=60, db_index=True)
    works_name = models.CharField(_("工程名称"), max_length=200)
    owner_uscc = models.CharField(_("建设单位"), max_length=18)
    contractor_uscc = models.CharField(_("施工总承包单位"), max_length=18, db_index=True)
    contractor_name = models.CharField(_("施工总承包单位"), max_length=200)
    bank_uscc = models.CharField(_("开户银行"), max_length=18)
    bank_name = models.CharField(_("开户银行"), max_length=200)
    account_number = models.CharField(_("账号"), max_length=30)
    confirmation_number = models.CharField(_("开户证明编号"), max_length=200)
    confirmation_sha256 = models.CharField(max_length=64, blank=True)
    opened_on = models.DateField(_("开户日期"))
    due_on = models.DateField(_("应开户至"))
    # The first instant at which the month has run out without labour cost from the owner.
    transfer_due_at = models.DateTimeField(_("应拨付人工费用至"), null=True, blank=True)
    transfers_missed = models.PositiveIntegerField(_("逾期未拨付次数"), default=0)
    announced_at = models.DateTimeField(_("公示时间"), null=True, blank=True)

    # What was left when it was closed, and the bank's receipt of its way back to the contractor.
    rest_fen = models.BigIntegerField(_("撤销时退回余额（元）"), default=0)
    rest_receipt = models.CharField(_("余额退回回单"), max_length=200, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            # Whatever the code believes: one contract has one account.
            models.UniqueConstraint(
                fields=["contract_number"],
                condition=~models.Q(state="closed"),
                name="wage_account_one_per_contract",
            )
        ]

    def __str__(self) -> str:
        return self.works_name

    @property
    def reference(self) -> str:
        """The contract's number."""
        return self.contract_number

    @property
    def late(self) -> bool:
        """Whether it was opened after the time that the rules leave."""
        return self.opened_on > self.due_on


class AccountEntry(models.Model):
    """Money in (positive) or out (negative), in fen. Rows are never changed or removed."""

    # Not the account: money may be told of before the account is, and outlives its closing.
    contract_number = models.CharField(_("合同编号"), max_length=60)
    amount_fen = models.BigIntegerField(_("金额（元）"))
    receipt = models.CharField(_("回单编号"), max_length=200)
    payer = models.CharField(_("付款方"), max_length=200, blank=True)
    payroll_number = models.CharField(_("工资表"), max_length=40, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["contract_number", "receipt"], name="wage_receipt_once"
            ),
            models.CheckConstraint(condition=~models.Q(amount_fen=0), name="wage_entry_not_zero"),
        ]
