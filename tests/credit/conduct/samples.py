"""Conduct records, and short ways to bring one somewhere."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.enterprises import selectors as archive
from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.identifiers import uscc
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.firing import fire
from kernel.workflow.following import follow
from tests.conftest import member

FIRM = uscc.demonstration("230102", 31)
REPAIR = {
    "reason": "已整改。",
    "correction_document": "示例整改复查〔2025〕1 号",
    "duties_met": True,
    "commitment_sha256": "c" * 64,
}
DOCUMENT = "d" * 64
_keys = itertools.count(1)


def officers() -> dict[str, Actor]:
    """Two credit officers of a city, one of another, two of the province; firms; the operator."""
    city = {"region": "230100", "serial": 3, "authority": "city"}
    province = {"region": "230000", "serial": 5, "authority": "province"}
    found = {
        "one": member("one", "credit_officer", **city),
        "two": member("two", "credit_officer", **city),
        "far": member("far", "credit_officer", region="230600", serial=4, authority="city"),
        "firm": member("firm", "contractor_clerk", region="230102", serial=31),
        "other": member("other", "contractor_clerk", region="230102", serial=32),
        "operator": member("operator", "operator", serial=6),
        "upper": member("upper", "credit_officer", **province),
        "upper2": member("upper2", "credit_officer", **province),
    }
    commitment = REPAIR["commitment_sha256"]
    scans.record(actor=found["firm"], sha256=str(commitment), at=clock.now())
    for who in ("one", "two"):
        scans.record(actor=found[who], sha256=DOCUMENT, at=clock.now())
    return found


def payload(**changes: Any) -> dict[str, Any]:
    return {
        "uscc": FIRM,
        # Of an enterprise that the archive knows nobody enters the name.
        "name": archive.name_of(changes.get("uscc", FIRM)) or "示例建筑公司",
        "item": "hazard_general",
        "occurred_on": clock.today(),
        "document_number": f"示例改字〔2025〕{next(_keys)} 号",
        "document_sha256": DOCUMENT,
        "decided_by": "示例质量安全监督站",
        "fact": "塔吊附着未按方案设置。",
        "region": "230102",
        **changes,
    }


def act(record: Any, code: str, actor: Actor, data: Any = None) -> ConductRecord:
    pk = record.pk if record is not None else None
    version = ConductRecord.objects.get(pk=pk).version if pk else None
    receipt = fire(
        RECORD.code, pk, code, actor=actor, payload=data, key=f"c-{next(_keys)}",
        seen_version=version,
    )  # fmt: skip
    return ConductRecord.objects.get(pk=receipt.case_pk)


def captured(people: dict[str, Actor], **changes: Any) -> ConductRecord:
    scans.record(actor=people["one"], sha256=DOCUMENT, at=clock.now())
    return act(None, "capture", people["one"], payload(**changes))


def notified(people: dict[str, Actor], **changes: Any) -> ConductRecord:
    record = act(captured(people, **changes), "verify", people["one"])
    record = act(act(record, "confirm", people["two"]), "notify", people["two"])
    return signed(record, "serve_notice")


def signed(record: ConductRecord, serving: str) -> ConductRecord:
    """What signing a paper does, without the half second that printing it takes."""
    follow(RECORD.code, record.pk, serving, key=f"s-{next(_keys)}", at=clock.now())
    return ConductRecord.objects.get(pk=record.pk)


def published(people: dict[str, Actor], **changes: Any) -> ConductRecord:
    record = notified(people, **changes)
    later(people, 10)
    return ConductRecord.objects.get(pk=record.pk)


def accepted(people: dict[str, Actor], record: ConductRecord, why: str = "理由。") -> ConductRecord:
    """Objected to in time, and accepted by the first officer: the second decides."""
    record = act(record, "dispute", people["firm"], {"reason": why})
    return act(record, "accept_objection", people["one"])


def mended(people: dict[str, Actor], record: ConductRecord) -> ConductRecord:
    """Repair asked for with everything that it needs."""
    return act(record, "apply_repair", people["firm"], REPAIR)


def listed(people: dict[str, Actor], record: ConductRecord) -> ConductRecord:
    """Proposed by one officer, the firm heard until its days are over, listed by the other."""
    record = act(record, "propose_list", people["one"], {"reason": "理由。"})
    record = signed(record, "serve_list_notice")
    record = act(record, "state_listing", people["firm"], {"statement": "已整改。"})
    later(people, (record.hearing_ends_at - clock.now()).days + 1)
    record = ConductRecord.objects.get(pk=record.pk)
    return act(record, "list", people["two"], {"reason": "理由。"})


def unlisted(one: Actor, two: Actor, record: ConductRecord) -> ConductRecord:
    """Off the list by the document that annulled its ground; one officer proposed it."""
    ground = {"reason": "列入依据已被撤销。", "overturned_by": "示例行终〔2025〕1 号"}
    return act(act(record, "propose_removal", one, ground), "remove", two)


def revoked(people: dict[str, Actor], record: ConductRecord) -> ConductRecord:
    """Proposed by one officer, confirmed by the other."""
    record = act(record, "propose_revocation", people["one"], {"reason": "复核属实，撤销。"})
    return act(record, "revoke", people["two"])


def annulled(people: dict[str, Actor], record: ConductRecord) -> ConductRecord:
    """A penalty's change noted by one officer, confirmed by the other."""
    data = {
        "document_number": "示例行初〔2025〕1 号", "reason": "理由。", "changed_on": clock.today(),
    }  # fmt: skip
    record = act(record, "propose_change", people["one"], data)
    return act(record, "note_change", people["two"])


def later(people: dict[str, Actor], days: int) -> None:
    """Let so many days pass, with what falls due and what follows from it."""
    sandbox.move_to(clock.now() + timedelta(days=days), actor=people["operator"])
    run_due()
    settle()


def settle(*, papers: bool = False) -> None:
    """Deliver what waits. papers: print them, too, which takes half a second each."""
    found = Delivery.objects.filter(state="pending")
    if not papers:
        found = found.exclude(subscriber="credit.conduct.paper")
    while waiting := list(found.values_list("pk", flat=True)):
        for pk in waiting:
            assert events.deliver(pk)
