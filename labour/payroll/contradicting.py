"""Wages that the bank says it paid and that never arrived: who says so, and who shows otherwise.

Pure: values in, refusals out. A line's receipt is its bank's word. Its worker, or the crew for the
worker, may say that nothing came: the days are owed again, and are listed anew as any others, until
the bank shows its paper of the transfer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kernel.errors import Refusal
from labour.payroll.rules import PayrollFacts


def is_contradicted(line: Mapping[str, Any]) -> bool:
    """Whether a line's wages are said not to have come, and the bank has not shown that they did.

    >>> is_contradicted({"contradicted": "没有到账"})
    True
    >>> is_contradicted({"contradicted": "没有到账", "proof_sha256": "ab"})
    False
    """
    return bool(line.get("contradicted")) and not proof_of(line)


def proof_of(line: Mapping[str, Any]) -> str:
    """The hash of the bank's paper about a line; empty where there is none.

    >>> proof_of({"proof": "ab"})  # as lines had it before the paper could be opened
    'ab'
    """
    return str(line.get("proof_sha256") or line.get("proof") or "")


def _refusal(facts: PayrollFacts, what: str, cite: str = "ledger") -> Refusal:
    return Refusal(f"labour.payroll.{what}", {}, facts.articles[cite], "worker")


def line_is_contradictable(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """A line that was paid, one's own or of one's crew, once; not against the bank's own paper.

    Before any is named: one is left that nobody spoke of.
    """
    if payload is None:
        said = [_said_of(line) for line in facts.spoken_for]
        if said and all(said):
            yield _refusal(facts, said[0])
        return
    if facts.named_line is None:
        yield _refusal(facts, "line_unknown")
    elif said_of := _said_of(facts.named_line):
        yield _refusal(facts, said_of)


def _said_of(line: Mapping[str, Any]) -> str:
    """What stands against speaking of a line; empty where nothing does."""
    if proof_of(line):
        return "receipt_proved"
    return "receipt_contradicted" if line.get("contradicted") else ""


def line_is_contradicted(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """The bank answers what was said, and nothing else."""
    if payload is None:
        if not facts.contradicted:
            yield _refusal(facts, "nothing_contradicted")
    elif facts.named_line is None or not is_contradicted(facts.named_line):
        yield _refusal(facts, "nothing_contradicted")


def proof_is_there(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """The bank's paper is a file that the bank brought."""
    if payload is not None and facts.missing_files:
        yield Refusal("labour.payroll.proof_missing", {}, facts.articles["ledger"], "file_sha256")
