"""The archive is handed over; works and project end."""

from __future__ import annotations

from procurement.demonstration.play import Play
from procurement.demonstration.stages import tendering
from procurement.projects.models import Project

WORKS = "procurement.works"


def play(p: Play) -> None:
    """Needs ``works`` (filed, its contract settled) and ``project_number``; ends the project."""
    p.begin("closing")
    works = p.store["works"]
    p.refused(WORKS, works, "close", "owner1", codes=["procurement.works.archive_missing"])
    receipt = {"archive_receipt": f"哈城档收演示〔{p.today.year}〕1 号"}
    p.act(WORKS, works, "hand_over_archive", "owner1", receipt)
    end_lots(p)
    p.act(WORKS, works, "close", "owner1")
    p.settle()
    project = Project.objects.get(number=p.store["project_number"])
    p.expect_state("procurement.project", project.pk, "closed")


def end_lots(p: Play) -> None:
    """No lot of the project is left that anybody bids for or waits for."""
    if "lot3" in p.store:
        tendering.give_up(p)
        p.begin("closing")
