"""The rules of lifting machines: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kernel.errors import Refusal

# Without one of each, a machine is not worked.
NEEDED_TRADES = ("crane_driver", "rigger")


@dataclass(frozen=True)
class MachineFacts:
    """All that the guards of a machine look at.

    codes: list name -> codes valid today. taken: reference of another machine of this plate that
    stands on record or was scrapped. made_on: day of make under which the plate was on record
    before. papers: kinds handed in; required_papers: kind -> its words. missing_files: hashes
    that the actor's organisation did not upload. life_ends_on: last day of its service life.
    inspected_until: last day on which its inspection holds. hired_until: last day of its hire.
    cycle_ends_on: for how long a test of today is asked to hold at most. operators_until: last day
    on which each needed trade has somebody certified, None where that was never counted.
    blocked_by: what stopped its use. notice_runs: day of a notice that has not run for two working
    days yet. installer_refusals: why the firm that acts, or is engaged, may not install.
    owner_listed: by what its owner is on a list, and may not let it. installer_known: whom the
    act engages has people who install. tester_interested: who acts works for one side, too.
    assessed_until: the last day that an assessment of today may allow; None before it is known.
    """

    today: date
    now: datetime
    codes: Mapping[str, frozenset[str]]
    taken: str
    made_on: date | None
    papers: frozenset[str]
    required_papers: Mapping[str, str]
    missing_files: frozenset[str]
    life_ends_on: date | None
    inspected_until: date | None
    hired_until: date | None
    cycle_ends_on: date
    operators_until: date | None
    blocked_by: str
    notice_runs: date | None
    installer_refusals: tuple[Refusal, ...]
    owner_listed: tuple[Refusal, ...]
    articles: Mapping[str, str]
    installer_known: bool = False
    tester_interested: bool = False
    assessed_until: date | None = None


def _refusal(facts: MachineFacts, what: str, cite: str, field: str = "", **more: Any) -> Refusal:
    return Refusal(f"equipment.machine.{what}", more, facts.articles[cite], field)


def kind_is_listed(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """The kind stands in today's list."""
    if payload is not None and payload.kind not in facts.codes["machine_kind"]:
        yield _refusal(facts, "kind_unlisted", "platform", "kind", code=payload.kind)


def owner_is_on_no_list(facts: MachineFacts, _payload: Any) -> Iterator[Refusal]:
    """Who is on a list offers no machine."""
    yield from facts.owner_listed


def machine_is_new_here(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """One machine is on record once, by its maker and serial number."""
    if payload is not None and facts.taken:
        yield _refusal(facts, "taken", "filing", "serial", other=facts.taken)


def machine_is_no_younger(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """A machine that was on record before comes back as old as it is."""
    if payload is not None and facts.made_on not in {None, payload.manufactured_on}:
        yield _refusal(
            facts, "made_before", "filing", "manufactured_on",
            made=payload.manufactured_on.isoformat(), before=str(facts.made_on),
        )  # fmt: skip


def dates_run_forward(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """It was made before it was bought, and neither lies ahead."""
    if payload is None:
        return
    if payload.purchased_on < payload.manufactured_on or payload.purchased_on > facts.today:
        yield _refusal(
            facts, "dates", "filing", "purchased_on",
            made=payload.manufactured_on.isoformat(), bought=payload.purchased_on.isoformat(),
        )  # fmt: skip


def papers_are_there(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """The five documents of filing."""
    held = {paper.kind for paper in payload.papers if paper.number} if payload else facts.papers
    if payload is None and not held:
        return  # the form that asks for them is the cure
    for kind, label in facts.required_papers.items():
        if kind not in held:
            yield _refusal(facts, "paper_missing", "filing", "papers", paper=label)


def papers_were_handed_in(facts: MachineFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing is filed that lacks one of the five documents."""
    for kind, label in facts.required_papers.items():
        if kind not in facts.papers:
            yield _refusal(facts, "paper_missing", "filing", "papers", paper=label)


def files_are_there(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """A file that is named was brought by who names it."""
    if payload is not None:
        for sha256 in sorted(facts.missing_files):
            yield _refusal(facts, "file_missing", "platform", "", sha256=sha256[:12])


def life_is_left(facts: MachineFacts, _payload: Any) -> Iterator[Refusal]:
    """No machine past its service life is filed, hired or used without an assessment."""
    if facts.life_ends_on is not None and facts.life_ends_on < facts.today:
        yield _refusal(facts, "life_over", "life", "", on=facts.life_ends_on.isoformat())


def life_covers_the_hire(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """Life covers the whole hire."""
    ends = facts.life_ends_on
    if payload is not None and ends is not None and ends < payload.to_on:
        yield _refusal(
            facts, "life_short", "life", "to_on",
            on=ends.isoformat(), to=payload.to_on.isoformat(),
        )  # fmt: skip


def rent_is_named(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """An offer has a price."""
    if payload is not None and payload.daily_rent_fen <= 0:
        yield _refusal(facts, "rent_missing", "rent", "daily_rent_fen")


def installer_is_qualified(facts: MachineFacts, _payload: Any) -> Iterator[Refusal]:
    """Who installs or dismantles has the qualification and the safety production licence."""
    yield from facts.installer_refusals


def plan_is_reviewed(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """The scheme is signed by the technical head, reviewed by contractor and supervision."""
    if payload is None:
        return
    for name in ("plan_number", "signed_by", "reviewed_by_contractor", "reviewed_by_supervision"):
        if not getattr(payload, name):
            yield _refusal(facts, "plan_incomplete", "install", name)


def notice_has_run(facts: MachineFacts, _payload: Any) -> Iterator[Refusal]:
    """Installation begins two working days after the notice at the earliest."""
    if facts.notice_runs is not None:
        yield _refusal(facts, "notice_runs", "install", on=facts.notice_runs.isoformat())


def self_check_passed(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """The installer checked its own work, with a technician present, and it was in order."""
    if payload is None:
        return
    if not payload.passed:
        yield _refusal(facts, "self_check_failed", "install", "passed")
    if not payload.technician or not payload.report_number:
        yield _refusal(facts, "self_check_incomplete", "install", "technician")


def test_passed(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """Only a passed test, with its report and next date, lets the machine go on."""
    if payload is None:
        return
    if not payload.passed:
        yield _refusal(facts, "test_failed", "test", "passed")
    if not payload.report_number:
        yield _refusal(facts, "report_missing", "test", "report_number")
    if payload.passed and (payload.next_due_on is None or payload.next_due_on <= facts.today):
        yield _refusal(facts, "next_test_missing", "test", "next_due_on")


def inspection_covers_the_hire(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """The inspection holds until the hire ends, and no longer than the machine's life.

    Where the hire outlasts a whole cycle of inspections, the cycle is enough: the clock blocks the
    machine at its end until it is tested again.
    """
    if payload is None or not payload.passed or payload.next_due_on is None:
        return
    if facts.life_ends_on is not None and payload.next_due_on > facts.life_ends_on:
        yield _refusal(
            facts, "life_short", "life", "next_due_on",
            on=facts.life_ends_on.isoformat(), to=payload.next_due_on.isoformat(),
        )  # fmt: skip
    if facts.hired_until is not None:
        needed = min(facts.hired_until, facts.cycle_ends_on)
        if payload.next_due_on < needed:
            yield _refusal(
                facts, "inspection_short", "test", "next_due_on",
                on=payload.next_due_on.isoformat(), to=needed.isoformat(),
            )  # fmt: skip


def inspection_holds(facts: MachineFacts, _payload: Any) -> Iterator[Refusal]:
    """A machine with a lapsed inspection is not used."""
    if facts.inspected_until is None or facts.inspected_until < facts.today:
        on = facts.inspected_until.isoformat() if facts.inspected_until else ""
        yield _refusal(facts, "inspection_lapsed", "test", "", on=on)


def acceptance_is_joint(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """Lessor, installer and supervision sign the acceptance with the contractor."""
    if payload is None:
        return
    for name in ("number", "lessor_signatory", "installer_signatory", "supervision_signatory"):
        if not getattr(payload, name):
            yield _refusal(facts, "acceptance_incomplete", "test", name)


def operators_hold_certificates(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """Driver and signaller are named, of a listed trade, with certificates that hold today."""
    if payload is None:
        return
    trades = {operator.trade for operator in payload.operators}
    for trade in NEEDED_TRADES:
        if trade not in trades:
            yield _refusal(facts, "operator_missing", "operators", "operators", trade=trade)
    for place, operator in enumerate(payload.operators):
        if operator.trade not in facts.codes["operator_trade"]:
            yield _refusal(
                facts, "trade_unlisted", "operators", f"operators.{place}.trade",
                code=operator.trade,
            )  # fmt: skip
        if not operator.certificate or operator.valid_to < facts.today:
            yield _refusal(
                facts, "certificate_lapsed", "operators", f"operators.{place}.valid_to",
                name=operator.name, on=operator.valid_to.isoformat(),
            )  # fmt: skip


def covered_until(operators: Iterable[tuple[str, date]]) -> date | None:
    """The last day on which each needed trade has somebody certified; (trade, last day) of each.

    None where a trade has nobody.

    >>> covered_until([("crane_driver", date(2026, 1, 1)), ("crane_driver", date(2026, 5, 1)),
    ...                ("rigger", date(2026, 3, 1))])
    datetime.date(2026, 3, 1)
    """
    last: dict[str, date] = {}
    for trade, valid_to in operators:
        last[trade] = max(valid_to, last.get(trade, valid_to))
    held = [last.get(trade) for trade in NEEDED_TRADES]
    return None if None in held else min(day for day in held if day is not None)


def operators_still_hold(facts: MachineFacts, _payload: Any) -> Iterator[Refusal]:
    """A machine is not used where nobody may work it any more."""
    until = facts.operators_until
    if until is not None and until < facts.today:
        yield _refusal(facts, "operators_lapsed", "operators", "", on=until.isoformat())


def operators_were_the_cause(facts: MachineFacts, _payload: Any) -> Iterator[Refusal]:
    """New certificates mend what lapsed certificates stopped; a test or an order, they do not."""
    if facts.blocked_by != "operators":
        yield _refusal(facts, "blocked_otherwise", "test")


def report_is_numbered(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """A verdict on a machine rests on a report."""
    if payload is not None and not payload.report_number:
        yield _refusal(facts, "report_missing", "life", "report_number")


def assessment_passed(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """A machine comes back only with a passed assessment that says until when."""
    if payload is None:
        return
    if not payload.passed or payload.usable_until is None or payload.usable_until <= facts.today:
        yield _refusal(facts, "assessment_failed", "life", "passed")
    if not payload.report_number:
        yield _refusal(facts, "report_missing", "life", "report_number")
    until, longest = payload.usable_until, facts.assessed_until
    if payload.passed and until is not None and longest is not None and until > longest:
        yield _refusal(
            facts, "assessment_too_long", "life", "usable_until",
            on=longest.isoformat(), to=until.isoformat(),
        )  # fmt: skip


def reason_is_given(facts: MachineFacts, payload: Any) -> Iterator[Refusal]:
    """Who sends back, blocks or scraps says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")


def life_years(kind: str, capacity_knm: int, values: Mapping[str, int]) -> int:
    """Service life in years without assessment, by kind and size (JGJ/T 189)."""
    return values[f"life.{_size(kind, capacity_knm, values)}"]


def assessed_years(kind: str, capacity_knm: int, values: Mapping[str, int]) -> int:
    """For how many years a passed assessment holds at most, by kind and size (JGJ/T 189)."""
    return values[f"assessment.{_size(kind, capacity_knm, values)}"]


def _size(kind: str, capacity_knm: int, values: Mapping[str, int]) -> str:
    if kind != "tower_crane":
        return kind
    if capacity_knm < values["size.medium_knm"]:
        return "tower_crane.small"
    return f"tower_crane.{'medium' if capacity_knm < values['size.large_knm'] else 'large'}"
