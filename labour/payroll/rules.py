"""The rules of payrolls: pure functions over plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.errors import Refusal
from kernel.money import round_fen, to_yuan


@dataclass(frozen=True)
class Terms:
    """What the roster says of a worker: contract's terms and days at the gate in the month.

    taken: number of another payroll of the same month that is not paid; before: days of the month
    that are paid already; card: wages can be paid.
    """

    name: str
    unit: str
    rate_fen: int
    attended: int
    card: bool
    taken: str
    before: Decimal = Decimal(0)


@dataclass(frozen=True)
class PayrollFacts:
    """All that the guards of a payroll look at.

    site_found: the crew has people on the site. account_open: the contract's wage account is in
    force. month_begun: the month is not ahead; month_over: its last day has passed.
    workers: terms by the key of the place, of this crew on this site. lines: as listed,
    worker -> days. unconfirmed: names. own_line: whether the
    actor has a line, and confirmed it (None: has none). over: most days beyond attendance.
    clashes: alarms of two sites. checked: by the labour clerk. balance_fen: on the account;
    total_fen: to be paid out. batch_taken: the bank's batch is on record.
    settled_percent: of the days at the gate, at which a month may be agreed to be settled.
    named_line: the paid line that an act names, where the actor may speak of it. spoken_for: the
    lines that they may speak of, a worker of the own. contradicted: some
    line's wages are said not to have come. missing_files: hashes that the actor did not bring.
    """

    today: date
    site_found: bool
    account_open: bool
    month_begun: bool
    month_over: bool
    taken: str
    workers: Mapping[int, Terms]
    lines: Mapping[int, Decimal]
    unconfirmed: tuple[str, ...]
    own_line: bool | None
    over: int
    clashes: int
    checked: bool
    balance_fen: int
    total_fen: int
    batch_taken: bool
    articles: Mapping[str, str]
    settled_percent: int = 100
    named_line: Mapping[str, Any] | None = None
    spoken_for: tuple[Mapping[str, Any], ...] = ()
    contradicted: bool = False
    missing_files: frozenset[str] = frozenset()


def _refusal(facts: PayrollFacts, what: str, cite: str, field: str = "", **more: Any) -> Refusal:
    return Refusal(f"labour.payroll.{what}", more, facts.articles[cite], field)


def line_sums(
    unit: str, days: Decimal, amount: Decimal, rate_fen: int, deductions_fen: int
) -> tuple[int, int]:
    """Gross and net wages in fen: rate by days or pieces, rounded once; net = gross - deductions.

    >>> line_sums("day", Decimal("25.5"), Decimal(0), 30000, 5000)
    (765000, 760000)
    """
    gross = round_fen(to_yuan(rate_fen) * (days if unit == "day" else amount))
    return gross, gross - deductions_fen


def site_is_the_crews(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """A crew lists wages where it has people."""
    if payload is not None and not facts.site_found:
        yield _refusal(facts, "site_unknown", "month", "site_number", number=payload.site_number)


def account_is_open(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """Wages are paid from the contract's wage account, so there must be one."""
    if payload is not None and not facts.account_open:
        yield _refusal(facts, "account_missing", "account_use")


def month_has_begun(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """Work is paid that was done."""
    if payload is not None and not facts.month_begun:
        yield _refusal(facts, "month_ahead", "month", "month", month=payload.month)


def month_is_new(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """One payroll a team, site and month; another for the rest once all before are paid."""
    if payload is not None and facts.taken:
        yield _refusal(facts, "taken", "month", "month", number=facts.taken)


def lines_are_right(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """Every line is a worker of this crew, once, with days, at no less than the contract's rate."""
    if payload is None:
        return
    if not payload.lines:
        yield _refusal(facts, "empty", "month", "lines")
    times = Counter(line.worker for line in payload.lines)
    for number, line in enumerate(payload.lines):
        field, terms = f"lines.{number}", facts.workers.get(line.worker)
        if terms is None:
            yield _refusal(facts, "worker_unknown", "month", f"{field}.worker", line=number + 1)
            continue
        if times[line.worker] > 1:
            yield _refusal(facts, "worker_twice", "month", f"{field}.worker", name=terms.name)
        if terms.taken:
            yield _refusal(
                facts, "worker_taken", "month", f"{field}.worker",
                name=terms.name, number=terms.taken,
            )  # fmt: skip
        if line.rate_fen is not None and line.rate_fen < terms.rate_fen:
            yield _refusal(facts, "rate_below", "contract", f"{field}.rate_fen", name=terms.name)
        yield from _sums(facts, line, terms, field)


def _sums(facts: PayrollFacts, line: Any, terms: Terms, field: str) -> Iterator[Refusal]:
    rate = terms.rate_fen if line.rate_fen is None else line.rate_fen
    gross, net = line_sums(terms.unit, line.days, line.amount, rate, line.deductions_fen)
    if gross <= 0:
        yield _refusal(facts, "nothing_due", "month", f"{field}.days", name=terms.name)
    elif net < 0:
        yield _refusal(facts, "net_below_zero", "month", f"{field}.deductions_fen", name=terms.name)
    if line.deductions_fen and not line.note:
        yield _refusal(facts, "deduction_unexplained", "ledger", f"{field}.note", name=terms.name)


def days_were_attended(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """Days paid are at most the days at the gate and one more."""
    lines = (
        {line.worker: line.days for line in payload.lines}
        if payload is not None and hasattr(payload, "lines")
        else facts.lines
    )
    for worker, days in lines.items():
        terms = facts.workers.get(worker)
        if terms is not None and days + terms.before > terms.attended + facts.over:
            yield _refusal(
                facts, "days_over_attendance", "attendance", "lines",
                name=terms.name, days=str(days + terms.before), attended=terms.attended,
            )  # fmt: skip


def settles(terms: Terms, days: Decimal, note: str, *, month_over: bool, percent: int) -> bool:
    """Whether a line that pays fewer days than attended may be agreed to be all that is due.

    Only after the month, with a reason, and for at least ``percent`` of the days at the gate. It
    is settled once the worker agrees (``agreed``); until then the rest of the days is owed.
    """
    paid = days + terms.before
    enough = paid * 100 >= percent * terms.attended
    return month_over and bool(note) and paid < terms.attended and enough


def days_are_whole(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """Every day at the gate is listed; fewer only after the month, with the reason."""
    for number, line in enumerate(payload.lines if payload is not None else ()):
        terms = facts.workers.get(line.worker)
        if terms is None or line.days + terms.before >= terms.attended:
            continue
        said = {
            "name": terms.name,
            "days": str(line.days + terms.before),
            "attended": terms.attended,
        }
        if not facts.month_over:
            yield _refusal(facts, "days_short", "month", f"lines.{number}.days", **said)
        elif not line.note:
            yield _refusal(facts, "days_short_unexplained", "month", f"lines.{number}.note", **said)


def line_is_mine(facts: PayrollFacts, _payload: Any) -> Iterator[Refusal]:
    """Each confirms the own line, once."""
    if facts.own_line is None:
        yield _refusal(facts, "no_line", "month")
    elif facts.own_line:
        yield _refusal(facts, "confirmed_already", "month")


def has_a_line(facts: PayrollFacts, _payload: Any) -> Iterator[Refusal]:
    """Who disputes has a line."""
    if facts.own_line is None:
        yield _refusal(facts, "no_line", "month")


def all_confirmed(facts: PayrollFacts, _payload: Any) -> Iterator[Refusal]:
    """Every worker confirmed the own line."""
    if facts.unconfirmed:
        yield _refusal(
            facts, "unconfirmed", "month", "",
            names=list(facts.unconfirmed[:5]), number=len(facts.unconfirmed),
        )  # fmt: skip


def clashes_are_explained(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """Alarms of attendance are looked into before wages are paid on it."""
    if payload is not None and facts.clashes and not payload.clash_note:
        yield _refusal(facts, "clash_unexplained", "attendance", "clash_note", number=facts.clashes)


def was_checked(facts: PayrollFacts, _payload: Any) -> Iterator[Refusal]:
    """The bank pays what the labour clerk checked."""
    if not facts.checked:
        yield _refusal(facts, "unchecked", "month")


def everybody_is_paid(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """A receipt for every worker, and for nobody else."""
    if payload is None:
        return
    held = Counter(receipt.worker for receipt in payload.receipts if receipt.receipt_number)
    for worker in facts.lines:
        if held[worker] != 1:
            name = facts.workers[worker].name if worker in facts.workers else str(worker)
            yield _refusal(facts, "receipt_missing", "ledger", "receipts", name=name)
    if set(held) - set(facts.lines):
        yield _refusal(facts, "receipt_stranger", "ledger", "receipts")
    if not payload.batch_number:
        yield _refusal(facts, "batch_missing", "ledger", "batch_number")
    if facts.batch_taken:
        yield _refusal(facts, "batch_taken", "ledger", "batch_number", number=payload.batch_number)


def cards_are_there(facts: PayrollFacts, _payload: Any) -> Iterator[Refusal]:
    """Wages go to the worker's own card."""
    for worker in facts.lines:
        terms = facts.workers.get(worker)
        if terms is not None and not terms.card:
            yield _refusal(facts, "card_missing", "month", "", name=terms.name)


def balance_suffices(facts: PayrollFacts, _payload: Any) -> Iterator[Refusal]:
    """The account holds the whole sum before anything is paid."""
    if not facts.account_open:
        yield _refusal(facts, "account_missing", "account_use")
    elif facts.balance_fen < facts.total_fen:
        yield _refusal(
            facts, "balance", "account_use", "",
            balance_fen=facts.balance_fen, total_fen=facts.total_fen,
        )  # fmt: skip


def reason_is_given(facts: PayrollFacts, payload: Any) -> Iterator[Refusal]:
    """Who disputes or sends back says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")
