"""Objections: in time, once, by others; the lot stands still until they are answered."""

from __future__ import annotations

import itertools

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.web import presets
from kernel.web.presenters import presenter_of
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.firing import fire
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.objections.models import Objection
from tests.procurement.tendering.samples import at_hour, deliver, published

pytestmark = pytest.mark.django_db
_keys = itertools.count(1)


def raise_(actor, lot, stage="documents", **changes):
    payload = {"lot_number": lot.number, "stage": stage, "text": "工期要求不合理。", **changes}
    receipt = fire(
        OBJECTION.code, None, "raise", actor=actor, payload=payload, key=f"o-{next(_keys)}"
    )
    deliver()
    lot.refresh_from_db()
    return Objection.objects.get(pk=receipt.case_pk)


def act(objection, transition, actor, payload=None):
    objection.refresh_from_db()
    fire(
        OBJECTION.code,
        objection.pk,
        transition,
        actor=actor,
        payload=payload,
        key=f"o-{next(_keys)}",
        seen_version=objection.version,
    )
    deliver()
    objection.refresh_from_db()


def codes(refused):
    return {r.code.rpartition(".")[2] for r in refused.value.refusals}


def test_an_objection_pauses_the_lot_and_its_answer_lets_it_go_on(market):
    lot = published(market)
    objection = raise_(market["bidder"], lot)
    assert lot.state == "paused"
    act(objection, "answer", market["owner"], {"text": "工期依据定额测算，维持不变。"})
    lot.refresh_from_db()
    assert (objection.state, lot.state, lot.paused_at) == ("answered", "published", None)


def test_a_lot_waits_for_the_last_answer(market):
    lot = published(market)
    first, second = raise_(market["bidder"], lot), raise_(market["bidder2"], lot)
    act(first, "withdraw", market["bidder"])
    lot.refresh_from_db()
    assert (first.state, lot.state) == ("withdrawn", "paused")
    act(second, "answer", market["owner"], {"text": "不采纳。"})
    lot.refresh_from_db()
    assert lot.state == "published"


def test_an_objection_to_documents_comes_ten_days_before_the_deadline(market):
    lot = published(market)
    day = clock.legal_date(lot.bid_deadline_at)
    last = clock.end_of(day.fromordinal(day.toordinal() - 10))
    sandbox.move_to(last, actor=market["officer"])
    with pytest.raises(Refused) as refused:
        raise_(market["bidder"], lot)
    assert codes(refused) == {"late"}


def test_the_tenth_day_before_is_in_time(market):
    lot = published(market)
    sandbox.move_to(at_hour(15, 23), actor=market["officer"])
    assert (lot.bid_deadline_at - clock.now()).days == 9
    assert raise_(market["bidder"], lot).state == "raised"


def test_each_guard_of_raising_refuses(market):
    lot = published(market)
    raise_(market["bidder"], lot)
    with pytest.raises(Refused) as refused:
        raise_(market["bidder"], lot, text="")
    assert codes(refused) == {"text_missing", "waits_already"}
    with pytest.raises(Refused) as refused:
        raise_(market["bidder2"], lot, stage="publicity", file_sha256="d" * 64)
    assert codes(refused) == {"stage_not_here", "file_missing"}
    with pytest.raises(Refused) as refused:
        raise_(market["bidder2"], lot, stage="gossip")
    assert codes(refused) == {"stage_unlisted"}
    lot.number = "9999999999999999-01"
    with pytest.raises(Refused) as refused:
        raise_(market["bidder2"], lot)
    assert codes(refused) == {"lot_unknown"}


def test_who_does_not_answer_in_three_days_is_named_late_and_can_still_answer(market):
    lot = published(market)
    objection = raise_(market["bidder"], lot)
    sandbox.move_to(at_hour(5), actor=market["officer"])
    run_due()
    objection.refresh_from_db()
    assert objection.state == "overdue"
    with pytest.raises(Refused) as refused:
        act(objection, "answer", market["owner"], {"text": ""})
    assert codes(refused) == {"text_missing"}
    act(objection, "answer", market["owner"], {"text": "采纳。", "upheld": True})
    lot.refresh_from_db()
    assert (objection.state, objection.upheld, lot.state) == ("answered", True, "published")


def test_a_deadline_that_passed_while_the_lot_stood_still_moves_on_with_it(market):
    lot = published(market)
    objection = raise_(market["bidder"], lot)
    before = lot.bid_deadline_at
    sandbox.move_to(at_hour(30), actor=market["officer"])
    run_due()
    lot.refresh_from_db()
    assert lot.state == "paused"
    act(objection, "answer", market["owner"], {"text": "不采纳。"})
    lot.refresh_from_db()
    assert lot.state == "published"
    assert lot.bid_deadline_at == before + (objection.answered_at - objection.raised_at)
    assert lot.bid_deadline_at > clock.now()


def form_of(code, case, actor, address=None):
    made = presenter_of(OBJECTION).act_form(OBJECTION.transition(code), case, actor, clock.now())
    if address:
        presets.apply(made, address)
    return made.form


def test_an_answer_never_begins_with_what_was_objected(market):
    objection = raise_(market["bidder"], published(market))
    assert form_of("answer", objection, market["owner"])["text"].value() in (None, "")


def test_the_lot_is_chosen_among_those_that_can_be_objected_to(market):
    lot = published(market)
    form = form_of("raise", None, market["bidder"])
    assert lot.number in dict(form.fields["lot_number"].choices)
    assert lot.number not in dict(
        form_of("raise", None, market["owner"]).fields["lot_number"].choices
    )


def test_a_link_from_the_notice_has_chosen_its_lot(market, client):
    lot = published(market)
    page = client.get(f"/notices/{lot.number}/").content.decode()
    assert "lot_number" not in page  # only who can raise one is led there
    address = {"lot_number": lot.number, "stage": "no such stage", "file_sha256": "0" * 64}
    form = form_of("raise", None, market["bidder"], address)
    assert form["lot_number"].value() == lot.number
    assert not form["stage"].value() and not form["file_sha256"].value()
