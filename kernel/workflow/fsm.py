"""The only place that speaks to django-fsm-2. Everybody else sees states and transitions as data.

Faults of django-fsm-2 4.2.4 that are wrapped here: its way of reloading a protected field switches
the protection off for the whole class; its field drags the library's name into migrations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from django_fsm import FSMFieldDescriptor, FSMFieldMixin, TransitionNotAllowed
from django_fsm import transition as fsm_transition

__all__ = ["StateField", "TransitionNotAllowed", "install", "method_name", "reloading"]

_RELOADING = "_state_is_reloading"


@contextmanager
def reloading(instance: models.Model) -> Iterator[None]:
    """Let this one object, and no other, take its state from the database."""
    instance.__dict__[_RELOADING] = True
    try:
        yield
    finally:
        del instance.__dict__[_RELOADING]


class StateDescriptor(FSMFieldDescriptor):
    """Refuses to be set, but for the object that is being reloaded."""

    def __set__(self, instance: Any, value: Any) -> None:
        if _RELOADING in instance.__dict__:
            instance.__dict__[self.field.name] = value
        else:
            super().__set__(instance, value)


class StateField(FSMFieldMixin, models.CharField):  # type: ignore[type-arg]
    """A protected state. For migrations it is a plain CharField."""

    descriptor_class = StateDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("db_index", True)
        kwargs["protected"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Deconstruct to a CharField, so that no migration names the library."""
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        return name, "django.db.models.CharField", args, kwargs


def method_name(transition: str) -> str:
    """The name of the model's method that carries a transition out."""
    return f"fsm_{transition}"


def install(
    attributes: dict[str, Any],
    field: StateField,
    transitions: Iterable[tuple[str, tuple[str, ...], str]],
) -> None:
    """Put a method per transition (code, sources, target; target "" keeps the state) into a class.

    The methods only move the state; fire() does everything around them.
    """
    for code, sources, target in transitions:
        name = method_name(code)
        attributes[name] = fsm_transition(field=field, source=list(sources), target=target or None)(
            _mover(name)
        )


def _mover(name: str) -> Callable[[Any], None]:
    def move(self: Any) -> None:
        """Move the state."""

    move.__name__ = name
    move.__qualname__ = name
    return move
