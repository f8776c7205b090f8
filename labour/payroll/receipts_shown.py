"""How it is shown that somebody says against a receipt that the wages never came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.web.case_pages import file_url
from kernel.web.viewmodels import Fact, FactGroup
from labour.payroll.contradicting import is_contradicted, proof_of


def line_options(case: Any, actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    """The lines of a payroll that the actor may speak of.

    Of a worker the own one, of the crew any, of which nobody spoke yet; of the bank what waits for
    its paper.
    """
    for line in case.lines if case else ():
        own = actor.role != "worker" or line["person"] == actor.person_id
        waits = is_contradicted(line) if actor.role == "bank_clerk" else not _is_spoken_of(line)
        if own and waits:
            yield str(line["worker"]), line["name"]


def _is_spoken_of(line: dict[str, Any]) -> bool:
    return bool(line.get("contradicted") or proof_of(line))


def contradicted(line: dict[str, Any], case: Any) -> Iterator[Fact]:
    """What was said against the receipt, and the bank's paper, which opens for its readers."""
    if line.get("contradicted"):
        yield Fact(_("工资没有到账"), line["contradicted"], "name")
    if proof := proof_of(line):
        yield Fact(_("到账凭证"), proof, "digest", url=file_url(case, proof))


def papers(case: Any) -> Iterator[FactGroup]:
    """The bank's papers of a payroll, by whose wages they are; for who reads all its lines."""
    found = tuple(
        Fact(line["name"], proof, "digest", url=file_url(case, proof))
        for line in case.lines
        if (proof := proof_of(line))
    )
    if found:
        yield FactGroup(_("到账凭证"), found)


def contradicted_words(line: dict[str, Any]) -> str:
    """The same in a few words; empty where nobody said so."""
    if not line.get("contradicted"):
        return ""
    return _("银行已出具到账凭证") if proof_of(line) else _("工人称未到账")
