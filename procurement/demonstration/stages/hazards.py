"""Two hazards on site: an ordinary one that is put right, a major one that stops work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kernel.documents import scans
from procurement.demonstration.play import Play

MACHINE, VISIT = "procurement.hazard", "procurement.site_visit"
# The smallest picture there is: one grey point.
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c6368000000820081dd436af40000000049454e44ae426082"
)


def photo(p: Play, who: str, note: str = "") -> list[dict[str, Any]]:
    """A picture that somebody takes on site."""
    stored = scans.store(actor=p.actors[who], content=_PICTURE, at=p.now)
    return [{"file_sha256": stored.sha256, "note": note}]


def _five(p: Play, days: int, **changes: Any) -> dict[str, Any]:
    return {
        "responsible": p.actors[p.store["manager"]].person_name,
        "measure": "停用该段脚手架，补设连墙件后重新验收",
        "money_fen": 38_000_00,
        "rectify_by_on": (p.today + timedelta(days=days)).isoformat(),
        "plan": "设警戒区，专人看守，暂停交叉作业",
        **changes,
    }


def _repaired(p: Play) -> dict[str, Any]:
    photos = photo(p, p.store["manager"], "整改后")
    return {"rectified_photos": photos, "result": "已按方案补设并自检合格。"}


def play(p: Play) -> None:
    """Needs ``works_number`` and ``manager``; leaves ``hazard`` and ``major_hazard`` (keys)."""
    p.begin("hazards")
    manager, number = p.store["manager"], p.store["works_number"]
    visit = p.open(
        VISIT,
        "station1",
        {
            "photos": photo(p, "station1", "北立面"),
            "works_number": number,
            "areas": ["scaffold", "heights"],
            "findings": "脚手架连墙件缺失，楼层临边防护不到位。",
        },
    )
    finding = {
        "photos": photo(p, "station1", "临边"),
        "works_number": number,
        "area": "heights",
        "place": "3 号楼 6 层",
        "description": "楼层临边防护栏杆缺失约 6 米",
        "visit_id": visit,
    }
    p.refused(
        MACHINE, None, "find", "station1", finding | {"photos": []},
        codes=["procurement.hazard.photo_missing"],
    )  # fmt: skip
    ordinary = p.open(MACHINE, "station1", finding)
    p.store["hazard"] = ordinary
    p.act(MACHINE, ordinary, "grade", "station1", {"criterion": "edge_guard"})
    p.sign(MACHINE, ordinary, "station1")
    p.act(MACHINE, ordinary, "assign", manager, _five(p, 5, measure="恢复防护栏杆"))
    p.days(2)
    p.act(MACHINE, ordinary, "rectify", manager, _repaired(p))
    p.refused(MACHINE, ordinary, "close", "chief1", codes=["procurement.hazard.not_rechecked"])
    p.act(MACHINE, ordinary, "recheck", "chief1", {"conclusion": "防护已恢复，符合要求。"})
    p.act(MACHINE, ordinary, "close", "chief1")
    major = p.open(
        MACHINE,
        "station1",
        finding
        | {
            "photos": photo(p, "station1", "连墙件"),
            "area": "scaffold",
            "place": "3 号楼北立面",
            "description": "6 层连墙件整层缺失",
        },
    )
    p.store["major_hazard"] = major
    p.act(MACHINE, major, "grade", "station1", {"criterion": "scaffold_ties"})
    p.sign(MACHINE, major, "station1")
    p.act(MACHINE, major, "stop", "station1", {"reason": "有坍塌危险，立即撤出人员。"})
    p.days(1)
    p.act(MACHINE, major, "release", "station1", {"reason": "危险区域已封闭，准予整改作业。"})
    p.act(MACHINE, major, "assign", manager, _five(p, 7))
    p.days(4)
    p.act(MACHINE, major, "rectify", manager, _repaired(p))
    good = {"conclusion": "连墙件已补齐，验收合格。"}
    p.refused(
        MACHINE, major, "recheck", "chief1", good, codes=["procurement.hazard.station_needed"]
    )
    p.act(MACHINE, major, "recheck", "station1", good)
    p.act(MACHINE, major, "close", "station1")
    p.settle()
