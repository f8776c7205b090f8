"""Tables of the expert bank, the draw, the committee and what its members found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.evaluation import rules
from procurement.evaluation.experts.models import Expert
from procurement.evaluation.machine import EVALUATION

__all__ = [
    "BidScore", "BidVote", "BillFinding", "CommitteeSeat", "Evaluation", "EvaluationResult",
    "Expert", "ExpertDraw", "Question",
]  # fmt: skip


class Evaluation(ProjectCase):
    """The evaluation of one lot. Names and points stand in tables of their own, never here.

    What stands in a case's columns is read by all who may open it; the committee is secret.
    """

    machine: ClassVar[Machine] = EVALUATION

    lot_id = models.BigIntegerField(_("标段案卷"), default=0)
    lot_number = models.CharField(_("标段编号"), max_length=40, blank=True)
    owner_uscc = models.CharField(_("招标人"), max_length=18, blank=True)
    agency_uscc = models.CharField(_("招标代理机构"), max_length=18, blank=True)
    experts = models.PositiveSmallIntegerField(_("抽取专家人数"), default=0)
    representatives = models.PositiveSmallIntegerField(_("招标人代表人数"), default=0)
    nonce_commitment = models.CharField(_("平台随机数承诺"), max_length=64, blank=True)
    pool_sha256 = models.CharField(_("专家库快照"), max_length=64, blank=True)
    # Of seed and order together: nobody can try names against it without the seed.
    order_sha256 = models.CharField(_("抽取次序承诺"), max_length=64, blank=True)
    # The supervising authority's decision that experts may be drawn after the opening.
    late_draw_at = models.DateTimeField(_("准许开标后抽取的时间"), null=True, blank=True)
    late_draw_document = models.CharField(_("准许文号"), max_length=40, blank=True)
    late_draw_reason = models.TextField(_("准许理由"), blank=True)
    leader = models.PositiveSmallIntegerField(_("组长席位"), default=0)
    # How long the owner lets a review take, in hours; 0: as long as it takes.
    hours = models.PositiveSmallIntegerField(_("评标时间（小时）"), default=0)
    ends_at = models.DateTimeField(_("评标截止时间"), null=True, blank=True)
    result_sha256 = models.CharField(_("评标结果"), max_length=64, blank=True)
    # How often the report was drafted: a dissent or a refusal makes a new one.
    report_issue = models.PositiveSmallIntegerField(_("报告版次"), default=0)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["state", "agency_uscc"], name="evaluation_desk")]
        constraints = [
            # Two clerks form a committee at once: one of them is refused.
            models.UniqueConstraint(
                fields=["lot_number"],
                condition=~models.Q(state="failed") & ~models.Q(lot_number=""),
                name="evaluation_one_per_lot",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How the case is called: after its lot."""
        return f"{self.lot_number}-PB" if self.lot_number else f"PB{self.pk}"

    @property
    def links(self) -> frozenset[str]:
        """The lot that is evaluated."""
        return frozenset({f"procurement.tender:{self.lot_id}"}) if self.lot_id else frozenset()


class ExpertDraw(models.Model):
    """All that the draw was made of, kept so that it can be made again; secret until reported."""

    # The case is found by what it published of the nonce: it has no key yet when this is made.
    commitment = models.CharField(max_length=64, unique=True)
    platform_nonce = models.CharField(max_length=64)
    owner_nonce = models.CharField(max_length=200, blank=True)
    # The pool as it was when the committee was formed, and whom the lot cannot have.
    pool = models.JSONField(default=list)
    filters = models.JSONField(default=dict)
    representatives = models.JSONField(default=list)
    order = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.commitment


class CommitteeSeat(models.Model):
    """A place on the committee and who holds it. number: as members are called in the session."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField(_("席位"))
    person = models.ForeignKey("kernel.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, null=True, related_name="seats")
    kind = models.CharField(max_length=16, default=rules.EXPERT)
    status = models.CharField(max_length=8, default=rules.CALLED)
    called_at = models.DateTimeField(_("通知时间"))
    present_at = models.DateTimeField(_("签到时间"), null=True)
    # Since when this member holds the time to be too short; empty again once it is extended.
    asked_time_at = models.DateTimeField(_("认为时间不够"), null=True)
    gone_at = models.DateTimeField(_("退出时间"), null=True)
    gone_cause = models.CharField(max_length=40, blank=True)
    opinion = models.TextField(_("不同意见"), blank=True)
    signing = models.CharField(max_length=8, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="seat_number"),
            models.UniqueConstraint(fields=["evaluation", "person"], name="seat_person"),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}/{self.number}"


class _OfMember(models.Model):
    """What a member gave for a bid. void: the member was replaced and it counts no more."""

    seat = models.ForeignKey(CommitteeSeat, on_delete=models.PROTECT, related_name="+")
    bid_id = models.BigIntegerField()
    at = models.DateTimeField()
    void = models.BooleanField(default=False)

    class Meta:
        abstract = True
        ordering = ("pk",)


class BidVote(_OfMember):
    """A vote in the preliminary review. findings: schemas.Finding as JSON."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="votes")
    findings: Any = models.JSONField()

    class Meta(_OfMember.Meta):
        constraints = [models.UniqueConstraint(fields=["seat", "bid_id"], name="vote_once")]


class BidScore(_OfMember):
    """Points for a bid. marks: criterion -> hundredths; technical, commercial: their sums."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="scores")
    marks: Any = models.JSONField()
    technical = models.IntegerField()
    commercial = models.IntegerField()
    reason = models.TextField(blank=True)

    class Meta(_OfMember.Meta):
        constraints = [models.UniqueConstraint(fields=["seat", "bid_id"], name="score_once")]


class BillFinding(models.Model):
    """Something that clearing pointed out about a bid; advice, no decision."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="findings")
    bid_id = models.BigIntegerField()
    # A refusal's parts: code, facts, article, field.
    finding: Any = models.JSONField()

    class Meta:
        ordering = ("bid_id", "pk")

    def __str__(self) -> str:
        return str(self.finding["code"])


class Question(models.Model):
    """A written question to a bidder, and its answer."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="questions")
    bid_id = models.BigIntegerField()
    uscc = models.CharField(max_length=18, db_index=True)
    question = models.TextField(_("问题"))
    asked_at = models.DateTimeField()
    reply_by = models.DateTimeField(_("答复截止"))
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.evaluation_id}/{self.pk}"


class EvaluationResult(models.Model):
    """A counted result: canonical texts of inputs and of what came out. No row is ever taken away.

    reported: a signed report stated it. void: it does not stand any more, for a member was replaced
    after it was counted.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="results")
    at = models.DateTimeField()
    inputs = models.TextField()
    result = models.TextField()
    sha256 = models.CharField(max_length=64)
    reported = models.BooleanField(default=False)
    void = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.sha256
