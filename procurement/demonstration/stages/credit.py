"""Credit in the play: the archive is filled, conduct is confirmed by two officers, scores move."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.conduct import selectors as conduct
from credit.enterprises.rules import kept_in
from credit.scoring import selectors as scoring
from kernel.documents import scans
from kernel.regulation import selectors as law
from kernel.workflow.relations import region_prefix
from procurement.demonstration.play import Play
from procurement.demonstration.stages.bids import desk

RECORD = "credit.conduct_record"
BIDDERS = tuple(f"bidder{n}" for n in range(1, 6))


def archive(p: Play) -> None:
    """Every contractor of the play has its qualification, safety licence and manager on record."""
    p.begin("archive")
    for serial, who in enumerate(BIDDERS, start=1):
        firm, manager = p.actors[who], p.actors[f"manager{serial}"]
        common = {
            "uscc": firm.uscc,
            "name": firm.organisation_name,
            "issuer": "黑龙江省住房和城乡建设厅（演示）",
            "valid_from": date(2024, 1, 1),
            "valid_to": date(2027, 12, 31),
        }
        for more in (
            {
                "kind": "qualification",
                "number": f"D2230{serial:05d}",
                "trade": "building",
                "grade": "first",
            },
            {"kind": "safety", "number": f"(黑)JZ安许证字[2024]{serial:06d}"},
            {
                "kind": "person",
                "number": f"黑1232024{serial:06d}",
                "holder": manager.person_name,
                "certificate": "constructor_first",
                "trade": "building",
            },
        ):
            licence(p, common | more)
    p.settle()


def licence(p: Play, payload: dict[str, Any]) -> int:
    """Record a licence with its scan, by an officer of the enterprise's place; its key."""
    city = region_prefix(p.actors["credit1"].region)
    inside = kept_in(payload["uscc"], city).startswith(city)
    officer = "credit1" if inside else "credit3"
    scan = b"%PDF-1.7 " + payload["number"].encode()
    file = scans.store(actor=p.actors[officer], content=scan, at=p.now)
    return p.open("credit.licence", officer, payload | {"file_sha256": file.sha256})


def confirm(p: Play, uscc: str, *items: str) -> list[int]:
    """Two officers confirm what the platform captured; told, then published; the records' keys.

    The score of the enterprise must have moved by what the scheme says.
    """
    p.begin("credit call")
    p.settle()
    before = _score(p, uscc)
    records = [_confirmed(p, _captured(uscc, item)) for item in items]
    return_to = law.find_period("conduct.prior_notice", p.now)[1]["amount"]
    p.working_days(return_to + 1)
    for record in records:
        p.expect_state(RECORD, record, "published")
    after = _score(p, uscc)
    p.expect(after != before, f"{items} moved the score of {uscc} not at all")
    p.note("score", uscc=uscc, before=before, after=after, items=items)
    return records


def _confirmed(p: Play, record: int) -> int:
    p.act(RECORD, record, "verify", "credit1")
    p.refused(RECORD, record, "confirm", "credit1", codes=["credit.conduct_record.same_officer"])
    p.act(RECORD, record, "confirm", "credit2")
    p.act(RECORD, record, "notify", "credit2")
    p.sign(RECORD, record, "credit2")
    return record


def shown(p: Play, who: str) -> dict[str, Any]:
    """A bidder's own score, as the platform tells it to the bidder's own token."""
    told = desk(p, who).asked(f"/api/v1/credit/scores/{p.actors[who].uscc}")
    p.note("score told", who=who, millionths=told["score_millionths"], grade=told["grade"])
    return told


def _captured(uscc: str, item: str) -> int:
    return int(conduct.captured(uscc, item).values_list("pk", flat=True).get())


def _score(p: Play, uscc: str) -> int:
    return scoring.score(uscc, p.today, p.now).hundredths
