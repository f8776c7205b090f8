"""A case's own columns as JSON values: what an act compares, logs and shows of a row."""

from __future__ import annotations

import functools
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import DecimalField, UUIDField

from kernel.workflow.models import Case

_OWN_COLUMNS = frozenset({"id", "state", "version", "opened_at", "changed_at"})


def columns(case: Case) -> dict[str, Any]:
    """The case's own columns as JSON values, without what every act changes anyway."""
    found = {}
    for name, target in _fields(type(case)):
        value = getattr(case, name)
        found[name] = as_json(value if target is None else _as_kept(target, value))
    return found


@functools.cache
def _fields(model: type[Case]) -> tuple[tuple[str, Any], ...]:
    fields = [f for f in model._meta.concrete_fields if f.name not in _OWN_COLUMNS]
    targets = [getattr(f, "target_field", f) for f in fields]
    return tuple(
        (f.attname, target if isinstance(target, DecimalField | UUIDField) else None)
        for f, target in zip(fields, targets, strict=True)
    )


def _as_kept(target: Any, value: Any) -> Any:
    """A value as the database will give it back: an act must say what the case then shows."""
    if value is None:
        return value
    found = target.to_python(value)
    if isinstance(target, DecimalField):
        return found.quantize(Decimal(1).scaleb(-target.decimal_places))
    return found


def as_json(value: Any) -> Any:
    """A column's value as JSON has it."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
