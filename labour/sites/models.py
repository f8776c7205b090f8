"""Where people may work, and the contracts that wages are paid under, as procurement told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["SignedContract", "SiteOfWork"]


class SignedContract(models.Model):
    """A construction contract that was signed: its wage account is opened before the permit."""

    number = models.CharField(_("合同编号"), max_length=60, primary_key=True)
    project_number = models.CharField(_("项目编号"), max_length=20, db_index=True)
    works_name = models.CharField(_("工程名称"), max_length=200)
    region = models.CharField(_("建设地点（区划）"), max_length=6)
    owner_uscc = models.CharField(max_length=18)
    contractor_uscc = models.CharField(max_length=18, db_index=True)
    price_fen = models.BigIntegerField(_("合同价（元）"))
    signed_at = models.DateTimeField(_("签订时间"))

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return self.works_name


class SiteOfWork(models.Model):
    """A site: works that have their permit. Its number is the works number."""

    number = models.CharField(_("工程编号"), max_length=40, primary_key=True)
    contract_number = models.CharField(_("合同编号"), max_length=60, db_index=True)
    project_number = models.CharField(_("项目编号"), max_length=20)
    name = models.CharField(_("工程名称"), max_length=200)
    region = models.CharField(_("建设地点（区划）"), max_length=6)
    owner_uscc = models.CharField(max_length=18)
    contractor_uscc = models.CharField(max_length=18, db_index=True)
    supervision_uscc = models.CharField(max_length=18, blank=True)
    permitted_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return self.name
