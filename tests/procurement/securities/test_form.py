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
