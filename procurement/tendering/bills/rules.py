"""The rules of bringing a tender bill: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import Refusal

CODE = "procurement.tender_bill."


@dataclass(frozen=True)
class BillFacts:
    """What the guards of a tender bill look at.

    registered: the project is on the register. party: who acts owns it, or is the agency of a plan
    of its. uploaded: who acts brought the file. faults: why it is no bill, or what the checks of
    the day find in it that rejects it. again: the same bill of the same project that is on record.
    lots: numbers of lots that stand on it.
    """

    project_number: str
    registered: bool
    party: bool
    uploaded: bool
    faults: tuple[Refusal, ...]
    again: str
    lots: tuple[str, ...]
    articles: Mapping[str, str]


def _refusal(facts: BillFacts, what: str, cite: str, where: str = "", **told: Any) -> Refusal:
    return Refusal(CODE + what, told, facts.articles[cite], where)


def project_is_registered(facts: BillFacts, payload: Any) -> Iterator[Refusal]:
    """A bill measures a project that is on the register."""
    if payload is not None and not facts.registered:
        number = facts.project_number
        yield _refusal(facts, "project_unregistered", "registered", "project_number", number=number)


def actor_is_party(facts: BillFacts, payload: Any) -> Iterator[Refusal]:
    """Its owner brings it, or the agency that a plan of the project names."""
    if payload is not None and facts.registered and not facts.party:
        yield _refusal(facts, "actor_elsewhere", "agency", "project_number")


def file_is_there(facts: BillFacts, payload: Any) -> Iterator[Refusal]:
    """Who names a file brought it: a hash alone opens nobody's bill."""
    if payload is not None and not facts.uploaded:
        yield _refusal(facts, "file_missing", "documents", "file_sha256")


def bill_is_sound(facts: BillFacts, payload: Any) -> Iterator[Refusal]:
    """It can be read, and no check of the day rejects it; each fault is told where it stands."""
    if payload is not None:
        yield from facts.faults


def bill_is_new(facts: BillFacts, payload: Any) -> Iterator[Refusal]:
    """The same bill of a project is on record once."""
    if payload is not None and facts.again:
        yield _refusal(facts, "on_record", "platform", "file_sha256", reference=facts.again)


def no_lot_stands_on_it(facts: BillFacts, _payload: Any) -> Iterator[Refusal]:
    """What a lot asks bidders to price is not taken away from under it."""
    if facts.lots:
        yield _refusal(facts, "in_use", "documents", "", lots=list(facts.lots))


IMPORT = (project_is_registered, actor_is_party, file_is_there, bill_is_sound, bill_is_new)
