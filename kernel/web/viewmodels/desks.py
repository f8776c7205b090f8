"""The desk: what must I do, until when, by which article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kernel.web.viewmodels.parts import DueView, StateChip


@dataclass(frozen=True)
class DeskRow:
    """One thing to do. act: the verb, e.g. 受理报建; url: where it is done.

    undated: what is told of time where no clock runs. only_told: it stands here to be known, for it
    waits for somebody else or asks for nothing; it is not counted as something to do.
    """

    act: str
    reference: str
    title: str
    url: str
    due: DueView | None = None
    state: StateChip | None = None
    party: str = ""
    undated: str = ""
    only_told: bool = False


@dataclass(frozen=True)
class JobView:
    """A long job in the tray. percent: how far, None if it cannot be told; url: its result."""

    label: str
    status: Literal["waiting", "running", "done", "failed"]
    words: str
    percent: int | None = None
    url: str = ""


@dataclass(frozen=True)
class DeskPage:
    """The context variable ``page`` of ``desk.html``; build it with ``of`` to have rows sorted."""

    title: str
    rows: tuple[DeskRow, ...]
    data_at: datetime
    lead: str = ""
    jobs: tuple[JobView, ...] = ()
    jobs_url: str = ""
    empty: str = ""

    @classmethod
    def of(
        cls,
        title: str,
        rows: Iterable[DeskRow],
        data_at: datetime,
        lead: str = "",
        jobs: tuple[JobView, ...] = (),
        jobs_url: str = "",
        empty: str = "",
    ) -> DeskPage:
        """Make a desk whose rows are sorted by due time; rows without one come last."""
        rows = tuple(rows)
        dated = sorted((r for r in rows if r.due), key=_due_at)
        return cls(
            title, (*dated, *(r for r in rows if not r.due)), data_at, lead, jobs, jobs_url, empty
        )

    @property
    def to_do(self) -> int:
        """How many rows are for whoever's desk this is to do."""
        return sum(1 for row in self.rows if not row.only_told)

    @property
    def overdue(self) -> int:
        """How many rows are overdue."""
        return sum(1 for row in self.rows if row.due and row.due.tone == "overdue")

    @property
    def soon(self) -> int:
        """How many rows fall due within 48 hours."""
        return sum(1 for row in self.rows if row.due and row.due.tone == "soon")


def _due_at(row: DeskRow) -> datetime:
    assert row.due is not None
    return row.due.at
