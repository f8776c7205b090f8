"""Entries of the archive, and short ways to bring a case of it somewhere."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from credit.enterprises.corrections.machine import CORRECTION
from credit.enterprises.declarations.machine import CLAIM, FINANCE
from credit.enterprises.machine import LICENCE
from credit.enterprises.models import Licence
from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.workflow.firing import fire
from kernel.workflow.machines import Machine
from tests.credit.conduct import samples

FIRM = samples.FIRM
_keys = itertools.count(1)


def licence(people: dict[str, Actor], who: str = "one", **changes: Any) -> Licence:
    data = {
        "uscc": FIRM, "name": "示例建筑公司", "kind": "qualification",
        "number": f"D323000{next(_keys):03d}", "trade": "building", "grade": "second",
        "issuer": "示例住房和城乡建设厅", "valid_from": date(2023, 1, 1),
        "valid_to": date(2027, 12, 31), "file_sha256": document(people[who]), **changes,
    }  # fmt: skip
    return act(LICENCE, None, "record", people[who], data)  # type: ignore[no-any-return]


def act(machine: Machine, case: Any, code: str, actor: Actor, data: Any = None) -> Any:
    assert machine.model is not None
    version = machine.model.objects.get(pk=case.pk).version if case else None
    receipt = fire(
        machine.code, case.pk if case else None, code, actor=actor, payload=data,
        key=f"a-{next(_keys)}", seen_version=version,
    )  # fmt: skip
    samples.settle()
    return machine.model.objects.get(pk=receipt.case_pk)


def document(actor: Actor) -> str:
    content = b"%PDF-1.7 " + str(next(_keys)).encode()
    return scans.store(actor=actor, content=content, at=clock.now()).sha256


def claim(people: dict[str, Actor], who: str = "firm", **changes: Any) -> Any:
    data = {
        "contract_number": "WS-2020-01", "name": "外省示例大厦", "owner": "示例置业公司",
        "price_fen": 12_345_678_00, "signed_on": date(2020, 3, 1),
        "completed_on": date(2022, 6, 1), "document_sha256": document(people[who]), **changes,
    }  # fmt: skip
    return act(CLAIM, None, "declare", people[who], data)


def finance(people: dict[str, Actor], **changes: Any) -> Any:
    data = {
        "year": 2024, "revenue_fen": 9_000_000_00, "assets_fen": 5_000_000_00,
        "liabilities_fen": 2_000_000_00, "net_profit_fen": -100_00,
        "document_sha256": document(people["firm"]), **changes,
    }  # fmt: skip
    return act(FINANCE, None, "declare", people["firm"], data)


def correction(people: dict[str, Actor], entry: str, who: str = "other", **changes: Any) -> Any:
    data = {
        "entry": entry, "field": "issuer", "should_be": "另一住房和城乡建设局",
        "says": "证书原件的发证机关不是这一家。",
        "document_sha256": document(people[who]), **changes,
    }  # fmt: skip
    return act(CORRECTION, None, "file", people[who], data)
