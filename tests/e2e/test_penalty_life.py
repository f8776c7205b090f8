"""A penalty's life in a browser: entered, noticed, disputed, amended, repaired; another expires.

On each of those days a tender reads the grade that the ledger says.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from credit.conduct.models import ConductRecord
from credit.scoring import selectors as scoring
from credit.scoring import services as certificates
from kernel import clock
from kernel.access.actors import Actor
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive, Visitor, visitors

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")

MACHINE = "credit.conduct_record"
PENALTY = {
    "uscc": FIRM,
    "name": "示例建筑公司",
    "item": "hazard_major",
    "occurred_on": "2025-08-20",
    "document_number": "哈建罚〔2025〕31 号",
    "decided_on": "2025-08-28",
    "decided_by": "哈尔滨市住房和城乡建设局（示例）",
    "fact": "塔吊附着未按方案设置。",
    "region": "230100",
}
FILE = {"name": "承诺书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 example"}


@pytest.fixture
def people(own_var: Path, committed: None) -> dict[str, Actor]:
    from datetime import datetime

    from kernel.workflow import sandbox

    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    return samples.officers()


@pytest.fixture
def visit(browser: Any, site: str, people: dict[str, Actor]) -> Any:
    with visitors(browser, site) as open_one:
        yield open_one


def tender_reads(day: str, expected: str, points: int) -> None:
    """The certificate of an opening on this day, its replay and the ledger say one thing."""
    samples.settle()
    now = clock.now()
    held = certificates.certificate(FIRM, at=now, purpose=f"procurement.opening:{day}")
    score = scoring.score(FIRM, clock.legal_date(now), now)
    assert (held.grade, held.score_millionths) == (score.grade, score.millionths)
    assert (score.grade, score.hundredths) == (expected, points), day
    assert certificates.replay(held.number).millionths == held.score_millionths


def on_case(visitor: Visitor, record: ConductRecord, title: str) -> None:
    visitor.page.goto(f"/cases/{MACHINE}/{record.pk}/")
    visitor.look(title)


def does(
    visitor: Visitor, record: ConductRecord, code: str, values: dict[str, str] | None = None
) -> ConductRecord:
    on_case(visitor, record, f"case-before-{code}")
    visitor.act_page(code)
    visitor.look(code)
    visitor.fill(values or {})
    if code == "apply_repair":
        visitor.page.check("[name=duties_met]")
        visitor.page.set_input_files("[name=commitment_sha256]", FILE)
    visitor.act(code)
    samples.settle()
    return ConductRecord.objects.get(pk=record.pk)


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_a_penalty_is_entered_noticed_disputed_amended_repaired_and_another_expires(
    visit: Arrive, people: dict[str, Actor], language: str, size: dict[str, int]
) -> None:
    one = visit("officer-one", language, viewport=size)
    two = visit("officer-two", language, viewport=size)
    firm = visit("firm", language, viewport=size)
    one.log_in("one")
    two.log_in("two")
    firm.log_in("firm")
    tender_reads("before", "B", 6000)

    one.page.goto(f"/cases/{MACHINE}/new/")
    one.look("capture")
    one.fill(PENALTY | {"document_number": ""})
    with one.refused(422):
        one.submit()
    one.page.set_input_files("[name=document_sha256]", FILE)
    one.fill({"document_number": PENALTY["document_number"]})
    one.act("capture")
    record = ConductRecord.objects.get()
    does(one, record, "verify")
    does(two, record, "confirm")
    record = does(two, record, "notify")
    assert record.state == "notice_due"
    samples.signed(record, "serve_notice")
    tender_reads("noticed", "B", 6000)
    on_case(firm, record, "case-noticed")

    other = samples.notified(people, item="late_filing", region="230102")
    samples.later(people, 10)
    tender_reads("published", "C", 4900)
    on_case(firm, record, "case-published")

    record = does(firm, record, "dispute", {"reason": "经检测为一般隐患。"})
    tender_reads("disputed", "C", 4900)
    register = visit("reader", language, viewport=size)
    register.page.goto("/credit/records/?severity=serious")
    register.look("register")
    assert register.page.locator("tbody tr").count() == 1
    register.page.goto("/credit/records/listed/")
    register.look("listed")
    record = does(one, record, "accept_objection")
    record = does(
        two, record, "amend", {"item": "hazard_general", "reason": "复核认定为一般隐患。"}
    )
    assert record.severity == "ordinary"
    tender_reads("amended", "C", 5500)

    samples.later(people, 200)
    record = does(
        firm, record, "apply_repair",
        {"reason": "已整改。", "correction_document": "哈建整复〔2025〕9 号"},
    )  # fmt: skip
    tender_reads("repair asked", "C", 5500)
    record = does(one, record, "propose_repair", {"reason": "整改属实，义务已履行。"})
    record = does(two, record, "repair")
    assert record.state == "repaired"
    tender_reads("repaired", "C", 5700)

    ends = ConductRecord.objects.get(pk=other.pk).shown_until
    samples.later(people, (ends - clock.now() + timedelta(days=1)).days + 1)
    assert ConductRecord.objects.get(pk=other.pk).state == "expired"
    tender_reads("expired", "B", 6000)
    on_case(firm, record, "case-repaired")
