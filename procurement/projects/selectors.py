"""Reads of projects, and the one load of facts that their guards look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from pydantic import TypeAdapter

from kernel import clock
from kernel.documents import fonts, scans
from kernel.errors import Refused
from kernel.identifiers import uscc
from kernel.parties.models import Organisation
from kernel.regulation import selectors as law
from kernel.regulation.named import named
from procurement.projects import citing, needs
from procurement.projects.machine import CLOSED, PROJECT, REGISTERED, TERMINATED
from procurement.projects.models import Project
from procurement.projects.rules import ProjectFacts, RequiredPaper
from procurement.projects.schemas import Funding, Paper, Party

HOME_REGION = "230000"
CODE_LISTS = (
    "project_class",
    "construction_nature",
    "investment_kind",
    "funding_source",
    "project_paper",
    "project_party",
)
_FUNDING = TypeAdapter(tuple[Funding, ...])
_PAPERS = TypeAdapter(tuple[Paper, ...])
_PARTIES = TypeAdapter(tuple[Party, ...])


@PROJECT.facts
def facts(case: Any, at: datetime, payload: Any = None) -> ProjectFacts:
    """Everything that the guards of a project look at, at a legal moment."""
    built = works_open(case.number) if case.state == REGISTERED else None
    requirements = _requirements(clock.legal_date(at).isoformat(), case.region, _language())
    return ProjectFacts(
        today=clock.legal_date(at),
        name=case.name,
        project_code=case.project_code,
        owner_uscc=case.owner.uscc if case.owner_id else "",
        region=case.region,
        address=case.address,
        project_class=case.project_class,
        nature=case.nature,
        approval_kind=case.approval_kind,
        total_investment_fen=case.total_investment_fen,
        floor_area_m2=case.floor_area_m2,
        planned_start_on=case.planned_start_on,
        planned_end_on=case.planned_end_on,
        manager_name=case.manager_name,
        manager_phone=case.manager_phone,
        funding=_FUNDING.validate_python(case.funding),
        papers=_PAPERS.validate_python(case.papers),
        parties=_PARTIES.validate_python(case.parties),
        same_code=_same_code(case),
        required_papers=requirements[0],
        codes=requirements[1],
        home_region=HOME_REGION,
        articles=requirements[2],
        unprintable=tuple(_unprintable(case)),
        doubtful_codes=_doubtful_codes(case, getattr(payload, "uscc", "")),
        missing_scans=_missing_scans(case),
        works_open=built,
        # Where nothing was built yet, that alone keeps the project open.
        kept_open=kept_open(case.number) if built is not None else {},
    )


# Every font of ours draws these; only for others are the fonts opened and asked.
_ODD = re.compile("[^\\s!-~\u00b7\u3001-\u3015\u4e00-\u9fa5\uff01-\uff5e]")


def _unprintable(case: Any) -> Iterator[tuple[str, str]]:
    """Fields of the certificate and those of their characters that it cannot draw."""
    texts = {name: getattr(case, name) for name in ("name", "address", "manager_name")}
    texts["owner"] = case.owner.name if case.owner_id else ""
    texts |= {f"papers.{i}.number": paper["number"] for i, paper in enumerate(case.papers)}
    texts |= {f"parties.{i}.name": party["name"] for i, party in enumerate(case.parties)}
    for field, text in texts.items():
        odd = "".join(sorted(set(_ODD.findall(text))))
        if odd and (missing := fonts.uncovered(odd)):
            yield field, missing


def _doubtful_codes(case: Any, coming: str) -> frozenset[str]:
    """Party codes with a check that fails, but for those of organisations registered here.

    coming: of a party that is to be recorded, or empty.
    """
    doubtful = set()
    for code in filter(None, (*(party["uscc"] for party in case.parties), coming)):
        try:
            if uscc.parse(code).needs_proof:
                doubtful.add(code)
        except Refused:
            continue  # a guard of its own says so
    if doubtful:
        known = Organisation.objects.filter(uscc__in=doubtful)
        doubtful -= set(known.values_list("uscc", flat=True))
    return frozenset(doubtful)


def _missing_scans(case: Any) -> frozenset[str]:
    if not case.owner_id:
        return frozenset()
    return scans.missing(case.owner_id, (paper["file_sha256"] for paper in case.papers))


def works_open(number: str) -> tuple[str, ...] | None:
    """Numbers of a project's works that are not done; None where it has none that were built."""
    from procurement.projects.works.models import Works
    from procurement.projects.works.states import ABANDONED

    found = Works.objects.filter(project_number=number).exclude(state=ABANDONED)
    states = list(found.values_list("number", "state"))
    return tuple(n for n, state in states if state != CLOSED) if states else None


def kept_open(number: str) -> dict[str, tuple[str, ...] | None]:
    """What later rooms say still goes on in a project, by what was asked of them."""
    return {need: needs.answer(need, number) for need in needs.NEEDS}


def may_end(number: str) -> bool:
    """Whether everything that was begun under a project is done, and something was built."""
    return works_open(number) == () and all(found == () for found in kept_open(number).values())


def is_own_scan(project: Project, sha256: str) -> bool:
    """Whether a project names a scan that its owner uploaded; a hash alone opens no file."""
    named = sha256 in {paper["file_sha256"] for paper in project.papers}
    return named and sha256 not in _missing_scans(project)


def _same_code(case: Any) -> tuple[str, ...]:
    """References of other projects, beyond the draft, that bear this project's code."""
    if not case.project_code:
        return ()
    others = (
        Project.objects.filter(project_code=case.project_code)
        .exclude(pk=case.pk)
        .exclude(state__in=[TERMINATED, "draft"])
        .only("pk", "number")[:5]
    )
    return tuple(other.reference for other in others)


def _language() -> str:
    return "en" if (get_language() or "zh").startswith("en") else "zh"


@lru_cache(maxsize=512)
def _requirements(
    day: str, region: str, language: str
) -> tuple[tuple[RequiredPaper, ...], dict[str, frozenset[str]], dict[str, str]]:
    """What the rule sets of a day say; rule sets are frozen, so a day's answer is too."""
    at = clock.start_of(date.fromisoformat(day))
    rule_set = law.resolve("values.registration", at, region)
    required = tuple(
        RequiredPaper(kind, named("project_paper", kind, at), citing.cited(row, language))
        for row in rule_set.rows
        if (kind := row.key.partition("paper.")[2]) and row["value"] == "required"
    )
    codes = {name: frozenset(code for code, _label in law.options(name, at)) for name in CODE_LISTS}
    articles = {
        key: citing.cited(row, language)
        for row in rule_set.rows
        if (key := row.key.partition("cite.")[2])
    }
    return required, codes, articles


def options(name: str, at: datetime) -> list[tuple[str, str]]:
    """(code, label) of a list in force, in the active language."""
    return law.options(name, at, _language())


def label(name: str, code: str, at: datetime) -> str:
    """A code's label in the active language; the code itself where the list has none."""
    return dict(options(name, at)).get(code, code)


def public_register() -> QuerySet[Project]:
    """What everybody may see: projects that were registered, also when they ended since.

    Those without an instant of registration stand last in its index, which is read from its end:
    without leaving them out the first page would read past every application under way.
    """
    found: QuerySet[Project] = (
        Project.objects.exclude(number="")
        .filter(state__in=[REGISTERED, TERMINATED, CLOSED], registered_at__isnull=False)
        .select_related("owner", "registered_by")
        .order_by("-registered_at", "-pk")
    )
    return found


def public_project(number: str) -> Project | None:
    """A registered project by its number, or None."""
    return public_register().filter(number=number).first()


def public_names(numbers: Iterable[str]) -> dict[str, str]:
    """The names of registered projects by their numbers; of others nothing."""
    found = public_register().order_by().filter(number__in=set(numbers))
    return dict(found.values_list("number", "name"))
