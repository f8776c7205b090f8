"""The archive is handed over; works and project end."""

from __future__ import annotations

from procurement.demonstration.play import Play
from procurement.demonstration.stages import tendering
from procurement.projects.models import Project

WORKS, PROJECT = "procurement.works", "procurement.project"


def play(p: Play) -> None:
    """Needs ``works`` (filed, its contract settled) and ``project_number``; ends the project."""
    p.begin("closing")
    works = p.store["works"]
    p.refused(WORKS, works, "close", "owner1", codes=["procurement.works.archive_missing"])
    receipt = {"archive_receipt": f"哈城档收演示〔{p.today.year}〕1 号"}
    p.act(WORKS, works, "hand_over_archive", "owner1", receipt)
    p.act(WORKS, works, "close", "owner1")
    p.settle()
    project = Project.objects.get(number=p.store["project_number"])
    end_lots(p, project.pk)
    p.expect_state(PROJECT, project.pk, "closed")


def end_lots(p: Play, project: int) -> None:
    """While a lot is live its project stays open, and who asks why is told which one."""
    if "lot3" not in p.store:
        return
    p.expect_state(PROJECT, project, "registered")
    p.refused(PROJECT, project, "finish", "owner1", codes=["procurement.project.live_lots"])
    tendering.give_up(p)
