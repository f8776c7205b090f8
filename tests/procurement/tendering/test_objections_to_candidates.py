"""Who objects to the candidates: the lot's bidders, and others who prove what it is to them."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.web.presenters import presenter_of
from procurement.tendering import needs
from procurement.tendering.objections.machine import OBJECTION
from tests.procurement.tendering.samples import published, uploaded
from tests.procurement.tendering.test_award import codes, publicised
from tests.procurement.tendering.test_objections import raise_

pytestmark = pytest.mark.django_db
INTEREST = "本单位是第一中标候选人拟用设备的供应商。"


@pytest.fixture
def only_bidder(market, monkeypatch):
    """Of the market only ``bidder`` has a bid."""
    uscc = market["bidder"].uscc
    monkeypatch.setattr(needs.has_bid, "_answer", lambda _number, who: who == uscc)
    return market


def interested(actor, **changes):
    proof = uploaded(actor, "供货意向书")
    return {"interest": INTEREST, "interest_sha256": proof, **changes}


def test_a_bidder_objects_and_states_no_interest(only_bidder, report):
    lot = publicised(only_bidder, report)
    objection = raise_(only_bidder["bidder"], lot, "publicity")
    assert (objection.state, objection.interest) == ("raised", "")


def test_whoever_did_not_bid_and_shows_no_interest_is_refused_with_the_article(only_bidder, report):
    lot = publicised(only_bidder, report)
    with pytest.raises(Refused) as refused:
        raise_(only_bidder["bidder2"], lot, "publicity")
    told = {r.code.rpartition(".")[2]: (r.field, r.article) for r in refused.value.refusals}
    article = "《招标投标法实施条例》第五十四条"
    assert told == {
        "interest_untold": ("interest", article),
        "interest_unproven": ("interest_sha256", article),
    }
    lot.refresh_from_db()
    assert lot.state == "publicity"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"interest": ""}, {"interest_untold"}),
        ({"interest_sha256": ""}, {"interest_unproven"}),
        ({"interest_sha256": "e" * 64}, {"file_missing"}),
    ],
)
def test_an_interest_is_stated_and_proven_by_an_own_file(only_bidder, report, changes, expected):
    lot = publicised(only_bidder, report)
    with pytest.raises(Refused) as refused:
        raise_(
            only_bidder["bidder2"], lot, "publicity",
            **interested(only_bidder["bidder2"], **changes),
        )  # fmt: skip
    assert codes(refused) == expected


def test_an_interested_party_objects_and_its_interest_is_shown_to_who_answers(only_bidder, report):
    lot = publicised(only_bidder, report)
    said = interested(only_bidder["bidder2"])
    objection = raise_(only_bidder["bidder2"], lot, "publicity", **said)
    assert lot.state == "publicity_paused"
    assert (objection.interest, objection.interest_sha256) == (INTEREST, said["interest_sha256"])
    groups = presenter_of(OBJECTION).facts(objection, clock.now())
    told = {fact.value: fact.url for group in groups for fact in group.facts}
    assert INTEREST in told
    assert any(said["interest_sha256"] in url for url in told.values())


def test_to_the_documents_any_potential_bidder_objects(only_bidder):
    assert raise_(only_bidder["bidder2"], published(only_bidder)).state == "raised"


def test_where_nobody_knows_the_bidders_nobody_passes_for_one(market, report, silent):
    lot = publicised(market, report)
    silent("has_bid")
    with pytest.raises(Refused) as refused:
        raise_(market["bidder"], lot, "publicity")
    assert codes(refused) == {"interest_untold", "interest_unproven"}
