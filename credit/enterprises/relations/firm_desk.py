"""The desk of whoever speaks for a firm: relations that an authority says it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from credit.enterprises.relations import selectors
from credit.enterprises.relations.machine import RELATION
from credit.enterprises.relations.pages import kind_in_words
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.web import desk_parts
from kernel.web.case_pages import case_url, chip
from kernel.web.viewmodels import DeskRow

# As long as the law lets a decision be brought before a higher authority.
TOLD_FOR = timedelta(days=60)


def rows(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """Each relation that counts since not long ago; both firms are told, each on its own desk."""
    if actor.role not in TABLE.representatives() or not actor.uscc:
        return
    for case in selectors.told_since(actor.uscc, now - TOLD_FOR):
        yield DeskRow(
            act=_("告知：已登记贵单位的关联关系，存续期间影响投标"),
            reference=case.reference,
            title=kind_in_words(case.kind, case.opened_at),
            url=case_url(case),
            due=None,
            state=chip(RELATION, case.state),
            only_told=True,
        )


desk_parts.add(rows=rows)
