"""The small values that every page is made of: a state, a due time, a fact, a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

# Colour stands for one of these and never alone: words always stand beside it.
Tone = Literal["plain", "action", "done", "soon", "stop"]
FactKind = Literal[
    "text",
    "name",
    "money",
    "wan",
    "number",
    "code",
    "date",
    "moment",
    "masked",
    "state",
    "due",
    "command",
    "digest",
]


@dataclass(frozen=True)
class StateChip:
    """A state by its legal term. article: what the term rests on, shown as its tooltip."""

    label: str
    tone: Tone = "plain"
    article: str = ""


@dataclass(frozen=True)
class DueView:
    """When something falls due.

    at: the first instant after the period (00:00 is shown as 24:00 of the day before).
    last_day: the last day of the period, where the period is counted in days.
    words: the whole sentence, e.g. ``还剩 3 个工作日，截至 11-26 24:00``.
    tone: ``overdue``, ``soon`` (within 48 hours) or ``none``.
    mark: how sure the rule is: empty for law read in its text, else ``memory``, ``secondary``,
    ``default`` (see ``kernel.web.words.MARKS``).
    """

    at: datetime
    words: str
    tone: Literal["overdue", "soon", "none"] = "none"
    last_day: date | None = None
    article: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Fact:
    """One named value. source: where a known value was taken from.

    kind ``money`` and ``wan`` take integer fen, ``date`` a date, ``moment`` an aware datetime,
    ``masked`` an already masked text, ``state`` a StateChip, ``due`` a DueView, ``name`` a name
    that stays in its own language, ``digest`` a hash in hex. unmask_url: where a reason may be
    posted to see it whole.
    """

    label: str
    value: Any
    kind: FactKind = "text"
    source: str = ""
    url: str = ""
    unmask_url: str = ""


@dataclass(frozen=True)
class FactGroup:
    """Facts under one heading, grouped as the paper form groups them."""

    title: str
    facts: tuple[Fact, ...]
    note: str = ""


@dataclass(frozen=True)
class Link:
    """A place to go to."""

    label: str
    url: str


@dataclass(frozen=True)
class DocumentLink:
    """A document of a case. digest: SHA-256 in hex; signers: names as signed; size in bytes.

    sealed: it bears the platform's seal and needs nobody's signature.
    """

    title: str
    url: str
    number: str = ""
    at: datetime | None = None
    size: int | None = None
    digest: str = ""
    signers: tuple[str, ...] = ()
    check_url: str = ""
    sealed: bool = False


@dataclass(frozen=True)
class RefusalView:
    """One reason why an act is not possible, in words.

    field: the id of the input at fault, if it is one. cure_url: the act that cures it.
    """

    code: str
    message: str
    facts: tuple[Fact, ...] = ()
    article: str = ""
    cure: str = ""
    cure_url: str = ""
    field: str = ""
