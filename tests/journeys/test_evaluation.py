"""The play's evaluation, on a lot and bids put in place by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel import clock
from kernel.documents import demo_pki, trust
from kernel.identifiers import uscc
from kernel.parties.models import Organisation, Person
from kernel.workflow.models import RefusedAct
from procurement.demonstration import people
from procurement.demonstration.play import Play
from procurement.demonstration.stages import evaluation
from procurement.evaluation import inputs
from tests.procurement.evaluation import samples

pytestmark = pytest.mark.django_db
PIN = "8642-9731"


@pytest.fixture
def p(september: None, tmp_path: Any, settings: Any) -> Iterator[Play]:
    """A play whose experts have keys, and a lot whose bids will be opened."""
    settings.VAR_DIR = tmp_path
    settings.SANDBOX = True
    known = trust._source
    demo_pki.install()
    actors = people.create("correct horse battery")
    for name, actor in actors.items():
        if actor.role == "expert":
            demo_pki.certify(
                Person.objects.select_related("user").get(pk=actor.person_id),
                Organisation.objects.get(pk=actor.organisation_id),
                PIN,
                clock.now(),
                rounds=2000,
            )
            assert name.startswith("expert")
    yield Play(actors=actors, pin=PIN)
    trust.use(known)


def test_the_play_evaluates_its_lot(p):
    opens = datetime(2025, 9, 2, 9, 0, tzinfo=clock.LEGAL_ZONE)
    owner, agency = p.actors["owner1"].uscc, p.actors["agency1"].uscc
    with samples.market(
        number="LOT-1", owner_uscc=owner, agency_uscc=agency, opens_at=opens,
        ceiling_fen=118_000_000_00, specialties=("building", "cost", "management"),
    ) as market:  # fmt: skip
        p.store["lot_number"] = "LOT-1"
        p.until(opens - timedelta(hours=20))
        evaluation.before_the_opening(p)
        p.until(opens)
        bids = tuple(
            inputs.OpenedBid(
                bid_id=serial,
                uscc=uscc.demonstration("230102", 30 + serial),
                name=f"示例{serial}建筑公司",
                price_fen=price,
                credit=80_00 + serial,
            )
            for serial, price in enumerate(
                (110_000_000_00, 112_500_000_00, 109_300_000_00, 114_000_000_00, 119_000_000_00),
                start=1,
            )
        )
        market.opened = inputs.Opened(bids, 50, "cd" * 32)
        evaluation.play(p)
        p.expect_state(evaluation.MACHINE, p.store["evaluation_id"], "handed")
        assert [row["rank"] for row in p.store["ranking"]] == [1, 2, 3, 4]
        assert 5 not in {row["bid_id"] for row in p.store["ranking"]}
        assert RefusedAct.objects.filter(machine=evaluation.MACHINE).count() == 4
