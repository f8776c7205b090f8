"""The rules of project registration: pure functions over plain values."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.errors import Refusal, Refused
from kernel.identifiers import project_code, regions, uscc
from kernel.identifiers.guards import unsound
from procurement.projects.schemas import Funding, Paper, Party

# Articles stand in the rule set ``values.registration``; a case cites those of its own moment.
ARTICLE_REGISTRATION = "《工程建设项目报建管理办法》第4条"
ARTICLE_PLATFORM = "平台规则"


@dataclass(frozen=True)
class RequiredPaper:
    """A paper that the rule set valid at the moment asks for, and why."""

    kind: str
    label: str
    article: str


@dataclass(frozen=True)
class ProjectFacts:
    """All that the guards of a project look at, loaded once per act.

    today: the legal day. same_code: references of other live projects with this project code.
    codes: list name -> codes valid today. home_region: the province this platform serves.
    articles: rule -> the article it rests on, with its mark where nobody has read the text.
    unprintable: (field, characters that no font of the certificate has) of what it prints.
    """

    today: date
    name: str
    project_code: str
    owner_uscc: str
    region: str
    address: str
    project_class: str
    nature: str
    approval_kind: str
    total_investment_fen: int
    floor_area_m2: int
    planned_start_on: date | None
    planned_end_on: date | None
    manager_name: str
    manager_phone: str
    funding: tuple[Funding, ...]
    papers: tuple[Paper, ...]
    parties: tuple[Party, ...]
    same_code: tuple[str, ...]
    required_papers: tuple[RequiredPaper, ...]
    codes: dict[str, frozenset[str]]
    home_region: str
    articles: Mapping[str, str]
    unprintable: tuple[tuple[str, str], ...] = ()
    # Credit codes of parties that only one check bears out and that nobody here is known by.
    doubtful_codes: frozenset[str] = frozenset()
    # Hashes of scans that are named but that this owner did not upload.
    missing_scans: frozenset[str] = frozenset()
    # Numbers of works that are not done; None where the project has no works at all.
    works_open: tuple[str, ...] | None = None
    # Need -> numbers of what keeps the project open; None where nobody answers.
    kept_open: Mapping[str, tuple[str, ...] | None] = dataclasses.field(default_factory=dict)


def form_is_complete(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """Every field that the form asks for is filled."""
    for name in (
        "name", "project_code", "region", "address", "project_class", "nature", "approval_kind",
        "total_investment_fen", "planned_start_on", "planned_end_on", "manager_name",
        "manager_phone",
    ):  # fmt: skip
        if not getattr(facts, name):
            yield Refusal(
                "procurement.project.field_missing",
                {"field": name},
                facts.articles["registration"],
                name,
            )


def project_code_is_valid(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """The national project code has its form. (Its check digit cannot be verified offline.)"""
    if facts.project_code:
        yield from unsound(
            project_code.parse, facts.project_code, facts.articles["project_code"], "project_code"
        )


def project_code_is_unused(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """One project code is registered once."""
    if facts.same_code:
        yield Refusal(
            "procurement.project.code_taken",
            {"code": facts.project_code, "others": list(facts.same_code)},
            facts.articles["project_code"],
            "project_code",
        )


def owner_is_identified(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """The owner's unified social credit code is valid."""
    yield from unsound(uscc.parse, facts.owner_uscc, facts.articles["uscc"], "owner")


def place_is_in_this_province(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """The place is a county-level region of this province that exists today."""
    if not facts.region:
        return
    try:
        regions.region(facts.region, on=facts.today)
    except Refused as refused:
        for r in refused.refusals:
            yield Refusal(r.code, r.facts, facts.articles["region"], "region")
        return
    if not regions.within(facts.region, facts.home_region) or facts.region.endswith("00"):
        yield Refusal(
            "procurement.project.region_elsewhere",
            {"region": facts.region},
            facts.articles["registration"],
            "region",
        )


def codes_are_listed(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """Coded fields hold codes that the lists in force contain."""
    pairs: list[tuple[str, str, str]] = [
        ("project_class", "project_class", facts.project_class),
        ("construction_nature", "nature", facts.nature),
        ("investment_kind", "approval_kind", facts.approval_kind),
    ]
    pairs += [("funding_source", f"funding.{i}.source", f.source) for i, f in _at(facts.funding)]
    pairs += [("project_paper", f"papers.{i}.kind", p.kind) for i, p in _at(facts.papers)]
    pairs += [("project_party", f"parties.{i}.role", p.role) for i, p in _at(facts.parties)]
    for name, field, code in pairs:
        if code and code not in facts.codes[name]:
            yield Refusal(
                "procurement.project.code_unlisted",
                {"list": name, "code": code},
                facts.articles["platform"],
                field,
            )


def funding_adds_up(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """The sources of money cover the total investment exactly."""
    total = sum(f.amount_fen for f in facts.funding)
    if total != facts.total_investment_fen or not facts.funding:
        yield Refusal(
            "procurement.project.funding_differs",
            {"sources": _yuan(total), "total": _yuan(facts.total_investment_fen)},
            facts.articles["funding"],
            "funding",
        )


def papers_are_there(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """Every paper that the rules of the day ask for is named, with number and date."""
    present = {p.kind for p in facts.papers if p.number}
    for paper in facts.required_papers:
        if paper.kind not in present:
            yield Refusal(
                "procurement.project.paper_missing",
                {"paper": paper.label},
                paper.article,
                "papers",
            )


def papers_are_not_from_tomorrow(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """No paper was issued after today."""
    for index, paper in _at(facts.papers):
        if paper.issued_on > facts.today:
            yield Refusal(
                "procurement.project.paper_dated_ahead",
                {"number": paper.number, "issued_on": paper.issued_on.isoformat()},
                facts.articles["registration"],
                f"papers.{index}.issued_on",
            )


def period_runs_forward(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """The works are planned to end after they start."""
    start, end = facts.planned_start_on, facts.planned_end_on
    if start and end and end <= start:
        yield Refusal(
            "procurement.project.period_backward",
            {"start": start.isoformat(), "end": end.isoformat()},
            facts.articles["registration"],
            "planned_end_on",
        )


def parties_are_identified(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """Each party on record has a valid credit code; no role names one twice."""
    seen: set[tuple[str, str]] = set()
    for index, party in _at(facts.parties):
        field, article = f"parties.{index}.uscc", facts.articles["uscc"]
        yield from unsound(uscc.parse, party.uscc, article, field)
        if party.uscc in facts.doubtful_codes:
            yield Refusal("procurement.project.uscc_doubtful", {"uscc": party.uscc}, article, field)
        if (party.role, party.uscc) in seen:
            yield Refusal(
                "procurement.project.party_twice",
                {"name": party.name},
                facts.articles["platform"],
                field,
            )
        seen.add((party.role, party.uscc))


_PHONE = re.compile(r"(\+?86-?)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?")


def phone_can_be_called(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """The manager's phone is a mobile number or a land line with its area code."""
    if facts.manager_phone and not _PHONE.fullmatch(facts.manager_phone):
        yield Refusal(
            "procurement.project.phone_invalid", {}, facts.articles["platform"], "manager_phone"
        )


def scans_are_there(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """A scan that a paper names was uploaded by this owner."""
    for index, paper in _at(facts.papers):
        if paper.file_sha256 in facts.missing_scans:
            yield Refusal(
                "procurement.project.paper_file_missing",
                {"number": paper.number},
                facts.articles["platform"],
                f"papers.{index}.scan",
            )


def certificate_can_be_printed(facts: ProjectFacts, _payload: Any) -> Iterator[Refusal]:
    """What stands on the certificate can be drawn; afterwards nothing of it can be changed."""
    for field, characters in facts.unprintable:
        yield Refusal(
            "procurement.project.unprintable",
            {"characters": characters},
            facts.articles["platform"],
            field,
        )


def reason_is_given(facts: ProjectFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever sends a file back or ends a project says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["reason"], "reason")


COMPLETE = (
    form_is_complete,
    project_code_is_valid,
    project_code_is_unused,
    owner_is_identified,
    place_is_in_this_province,
    codes_are_listed,
    funding_adds_up,
    papers_are_there,
    papers_are_not_from_tomorrow,
    period_runs_forward,
    parties_are_identified,
    phone_can_be_called,
    scans_are_there,
    certificate_can_be_printed,
)


def _at(items: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    return enumerate(items)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
