"""What the presenters of a project's cases share: which fields an act cannot do without."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.access.actors import Actor
from kernel.web.presenters import ActForm, Presenter
from kernel.workflow.machines import Transition


class GuardedPresenter(Presenter):
    """A presenter whose acts are guarded: a field that a guard asks for is not called optional."""

    # Names of fields; of a list's own fields by ``papers.number``.
    needed: frozenset[str] = frozenset()

    def act_form(
        self,
        transition: Transition,
        case: Any,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> ActForm:
        """The plain form; what the guards ask for is marked as needed."""
        made = super().act_form(transition, case, actor, at, data, files)
        for name, field in made.form.fields.items():
            parts = name.split("-")
            path = f"{parts[0]}.{parts[2]}" if len(parts) > 2 else parts[0]
            # Of a list the first line is needed; the others are for more.
            if path in self.needed and (len(parts) < 3 or parts[1] == "0"):
                field.needed = True  # type: ignore[attr-defined]
        return made
