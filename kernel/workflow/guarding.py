"""How cases are kept from every writer but kernel.workflow.fire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow import fsm
from kernel.workflow.machines import Machine

_firing: ContextVar[bool] = ContextVar("firing", default=False)
GUARDED = frozenset({"state", "version"})


class OnlyFire(RuntimeError):  # noqa: N818
    """Code tried to change a case in another way than kernel.workflow.fire."""


@contextmanager
def firing() -> Iterator[None]:
    """Open the way to write a case. Only kernel.workflow.fire enters it."""
    token = _firing.set(True)
    try:
        yield
    finally:
        _firing.reset(token)


def may_write() -> bool:
    """Whether an act is being done: nothing else writes a case."""
    return _firing.get()


class CaseQuerySet(models.QuerySet[Any]):
    """Reads cases; every way to write one past fire() is closed."""

    def update(self, **kwargs: Any) -> int:
        """Update columns that are neither state nor version."""
        if GUARDED & set(kwargs) and not may_write():
            raise OnlyFire("a state changes only by workflow.fire")
        return super().update(**kwargs)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """Refuse to write states in bulk."""
        if GUARDED & set(fields):
            raise OnlyFire("a state changes only by workflow.fire")
        return super().bulk_update(objs, fields, batch_size)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """Refuse to make cases in bulk: each is opened by an act."""
        raise OnlyFire("a case is opened by workflow.fire")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: a case is never deleted."""
        raise OnlyFire("a case is never deleted")

    def _raw_delete(self, using: str | None) -> int:
        raise OnlyFire("a case is never deleted")


class CaseBase(models.base.ModelBase):
    """Gives each case class its machine's states and transitions when the class is made."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any
    ) -> CaseBase:
        """Make the class with its state field, and tell the machine of it."""
        machine: Machine | None = attrs.get("machine")
        if machine is not None:
            field = fsm.StateField(
                _("状态"),
                default=machine.initial,
                choices=[(s.code, s.label) for s in machine.states],
            )
            attrs["state"] = field
            fsm.install(attrs, field, ((t.code, t.sources, t.target) for t in machine.transitions))
            meta = attrs.setdefault("Meta", type("Meta", (), {}))
            meta.base_manager_name = "objects"
            check = models.CheckConstraint(
                condition=models.Q(state__in=[s.code for s in machine.states]),
                name=f"{name.lower()}_state",
            )
            meta.constraints = [*getattr(meta, "constraints", []), check]
        cls: Any = super().__new__(mcs, name, bases, attrs, **kwargs)
        if machine is not None:
            machine.model = cls
        return cls  # type: ignore[no-any-return]
