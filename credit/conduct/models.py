"""The conduct record: one act of one enterprise, by one document."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.conduct.machine import RECORD
from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase

__all__ = ["ConductRecord"]


class ConductRecord(ProjectCase):
    """What an enterprise did, good or bad, what decided it, and how long it is shown."""

    machine: ClassVar[Machine] = RECORD

    number = models.CharField(_("记录编号"), max_length=40)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, db_index=True)
    name = models.CharField(_("企业名称"), max_length=200)
    item = models.CharField(_("评价项"), max_length=60)
    # minor, ordinary or serious: decides how long it is shown. Empty for good conduct.
    severity = models.CharField(_("轻重"), max_length=20, blank=True)
    fact = models.TextField(_("事实"))
    article = models.CharField(_("依据"), max_length=200, blank=True)
    occurred_on = models.DateField(_("发生日期"))
    document_number = models.CharField(_("文书编号"), max_length=200)
    document_sha256 = models.CharField(max_length=64, blank=True)
    section = models.CharField(_("合同段"), max_length=60, blank=True)
    # As the document states them, where the scheme leaves the weight to it.
    stated_points = models.IntegerField(_("决定载明的分值"), default=0)
    stated_days = models.IntegerField(_("决定载明的期限"), default=0)
    decided_by = models.CharField(_("作出决定的单位"), max_length=200)
    source = models.CharField(max_length=60, blank=True)
    verified_by = models.BigIntegerField(_("核对人"), default=0)
    # The act that one officer proposed and another has still to confirm; empty where none waits.
    proposed = models.CharField(_("提议的处理"), max_length=20, blank=True)
    proposed_by = models.BigIntegerField(_("提议人"), default=0)
    proposal_reason = models.TextField(_("提议理由"), blank=True)
    # From when the term of showing counts; without it, from the act itself.
    decided_on = models.DateField(_("文书日期"), null=True, blank=True)
    penalty_until = models.DateField(_("处罚期限至"), null=True, blank=True)
    # Excluded from bidding until then by the document itself, on a list or not.
    bid_ban_until = models.DateField(_("禁止投标至"), null=True, blank=True)
    # Kept and weighed, and not shown: what is minor, as long as two officers say nothing else.
    kept_back = models.BooleanField(_("不公示"), default=False)
    repair_barred_by = models.CharField(_("不得修复的依据"), max_length=200, blank=True)
    statement = models.TextField(_("陈述申辩"), blank=True)
    answer = models.TextField(_("对陈述申辩的答复"), blank=True)
    statement_sha256 = models.CharField(max_length=64, blank=True)
    # The number of the paper from whose signing a time of the enterprise runs.
    awaited_paper = models.CharField(max_length=40, blank=True)
    listing_statement = models.TextField(_("就列入名单的陈述申辩"), blank=True)
    objection = models.TextField(_("异议理由"), blank=True)
    accepted_by = models.BigIntegerField(_("异议受理人"), default=0)
    extension_reason = models.TextField(_("延长理由"), blank=True)
    objection_decided_at = models.DateTimeField(_("异议决定时间"), null=True, blank=True)
    # Of the authority that decided the objection: the one above it reviews.
    decided_region = models.CharField(max_length=6, blank=True)
    # While an application to leave the list early waits: why, and until when it is decided.
    exit_reason = models.TextField(_("申请提前移出的理由"), blank=True)
    exit_due_at = models.DateTimeField(_("应当决定是否提前移出的期限"), null=True, blank=True)
    review_reason = models.TextField(_("申请上级复核的理由"), blank=True)
    review_document = models.CharField(_("复核决定文号"), max_length=200, blank=True)
    # The document that a proposal rests on; once confirmed, the one that suspends the use.
    proposal_document = models.CharField(_("提议所依文书"), max_length=200, blank=True)
    suspended_by = models.CharField(_("暂停使用所依文书"), max_length=200, blank=True)
    change_document = models.CharField(_("变更或者撤销处罚的文书"), max_length=200, blank=True)
    correction_document = models.CharField(_("纠正行为的证明文书"), max_length=200, blank=True)
    commitment_sha256 = models.CharField(max_length=64, blank=True)
    publish_due_at = models.DateTimeField(_("应当公布的期限"), null=True, blank=True)
    decide_due_at = models.DateTimeField(_("应当复核的期限"), null=True, blank=True)
    hearing_ends_at = models.DateTimeField(_("听取陈述申辩至"), null=True, blank=True)
    withdraw_due_at = models.DateTimeField(_("应当撤回的期限"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    shown_until = models.DateTimeField(_("公示至"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=~models.Q(source=""), name="conduct_source_once"
            ),
            models.UniqueConstraint(
                fields=["uscc", "item", "document_number"],
                # What was merely stored weighs nothing: the document may come again, rightly dated.
                condition=~models.Q(state="revoked")
                & ~models.Q(state="expired", published_at__isnull=True),
                name="conduct_fact_once",
            ),
            models.UniqueConstraint(fields=["number"], name="conduct_number"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def term_starts_on(self) -> date:
        """The day from which the term of showing counts."""
        return self.decided_on or self.occurred_on

    @property
    def reference(self) -> str:
        """Its number."""
        return self.number
