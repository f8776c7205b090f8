"""Tables of sealed bids. What is secret before the opening stands in no column of a case."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.evidence.services import Placed
from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.bids.bid_machine import BID
from procurement.bids.machines import OPENING, POLICY

__all__ = [
    "Bid",
    "BidVersion",
    "OpenedEnvelope",
    "Opening",
    "OpeningPolicy",
    "OpeningSession",
    "OpeningStatement",
    "PendingUpload",
    "PolicyParty",
    "PolicySignature",
    "PolicyVersion",
    "ReplacedList",
    "StageRehearsal",
]


def _hash(label: object, **more: object) -> models.CharField[str, str]:
    return models.CharField(label, max_length=64, blank=True, **more)  # type: ignore[arg-type]


class LotCase(ProjectCase):
    """A case that hangs on a lot: its number, and who runs it."""

    # Given at random: a number in a row would tell how many bids came before.
    id = models.BigIntegerField(primary_key=True, editable=False)
    lot_id = models.BigIntegerField(_("标段"), default=0)
    lot_number = models.CharField(_("标段编号"), max_length=80, db_index=True)
    owner_uscc = models.CharField(_("招标人"), max_length=18, blank=True)
    agency_uscc = models.CharField(_("招标代理"), max_length=18, blank=True)

    class Meta:
        abstract = True

    @property
    def links(self) -> frozenset[str]:
        """The lot that it rests on."""
        return frozenset({f"procurement.tender:{self.lot_id}"})


class OpeningPolicy(LotCase):
    """Who holds the opening keys of a lot, how many open, and under which rules."""

    machine: ClassVar[Machine] = POLICY

    title = models.CharField(_("标段名称"), max_length=300, blank=True)
    supervisor_uscc = models.CharField(_("监督部门"), max_length=18)
    threshold = models.PositiveSmallIntegerField(_("开启所需份额"))
    decrypt_window_minutes = models.PositiveIntegerField(_("解密时限（分钟）"))
    # [{"name", "choices": […]}]
    draws = models.JSONField(_("抽取项"), default=list, blank=True)
    # [{"name", "envelopes": […]}] in the order in which they are opened.
    stages = models.JSONField(_("开标阶段"), default=list, blank=True)
    padding_minimum = models.BigIntegerField(_("信封最小字节数"))
    maximum_size = models.BigIntegerField(_("投标文件最大字节数"))
    deadline_at = models.DateTimeField(_("投标截止时间"))

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["lot_number"],
                condition=~models.Q(state="superseded"),
                name="policy_one_of_a_lot",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.lot_number}".strip()

    @property
    def reference(self) -> str:
        """How the policy is called."""
        return f"KQ-{self.lot_number}"


class PolicyParty(models.Model):
    """The procuring entity or a trustee: its key, its rehearsal."""

    policy = models.ForeignKey(OpeningPolicy, on_delete=models.PROTECT, related_name="parties")
    uscc = models.CharField(max_length=18)
    name = models.CharField(_("名称"), max_length=200)
    # Who controls it in the end: parties of one body count once.
    body = models.CharField(max_length=18)
    # Place among the trustees; none where the procuring entity holds no share.
    place = models.PositiveSmallIntegerField(null=True)
    is_entity = models.BooleanField(default=False)
    announcement = models.TextField(blank=True)
    announcement_p7s = models.BinaryField(default=bytes)
    key_sha256 = _hash("")
    challenge = models.TextField(blank=True)
    # What only the key can tell; proves nothing to anybody but us, opens nothing.
    secret = models.BinaryField(default=bytes)
    answer = models.TextField(blank=True)
    answer_p7s = models.BinaryField(default=bytes)
    rehearsed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("policy", "place", "pk")
        constraints = [
            models.UniqueConstraint(fields=["policy", "uscc"], name="policy_party_once"),
        ]


class PolicyVersion(models.Model):
    """A version of a policy as it was signed; in force once everybody has."""

    policy = models.ForeignKey(OpeningPolicy, on_delete=models.PROTECT, related_name="versions")
    lot_number = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = _hash("")
    deadline_at = models.DateTimeField()
    made_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    # Since when the closing list is being made, and nothing comes or goes any more.
    listing_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("policy", "number")
        indexes = [models.Index(fields=["lot_number", "number"], name="policy_version_lot")]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
        ]


class PolicySignature(models.Model):
    """A party's signature over a version."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="signatures")
    uscc = models.CharField(max_length=18)
    p7s = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["version", "uscc"], name="policy_signature_once"),
        ]


class Bid(LotCase):
    """A bidder's bid for a lot. Its content is sealed; the columns below stay empty till then."""

    machine: ClassVar[Machine] = BID

    bidder_uscc = models.CharField(_("投标人"), max_length=18, db_index=True)
    bidder_name = models.CharField(_("投标人名称"), max_length=200, blank=True)
    bid_version = models.PositiveIntegerField(_("投标文件版本"), default=0)
    manifest_sha256 = _hash(_("投标文件摘要"))
    policy_sha256 = _hash(_("开启方案摘要"))
    received_at = models.DateTimeField(_("收到时间"))
    certificate_serial = models.CharField(_("证书序列号"), max_length=40, blank=True)
    unsealed_at = models.DateTimeField(_("开启时间"), null=True, blank=True)
    price_fen = models.BigIntegerField(_("投标报价（元）"), null=True, blank=True)
    period_days = models.PositiveIntegerField(_("工期（日历天）"), null=True, blank=True)
    quality = models.CharField(_("质量目标"), max_length=200, blank=True)
    project_manager = models.CharField(_("项目经理"), max_length=200, blank=True)
    bid_security = models.CharField(_("投标保证编号"), max_length=200, blank=True)
    bill_sha256 = _hash(_("已标价清单摘要"))
    failure = models.CharField(_("未能开启的原因"), max_length=120, blank=True)
    # The credit certificate at the opening, as schemas.CreditLine.
    credit = models.JSONField(_("信用评价"), default=dict, blank=True)
    reason = models.TextField(_("否决或无效的理由"), blank=True)
    # {"ground", "document_number", "file_sha256", "by", "on"}: by which a bid was found void.
    decision = models.JSONField(_("认定投标无效的决定"), default=dict, blank=True)
    score = models.PositiveIntegerField(_("得分（百分之一分）"), null=True, blank=True)
    rank = models.PositiveIntegerField(_("名次"), null=True, blank=True)

    class Meta:
        ordering = ("-received_at",)
        constraints = [
            models.UniqueConstraint(fields=["lot_number", "bidder_uscc"], name="bid_one_a_bidder"),
            models.CheckConstraint(
                condition=models.Q(price_fen__isnull=True) | models.Q(price_fen__gt=0),
                name="bid_price_positive",
            ),
        ]
        indexes = [models.Index(fields=["bidder_uscc", "state"], name="bid_of_bidder")]

    def __str__(self) -> str:
        return f"{self.lot_number} {self.bidder_name}".strip()

    @property
    def reference(self) -> str:
        """How the bid is called; the number says nothing about others."""
        return f"TB{self.pk:016d}"


class BidVersion(models.Model):
    """A version that got its receipt. Manifest, signature and receipt stay; the file may go."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    manifest = models.TextField()
    signature = models.BinaryField()
    manifest_sha256 = _hash("")
    signature_sha256 = _hash("")
    policy_sha256 = _hash("")
    file_sha256 = _hash("")
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    certificate_sha256 = _hash("")
    certificate_serial = models.CharField(max_length=40)
    provisional = models.JSONField(default=list)
    # {envelope: [sealed share of each trustee, base64]}; emptied with the file.
    shares = models.JSONField(default=dict)
    # The file's name in the vault; empty once deleted.
    vault = models.CharField(max_length=32, blank=True)
    # Its name at the second keeper's, once it was copied there and compared hash for hash.
    keeper = models.CharField(max_length=160, blank=True)
    # Where the log has the receipt's entry; the receipt follows from it and is signed once.
    log_index = models.BigIntegerField()
    receipt = models.TextField(blank=True)
    receipt_p7s = models.BinaryField(default=bytes)
    withdrawal = models.TextField(blank=True)
    withdrawal_p7s = models.BinaryField(default=bytes)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_index = models.BigIntegerField(null=True)
    withdrawn_receipt = models.TextField(blank=True)
    withdrawn_receipt_p7s = models.BinaryField(default=bytes)
    # When the worker looks next at what the receipt still lacks (technical time); None: nothing.
    follow_up_at = models.DateTimeField(null=True)
    # Lot and bidder as its manifest has them, where it was just read; no column.
    names: tuple[str, str] | None = None
    # Its entry of the log with its proof, where it was just written; no column.
    placed: Placed | None = None

    class Meta:
        ordering = ("bid", "number")
        constraints = [models.UniqueConstraint(fields=["bid", "number"], name="bid_version_once")]
        indexes = [
            models.Index(fields=["bid", "file_sha256"], name="bid_version_file"),
            models.Index(
                fields=["follow_up_at"],
                name="bid_version_follow_up",
                condition=models.Q(follow_up_at__isnull=False),
            ),
        ]


class PendingUpload(models.Model):
    """An upload under way. The time of its last byte is written before anything is checked."""

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("传输中")
        WHOLE = "whole", _("已传完")
        SETTLED = "settled", _("已处理")
        VOID = "void", _("作废")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    lot_number = models.CharField(max_length=80)
    bidder_uscc = models.CharField(max_length=18)
    person_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    role = models.CharField(max_length=40)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    # Legal time, and technical time by which a closing counts how long it has waited.
    started_at = models.DateTimeField()
    started_really_at = models.DateTimeField()
    last_byte_at = models.DateTimeField(null=True)
    file_sha256 = _hash("")
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["lot_number", "status"], name="upload_of_lot")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not kept: what the checks found, and the policy under which the upload began.
        self.found: dict[str, Any] = {}
        self.policy: Any = None
        self.accepted: Any = None
        self.became: BidVersion | None = None


class ResumableUpload(models.Model):
    """A bid that comes in parts. Its file lies in the vault under this number from the first part.

    While its last part comes, and from then on, a :class:`PendingUpload` of the same number stands
    beside it, for which a closing waits. ``offset`` is never more than what is on the disk.
    """

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("传输中")
        WHOLE = "whole", _("已传完")
        RECEIVED = "received", _("已出具回执")
        REFUSED = "refused", _("未被接收")
        VOID = "void", _("作废")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    lot_number = models.CharField(max_length=80)
    bidder_uscc = models.CharField(max_length=18)
    organisation_id = models.BigIntegerField()
    # The Idempotency-Key under which it was begun; empty where none was given.
    key = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    # Whether manifest and signature have come and were found good.
    judged = models.BooleanField(default=False)
    # Legal time, and technical time by which it expires.
    started_at = models.DateTimeField()
    touched_really_at = models.DateTimeField()
    # Who writes at this moment, and until when (technical time) nobody else may.
    holder = models.CharField(max_length=32, blank=True)
    held_until_at = models.DateTimeField(null=True)
    acknowledgement = models.TextField(blank=True)
    acknowledgement_p7s = models.BinaryField(default=bytes)
    version = models.ForeignKey(BidVersion, on_delete=models.PROTECT, null=True, related_name="+")
    # [{"code", "facts", "article", "field"}], also of an upload that is void.
    reasons = models.JSONField(default=list)
    refusal = models.TextField(blank=True)
    refusal_p7s = models.BinaryField(default=bytes)

    class Meta:
        ordering = ("started_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["bidder_uscc", "lot_number", "key"],
                condition=~models.Q(key=""),
                name="resumable_upload_one_a_key",
            ),
        ]
        indexes = [
            models.Index(fields=["lot_number", "status"], name="resumable_upload_of_lot"),
            models.Index(fields=["status", "touched_really_at"], name="resumable_upload_stale"),
        ]


class OpeningSession(models.Model):
    """The key to which trustees seal what they release; made for one opening."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Emptied with the record: what trustees sealed to it is then readable by nobody.
    private = models.BinaryField()
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)


class Opening(LotCase):
    """The opening of a stage of a lot: closing list, draw, marks, releases, record."""

    machine: ClassVar[Machine] = OPENING

    policy = models.ForeignKey(OpeningPolicy, on_delete=models.PROTECT, related_name="openings")
    session = models.ForeignKey(OpeningSession, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("标段名称"), max_length=300, blank=True)
    stage = models.CharField(_("开标阶段"), max_length=80, default="opening")
    # The opening of the stage before; none of a lot's first.
    before = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="later"
    )
    closed_at = models.DateTimeField(_("截标时间"))
    reveal_until_at = models.DateTimeField(_("公开随机数截止"))
    cure_until_at = models.DateTimeField(_("补救截止"), null=True, blank=True)
    window_ends_at = models.DateTimeField(_("解密截止"))
    list_text = models.TextField()
    list_p7s = models.TextField()
    list_sha256 = _hash(_("截标名单摘要"))
    draw_text = models.TextField(blank=True)
    record_text = models.TextField(blank=True)
    record_p7s = models.TextField(blank=True)
    unsealed_at = models.DateTimeField(_("开标时间"), null=True, blank=True)
    # Which bids go on to the next stage, signed by the procuring entity, and where it is logged.
    result_text = models.TextField(blank=True)
    result_p7s = models.TextField(blank=True)
    result_index = models.BigIntegerField(null=True, blank=True)
    reason = models.TextField(_("停止的理由"), blank=True)

    class Meta:
        ordering = ("-closed_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["lot_number", "stage"], name="opening_one_of_a_stage")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.lot_number}".strip()

    @property
    def reference(self) -> str:
        """How the opening is called."""
        return f"KB-{self.lot_number}" + (f"-{self.stage}" if self.before_id else "")


class ReplacedList(models.Model):
    """A closing list that a founded protest made wrong; nothing was released under it."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="replaced_lists")
    text = models.TextField()
    p7s = models.TextField()
    sha256 = _hash("")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)


class StageRehearsal(models.Model):
    """A trustee's challenge before a later stage: it shows again that its key can open."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="rehearsals")
    uscc = models.CharField(max_length=18)
    challenge = models.TextField()
    # What only the key can tell; proves nothing to anybody but us, opens nothing.
    secret = models.BinaryField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["opening", "uscc"], name="stage_rehearsal_once")
        ]


class OpeningStatement(models.Model):
    """What a party said in an opening: signature of the list, nonce, marks, release."""

    class Kind(models.TextChoices):
        """What it is."""

        SIGNATURE = "signature", _("签署名单")
        NONCE = "nonce", _("随机数")
        MARKS = "marks", _("核对")
        RELEASE = "release", _("释放")
        CURE = "cure", _("补发份额")
        CURED = "cured", _("核对补发份额")
        PROTEST = "protest", _("异议")
        REHEARSAL = "rehearsal", _("阶段演练")

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="statements")
    uscc = models.CharField(max_length=18)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # What it is about, where a party says several of a kind: an envelope, a protested bid.
    subject = models.CharField(max_length=100, blank=True)
    # The replaced list that it was about (hash); empty for what stands.
    of_list = _hash("")
    text = models.TextField(blank=True)
    p7s = models.BinaryField(default=bytes)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "uscc", "kind", "subject", "of_list"], name="opening_said_once"
            ),
        ]


class OpenedEnvelope(models.Model):
    """An envelope that the opening decrypted, or why not. Only the sheet's key becomes public."""

    version = models.ForeignKey(BidVersion, on_delete=models.PROTECT, related_name="envelopes")
    name = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    failure = models.CharField(max_length=120, blank=True)
    identity = models.BinaryField(default=bytes)
    # The good shares that were there for its key, base64 by the trustee's place: what they were
    # sealed to is destroyed with the record, and the dossier shows them.
    shares = models.JSONField(default=dict)
    # [{"name", "size", "sha256"}]
    files = models.JSONField(default=list)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="opened_envelope_once"),
        ]
