"""How it is shown that somebody says against a receipt that the wages never came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.web.viewmodels import Fact


def line_options(case: Any, actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The lines of a payroll that the actor may speak of: of a worker the own one."""
    for line in case.lines if case else ():
        if actor.role != "worker" or line["person"] == actor.person_id:
            yield str(line["worker"]), line["name"]


def contradicted(line: dict[str, Any]) -> Iterator[Fact]:
    """What was said against the receipt, and the bank's paper."""
    if line.get("contradicted"):
        yield Fact(_("工资没有到账"), line["contradicted"], "name")
    if line.get("proof"):
        yield Fact(_("到账凭证"), line["proof"], "digest")


def contradicted_words(line: dict[str, Any]) -> str:
    """The same in a few words; empty where nobody said so."""
    if not line.get("contradicted"):
        return ""
    return _("银行已出具到账凭证") if line.get("proof") else _("工人称未到账")
