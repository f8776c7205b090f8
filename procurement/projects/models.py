"""The project: one record that everything later hangs on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import Case
from procurement.projects.machine import PROJECT

__all__ = ["Project", "ProjectImport"]


class Project(Case):
    """A building project as its owner registers it (报建). Money in fen, area in m²."""

    machine: ClassVar[Machine] = PROJECT

    owner = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name=_("建设单位"),
    )
    # Given when the authority registers the project; empty before. National 项目编号, 16 digits.
    number = models.CharField(_("项目编号"), max_length=20, blank=True)
    registered_at = models.DateTimeField(_("登记时间"), null=True, blank=True)
    registered_by = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("登记部门"),
    )
    name = models.CharField(_("项目名称"), max_length=200, blank=True)
    project_code = models.CharField(_("项目代码"), max_length=40, blank=True, db_index=True)
    region = models.CharField(_("建设地点（区划）"), max_length=6, blank=True)
    address = models.CharField(_("详细地址"), max_length=200, blank=True)
    project_class = models.CharField(_("工程类别"), max_length=40, blank=True)
    nature = models.CharField(_("建设性质"), max_length=40, blank=True)
    approval_kind = models.CharField(_("立项方式"), max_length=40, blank=True)
    total_investment_fen = models.BigIntegerField(_("总投资（元）"), default=0)
    floor_area_m2 = models.BigIntegerField(_("总建筑面积（平方米）"), default=0)
    planned_start_on = models.DateField(_("计划开工"), null=True, blank=True)
    planned_end_on = models.DateField(_("计划竣工"), null=True, blank=True)
    summary = models.TextField(_("建设内容与规模"), blank=True)
    manager_name = models.CharField(_("建设单位项目负责人"), max_length=80, blank=True)
    manager_phone = models.CharField(_("负责人电话"), max_length=20, blank=True)
    # Lists of schemas.Funding, Paper and Party as JSON.
    funding = models.JSONField(_("资金来源"), default=list, blank=True)
    papers = models.JSONField(_("批准文件"), default=list, blank=True)
    parties = models.JSONField(_("参建单位"), default=list, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["state", "region", "changed_at"], name="project_desk"),
            models.Index(fields=["owner", "state"], name="project_owner"),
            models.Index(fields=["registered_at", "id"], name="project_register"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="project_number_unique"
            ),
            # Two owners who hand in the same code at once: the guard refuses one of them.
            models.UniqueConstraint(
                fields=["project_code"],
                condition=models.Q(state__in=["submitted", "returned", "registered"])
                & ~models.Q(project_code=""),
                name="project_code_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(total_investment_fen__gte=0, floor_area_m2__gte=0),
                name="project_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.reference

    @property
    def reference(self) -> str:
        """How the case is called before and after it has its number."""
        return self.number or f"BJ{self.pk:08d}"

    @property
    def project_ref(self) -> str:
        """The project itself, once it has its number."""
        return self.number

    @property
    def rule_region(self) -> str:
        """Rules of the place where it is built."""
        return self.region


class ProjectImport(models.Model):
    """A spreadsheet of many registrations, and what became of each line."""

    class Status(models.TextChoices):
        """How far the import is."""

        WAITING = "waiting", _("等待处理")
        DONE = "done", _("已处理")
        REFUSED = "refused", _("整份退回")

    person = models.ForeignKey("kernel.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=40)
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    submit = models.BooleanField(_("逐项递交"), default=False)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    created_at = models.DateTimeField(_("上传时间"))
    finished_at = models.DateTimeField(null=True)
    # [{"line", "name", "outcome": "opened|submitted|refused", "case_pk", "refusals": […]}]
    report = models.JSONField(default=list)

    class Meta:
        ordering = ("-pk",)
