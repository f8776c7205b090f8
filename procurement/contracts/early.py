"""Retention that goes back before its defect period ends: what the pages of the act say of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kernel.web import formats
from kernel.web.presenters import ActForm
from kernel.web.viewmodels import Fact, FactGroup, FormGroup

# What is asked for only then; see ``rules.settlement.early_retention_was_agreed``.
ASKED = ("reason", "file_sha256")


def is_early(case: Any, at: datetime) -> bool:
    """Whether the defect period still runs, or has not begun: works are to be accepted again."""
    if case.retention_due_at is None:
        return bool(case.retention_fen) and case.accepted_on is None
    return bool(at < case.retention_due_at)


def shown(made: ActForm, case: Any, at: datetime) -> ActForm:
    """The act's form: with a warning and what is needed, or without what is asked of nobody."""
    asked = tuple(view for group in made.groups for view in group.fields if _name(view) in ASKED)
    rest = tuple(
        FormGroup(group.title, kept, group.note, group.lines)
        for group in made.groups
        if (kept := tuple(v for v in group.fields if v not in asked)) or group.lines
    )
    if not is_early(case, at):
        return ActForm(made.form, rest, made.review)
    for view in asked:
        view.bound.field.needed = True  # type: ignore[attr-defined]
    title = _("提前返还")
    return ActForm(made.form, (FormGroup(title, asked, warning=warning(case)), *rest), made.review)


def warning(case: Any) -> str:
    """That it is early, until when the money may be held, and what an early return needs."""
    if case.retention_due_at is None:
        return _(
            "工程尚未重新验收合格，缺陷责任期没有起算。此时返还，发包人不再持有质量保证金；"
            "须经发包人、承包人协商一致，写明理由并附双方签署的协议。"
        )
    return _(
        "缺陷责任期尚未届满：至 %(until)s 届满。期满前返还，发包人不再持有质量保证金；"
        "须经发包人、承包人协商一致，写明理由并附双方签署的协议。"
    ) % {"until": formats.deadline(case.retention_due_at)}


def told(case: Any) -> FactGroup:
    """The same on the summary before the last click."""
    until = case.retention_due_at
    facts = (Fact(_("缺陷责任期届满"), until, "moment"),) if until is not None else ()
    return FactGroup(_("提前返还"), facts, note=warning(case))


def _name(view: Any) -> str:
    return str(view.bound.name)
