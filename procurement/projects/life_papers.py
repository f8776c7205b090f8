"""The documents that were issued in a project, with who signed them, as its life names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from kernel.documents.models import Document, DocumentState
from kernel.queries import Prepared
from kernel.web.addresses import address
from kernel.web.viewmodels import DocumentLink
from kernel.web.words import with_note
from kernel.workflow.project_cases import about

_COLUMNS = (
    "issued_at", "pk", "case_machine", "case_pk", "title", "number", "state", "draft_file_id",
    "signed_file_id", "signatures__order", "signatures__signed_at",
    "signatures__organisation__name", "signatures__person__name", "signatures__role",
)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """An issued document. case_ref: the case that it is of; title: as it was issued.

    roles: those in which it was signed.
    """

    at: datetime
    case_ref: str
    title: str
    link: DocumentLink
    roles: frozenset[str]


def issued_in(project_number: str, kinds: Iterable[str]) -> Iterator[Paper]:
    """What was issued on a project's cases of some machines, oldest first; one query.

    A document that was revoked since is still told, and says so.
    """
    rows = sorted(_statement(tuple(sorted(kinds))).rows(project_number), key=itemgetter(0, 1))
    for _first, group in groupby(rows, key=itemgetter(0, 1)):
        signed = list(group)
        at, pk, machine, case_pk, title, number, state, draft, final = signed[0][:9]
        given = sorted((row[9], f"{row[11]} {row[12]}") for row in signed if row[10] and row[12])
        named = title if state == DocumentState.ISSUED else _noted(title, state)
        url = address("documents:file", key=pk) if draft or final else ""
        signers = tuple(who for _order, who in given)
        link = DocumentLink(named, url, number, at, signers=signers)
        roles = frozenset(row[13] for row in signed if row[13])
        yield Paper(at, f"{machine}:{case_pk}", title, link, roles)


def _noted(title: str, state: str) -> str:
    return with_note(title, DocumentState(state).label)


@lru_cache(maxsize=64)
def _statement(kinds: tuple[str, ...]) -> Prepared:
    issued = Document.objects.order_by().filter(issued_at__isnull=False)
    return about(
        kinds, lambda: issued.values_list(*_COLUMNS),
        machine="case_machine", text=True, at="issued_at",
    )  # fmt: skip
