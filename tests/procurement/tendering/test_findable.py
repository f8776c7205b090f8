"""Candidates and results are found by the names in them, once they are public and not before."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kernel.search import selectors, services
from procurement.tendering import findable
from tests.procurement.tendering.samples import act, candidate, deliver, signed
from tests.procurement.tendering.test_award import (
    CHANNEL,
    evaluated,
    fallen_out,
    until,
)

pytestmark = pytest.mark.django_db
WINNER, SECOND = (candidate(rank) for rank in (1, 2))


def found(text, *kinds):
    """Kind and number of what everybody finds."""
    hits = selectors.find(text, kinds=kinds).hits
    return sorted((hit.kind, hit.number) for hit in hits)


def listed(client, what):
    return client.get(reverse("procurement:notices"), {"what": what}).content.decode()


def test_candidates_are_found_by_their_names_once_they_are_public(market, report, client):
    lot = evaluated(market, report)
    deliver()
    assert found(WINNER.uscc) == []
    assert lot.number not in listed(client, "publicity")
    act(lot, "publicise", market["owner"], CHANNEL)
    deliver()
    for one in (WINNER, SECOND):
        assert found(one.uscc) == [("publicity", lot.number)]
        assert found(one.name, "publicity") == [("publicity", lot.number)]
    shown = listed(client, "publicity")
    assert lot.number in shown
    assert WINNER.name in shown
    assert lot.number not in listed(client, "result")


def test_a_result_is_found_by_the_winners_name_once_it_is_awarded(market, report, client):
    lot = evaluated(market, report)
    act(lot, "publicise", market["owner"], CHANNEL)
    until(market, lot, lot.publicity_ends_at)
    deliver()
    assert found(WINNER.uscc, "result") == []
    award(lot, market)
    deliver()
    assert found(WINNER.uscc, "result") == [("result", lot.number)]
    # Who did not win is a candidate that was public, and no result.
    assert found(SECOND.uscc, "result") == []
    assert found(SECOND.uscc, "publicity") == [("publicity", lot.number)]
    shown = listed(client, "result")
    assert WINNER.name in shown
    assert SECOND.name not in shown


def award(lot, market):
    signed(lot)
    act(lot, "issue_award_notice", market["owner"])


def test_a_winner_that_fell_out_is_no_result_until_another_is_awarded(market, report, client):
    lot = evaluated(market, report)
    act(lot, "publicise", market["owner"], CHANNEL)
    until(market, lot, lot.publicity_ends_at)
    award(lot, market)
    deliver()
    act(lot, "next_candidate", market["owner"], fallen_out(market, "unlawful"))
    assert found(WINNER.uscc, "result") == []
    assert lot.number not in listed(client, "result")
    # An event that comes late tells what the register says now.
    deliver()
    assert found(WINNER.uscc, "result") == []
    act(lot, "issue_award_notice", market["owner"])
    deliver()
    assert found(SECOND.uscc, "result") == [("result", lot.number)]


def test_made_anew_the_index_finds_the_same(market, report):
    lot = evaluated(market, report)
    act(lot, "publicise", market["owner"], CHANNEL)
    until(market, lot, lot.publicity_ends_at)
    award(lot, market)
    deliver()
    before = found(lot.number)
    assert [kind for kind, _number in before] == ["notice", "publicity", "result"]
    made = services.rebuild()
    assert [made[kind] for kind in (findable.KIND, findable.PUBLICITY, findable.RESULT)] == [1] * 3
    assert found(lot.number) == before


def test_the_home_page_leads_to_publicity_and_results(client, db):
    home = client.get("/").content.decode()
    for what in ("publicity", "result"):
        assert f'href="{reverse("procurement:notices")}?what={what}"' in home


def test_whatever_else_the_address_asks_for_lists_the_notices(client, db):
    assert client.get(reverse("procurement:notices"), {"what": "nothing"}).status_code == 200
    for what in ("publicity", "result"):
        asked = {"what": what, "format": "xlsx"}
        assert client.get(reverse("procurement:notices"), asked).status_code == 200
