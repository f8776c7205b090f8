"""The works are accepted by five parties and filed, with a judgement of the contractor."""

from __future__ import annotations

from typing import Any

from kernel.regulation import calendars
from procurement.demonstration.play import Play
from procurement.demonstration.stages.drawings import papers
from procurement.projects.filing.models import CompletionFiling

WORKS, MACHINE = "procurement.works", "procurement.completion_filing"
_COMPLETION = (
    "scope_complete", "technical_file", "material_tests", "quality_documents", "warranty",
    "fire_acceptance", "planning_acceptance",
)  # fmt: skip
_FILING = (
    "filing_form", "acceptance_report", "planning_acceptance", "fire_acceptance", "warranty",
    "home_papers",
)  # fmt: skip


def _complete(p: Play) -> dict[str, Any]:
    """That the works are complete, with a warranty as long as the law asks."""
    return {
        "completion_papers": papers(p, *_COMPLETION),
        "design_life_years": 50,
        "warranty_structure_years": 50,
        "warranty_waterproofing_years": 5,
        "warranty_heating_seasons": 2,
        "warranty_services_years": 2,
    }


def play(p: Play) -> None:
    """Needs ``works`` (under construction) and ``contractor``; leaves ``filing`` (its key)."""
    p.begin("filing")
    works, complete = p.store["works"], _complete(p)
    p.refused(
        WORKS, works, "report_completion", "owner1", complete,
        codes=["procurement.works.station_not_told"],
    )  # fmt: skip
    day = calendars.calendar(assume=True).add_working_days(p.today, 8)
    p.act(WORKS, works, "notify_acceptance", "owner1", {"planned_on": day.isoformat()})
    p.until_day(day)
    complete = _complete(p)
    p.refused(
        WORKS, works, "report_completion", "owner1", complete | {"warranty_services_years": 1},
        codes=["procurement.works.warranty_short"],
    )  # fmt: skip
    p.act(WORKS, works, "report_completion", "owner1", complete)
    p.sign(WORKS, works, "owner1", p.store["contractor"], "chief1", "survey1", "design1")
    p.expect_state(WORKS, works, "accepted")
    filing = CompletionFiling.objects.get(works_id=works).pk
    p.store["filing"] = filing
    p.days(3)
    report = {"conclusion": "验收组织形式、程序和执行标准符合规定。"}
    p.act(WORKS, works, "station_report", "station1", report)
    whole = {
        "documents": papers(p, *_FILING),
        "residential": True,
        "performance": "excellent",
        "performance_reasons": "按期完工，质量合格，工资按月足额支付，隐患整改及时。",
    }
    p.refused(
        MACHINE, filing, "submit", "owner1",
        whole | {"documents": papers(p, *_FILING[:-1]), "performance_reasons": ""},
        codes=[
            "procurement.completion_filing.document_missing",
            "procurement.completion_filing.performance_unreasoned",
        ],
    )  # fmt: skip
    p.act(MACHINE, filing, "submit", "owner1", whole)
    p.working_days(1)
    p.act(MACHINE, filing, "receipt", "permit1")
    p.act(MACHINE, filing, "file", "permit1")
    p.sign(MACHINE, filing, "permit1")
    p.expect_state(MACHINE, filing, "filed")
    p.expect_state(WORKS, works, "filed")
