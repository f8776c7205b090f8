"""What happened in a project, step by step: folded by month, of all its cases or of some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kernel.clock import LEGAL_ZONE
from kernel.web import steps
from kernel.web.viewmodels import DocumentLink, Filter
from kernel.web.words import listed

SHORT = 30
"""Steps; a time line up to so long stands open in all its months."""
NAMED = 4
"""Kinds of case that the head of a month names."""
_ALL = "all"


@dataclass(frozen=True)
class CaseLine:
    """A case of the project: what it is, its page. link, row: HTML that leads there, with state."""

    ref: str
    kind: str
    reference: str
    url: str
    link: SafeString
    row: SafeString

    @property
    def machine(self) -> str:
        """The machine of the case."""
        return self.ref.partition(":")[0]


class Step(NamedTuple):
    """Something that happened: what, when, who, on which case; or a document that was issued."""

    at: datetime
    label: SafeString
    case: CaseLine
    who: str = ""
    organisation: str = ""
    role: str = ""
    document: DocumentLink | None = None
    log_index: int | None = None


@dataclass(frozen=True)
class Asked:
    """What the address asks of a life: one kind of case, one case, every month open.

    Whatever it does not name is not asked; what names no case of the reader's shows nothing.
    """

    kind: str = ""
    case: str = ""
    whole: bool = False

    @classmethod
    def of(cls, params: Mapping[str, str]) -> Asked:
        """From the address' own parameters."""
        return cls(params.get("kind", ""), params.get("case", ""), params.get("months") == _ALL)

    @property
    def filtered(self) -> bool:
        """Whether some of what happened is left out."""
        return bool(self.kind or self.case)

    def shows(self, case: CaseLine) -> bool:
        """Whether the steps of a case are asked for."""
        return self.case in ("", case.ref) and self.kind in ("", case.machine)

    def url(self) -> str:
        """The address that asks for this."""
        asked = {"kind": self.kind, "case": self.case, "months": _ALL if self.whole else ""}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    def turned(self) -> str:
        """The address that asks for the same with all months open, or folded again."""
        return replace(self, whole=not self.whole).url()

    def filters(self, lines: Iterable[CaseLine]) -> tuple[Filter, Filter]:
        """The controls of the page: kinds, then cases, in the order of the page's cases."""
        every, cases = ("", _("全部")), tuple(lines)
        kinds = dict.fromkeys((line.machine, line.kind) for line in cases)
        own = tuple((line.ref, f"{line.kind} {line.reference}") for line in cases)
        return (
            Filter("kind", _("业务种类"), "select", self.kind, (every, *kinds)),
            Filter("case", _("案卷"), "select", self.case, (every, *own)),
        )


@dataclass(frozen=True)
class Month:
    """The steps of a month. key: its place on the page; about: of which kinds of case."""

    key: str
    name: str
    number: int
    about: str
    open: bool
    steps: SafeString


def months(done: Iterable[Step], whole: bool) -> list[Month]:
    """Steps by legal month, oldest first; the last month is open, and all where they are few.

    whole: all months are open.
    """
    ordered = sorted(done, key=lambda step: step.at)
    writer, open_ = steps.Steps(), whole or len(ordered) <= SHORT
    found = [(first, list(group)) for first, group in groupby(ordered, key=_first)]
    return [
        Month(
            f"m-{first:%Y-%m}",
            date_format(first, "YEAR_MONTH_FORMAT"),
            len(group),
            _about(group),
            open_ or first == found[-1][0],
            SafeString("\n".join([_item(step, writer) for step in group])),
        )
        for first, group in found
    ]


def _first(step: Step) -> date:
    """The first day of the legal month of a step."""
    return step.at.astimezone(LEGAL_ZONE).date().replace(day=1)


def _about(group: Sequence[Step]) -> str:
    kinds = list(dict.fromkeys(step.case.kind for step in group))
    said = listed(kinds[:NAMED])
    return said if len(kinds) <= NAMED else _("%(kinds)s等") % {"kinds": said}


def _item(step: Step, writer: steps.Steps) -> str:
    link, index = step.document, step.log_index
    paper = steps.document(link) if link and link.url else ""
    proof = "" if index is None else writer.proof(index)
    return (
        '<li class="zx-step zx-step-done"><div class="zx-step-head">'
        f'<span class="zx-step-label">{step.label}</span>{writer.at(step.at)}</div>'
        f"{writer.who(step.who, step.organisation, step.role)}{step.case.link}{paper}{proof}</li>"
    )
