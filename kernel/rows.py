"""New rows, made as their models make them but without what a new row has no use for.

A model's constructor asks each of its fields anew and tells listeners that nobody is; of a receipt
that was a twentieth. Not for a model with a constructor of its own that does more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)

# For each model the values that never change, and what makes the others.
_blank: dict[type[Model], tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...]]] = {}


def fresh(model: type[M], **values: Any) -> M:
    """A row that is not written yet, with the defaults of the columns that are not named.

    values: by the names of the columns (``bid_id``, never ``bid``). Raises TypeError for another.
    """
    fixed, made = _blank.get(model) or _blank.setdefault(model, _defaults(model))
    row = model.__new__(model)
    kept = row.__dict__
    kept["_state"] = ModelState()
    kept.update(fixed)
    for name, default in made:
        kept[name] = values[name] if name in values else default()
    kept.update(values)
    if len(kept) != len(fixed) + len(made) + 1:
        raise TypeError(f"{model.__name__} has no {sorted(values.keys() - _names(model))}")
    return row


def _defaults(
    model: type[Model],
) -> tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...]]:
    fields: Any = model._meta.concrete_fields
    made = {f.attname: f.get_default for f in fields if callable(f.default) and f.has_default()}
    fixed = {f.attname: f.get_default() for f in fields if f.attname not in made}
    return fixed, tuple(made.items())


def _names(model: type[Model]) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields}
