"""The stage of sealed bids, played on a lot that is published by its own acts."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.documents import demo_pki, trust
from kernel.documents.models import Document
from kernel.evidence import keys
from kernel.parties.models import Organisation, Person
from kernel.workflow import order
from procurement.bids import believed, lots, selectors
from procurement.bids.models import Bid
from procurement.demonstration import people
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids, credit
from procurement.tendering import needs
from procurement.tendering.models import Lot
from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db
PIN = "123456"
PLAYERS = (
    "owner1", "agency1", "supervisor1", "operator", *bids.TRUSTEES, *bids.BIDDERS,
)  # fmt: skip


@pytest.fixture
def play(september, settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    believed.forget()
    trust.use(demo_pki.current)
    lots.use(None)
    actors = people.create("word")
    keys.signer()
    for name in PLAYERS:
        actor = actors[name]
        demo_pki.certify(
            Person.objects.select_related("user").get(pk=actor.person_id),
            Organisation.objects.get(pk=actor.organisation_id), PIN, clock.now(), rounds=1000,
        )  # fmt: skip
    for name, answer in {
        "bill": lambda sha256: needs.BillFacts(sha256, "GB/T 50500-2024", 7_900_000_00),
        "drawings_passed": lambda _number, _at: True,
    }.items():
        monkeypatch.setattr(getattr(needs, name), "_answer", answer)
    made = Play(actors, PIN, store={"folder": tmp_path / "desks"})
    yield made
    believed.forget()


def test_a_lot_is_sealed_bid_for_closed_and_opened_by_everybodys_own_tool(play):
    p = play
    credit.archive(p)
    crew = {
        "owner": p.actors["owner1"], "agency": p.actors["agency1"], "officer": p.actors["officer1"]
    }  # fmt: skip
    lot = samples.approved(
        crew,
        agency_uscc=p.actors["agency1"].uscc,
        agency_engagement="WT-1",
        qualification_grade="third",
    )
    p.store["lot"] = lot.number
    digest = bids.policy(p, lot.number)
    assert digest == selectors.signed_policy(lot.number)
    samples.act(lot, "publish", p.actors["owner1"])
    assert Lot.objects.get(pk=lot.pk).policy_sha256 == digest
    p.settle()
    bids.play(p)
    lot = Lot.objects.get(pk=lot.pk)
    assert (lot.state, lot.live_bids) == ("evaluating", 5)
    opened = selectors.opened_bids(lot.number)
    assert len(opened) == 5
    assert all(bid.credit["value"] > 0 for bid in opened)
    assert Bid.objects.filter(lot_number=lot.number, state="opened").count() == 5
    assert set(selectors.drawn(lot.number).values()) <= set(lot.factors)
    record = Document.objects.get(form="procurement.opening.record")
    assert record.state == "issued"
    # Drawings come from a room that this test answers for, as the tendering stage's test does.
    found = order.violations(lot.project_number, clock.now())
    others = {"procurement.drawing_review.pass"}
    assert [v.act.name for v in found if not set(v.must_follow) & others] == []
