"""How it is shown that somebody says against a receipt that the wages never came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.web.viewmodels import Fact
from labour.payroll.contradicting import is_contradicted


def line_options(case: Any, actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The lines of a payroll that the actor may speak of.

    Of a worker the own one; of the crew what nobody spoke of yet; of the bank what waits for its
    paper.
    """
    for line in case.lines if case else ():
        if (
            line["person"] == actor.person_id
            if actor.role == "worker"
            else is_contradicted(line)
            if actor.role == "bank_clerk"
            else not line.get("contradicted")
        ):
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
