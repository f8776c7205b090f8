"""A lot that lacks nothing, its project, and short ways to bring it somewhere."""

from __future__ import annotations

import hashlib
import itertools
from datetime import datetime, timedelta
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans, storage
from kernel.documents import services as documents
from kernel.documents.models import Document, DocumentState
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.parties.models import Organisation
from kernel.workflow.firing import fire
from kernel.workflow.following import follow
from kernel.workflow.receipts import Receipt
from procurement.projects.models import Project
from procurement.tendering import needs
from procurement.tendering.documents import CANDIDATES, candidates_number
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.services import open_lot
from tests.conftest import member
from tests.procurement.projects.samples import registered

BILL = "b" * 64
POLICY = "a" * 64
LIST = "c" * 64
_keys = itertools.count(1)


def market() -> dict[str, Actor]:
    """An owner, its agency, contractors, a guarantor, the authority's people."""
    city: dict[str, Any] = {"region": "230100", "serial": 3, "authority": "city"}
    return {
        "officer": member("officer", "registration_officer", **city),
        **parties(),
        "supervisor": member("supervisor", "tender_supervisor", **city),
    }


def parties() -> dict[str, Actor]:
    """Those of the market who are no authority."""
    return {
        "owner": member("owner", "owner_clerk", serial=1),
        "other_owner": member("other_owner", "owner_clerk", serial=2),
        "agency": member("agency", "agency_clerk", serial=7),
        "bidder": member("bidder", "contractor_clerk", serial=31),
        "bidder2": member("bidder2", "contractor_clerk", serial=32),
        "guarantor": member("guarantor", "guarantor_clerk", serial=41),
    }


def project(people: dict[str, Actor], **changes: Any) -> Project:
    """A registered project of the owner, paid by a loan and its own money."""
    return registered(people["owner"], people["officer"], **changes)


def uploaded(actor: Actor, text: str = "招标文件") -> str:
    """The hash of a file that the actor's organisation brought along."""
    content = b"%PDF-1.7 " + text.encode()
    scans.store(actor=actor, content=content, at=clock.now())
    return hashlib.sha256(content).hexdigest()


def at_hour(days: int, hour: int = 9) -> datetime:
    """An hour of the legal day so many days from today."""
    day = clock.today() + timedelta(days=days)
    return clock.start_of(day) + timedelta(hours=hour)


def whole(number: str, document: str, **changes: Any) -> dict[str, Any]:
    """A whole lot over a project; ``changes`` replace fields."""
    return {
        "project_number": number,
        "name": "示例小学新建工程施工",
        "kind": "works",
        "method": "open",
        "scope": "施工图纸和工程量清单范围内的全部内容。",
        "estimate_fen": 8_000_000_00,
        "ceiling_price_fen": 7_900_000_00,
        "bill_sha256": BILL,
        "period_days": 420,
        "quality": "合格",
        "qualification_trade": "building",
        "qualification_grade": "third",
        "qualification_text": "具有建筑工程施工总承包三级及以上资质和有效的安全生产许可证。",
        "sale_ends_at": at_hour(8, 17),
        "bid_deadline_at": at_hour(25),
        "bid_validity_days": 90,
        "security_fen": 100_000_00,
        "accepts_guarantee": True,
        "evaluation_method": "m2",
        "price_points": 60,
        "technical_points": 25,
        "commercial_points": 5,
        "credit_points": 10,
        "factors": ["1.5", "1.25", "1", "0.75", "0.5", "0.25"],
        "slope_above": "1",
        "slope_below": "0.5",
        "criteria": [
            {"part": "technical", "name": "施工组织设计", "points": 15},
            {"part": "technical", "name": "质量安全措施", "points": 10},
            {"part": "commercial", "name": "企业业绩（不分地区、行业）", "points": 5},
        ],
        "evaluation_text": "技术部分按施工组织设计的针对性和可行性评分。",
        "contract_text": "按形象进度支付，竣工验收合格后支付至结算价的百分之九十七。",
        "publicity_days": 3,
        "standard_text": "building_2010",
        "documents": [{"kind": "document", "name": "招标文件", "file_sha256": document}],
        "contact": "示例甲 0451-00000001",
        **changes,
    }


def answered(monkeypatch: Any, **changes: Any) -> None:
    """Let the rooms that come later say yes: a bill, drawings, a policy, who objects has bid."""
    answers: dict[str, Any] = {
        "bill": lambda sha256: needs.BillFacts(sha256, "GB/T 50500-2024", 7_900_000_00),
        "drawings_passed": lambda _number, _at: True,
        "signed_policy": lambda _number: POLICY,
        "has_bid": lambda _number, _uscc: True,
        "bidder_refusals": lambda _number, _uscc, _at: (),
        **changes,
    }
    for name, answer in answers.items():
        monkeypatch.setattr(getattr(needs, name), "_answer", answer)


def candidate(rank: int) -> needs.Candidate:
    """A candidate of this rank."""
    return needs.Candidate(
        rank, rank, f"9123010{rank}MA00000009", f"示例{rank}", 7_000_000_00 + rank, 400, "合格",
        "示例乙", "黑1232024000001", 9000 - rank,
    )  # fmt: skip


def act(lot: Lot, transition: str, actor: Actor, payload: Any = None, **named: Any) -> Receipt:
    """Do an act with a fresh key and the present version, unless told otherwise."""
    version = Lot.objects.values_list("version", flat=True).get(pk=lot.pk)
    given: dict[str, Any] = {"key": f"key-{next(_keys)}", "seen_version": version} | named
    receipt = fire(LOT.code, lot.pk, transition, actor=actor, payload=payload, **given)
    lot.refresh_from_db()
    return receipt


def automatic(lot: Lot, transition: str, payload: Any = None, at: datetime | None = None) -> None:
    """What an event causes."""
    key = f"event:{next(_keys)}"
    follow(LOT.code, lot.pk, transition, key=key, at=at or clock.now(), payload=payload)
    lot.refresh_from_db()


def signed(lot: Lot) -> Document:
    """The notice of the candidates that are public now, drafted as the platform does, and issued.

    How a signature gets there is the documents' own business and tested there.
    """
    owner = Organisation.objects.get(uscc=lot.owner_uscc)
    paper = documents.draft(
        form=CANDIDATES,
        case_machine=LOT.code,
        case_pk=str(lot.pk),
        number=candidates_number(lot),
        language="zh-hans",
        at=clock.now(),
        issuer=owner.pk,
    )
    file = storage.put(b"%PDF-1.7 signed", media_type="application/pdf")
    Document.objects.filter(pk=paper.pk).update(
        state=DocumentState.ISSUED,
        issued_at=clock.now(),
        revoked_at=None,
        draft_file=file,
        signed_file=file,
    )
    return paper


def opened(people: dict[str, Actor], case: Project | None = None, **changes: Any) -> Lot:
    """A draft of the owner's."""
    case = case or project(people)
    form = whole(case.number, uploaded(people["owner"]), **changes)
    receipt = open_lot(actor=people["owner"], payload=form, key=f"key-{next(_keys)}")
    return Lot.objects.get(pk=receipt.case_pk)


def approved(people: dict[str, Actor], case: Project | None = None, **changes: Any) -> Lot:
    """A lot whose documents the owner signed."""
    lot = opened(people, case, **changes)
    act(lot, "approve", people["owner"])
    return lot


def published(people: dict[str, Actor], case: Project | None = None, **changes: Any) -> Lot:
    """A lot whose notice is out."""
    lot = approved(people, case, **changes)
    act(lot, "publish", people["owner"])
    return lot


def deliver() -> None:
    """Let every event take effect that waits, but for those that print."""
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING)
    waiting = waiting.exclude(subscriber="procurement.projects.certificate")
    waiting = waiting.exclude(subscriber__startswith="procurement.tendering.print_")
    while rows := list(waiting.order_by("pk").values_list("pk", flat=True)):
        for pk in rows:
            assert events.deliver(pk), Delivery.objects.get(pk=pk).last_error
