"""The one load of facts that the guards of a completion filing look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.regulation.due import due
from procurement.projects import citing
from procurement.projects.filing.machine import COMPLETION_FILING
from procurement.projects.filing.rules import HOME_PAPERS, FilingFacts
from procurement.projects.filing.schemas import SubmitPayload
from procurement.projects.schemas import Paper
from procurement.projects.works.models import Works

_PAPERS = TypeAdapter(tuple[Paper, ...])


@COMPLETION_FILING.facts
def facts(case: Any, at: datetime, payload: Any = None, actor: Actor | None = None) -> FilingFacts:
    """Everything that the guards of a filing look at, at a legal moment."""
    told = payload if isinstance(payload, SubmitPayload) else case
    looked = told is case and not case.performance
    works = Works.objects.filter(pk=case.works_id).first() if case.works_id else None
    articles = citing.articles("values.completion_filing", at, case.region)
    values = citing.values("values.completion_filing", at, case.region)
    documents = None if looked else _PAPERS.validate_python(told.documents)
    return FilingFacts(
        at=at,
        works_accepted=works is not None and works.accepted_on is not None,
        documents=documents,
        residential=told.residential,
        required={
            kind: (citing.named("completion_paper", kind, at), articles[key])
            for key, value in values.items()
            if (kind := key.partition("paper.")[2]) and value == "required"
        },
        home_papers=citing.named("completion_paper", HOME_PAPERS, at),
        performance=told.performance,
        performance_listed=told.performance in citing.codes("performance", at),
        performance_reasons=told.performance_reasons,
        station_reported=works is not None and works.station_reported_on is not None,
        station_breach=works is not None and works.station_breach,
        stop_until=due(
            case.receipted_at, "completion_filing.stop_use", region=case.region, provisional=True
        ).at
        if case.receipted_at
        else None,
        kinds=citing.codes("completion_paper", at),
        missing_scans=scans.missing(
            actor.organisation_id, (paper.file_sha256 for paper in documents or ())
        )
        if actor is not None and isinstance(payload, SubmitPayload)
        else frozenset(),
        articles=articles,
    )
