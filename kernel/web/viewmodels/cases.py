"""The case page: one skeleton for every project, lot, contract, machine, worker, record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kernel.web.viewmodels.parts import (
    DocumentLink,
    DueView,
    Fact,
    FactGroup,
    Link,
    RefusalView,
    StateChip,
)

# A narrow panel beside the timeline holds so many.
_OTHER_STATE = "workflow.act.not_in_state"
_REASONS_SHOWN = 4


@dataclass(frozen=True)
class ActButton:
    """An act on the case. effect: what it will do, in one sentence.

    An act that is not allowed carries its reasons and is shown greyed with them. grave: it ends
    something for good and never looks like the next step.
    """

    label: str
    url: str
    allowed: bool = True
    reasons: tuple[RefusalView, ...] = ()
    effect: str = ""
    due: DueView | None = None
    grave: bool = False

    @property
    def shown_reasons(self) -> tuple[RefusalView, ...]:
        """The first few; the act's own page tells them all."""
        return self.reasons[:_REASONS_SHOWN]

    @property
    def later(self) -> bool:
        """Whether only the case's state stands against it: an act of another stage."""
        return bool(self.reasons) and all(one.code == _OTHER_STATE for one in self.reasons)


@dataclass(frozen=True)
class FoldedActs:
    """Acts against which the same reasons stand: their names in one line, the reasons once."""

    labels: tuple[str, ...]
    first: ActButton

    @classmethod
    def of(cls, acts: Iterable[ActButton]) -> tuple[FoldedActs, ...]:
        """Acts that are not possible, in the order in which each reason comes first."""
        alike: dict[tuple[tuple[str, ...], ...], list[ActButton]] = {}
        for act in acts:
            said = tuple((one.message, one.article, one.cure, one.cure_url) for one in act.reasons)
            alike.setdefault(said, []).append(act)
        return tuple(cls(tuple(act.label for act in some), some[0]) for some in alike.values())


@dataclass(frozen=True)
class TimelineItem:
    """One step in the life of a case: done, now, or still to come.

    refused: the step was tried and refused; it stands in the log and changed nothing.
    log_index: its place in the evidence log; log_url leads to the entry and its proof.
    """

    status: Literal["done", "now", "next"]
    label: str
    at: datetime | None = None
    who: str = ""
    organisation: str = ""
    role: str = ""
    note: str = ""
    documents: tuple[DocumentLink, ...] = ()
    due: DueView | None = None
    article: str = ""
    mark: str = ""
    log_index: int | None = None
    log_url: str = ""
    refused: bool = False


@dataclass(frozen=True)
class Party:
    """Who takes part in the case. role in words; people: names acting for it."""

    role: str
    name: str
    uscc: str = ""
    url: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class LogRow:
    """One entry of the evidence log about the case. digest: leaf hash in hex."""

    index: int
    at: datetime
    what: str
    who: str = ""
    organisation: str = ""
    digest: str = ""
    url: str = ""
    refused: bool = False


@dataclass(frozen=True)
class Tab:
    """A section of the case. key: ``facts``, ``documents``, ``people``, ``money`` or ``log``."""

    key: str
    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class CasePage:
    """The context variable ``page`` of ``case.html``.

    head: the few facts that stand under the title. With no tabs every section that has content
    is shown one below the other; with tabs the others still print, so that paper has all.
    attempts: links to the pages of refused attempts that do not stand here.
    """

    reference: str
    title: str
    state: StateChip
    kind: str = ""
    head: tuple[Fact, ...] = ()
    due: DueView | None = None
    timeline: tuple[TimelineItem, ...] = ()
    acts: tuple[ActButton, ...] = ()
    facts: tuple[FactGroup, ...] = ()
    documents: tuple[DocumentLink, ...] = ()
    parties: tuple[Party, ...] = ()
    money: tuple[FactGroup, ...] = ()
    log: tuple[LogRow, ...] = ()
    tabs: tuple[Tab, ...] = ()
    back: Link | None = None
    attempts: tuple[Link, ...] = ()

    @property
    def tab(self) -> str:
        """Key of the section that is shown; empty for all of them."""
        return next((tab.key for tab in self.tabs if tab.current), "")

    @property
    def possible(self) -> tuple[ActButton, ...]:
        """Acts that may be done now; what ends something for good stands last."""
        return tuple(sorted((act for act in self.acts if act.allowed), key=lambda act: act.grave))

    @property
    def not_yet(self) -> tuple[ActButton, ...]:
        """Acts that are not possible yet."""
        return tuple(act for act in self.acts if not act.allowed)
