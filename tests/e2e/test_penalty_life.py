"""A penalty's life in a browser: entered, noticed, disputed, amended, repaired; another expires.

On each of those days the grade is what the ledger says. A lot is tendered meanwhile: its deadline
falls on the day after the penalty is published, it is opened after it was amended, and reads the
certificate of the deadline.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from credit.conduct.models import ConductRecord
from credit.scoring import selectors as scoring
from credit.scoring import services as certificates
from credit.scoring.models import ScoreCertificate
from kernel import clock
from kernel.access.actors import Actor
from procurement.bids import grades, readings, selectors
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive, Visitor

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


BIDDERS = ("bidder1", "bidder2", "bidder3", "bidder4")


@pytest.fixture
def people(play: Play, certified: Callable[..., None]) -> dict[str, Actor]:
    """Two credit officers of the demonstration's city, the firm, who moves the clock."""
    certified(*BIDDERS[2:])
    assert play.actors["bidder1"].uscc == FIRM
    names = {"one": "credit1", "two": "credit2", "firm": "bidder1", "operator": "operator"}
    return {name: play.actors[who] for name, who in names.items()}


def ledger_says(day: str, grade: str, points: int) -> None:
    """The score of this day, its certificate and the replay of that are one."""
    samples.settle()
    now = clock.now()
    score = scoring.score(FIRM, clock.legal_date(now), now)
    assert (score.grade, score.hundredths) == (grade, points), day
    held = certificates.certificate(FIRM, at=now, purpose=f"journey:{day}")
    assert (held.grade, held.score_millionths) == (score.grade, score.millionths)
    assert certificates.replay(held.number).millionths == held.score_millionths


def certified_at_the_deadline(lot: str) -> ScoreCertificate:
    """What the closing took for the firm; there before anybody opens anything."""
    assert not selectors.is_opened(lot)
    held = ScoreCertificate.objects.get(uscc=FIRM, purpose=grades.purpose(lot))
    found = readings.in_force(lot)
    assert found is not None and held.known_at == found.policy.deadline
    return held


def tender_reads(
    visitor: Visitor, play: Play, lot: str, held: ScoreCertificate, expected: tuple[str, str]
) -> None:
    """The opening of the lot goes by the certificate of its deadline, whatever happened since."""
    bids.open_lot(play, lot)
    assert ScoreCertificate.objects.filter(uscc=FIRM, purpose=held.purpose).count() == 1
    (opened,) = (bid for bid in selectors.opened_bids(lot) if bid.bidder_uscc == FIRM)
    assert opened.credit["certificate_sha256"] == held.sha256
    assert opened.credit["value"] == held.score_millionths // 10_000
    visitor.page.goto(reverse("procurement:bids-opening", args=[lot]))
    visitor.look("tender-opened")
    told = visitor.page.locator(f"a[href$='/{FIRM}/']", has_text=" · ")
    assert told.first.inner_text() == " · ".join(expected)
    assert held.number in visitor.page.content()
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
    visit: Arrive, play: Play, people: dict[str, Actor], lot: str, language: str,
    size: dict[str, int],
) -> None:  # fmt: skip
    one = visit("credit1", language, viewport=size)
    two = visit("credit2", language, viewport=size)
    firm = visit("bidder1", language, viewport=size)
    for person, who in ((one, "credit1"), (two, "credit2"), (firm, "bidder1")):
        person.log_in(who)
    ledger_says("before", "B", 6000)

    one.page.goto(f"/cases/{MACHINE}/new/")
    one.look("capture")
    penalty = PENALTY | {"name": people["firm"].organisation_name}
    one.fill(penalty | {"document_number": ""})
    with one.refused(422):
        one.submit()
    one.page.set_input_files("[name=document_sha256]", FILE)
    one.fill({"document_number": penalty["document_number"]})
    one.act("capture")
    record = ConductRecord.objects.get()
    does(one, record, "verify")
    does(two, record, "confirm")
    record = does(two, record, "notify")
    assert record.state == "notice_due"
    samples.signed(record, "serve_notice")
    ledger_says("noticed", "B", 6000)
    on_case(firm, record, "case-noticed")

    other = samples.notified(people, item="late_filing", name=penalty["name"], region="230102")
    samples.later(people, 10)
    ledger_says("published", "C", 4900)
    on_case(firm, record, "case-published")
    bids.submit(play, lot, BIDDERS)  # to the deadline, and the closing list
    held = certified_at_the_deadline(lot)
    assert (held.grade, held.score_millionths) == ("C", 49_000_000)

    record = does(firm, record, "dispute", {"reason": "经检测为一般隐患。"})
    ledger_says("disputed", "C", 4900)
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
    ledger_says("amended", "C", 5500)
    tender_reads(register, play, lot, held, ("C", "49.00"))

    samples.later(people, 200)
    record = does(
        firm, record, "apply_repair",
        {"reason": "已整改。", "correction_document": "哈建整复〔2025〕9 号"},
    )  # fmt: skip
    ledger_says("repair asked", "C", 5500)
    record = does(one, record, "propose_repair", {"reason": "整改属实，义务已履行。"})
    record = does(two, record, "repair")
    assert record.state == "repaired"
    ledger_says("repaired", "C", 5700)

    ends = ConductRecord.objects.get(pk=other.pk).shown_until
    samples.later(people, (ends - clock.now() + timedelta(days=1)).days + 1)
    assert ConductRecord.objects.get(pk=other.pk).state == "expired"
    ledger_says("expired", "B", 6000)
    on_case(firm, record, "case-repaired")
    assert certificates.replay(held.number).grade == "C"
