"""The form of a guarantee: what the notice says is not typed again."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.web import presets
from kernel.web.presenters import presenter_of
from procurement.securities.machine import SECURITY

pytestmark = pytest.mark.django_db
KNOWN = {"kind": "bid", "about": "2301022509030101-01", "amount_fen": "50000000"}


def made():
    return presenter_of(SECURITY).act_form(SECURITY.opening, None, None, clock.now())


def test_what_the_notice_says_stands_in_the_form():
    form = made()
    presets.apply(form, KNOWN)
    bound = form.form
    assert bound["about"].value() == KNOWN["about"]
    assert bound["amount_fen"].value() == "500,000.00"
    assert bound["kind"].value() == "bid"


def test_known_organisations_are_offered_and_others_may_be_typed(people):
    field = made().form["principal_uscc"]
    assert "<datalist" in str(field)


def summed_up(**typed):
    """What stands on the page before the last click, by label."""
    data = {
        "kind": "bid", "number": "演示保函-1", "about": KNOWN["about"], "amount_fen": "304,885.12",
        "valid_from": "2025-09-01", "valid_to": "2025-12-31", **typed,
    }  # fmt: skip
    shown = presenter_of(SECURITY)
    form = shown.act_form(SECURITY.opening, None, None, clock.now(), data)
    (entered,) = shown.summary(SECURITY.opening, None, form, clock.now())
    return {fact.label: fact for fact in entered.facts}


def test_what_is_confirmed_stands_there_in_words_beside_its_code(market):
    bidder, owner = market["bidder"], market["owner"]
    said = summed_up(principal_uscc=bidder.uscc, beneficiary_uscc=owner.uscc)
    for label, party in (("被保证人", bidder), ("受益人", owner)):
        assert said[label].value == f"{party.organisation_name}（{party.uscc}）"
    assert (said["金额"].kind, said["金额"].value) == ("money", 30_488_512)


def test_a_code_that_nobody_knows_stands_there_as_it_was_typed(market):
    assert summed_up(principal_uscc="91230102MA00000007")["被保证人"].value == "91230102MA00000007"
