"""The rules of permit, construction and acceptance: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kernel.errors import Refusal
from procurement.projects.schemas import Paper
from procurement.projects.works import hazard_rules, party_rules, warranty
from procurement.projects.works.party_rules import Team
from procurement.projects.works.schemas import DangerousWork
from procurement.projects.works.warranty import Warranty

_CODE = "procurement.works."


@dataclass(frozen=True)
class PaperCondition:
    """A condition that a paper shows. name: as the refusal's code ends; label: of the paper."""

    name: str
    kind: str
    label: str
    article: str


@dataclass(frozen=True)
class WorksFacts:
    """All that the guards of works look at, loaded once per act.

    papers, dangerous, completion_papers: None where nobody has handed them in yet.
    needs: need -> number of what holds, "" where nothing does, None where nobody answers.
    unknown_parties: roles (as fields) whose organisation nobody here acts for.
    recheck_from: the instant from which a suspension needs a re-check; None where not suspended.
    notice_latest_on: the last day on which the station had to be told, for the planned day
    (when told) or for today (when completion is reported); None where it cannot be counted.
    stop_orders: numbers of the notices by which the station stopped work for a major hazard.
    open_hazards: of those by which it did not, or does no more, and that are not put right.
    """

    today: date
    at: datetime
    contract_number: str
    contractor_uscc: str
    contractor_known: bool
    trade: str
    trade_listed: bool
    papers: tuple[Paper, ...] | None
    permit_conditions: tuple[PaperCondition, ...]
    dangerous: tuple[DangerousWork, ...] | None
    no_dangerous: bool
    drawings_passed: bool
    unknown_parties: tuple[str, ...]
    needs: Mapping[str, str | None]
    extensions: int
    extensions_most: int
    suspended_on: date | None
    recheck_from: datetime | None
    notified_on: date | None
    notice_latest_on: date | None
    completion_papers: tuple[Paper, ...] | None
    completion_conditions: tuple[PaperCondition, ...]
    station_reported: bool
    archived: bool
    team: Team | None
    warranty: Warranty
    missing_scans: frozenset[str]
    kinds: frozenset[str]
    articles: Mapping[str, str]
    stop_orders: tuple[str, ...] = ()
    open_hazards: tuple[str, ...] = ()


def permit_papers_are_there(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """Land, planning, site, funds, quality, safety: a paper shows each (建筑法 8)."""
    yield from _conditions(facts.papers, facts.permit_conditions, "papers")


def contractor_is_determined(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """A contractor is determined by a signed contract (建筑法 8)."""
    if not facts.contract_number or not facts.contractor_known:
        yield Refusal(
            _CODE + "condition_contractor", {}, facts.articles["condition.contractor"], ""
        )


def drawings_passed(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """The drawings passed their review (建筑法 8)."""
    if not facts.drawings_passed:
        yield Refusal(_CODE + "condition_drawings", {}, facts.articles["condition.drawings"], "")


def needs_are_met(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """Wage account and bond, securities, safety licence, settlement: its keeper says it holds."""
    for need, held in facts.needs.items():
        if not held:
            code = "need_unanswered" if held is None else f"need_{need}"
            yield Refusal(_CODE + code, {"need": need}, facts.articles[f"need.{need}"], "")


def trade_is_named(facts: WorksFacts, payload: Any) -> Iterator[Refusal]:
    """The permit's number ends with the class of the works."""
    if payload is not None and not facts.trade_listed:
        yield Refusal(
            _CODE + "trade_missing", {"code": facts.trade}, facts.articles["cite.platform"], "trade"
        )


def dangerous_works_are_listed(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """Dangerous parts are listed with their measures, or it is said that there are none."""
    if facts.dangerous is None:
        return
    article = facts.articles["dangerous"]
    if bool(facts.dangerous) == facts.no_dangerous:
        yield Refusal(_CODE + "dangerous_list_missing", {}, article, "dangerous")
    for index, item in enumerate(facts.dangerous):
        if not item.measures:
            field = f"dangerous.{index}.measures"
            yield Refusal(_CODE + "dangerous_measures_missing", {"line": index + 1}, article, field)


def parties_are_known(facts: WorksFacts, payload: Any) -> Iterator[Refusal]:
    """Survey, design and supervision have people here: the acceptance needs their signatures."""
    if payload is not None:
        for field in facts.unknown_parties:
            yield Refusal(
                _CODE + "party_unknown", {"field": field}, facts.articles["cite.platform"], field
            )


def scans_are_there(facts: WorksFacts, payload: Any) -> Iterator[Refusal]:
    """Kinds of papers are listed, and a file that one names was uploaded by who names it."""
    for name in ("papers", "completion_papers"):
        for index, paper in enumerate(getattr(payload, name, ())):
            if paper.kind not in facts.kinds:
                yield Refusal(
                    _CODE + "kind_unlisted",
                    {"code": paper.kind},
                    facts.articles["cite.platform"],
                    f"{name}.{index}.kind",
                )
            if paper.file_sha256 in facts.missing_scans:
                yield Refusal(
                    _CODE + "file_missing",
                    {"number": paper.number},
                    facts.articles["cite.platform"],
                    f"{name}.{index}.file_sha256",
                )


def leaders_scans_are_there(facts: WorksFacts, payload: Any) -> Iterator[Refusal]:
    """The file of a leader's letters was uploaded by who names it."""
    for index, leader in enumerate(getattr(payload, "leaders", ())):
        if leader.file_sha256 in facts.missing_scans:
            field = f"leaders.{index}.file_sha256"
            said = {"number": leader.authorisation_number}
            yield Refusal(_CODE + "file_missing", said, facts.articles["cite.platform"], field)


def reason_is_given(facts: WorksFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever sends back, extends, suspends or fails something says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["cite.return"], "reason")


def extension_is_left(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """The start may be put off so many times only (建筑法 9)."""
    if facts.extensions >= facts.extensions_most:
        yield Refusal(
            _CODE + "extensions_used",
            {"most": facts.extensions_most},
            facts.articles["extension.most"],
            "",
        )


def suspension_is_dated(facts: WorksFacts, payload: Any) -> Iterator[Refusal]:
    """A suspension has a day, and none to come."""
    if payload is None:
        return
    if payload.suspended_on is None or payload.suspended_on > facts.today:
        yield Refusal(
            _CODE + "suspension_day", {}, facts.articles["cite.suspension"], "suspended_on"
        )


def pause_was_short(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """After a year the permit is verified before work resumes (建筑法 10)."""
    if facts.recheck_from is not None and facts.at >= facts.recheck_from:
        yield Refusal(_CODE + "recheck_needed", {}, facts.articles["cite.suspension"], "")


def pause_was_long(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """A re-check is for suspensions of a year and more (建筑法 10)."""
    if facts.recheck_from is not None and facts.at < facts.recheck_from:
        yield Refusal(_CODE + "recheck_not_needed", {}, facts.articles["cite.suspension"], "")


def station_is_told_in_time(facts: WorksFacts, payload: Any) -> Iterator[Refusal]:
    """The station hears of an acceptance so many working days before it."""
    if payload is None:
        return
    article = facts.articles["cite.notice"]
    if payload.planned_on is None:
        yield Refusal(_CODE + "acceptance_day_missing", {}, article, "planned_on")
    elif facts.notice_latest_on is None or facts.today > facts.notice_latest_on:
        yield Refusal(
            _CODE + "notice_too_late",
            {"day": payload.planned_on.isoformat()},
            article,
            "planned_on",
        )


def station_was_told(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """No acceptance before the station has had its working days."""
    article = facts.articles["cite.notice"]
    if facts.notified_on is None:
        yield Refusal(_CODE + "station_not_told", {}, article, "")
    elif facts.notice_latest_on is None or facts.notified_on > facts.notice_latest_on:
        yield Refusal(
            _CODE + "acceptance_too_early", {"told": facts.notified_on.isoformat()}, article, ""
        )


def works_are_complete(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """The five conditions (质量条例 16), fire and planning acceptance: a paper shows each."""
    yield from _conditions(
        facts.completion_papers, facts.completion_conditions, "completion_papers"
    )


def station_has_not_reported(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """The station reports once."""
    if facts.station_reported:
        yield Refusal(_CODE + "station_reported", {}, facts.articles["cite.report"], "")


def conclusion_is_given(facts: WorksFacts, payload: Any) -> Iterator[Refusal]:
    """The station's report says what it found."""
    if payload is not None and not payload.conclusion:
        yield Refusal(_CODE + "conclusion_missing", {}, facts.articles["cite.report"], "conclusion")


def archive_is_receipted(facts: WorksFacts, payload: Any) -> Iterator[Refusal]:
    """The archive is handed over once, and its receipt has a number."""
    article = facts.articles["cite.archive"]
    if facts.archived:
        yield Refusal(_CODE + "archived_already", {}, article, "")
    elif payload is not None and not payload.archive_receipt:
        yield Refusal(_CODE + "archive_receipt_missing", {}, article, "archive_receipt")


def archive_is_handed_over(facts: WorksFacts, _payload: Any) -> Iterator[Refusal]:
    """Works end after their archive is handed over."""
    if not facts.archived:
        yield Refusal(_CODE + "archive_missing", {}, facts.articles["cite.archive"], "")


def _conditions(
    papers: tuple[Paper, ...] | None, conditions: tuple[PaperCondition, ...], field: str
) -> Iterator[Refusal]:
    if papers is None:
        return
    present = {paper.kind for paper in papers if paper.number}
    for one in conditions:
        if one.kind not in present:
            yield Refusal(f"{_CODE}condition_{one.name}", {"paper": one.label}, one.article, field)


PERMIT = (
    permit_papers_are_there,
    contractor_is_determined,
    drawings_passed,
    needs_are_met,
    dangerous_works_are_listed,
    party_rules.parties_are_on_record,
    party_rules.leaders_are_committed,
)
APPLY = (*PERMIT, trade_is_named, parties_are_known, scans_are_there, leaders_scans_are_there)
COMPLETE = (
    hazard_rules.no_stop_order_stands,
    hazard_rules.no_major_hazard_is_open,
    works_are_complete,
    warranty.warranty_is_long_enough,
    station_was_told,
    scans_are_there,
)
