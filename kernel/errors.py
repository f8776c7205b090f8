"""Coded refusals: what was not allowed, by which facts, under which article. Pure.

A refusal carries no sentence. Its words stand in a catalogue, in every language, under its code,
so that rules stay pure and a page, the API and the command line say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


@dataclass(frozen=True)
class Refusal:
    """One reason why an act was refused.

    code: dotted, stable, e.g. ``procurement.project.not_submitted``.
    facts: plain JSON values that the words of the refusal name.
    article: the article of law, standard or our own rule that the refusal rests on.
    field: the name of the input that is at fault, if it is one.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    article: str = ""
    field: str = ""

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"not a refusal code: {self.code!r}")


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """An act was refused; ``refusals`` holds every reason, never only the first.

    attempt: the key of the attempt as it was kept, 0 where nothing kept it.
    """

    status = 422
    attempt = 0

    def __init__(self, refusals: Refusal | Iterable[Refusal]) -> None:
        self.refusals: tuple[Refusal, ...] = (
            (refusals,) if isinstance(refusals, Refusal) else tuple(refusals)
        )
        if not self.refusals:
            raise ValueError("a refusal needs a reason")
        super().__init__(", ".join(r.code for r in self.refusals))

    @classmethod
    def because(cls, code: str, article: str = "", field: str = "", **facts: Any) -> Refused:
        """Refuse for one reason."""
        return cls(Refusal(code=code, facts=facts, article=article, field=field))


class NotPermitted(Refused):
    """This actor may not do this."""

    status = 403


class NotFound(Refused):
    """There is no such thing, or none that this actor may see."""

    status = 404


class Conflict(Refused):
    """Somebody else was first, or the key was used for something else."""

    status = 409


class Unavailable(Refused):
    """A part of the platform that this needs is not at hand now; trying later may help."""

    status = 503


@dataclass(frozen=True)
class Wording:
    """The words of one refusal code.

    message: a (lazily translated) %-template over the refusal's facts, or a function of them
    where they are codes that have words of their own. A fact that is a list is named item by item.
    cure: what the reader can do about it, empty where nothing can be done.
    """

    message: Any
    cure: Any = ""


class Catalogue:
    """The words of every refusal code; each package registers its own at start-up."""

    def __init__(self) -> None:
        self._wordings: dict[str, Wording] = {}
        # How names are listed in the reader's language; the pages' own way once Django runs.
        self.listed: Callable[[Iterable[object]], str] = lambda items: ", ".join(map(str, items))

    def register(self, wordings: Mapping[str, Wording]) -> None:
        """Add wordings; a code has one wording only."""
        for code, wording in wordings.items():
            if self._wordings.setdefault(code, wording) != wording:
                raise ValueError(f"two wordings for {code}")

    def __contains__(self, code: object) -> bool:
        return code in self._wordings

    def codes(self) -> frozenset[str]:
        """All codes that have words."""
        return frozenset(self._wordings)

    def message(self, refusal: Refusal) -> str:
        """Words of a refusal in the active language; the bare code where it has none."""
        wording = self._wordings.get(refusal.code)
        if wording is None:
            return refusal.code
        if callable(wording.message):
            return str(wording.message(refusal.facts))
        try:
            said = {
                name: self.listed(fact) if isinstance(fact, list | tuple) else fact
                for name, fact in refusal.facts.items()
            }
            # The template itself may look at the facts: in which number it speaks.
            return str(wording.message % said)
        except (KeyError, TypeError, ValueError):
            return str(wording.message)

    def cure(self, refusal: Refusal) -> str:
        """What helps against a refusal, in the active language."""
        wording = self._wordings.get(refusal.code)
        return str(wording.cure) if wording else ""


catalogue = Catalogue()
