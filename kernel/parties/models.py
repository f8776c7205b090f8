"""Who takes part: organisations (identity only), people, accounts, memberships, certificates."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["ApiToken", "Certificate", "Membership", "Organisation", "Person", "User"]


class Organisation(models.Model):
    """An organisation's identity and nothing else; what qualifies or bars it stands elsewhere."""

    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("名称"), max_length=200)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    region = models.CharField(_("行政区划"), max_length=6)
    # The level of authority ("province", "city", "county"); empty for everybody else.
    authority = models.CharField(_("主管部门层级"), max_length=12, blank=True)

    class Meta:
        ordering = ("uscc",)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A natural person. The identity number is shown masked unless a reason is given."""

    name = models.CharField(_("姓名"), max_length=80)
    resident_id = models.CharField(_("公民身份号码"), max_length=18, blank=True)
    phone = models.CharField(_("手机"), max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident_id"],
                condition=~models.Q(resident_id=""),
                name="person_resident_id_unique",
            )
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """An account to log in with; one person has at most one."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, null=True, related_name="user", verbose_name=_("人员")
    )
    # An administrator knows it; nothing else can be done with the account until it is changed.
    password_is_temporary = models.BooleanField(_("临时密码"), default=False)

    def __str__(self) -> str:
        return self.username

    def set_password(self, raw_password: str | None) -> None:
        """Set another password; the same one again stays as temporary as it was."""
        same = self.password_is_temporary and check_password(raw_password, self.password)
        super().set_password(raw_password)
        self.password_is_temporary = same


class Membership(models.Model):
    """A person acts for an organisation in a role, from a day until another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("角色"), max_length=40)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role", "valid_from"], name="membership_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="membership_period",
            ),
        ]


class Certificate(models.Model):
    """A signing certificate that a person or an organisation proved to hold the key of."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="certificates"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    fingerprint = models.CharField(_("SHA-256 指纹"), max_length=64, unique=True)
    pem = models.TextField()
    subject = models.CharField(_("主体"), max_length=300)
    serial = models.CharField(_("序列号"), max_length=64)
    valid_from = models.DateTimeField(_("有效期自"))
    valid_to = models.DateTimeField(_("有效期至"))
    registered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        ordering = ("pk",)


class ApiToken(models.Model):
    """A token that a system acts with, for one membership. Its times are technical time."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(_("用途"), max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("有效期至"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
