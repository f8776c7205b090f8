"""Guards of acts over codes: what a code lacks, as a refusal of the act's field. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from kernel.errors import Refusal, Refused
from kernel.identifiers import uscc


class Cited(Protocol):
    """Facts that name the articles that each rule of the day rests on."""

    @property
    def articles(self) -> Mapping[str, str]:
        """Rule -> article."""


def unsound(
    parse: Callable[[str], object], code: str, article: str, field: str
) -> Iterator[Refusal]:
    """Every reason why ``parse`` refuses a code, with the act's article and field."""
    try:
        parse(code)
    except Refused as refused:
        for reason in refused.refusals:
            yield Refusal(reason.code, reason.facts, article, field)


def uscc_is_sound(facts: Cited, payload: Any) -> Iterator[Refusal]:
    """The credit code that the payload names as ``uscc`` has its check digit."""
    if payload is not None:
        yield from unsound(uscc.parse, payload.uscc, facts.articles["uscc"], "uscc")
