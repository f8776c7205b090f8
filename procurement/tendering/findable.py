"""A published lot as the search of everything public finds it: notice, candidates, result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from kernel import clock
from kernel.search import kinds
from kernel.search.kinds import Entry
from procurement.tendering import selectors
from procurement.tendering.documents import name_of
from procurement.tendering.models import Lot

KIND, PUBLICITY, RESULT = "notice", "publicity", "result"
_PART = 500  # rows held in memory at a time


def entry_of(number: str, kind: str = KIND) -> Entry | None:
    """The entry of a lot by its number; None where that is not published (any more)."""
    lot = selectors.public_lot(number)
    return _ENTRIES[kind](lot) if lot else None


def _notice(lot: Lot) -> Entry:
    """Names, scope, what is asked, what was clarified: nothing that its page does not show."""
    lines = (
        lot.project_number,
        name_of(lot.owner_uscc),
        lot.scope,
        lot.qualification_text,
        *(item["text"] for item in lot.clarifications),
    )
    return _entry(lot, KIND, lot.published_at, lines)


def _publicity(lot: Lot) -> Entry | None:
    """The candidates that are public: while a committee looks again there are none."""
    if lot.publicised_at is None:
        return None
    lines = [name_of(lot.owner_uscc), *_candidates(lot)]
    return _entry(lot, PUBLICITY, lot.publicised_at, lines)


def _result(lot: Lot) -> Entry | None:
    """Who was awarded the lot; nobody while the next candidate's turn is not over."""
    if lot.awarded_at is None or not lot.winner_uscc:
        return None
    lines = [name_of(lot.owner_uscc), *_candidates(lot, lot.winner_uscc), lot.contract_number]
    return _entry(lot, RESULT, lot.awarded_at, lines)


def _candidates(lot: Lot, uscc: str = "") -> Iterator[str]:
    for one in lot.candidates:
        if uscc in ("", one["uscc"]):
            yield f"{one['name']} {one['uscc']}"


def _entry(lot: Lot, kind: str, at: datetime | None, lines: Iterable[str]) -> Entry:
    return Entry(
        kind=kind,
        key=lot.number,
        title=lot.name,
        number=lot.number,
        url=reverse("procurement:notice", args=[lot.number]),
        published_at=at or clock.now(),
        region=lot.region,
        text="\n".join(filter(None, lines)),
    )


_ENTRIES: dict[str, Callable[[Lot], Entry | None]] = {
    KIND: _notice,
    PUBLICITY: _publicity,
    RESULT: _result,
}


def _every(kind: str) -> Callable[[], Iterator[Entry]]:
    def entries() -> Iterator[Entry]:
        for lot in selectors.public_register(kind).iterator(_PART):
            if entry := _ENTRIES[kind](lot):
                yield entry

    return entries


kinds.register(KIND, pgettext_lazy("register", "招标公告"), _every(KIND))
kinds.register(PUBLICITY, pgettext_lazy("register", "中标候选人公示"), _every(PUBLICITY))
kinds.register(RESULT, pgettext_lazy("register", "中标结果"), _every(RESULT))
