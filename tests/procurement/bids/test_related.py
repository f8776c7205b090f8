"""Owner, agency and who is one interest with them do not bid; bidders are compared when open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from credit.enterprises.relations.machine import RELATION
from kernel import clock
from kernel.identifiers import uscc
from kernel.web.refusals import in_words
from procurement.bids import credit, lots, related
from tests.credit.conduct import samples
from tests.credit.enterprises.samples import act, document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
FIRM = samples.FIRM
OWNER, AGENCY = uscc.demonstration("230102", 78), uscc.demonstration("230102", 79)


def lot(**changes):
    found = lots.Lot(1, "2301022509010101-01", "", "published", "", "230102", OWNER, AGENCY, None)
    return replace(found, **changes)


def codes(refusals):
    return [why.code.removeprefix("procurement.bid.") for why in refusals]


def record(kind="holding", other=OWNER):
    people = samples.officers()
    data = {
        "uscc": FIRM, "other_uscc": other, "kind": kind, "since": date(2024, 1, 1),
        "source": "登记机关档案 2024-1", "file_sha256": document(people["one"]),
    }  # fmt: skip
    case = act(RELATION, None, "record", people["one"], data)
    return act(RELATION, case, "confirm", people["two"])


def test_the_owner_and_its_agency_do_not_bid_for_their_own_lot():
    (why,) = related.itself(OWNER, lot())
    assert (why.code, why.article) == ("procurement.bid.is_owner", related.ARTICLE_OWNER)
    (why,) = related.itself(AGENCY, lot())
    assert (why.code, why.article) == ("procurement.bid.is_agency", related.ARTICLE_AGENCY)
    assert not codes(related.itself(FIRM, lot()))
    assert not codes(related.itself("", lot(agency_uscc="")))
    # What a receipt asks says it: before the opening, at clearing, at the award.
    assert "is_owner" in codes(credit.barred(OWNER, lot(), clock.now()))


@pytest.mark.parametrize("kind", ["same_head", "holding", "managing"])
def test_who_is_one_interest_with_the_owner_is_refused_and_told_which_relation(kind):
    record(kind)
    found = [why for why in credit.barred(FIRM, lot(), clock.now()) if "related" in why.code]
    (why,) = found
    assert (why.code, why.article) == ("procurement.bid.related_to_owner", related.ARTICLE_OWNER)
    assert why.facts == {"kind": kind, "source": "登记机关档案 2024-1"}
    assert "登记机关档案 2024-1" in str(in_words(found)[0])


def test_of_somebody_else_it_says_nothing():
    record()
    other = lot(owner_uscc=AGENCY, agency_uscc="")
    assert not codes(related.to_parties(FIRM, other, clock.now()))


def test_before_the_opening_nothing_is_said_of_other_bidders():
    """A refusal at receipt would tell the later of two that the earlier has bid."""
    record(other=OWNER)
    assert not codes(related.to_bidders(FIRM, lot().number, clock.now()))
    others = lot(owner_uscc=AGENCY, agency_uscc="")
    assert "related_to_bidder" not in codes(credit.barred(FIRM, others, clock.now()))


def test_once_they_are_open_both_bids_fall(monkeypatch):
    record(other=OWNER)

    class Opened:
        def __init__(self, uscc):
            self.bidder_uscc, self.name = uscc, f"示例 {uscc[-4:]}"

    monkeypatch.setattr(
        related.selectors, "opened_bids", lambda _number: [Opened(FIRM), Opened(OWNER)]
    )
    for one, other in ((FIRM, OWNER), (OWNER, FIRM)):
        (why,) = related.to_bidders(one, lot().number, clock.now())
        assert (why.code, why.article) == (
            "procurement.bid.related_to_bidder", related.ARTICLE_BIDDERS,
        )  # fmt: skip
        assert why.facts["name"] == f"示例 {other[-4:]}"
    assert not codes(related.to_bidders(AGENCY, lot().number, clock.now()))
