"""The log's tables. Rows are only ever added: triggers refuse every other statement."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Cosignature", "HeadToken", "LogEntry", "LogNode", "TreeHead", "Witness"]


class LogEntry(models.Model):
    """One leaf of the tree and what it stands for; see :mod:`kernel.evidence.formats`."""

    index = models.BigIntegerField(_("序号"), primary_key=True)
    kind = models.CharField(_("类别"), max_length=80)
    case = models.CharField(_("案件"), max_length=120)
    at = models.DateTimeField(_("法定时间"))
    # Canonical JSON, kept as the text that was hashed; empty once erased.
    body = models.TextField(_("内容"))
    salt = models.BinaryField(max_length=32)
    leaf = models.BinaryField(max_length=32)
    # Whether the body may be shown to anyone who asks for a proof.
    public = models.BooleanField(_("公开"))
    # The entry that records the erasure of this one's body (PIPL art. 47).
    erased_by = models.BigIntegerField(_("清除记录"), null=True)

    class Meta:
        ordering = ("index",)
        verbose_name = _("存证条目")
        indexes = [
            models.Index(fields=["case", "index"], name="logentry_case"),
            models.Index(fields=["kind", "index"], name="logentry_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class LogNode(models.Model):
    """The hash of a complete subtree of 2**level leaves (level >= 1)."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("存证树节点")

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class TreeHead(models.Model):
    """A signed statement of the tree's size and root."""

    size = models.BigIntegerField(_("条目数"))
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField(_("签名时间"))
    signature = models.BinaryField(max_length=80)
    key_id = models.CharField(_("密钥标识"), max_length=64)
    # The public key, so that heads of a former key stay provable; trust comes from elsewhere.
    spki = models.BinaryField(max_length=120)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("签名树头")
        constraints = [models.UniqueConstraint(fields=["size", "at"], name="treehead_unique")]

    def __str__(self) -> str:
        return f"{self.size} {self.at:%Y-%m-%d %H:%M:%S}"


class HeadToken(models.Model):
    """A time-stamp (RFC 3161) over what a head's signature covers, by an authority's clock."""

    head = models.ForeignKey(TreeHead, on_delete=models.PROTECT, related_name="tokens")
    authority = models.CharField(_("时间戳机构"), max_length=80)
    token = models.BinaryField()
    gen_time = models.DateTimeField(_("时间戳时间"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("树头时间戳")
        constraints = [
            models.UniqueConstraint(fields=["head", "authority"], name="headtoken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.head_id} {self.authority}"


class Witness(models.Model):
    """A key whose owner follows the log and signs its heads; entered by the operator, logged."""

    name = models.CharField(_("名称"), max_length=200)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18)
    key_id = models.CharField(_("密钥标识"), max_length=64, unique=True)
    spki = models.BinaryField(max_length=120)
    registered_at = models.DateTimeField(_("登记时间"))
    log_index = models.BigIntegerField(_("存证序号"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("见证人")

    def __str__(self) -> str:
        return self.name


class Cosignature(models.Model):
    """A witness's signature over the very bytes of a head."""

    head = models.ForeignKey(TreeHead, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField(max_length=80)
    # Technical time at which it came; what it proves stands in the head.
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("见证签名")
        constraints = [
            models.UniqueConstraint(fields=["head", "witness"], name="cosignature_once"),
        ]

    def __str__(self) -> str:
        return f"{self.head_id} {self.witness_id}"
