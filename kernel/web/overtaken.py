"""What somebody who was overtaken is told: what others did since they looked, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kernel.web.presenters import Presenter
from kernel.web.viewmodels import Change
from kernel.workflow.machines import Machine


def changes(
    machine: Machine, shown: Presenter, case: Any, now: datetime, rows: list[dict[str, Any]]
) -> Iterator[Change]:
    """What others did to a case meanwhile, act by act and field by field, in words."""
    names = {f.attname: str(f.verbose_name) for f in machine.model._meta.concrete_fields}  # type: ignore[union-attr]
    for row in rows:
        transition = machine.transition(row["act"])
        at = datetime.fromisoformat(row["at"])
        who, organisation = row["person"], row["organisation"]
        label = str((transition.done or transition.label) if transition else row["act"])
        yield Change(what=label, at=at, who=who, organisation=organisation)
        for name, values in row["fields"].items():
            before, after = _in_words(shown, case, now, name, values)
            yield Change(
                what=names.get(name, name),
                at=at,
                who=who,
                organisation=organisation,
                before=before,
                after=after,
            )


def _in_words(
    shown: Presenter, case: Any, now: datetime, name: str, values: list[Any]
) -> tuple[str, str]:
    """A field before and after, in words; a list or a masked value is only said to differ."""
    listed = any(isinstance(value, list | dict) for value in values)
    hidden = name in case.machine.masked
    if listed or hidden or shown.masked(case, name) is not None:
        return "", _("已修改")
    before, after = (shown.value_in_words(name, value, now) for value in values)
    return before, after
