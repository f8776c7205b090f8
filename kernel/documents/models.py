"""Stored files, documents, the signatures they need and those under way."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.documents import codes

__all__ = [
    "Document",
    "DocumentSignature",
    "DocumentState",
    "PendingSignature",
    "StoredFile",
    "Upload",
]


class StoredFile(models.Model):
    """A content in the storage under its SHA-256; rows and contents are never changed."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("字节数"))
    media_type = models.CharField(_("类型"), max_length=100)
    created_at = models.DateTimeField(_("存入时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="stored_file_sha256_hex"
            )
        ]

    def __str__(self) -> str:
        return self.sha256


class Upload(models.Model):
    """Who uploaded a file: cases name files by hash, and to know a hash is no right to a file."""

    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey("kernel.Person", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sha256"], name="upload_once")
        ]


class DocumentState(models.TextChoices):
    """Where a document stands; only ``kernel.documents.services`` moves it."""

    DRAFT = "draft", _("草稿")
    AWAITING_SIGNATURE = "awaiting_signature", _("待签名")
    ISSUED = "issued", _("已签发")
    REVOKED = "revoked", _("已撤销")


class Document(models.Model):
    """One document of one case, with the data it says, frozen when drafted."""

    form = models.CharField(_("文书"), max_length=100)
    form_version = models.PositiveIntegerField(_("文书版本"))
    case_machine = models.CharField(max_length=100)
    case_pk = models.CharField(max_length=64)
    number = models.CharField(_("文号"), max_length=100)
    title = models.CharField(_("标题"), max_length=300)
    language = models.CharField(_("语言"), max_length=10)
    # Who issues it; none means the platform itself.
    issuer = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="issued_documents",
        verbose_name=_("发文机关"),
    )
    # Canonical JSON (RFC 8785); a text, so that what was hashed stays byte for byte.
    data = models.TextField()
    data_sha256 = models.CharField(max_length=64)
    # Sources of the rules on the page as they stood when drafted: [{rule, article, mark}].
    marks = models.JSONField(default=list)
    state = models.CharField(
        _("状态"), max_length=20, choices=DocumentState.choices, default=DocumentState.DRAFT
    )
    check_code = models.CharField(_("核验码"), max_length=12, unique=True)
    # As rendered, before any signature.
    draft_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="drafts_of"
    )
    # With every signature so far; the issued one once issued.
    signed_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="signed_of"
    )
    # All three are legal time.
    created_at = models.DateTimeField(_("成文时间"))
    issued_at = models.DateTimeField(_("签发时间"), null=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    revoked_because = models.CharField(_("撤销原因"), max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["form", "case_machine", "case_pk", "number"], name="document_unique"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DocumentState.values), name="document_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.DRAFT) | Q(draft_file__isnull=False),
                name="document_rendered_before_signing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DocumentState.ISSUED])
                | Q(issued_at__isnull=False, signed_file__isnull=False),
                name="document_issued_has_file",
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.REVOKED, revoked_at__isnull=False)
                | (~Q(state=DocumentState.REVOKED) & Q(revoked_at__isnull=True)),
                name="document_revoked_has_time",
            ),
        ]
        indexes = [models.Index(fields=["case_machine", "case_pk"], name="document_case")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def case(self) -> str:
        """The case as events and the log name it: ``machine:pk``."""
        return f"{self.case_machine}:{self.case_pk}"

    @property
    def check_code_grouped(self) -> str:
        """The check code as printed: ``XXXX-XXXX-XXXX``."""
        return codes.grouped(self.check_code)

    @property
    def current_file(self) -> StoredFile | None:
        """The file with the most signatures; none before it was rendered."""
        return self.signed_file or self.draft_file


class DocumentSignature(models.Model):
    """A signature that a document needs, and, once given, what was given."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="signatures")
    order = models.PositiveSmallIntegerField(_("次序"))
    role = models.CharField(_("角色"), max_length=40)
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    # Named beforehand where only this person may sign; else whoever of the role signed.
    person = models.ForeignKey(
        "kernel.Person",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("签名人"),
    )
    certificate = models.ForeignKey(
        "kernel.Certificate", on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("签名时间"), null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    report = models.JSONField(null=True)

    class Meta:
        ordering = ("document", "order")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "order"], name="document_signature_order_unique"
            ),
            models.CheckConstraint(
                condition=Q(
                    signed_at__isnull=True,
                    certificate__isnull=True,
                    file__isnull=True,
                    report__isnull=True,
                )
                | Q(
                    signed_at__isnull=False,
                    certificate__isnull=False,
                    file__isnull=False,
                    report__isnull=False,
                    person__isnull=False,
                ),
                name="document_signature_whole",
            ),
        ]

    @property
    def is_given(self) -> bool:
        """Whether this signature stands on the document."""
        return self.signed_at is not None


class PendingSignature(models.Model):
    """A signature under way: what the signer was shown, until the value comes back."""

    # Goes out into the request file, so it does not count how many there are.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    signature = models.ForeignKey(DocumentSignature, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("kernel.Person", on_delete=models.PROTECT, related_name="+")
    certificate = models.ForeignKey(
        "kernel.Certificate", on_delete=models.PROTECT, related_name="+"
    )
    # The file that this signature is added to; another signer may be faster.
    base_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    request = models.JSONField()
    # The prepared PDF as kernel.documents.signing wants it back; emptied when finished.
    state = models.BinaryField()
    begun_at = models.DateTimeField(_("发起时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)
