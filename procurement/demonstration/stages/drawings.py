"""The drawings are reviewed: filed, found wanting once, passed, reported."""

from __future__ import annotations

from typing import Any

from procurement.demonstration.play import Play

MACHINE = "procurement.drawing_review"
_KINDS = ("full_drawings", "survey_report", "fire_chapter", "energy_chapter")


def papers(p: Play, *kinds: str) -> list[dict[str, Any]]:
    """Papers of these kinds, issued today."""
    return [
        {"kind": kind, "number": f"演示{kind}-{number}", "issued_on": p.today.isoformat()}
        for number, kind in enumerate(kinds, start=1)
    ]


def play(p: Play) -> None:
    """Needs ``project_number`` (registered); leaves ``drawing_review`` (its key)."""
    p.begin("drawings")
    payload = {
        "project_number": p.store["project_number"],
        "name": "施工图设计文件（演示）",
        "scale": "large",
        "reviewer_uscc": p.actors["reviewer1"].uscc,
        "survey_uscc": p.actors["survey1"].uscc,
        "design_uscc": p.actors["design1"].uscc,
        "documents": papers(p, *_KINDS),
    }
    p.refused(
        MACHINE,
        None,
        "file",
        "owner1",
        payload | {"documents": papers(p, *_KINDS[1:])},
        codes=["procurement.drawing_review.document_missing"],
    )
    review = p.open(MACHINE, "owner1", payload)
    p.store["drawing_review"] = review
    p.working_days(1)
    p.act(MACHINE, review, "start", "reviewer1")
    p.working_days(3)
    opinions = ["三层疏散楼梯净宽不足，请核算。", "补充基坑支护设计说明。"]
    p.act(MACHINE, review, "return", "reviewer1", {"opinions": opinions})
    p.working_days(2)
    p.act(MACHINE, review, "refile", "owner1", {"documents": papers(p, *_KINDS)})
    p.act(MACHINE, review, "start", "reviewer1")
    p.working_days(4)
    p.act(MACHINE, review, "pass", "reviewer1", {"conclusion": "符合工程建设强制性标准。"})
    p.sign(MACHINE, review, "reviewer1")
    p.act(MACHINE, review, "report_result", "reviewer1")
    p.expect_state(MACHINE, review, "reported")
