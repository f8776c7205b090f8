"""A lot with opened bids, a bank of experts, and short ways to bring an evaluation somewhere."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.identifiers import uscc
from kernel.workflow.firing import fire
from kernel.workflow.receipts import Receipt
from procurement.evaluation import bank, inputs
from procurement.evaluation.inputs import Criterion, LotTerms, Opened, OpenedBid
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation, Expert
from tests.conftest import member

NUMBER = "23010225090101010101"
OWNER = uscc.demonstration("230102", 1)
AGENCY = uscc.demonstration("230103", 7)
CRITERIA = (
    Criterion("plan", "施工组织设计", "technical", 20_00),
    Criterion("safety", "安全文明措施", "technical", 10_00),
    Criterion("record", "企业业绩", "commercial", 10_00),
)
_keys = itertools.count(1)


def bidder(serial: int, price_fen: int, credit: int = 80_00) -> OpenedBid:
    """An opened bid."""
    return OpenedBid(
        bid_id=serial,
        uscc=uscc.demonstration("230102", 30 + serial),
        name=f"示例{serial}建筑公司",
        price_fen=price_fen,
        period_days=300,
        manager=f"经理{serial}",
        credit=credit,
    )


@dataclass
class Market:
    """One lot and its bids, as tendering and bids would provide them."""

    terms: LotTerms
    opened: Opened | None = None
    checks: list[Any] = field(default_factory=list)

    def lot(self, number: str) -> LotTerms | None:
        """The lot, if it is asked for by its number."""
        if number != self.terms.number:
            return None
        return replace(self.terms, opened=self.opened is not None)

    def bids(self, number: str) -> Opened | None:
        """Its bids once they are opened."""
        return self.opened if number == self.terms.number else None

    def open(self, *prices: int, factor: int | None = 50) -> None:
        """Open bids at these prices in fen."""
        found = tuple(bidder(serial, price) for serial, price in enumerate(prices, start=1))
        self.opened = Opened(found, factor, "ab" * 32)


def terms(**changes: Any) -> LotTerms:
    """A lot whose bids are opened two hours from now."""
    return replace(
        LotTerms(
            lot_id=9,
            number=NUMBER,
            name="示例小学新建工程施工",
            project_number="2301022509010101",
            region="230102",
            owner_uscc=OWNER,
            agency_uscc=AGENCY,
            opens_at=clock.now() + timedelta(hours=2),
            opened=False,
            ceiling_fen=120_00,
            formula="m2",
            price_marks=50_00,
            rise=1_00,
            fall=50,
            credit_marks=10_00,
            criteria=CRITERIA,
            specialties=("building", "cost"),
        ),
        **changes,
    )


@contextmanager
def market(**changes: Any) -> Iterator[Market]:
    """A lot known to evaluation for as long as the test runs."""
    one = Market(terms(**changes))
    inputs.provide(terms=one.lot, bids=one.bids)
    try:
        yield one
    finally:
        inputs._terms.remove(one.lot)
        inputs._bids.remove(one.bids)


def experts(number: int = 12) -> dict[str, Actor]:
    """People of the bank by their code: each a specialist, each with an employer of their own."""
    found, keeper, second = {}, officer(), officer("keeper2")
    for serial in range(1, number + 1):
        actor = member(f"expert{serial}", "expert", region="230000", serial=40)
        found[entered(actor, keeper, second, serial).code] = actor
    return found


def officer(name: str = "keeper") -> Actor:
    """Who keeps the bank of the province, with another."""
    return member(name, "tender_supervisor", region="230000", serial=5, authority="province")


def application(actor: Actor, serial: int, **changes: Any) -> dict[str, Any]:
    """What somebody applies with who is a lawful expert."""
    title = f"{serial:064x}"
    scans.record(actor=actor, sha256=title, at=clock.now())
    said: dict[str, Any] = {
        "specialties": ["building" if serial % 2 else "cost"],
        "region": "230102",
        "practised_on": date(2010, 1, 1),
        "title": "senior",
        "title_number": f"黑高职〔2015〕{serial} 号",
        "title_sha256": title,
        "employments": [
            {"uscc": uscc.demonstration("230103", 100 + serial), "since": date(2010, 1, 1)}
        ],
    }
    return said | changes


def entered(actor: Actor, keeper: Actor, second: Actor, serial: int) -> Expert:
    """An expert who applied and was admitted."""
    said = application(actor, serial)
    jobs = [(one["uscc"], one["since"], None) for one in said.pop("employments")]
    return bank.register(
        actor=actor,
        officer=keeper,
        second=second,
        key=f"expert-{actor.person_id}",
        employments=jobs,
        **{"record": "全国建筑市场监管公共服务平台", **said},
    )


def supervisor() -> Actor:
    """Of the city's authority, whoever may replace a member who is present."""
    return member("supervisor", "tender_supervisor", region="230100", serial=3, authority="city")


def agency() -> Actor:
    """A clerk of the agency."""
    return member("agency", "agency_clerk", region="230103", serial=7)


@dataclass
class Walk:
    """An evaluation on its way."""

    market: Market
    clerk: Actor
    bank: dict[str, Actor]
    pk: int = 0

    @property
    def case(self) -> Evaluation:
        """The case as it is now."""
        found: Evaluation = Evaluation.objects.get(pk=self.pk)
        return found

    def act(self, transition: str, actor: Actor, payload: Any = None) -> Receipt:
        """An act with a fresh key and the present version; then what follows."""
        receipt = fire(
            EVALUATION.code,
            self.pk,
            transition,
            actor=actor,
            payload=payload,
            key=f"key-{next(_keys)}",
            seen_version=self.case.version,
        )
        settle()
        return receipt

    def open(self, **changes: Any) -> Walk:
        """Form a committee of five."""
        payload = {"lot_number": NUMBER, "experts": 5} | changes
        key = f"key-{next(_keys)}"
        receipt = fire(EVALUATION.code, None, "open", actor=self.clerk, payload=payload, key=key)
        self.pk = receipt.case_pk
        return self

    def draw(self) -> Walk:
        """Draw the experts."""
        self.act("draw", self.clerk, {"nonce": "一段没有人知道的文字"})
        return self

    def members(self) -> list[Actor]:
        """Who sits on the committee, by seat."""
        people = {actor.person_id: actor for actor in self.bank.values()}
        rows = self.case.seats.exclude(status="gone").order_by("number")
        return [people[row.person_id] for row in rows if row.person_id in people]

    def seat(self, actor: Actor) -> int:
        """The number of somebody's seat."""
        return int(self.case.seats.get(person_id=actor.person_id).number)

    def check_in(self, *prices: int) -> Walk:
        """Open the bids; everybody checks in."""
        if self.market.opened is None:
            self.market.open(*(prices or (100_00, 102_00, 104_00, 110_00)))
        for actor in self.members():
            if self.case.seats.get(person_id=actor.person_id).status == "called":
                self.act("check_in", actor, {"no_conflict": True})
        return self

    def lead(self) -> Walk:
        """The first member leads, and the preliminary review begins."""
        leader = self.members()[0]
        self.act("elect_leader", leader, {"leader": self.seat(leader)})
        self.act("start_preliminary", leader)
        return self

    def vote(self, *failing: int, ground: str = "no_response") -> Walk:
        """Everybody votes on every bid; these bids fail."""
        for actor in self.members():
            for bid in self.market.opened.bids if self.market.opened else ():
                code = ground if bid.bid_id in failing else ""
                self.act("vote", actor, vote(bid.bid_id, code))
        return self

    def score(self) -> Walk:
        """Everybody scores every valid bid alike."""
        for actor in self.members():
            for bid in self.valid():
                self.act("score_detail", actor, score(bid))
        return self

    def valid(self) -> list[int]:
        """Bids that may be scored."""
        from procurement.evaluation import selectors, session_rules

        return list(session_rules.valid(selectors.facts(self.case, clock.now())))

    def summarise(self) -> Walk:
        """The leader confirms the result."""
        leads = self.case.leader
        leader = next(a for a in self.members() if self.seat(a) == leads)
        self.act("summarise", leader)
        return self


def vote(bid_id: int, ground: str = "", evidence: str = "第 3 页缺少承诺") -> dict[str, Any]:
    """A vote; with a ground the bid fails the last step."""
    passed = [{"stage": one, "passed": True} for one in ("form", "qualification")]
    last = {"stage": "response", "passed": not ground, "ground": ground}
    return {
        "bid_id": bid_id,
        "findings": [*passed, last | ({"evidence": evidence} if ground else {})],
    }


def score(bid_id: int, plan: str = "18.00", **more: Any) -> dict[str, Any]:
    """Points for all criteria."""
    given = {"plan": plan, "safety": "9.50", "record": "8.00"}
    marks = [{"criterion": code, "points": points} for code, points in given.items()]
    return {"bid_id": bid_id, "marks": marks} | more


def settle() -> None:
    """Deliver every event that waits, but for the printing of reports."""
    while True:
        waiting = list(
            Delivery.objects.filter(state=Delivery.State.PENDING)
            .exclude(subscriber="procurement.evaluation.report")
            .values_list("pk", flat=True)
        )
        if not waiting:
            return
        for pk in waiting:
            assert events.deliver(pk), Delivery.objects.get(pk=pk).last_error


def moment(hour: int = 9) -> datetime:
    """A legal instant of 1 September 2025."""
    return datetime(2025, 9, 1, hour, 0, tzinfo=clock.LEGAL_ZONE)
