"""Lots, opened bids and bills as their own rooms keep them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.access.actors import Actor
from kernel.documents import storage
from kernel.events.procurement_evaluation import EvaluationReported
from kernel.events.registry import Envelope
from kernel.workflow.firing import fire
from procurement.bids import needs as bid_needs
from procurement.bids import selectors as bids
from procurement.cost import selectors as cost
from procurement.evaluation import connections, desk, inputs, on_record, selectors
from procurement.evaluation.machine import EVALUATION
from procurement.tendering.models import Lot
from tests.procurement.cost import samples as bills
from tests.procurement.tendering import samples as tendering

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(september: None, monkeypatch: Any) -> Lot:
    """A published lot of the tendering room."""
    tendering.answered(monkeypatch)
    return tendering.published(tendering.market())


def bid(pk: int = 1, **changes: Any) -> bids.OpenedBid:
    """A bid as the bids room tells it."""
    said: dict[str, Any] = {
        "bid_id": pk, "bidder_uscc": f"U{pk}", "name": f"示例{pk}", "price_fen": 100_00,
        "period_days": 300, "quality": "合格", "project_manager": "示例甲", "bid_security": "",
        "bill_sha256": "", "version": 1, "manifest_sha256": "", "state": "opened",
        "files": {"technical": (bids.EnvelopeFile("施工组织设计.pdf", 9, "ab" * 32),)},
        "credit": {"value": 85_50, "certificate_sha256": "cd" * 32},
    }  # fmt: skip
    if sha256 := changes.get("bill_sha256"):
        said["files"] |= {"price": (bids.EnvelopeFile("已标价清单.xml", 9, sha256),)}
    return bids.OpenedBid(**said | changes)


def test_a_lots_terms_are_those_of_its_documents(lot):
    terms = inputs.lot_terms(lot.number)
    assert terms is not None
    said = lot.evaluation_parameters
    assert terms.lot_id == lot.pk and not terms.opened and not terms.publicised
    assert terms.ceiling_fen == lot.ceiling_price_fen
    assert terms.opens_at == lot.bid_deadline_at
    assert terms.formula == "m2"
    assert terms.price_marks == said["points"]["price"] * 100
    for kind in ("technical", "commercial"):
        given = sum(one.maximum for one in terms.criteria if one.kind == kind)
        assert given == said["points"][kind] * 100
    assert inputs.lot_terms("nothing") is None


def test_a_lot_without_a_committee_stands_on_its_desks_with_the_openings_hour(lot):
    Lot.objects.filter(pk=lot.pk).update(agency_uscc=lot.owner_uscc)
    lot.refresh_from_db()
    for role, uscc in (("owner_clerk", lot.owner_uscc), ("agency_clerk", lot.agency_uscc)):
        clerk = Actor(
            person_id=1, organisation_id=1, role=role, uscc=uscc, organisation_name="示例"
        )
        (row,) = desk.missing(clerk, lot.published_at)
        assert row.reference == lot.number
        assert row.url.endswith(f"?lot_number={lot.number}")
        assert row.due is not None
        assert row.due.at == lot.bid_deadline_at
        assert not list(desk.missing(clerk, lot.bid_deadline_at))
        assert not list(desk.missing(replace(clerk, uscc="9123" + "0" * 14), lot.published_at))


def test_a_lot_that_opened_without_a_committee_stays_on_its_desk_with_the_way_to_leave(lot):
    closed = {"live_bids": 3, "closing_list_sha256": tendering.LIST}
    for act, said in (("close", None), ("open_bids", closed), ("start_evaluation", None)):
        tendering.automatic(lot, act, said)
    clerk = Actor(
        person_id=1, organisation_id=1, role="owner_clerk", uscc=lot.owner_uscc,
        organisation_name="示例",
    )  # fmt: skip
    (row,) = desk.missing(clerk, lot.bid_deadline_at)
    assert "监督部门" in row.act
    assert row.due is None


def test_a_committee_of_a_lot_that_was_ended_waits_on_no_supervisors_desk(september, monkeypatch):
    tendering.answered(monkeypatch)
    people = tendering.market()
    lot = tendering.published(people)
    said = {"lot_number": lot.number, "experts": 5}
    fire(EVALUATION.code, None, "open", actor=people["owner"], payload=said, key="committee")
    keeper, opens = people["supervisor"], lot.bid_deadline_at
    assert len(list(desk.late(keeper, opens))) == 1
    tendering.act(lot, "terminate", people["owner"], {"reason": "规划调整。"})
    assert not inputs.lot_terms(lot.number).live
    assert not list(desk.late(keeper, opens))


def test_opened_bids_come_with_files_credit_and_the_drawn_factor(lot, monkeypatch):
    factor = lot.evaluation_parameters["factors"][0]
    monkeypatch.setattr(bids, "opened_bids", lambda number: [bid(1), bid(2)])
    monkeypatch.setattr(bids, "drawn", lambda number: {"下浮系数": factor})
    found = inputs.opened(lot.number)
    assert found is not None
    assert found.factor == connections._hundredths(factor)
    assert (found.bids[0].credit, found.bids[0].files[0].label) == (85_50, "施工组织设计.pdf")
    assert not inputs.lot_terms(lot.number).opened
    monkeypatch.setattr(bids, "is_opened", lambda number: number == lot.number)
    assert inputs.lot_terms(lot.number).opened


def test_before_the_opening_no_bid_is_known(lot):
    assert inputs.opened(lot.number) is None


def test_clearing_reads_the_priced_bill_and_says_where_its_total_differs(lot):
    from procurement.cost import markup

    written = storage.put(markup.write(bills.bid()), media_type="application/xml")
    terms = inputs.lot_terms(lot.number)
    assert terms is not None
    made = connections._bid(bid(bill_sha256=written.sha256, price_fen=1_00))
    found = inputs.bill_findings(terms, made, datetime(2026, 3, 1, tzinfo=UTC))
    assert found and all(one.code.startswith("procurement.bill.") for one in found)
    broken = storage.put(b"no bill", media_type="application/xml")
    made = connections._bid(bid(bill_sha256=broken.sha256))
    found = inputs.bill_findings(terms, made, datetime(2026, 3, 1, tzinfo=UTC))
    assert [one.code for one in found] == ["procurement.bill.format_strange"]


def test_clearing_holds_the_bills_total_against_the_ceiling_of_the_documents(lot, monkeypatch):
    from procurement.cost import markup

    written = storage.put(markup.write(bills.bid()), media_type="application/xml")
    total = bills.bid().total_fen
    assert total is not None
    terms = inputs.lot_terms(lot.number)
    monkeypatch.setattr(cost, "content", lambda _sha256: bills.tender())
    made = connections._bid(bid(bill_sha256=written.sha256, price_fen=total))
    at = datetime(2026, 3, 1, tzinfo=UTC)

    def found(ceiling_fen: int) -> list[str]:
        told = inputs.bill_findings(replace(terms, ceiling_fen=ceiling_fen), made, at)
        return [one.code for one in told]

    assert "procurement.bill.total_above_ceiling" in found(total - 1)
    assert "procurement.bill.total_above_ceiling" not in found(total)


def test_a_works_bid_without_a_priced_bill_is_pointed_out_and_fails_its_response(lot):
    from procurement.cost import markup

    at = datetime(2026, 3, 1, tzinfo=UTC)
    terms = inputs.lot_terms(lot.number)
    assert terms is not None and terms.over_bill
    none = connections._bid(bid())
    (found,) = inputs.bill_findings(terms, none, at)
    assert found.code == "procurement.evaluation.bill_missing"
    assert found.article == "《招标投标法实施条例》第五十一条第六项"

    def faults(**changes: Any) -> list[tuple[str, str]]:
        told = on_record.faults(replace(terms, **changes), none, at)
        return [(f.stage, f.ground) for f in told if f.refusal.code == found.code]

    assert faults() == [("response", "no_response")]
    # What a sheet names and the bid does not bring is somebody else's.
    written = storage.put(markup.write(bills.bid()), media_type="application/xml")
    named = replace(none, bill_sha256=written.sha256)
    assert found in inputs.bill_findings(terms, named, at)
    # Goods and services are priced over no bill.
    assert faults(over_bill=False) == []
    assert inputs.bill_findings(replace(terms, over_bill=False), none, at) == ()


def test_a_report_follows_to_the_lot_and_tells_no_bidder_how_its_bid_stands(lot, monkeypatch):
    """Until the candidates are public each bidder reads of its own bid that it is open, no more."""
    done: list[tuple[str, int, str]] = []
    monkeypatch.setattr(
        connections,
        "_follow",
        lambda code, pk, act, envelope, payload=None: done.append((code, pk, act)),
    )
    event = EvaluationReported(
        evaluation_id=3,
        lot_id=lot.pk,
        lot_number=lot.number,
        ranking=({"rank": 1, "bid_id": 7, "total": 91_22},),
        rejected=({"bid_id": 8, "uscc": "U8", "codes": ["price"]},),
        candidates=(7,),
        result_sha256="",
    )
    at = datetime(2025, 9, 30, tzinfo=UTC)
    connections.lot_has_its_report(Envelope(1, "x", at, event), None)
    assert done == [("procurement.tender", lot.pk, "receive_report")]


def test_how_bids_were_judged_is_what_the_newest_signed_report_says(walk):
    walk.open().draw().check_in().lead().vote(4).score().summarise()
    assert bid_needs.judged(walk.pk) is None, "nobody has signed it yet"
    walk.case.results.update(reported=True)
    told = bid_needs.judged(walk.pk)
    assert told is not None
    found = selectors.result_of(walk.case)
    assert found is not None
    assert told.ranked == tuple((r["bid_id"], r["total"], r["rank"]) for r in found["ranking"])
    ((pk, why),) = told.rejected
    assert pk == 4 and "实质性要求" in why
    walk.case.results.update(void=True)
    assert bid_needs.judged(walk.pk) is None, "whose member was replaced stands no more"


def test_no_report_is_told_before_one_is_signed(lot):
    assert connections.evaluation_report(lot.number) is None
