"""Cases, the acts done and refused on them, their deadlines, the sandbox's clock."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import queries
from kernel.workflow import fsm
from kernel.workflow.guarding import GUARDED, CaseBase, CaseQuerySet, OnlyFire, may_write
from kernel.workflow.machines import Machine

__all__ = ["Act", "Deadline", "NumberSeries", "RefusedAct", "SandboxClock"]


_loading = threading.local()


class Case(models.Model, metaclass=CaseBase):
    """Base of everything that has a machine. Its state is written by ``fire`` and nothing else."""

    machine: ClassVar[Machine]
    state: Any

    # Counts the acts done on the case: what an actor looked at, and what a lost race is told by.
    version = models.PositiveIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(_("建立时间"), editable=False)
    changed_at = models.DateTimeField(_("最近变动"), editable=False)

    objects: ClassVar[models.Manager[Any]] = CaseQuerySet.as_manager()

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        loading = getattr(_loading, "on", False)
        if not loading and not may_write() and (args or GUARDED & set(kwargs)):
            raise OnlyFire("a state is set only by workflow.fire")
        super().__init__(*args, **kwargs)

    # The stubs know a keyword of Django 6.1 that 5.2 does not have.
    @classmethod
    def from_db(  # type: ignore[override]
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        """Load a row; the only constructor that may name a state."""
        _loading.on = True
        try:
            return super().from_db(db, field_names, values)
        finally:
            _loading.on = False

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Sequence[str] | None = None,  # type: ignore[override]
        from_queryset: models.QuerySet[Any] | None = None,
    ) -> None:
        """Reload without ever lifting the state's protection, for this object or its class."""
        with fsm.reloading(self):
            super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, inside ``fire`` only (fixtures and admin included)."""
        if not may_write():
            raise OnlyFire("a case is saved only by workflow.fire")
        super().save_base(*args, **kwargs)

    def insert(self) -> None:
        """Write a new case's row, inside ``fire`` only."""
        if not may_write():
            raise OnlyFire("a case is saved only by workflow.fire")
        queries.insert(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: a case is never deleted."""
        raise OnlyFire("a case is never deleted")

    @property
    def rule_region(self) -> str:
        """The region whose rules bind this case; empty for the nation's."""
        return ""

    @property
    def rule_subject(self) -> dict[str, Any]:
        """Facts that choose between rows of a rule set, such as the size of a building."""
        return {}

    @property
    def project_ref(self) -> str:
        """The number of the project that this case belongs to; empty where it has none (yet)."""
        return ""

    @property
    def links(self) -> frozenset[str]:
        """The cases that this one rests on, by their ``case_ref`` (the lot of a contract)."""
        return frozenset()

    @property
    def case_ref(self) -> str:
        """The case's name in the log and in events."""
        return f"{self.machine.code}:{self.pk}"


class ProjectCase(Case):
    """A case in the life of a project: found by its number, bound by the rules of its place."""

    project_number = models.CharField(_("项目编号"), max_length=20, blank=True, db_index=True)
    region = models.CharField(_("建设地点（区划）"), max_length=6, blank=True)

    class Meta:
        abstract = True

    @property
    def project_ref(self) -> str:
        """The number of its project."""
        return self.project_number

    @property
    def rule_region(self) -> str:
        """Rules of the place where it is built."""
        return self.region


class Act(models.Model):
    """An act that was done: the timeline, and the memory of idempotency keys."""

    machine = models.CharField(max_length=60)
    case_pk = models.BigIntegerField()
    # The case's key at the time of asking: "new" for opening, else the primary key.
    scope = models.CharField(max_length=20)
    transition = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    payload = models.JSONField()
    payload_sha256 = models.CharField(max_length=64)
    # What its entry of the log binds is bound under this; empty of acts from before there was one.
    salt = models.CharField(max_length=64, blank=True, default="", db_default="")
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    role = models.CharField(max_length=40)
    at = models.DateTimeField(_("时间"))
    recorded_at = models.DateTimeField()
    # {"field": [before, after]} of the case's columns, JSON values.
    changes = models.JSONField(default=dict)
    log_index = models.BigIntegerField(null=True)
    leaf = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["machine", "scope", "transition", "person", "organisation", "role", "key"],
                name="act_key",
            ),
            models.UniqueConstraint(fields=["machine", "case_pk", "version"], name="act_version"),
        ]

    def __str__(self) -> str:
        return f"{self.machine}:{self.case_pk} {self.transition}"


class RefusedAct(models.Model):
    """An attempt that was refused; nothing else changed."""

    machine = models.CharField(max_length=60)
    case_pk = models.BigIntegerField(null=True)
    transition = models.CharField(max_length=40)
    payload_sha256 = models.CharField(max_length=64, blank=True)
    # What its entry of the log binds is bound under this; empty of attempts from before.
    salt = models.CharField(max_length=64, blank=True, default="", db_default="")
    # [{"code", "facts", "article", "field"}, …]: every reason.
    refusals = models.JSONField()
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    role = models.CharField(max_length=40)
    at = models.DateTimeField(_("时间"))
    log_index = models.BigIntegerField(null=True)
    # Where there is no case and its kind keeps secret who tried: what it was about, such as a lot's
    # number, by which it is known when the secret is over.
    about = models.CharField(max_length=80, blank=True, default="", db_default="")

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["machine", "case_pk"], name="refused_case")]

    def __str__(self) -> str:
        return f"{self.machine}:{self.case_pk} {self.transition}"


class Deadline(models.Model):
    """A clock that runs for a case, with the rule, version and article it was computed by."""

    class Status(models.TextChoices):
        """Where a clock stands."""

        RUNNING = "running", _("计时中")
        MET = "met", _("按期")
        MISSED = "missed", _("逾期未办")
        LATE = "late", _("逾期办结")

    machine = models.CharField(max_length=60)
    case_pk = models.BigIntegerField()
    state = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    on_due = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(_("截止"))
    last_day = models.DateField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.RUNNING)
    ended_at = models.DateTimeField(null=True)
    period_key = models.CharField(max_length=80)
    # working_day, calendar_day, month, hour or year; how the time left is told.
    unit = models.CharField(max_length=16)
    rule_code = models.CharField(max_length=60)
    rule_version = models.CharField(max_length=40)
    rule_sha256 = models.CharField(max_length=64)
    calendar_version = models.CharField(max_length=40, blank=True)
    article = models.CharField(max_length=200)
    article_en = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=24)
    # Counted over a year whose holidays are not announced yet: shown as such, takes no effect,
    # and is computed again when the year's table is published.
    provisional = models.BooleanField(default=False)

    class Meta:
        ordering = ("due_at", "pk")
        indexes = [
            models.Index(fields=["machine", "case_pk"], name="deadline_case"),
            models.Index(
                fields=["due_at"], name="deadline_running", condition=models.Q(status="running")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["running", "met", "missed", "late"]),
                name="deadline_status",
            )
        ]

    def __str__(self) -> str:
        return f"{self.machine}:{self.case_pk} {self.period_key}"


class SandboxClock(models.Model):
    """How far the sandbox's legal clock stands from the real one. One row; it only moves forward.

    A sandbox may begin in the past, so the offset itself may be negative.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset = models.DurationField(default=timedelta)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="sandbox_clock_one_row"),
        ]


class NumberSeries(models.Model):
    """How far a series of numbers has come."""

    code = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveIntegerField()
