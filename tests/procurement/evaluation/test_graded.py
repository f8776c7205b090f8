"""Beside the points stands the certificate of the opening, for members, the agency, everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from credit.scoring import services as scoring
from kernel import clock
from kernel.workflow.guarding import firing
from procurement.bids import grades
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation
from tests.procurement.evaluation.samples import NUMBER

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def certified(monkeypatch):
    """Give the bidders of the samples' lot their certificates, as its opening would."""

    def give(walk):
        monkeypatch.setattr(grades.selectors, "is_opened", lambda number: number == NUMBER)
        found = {}
        for bid in walk.market.opened.bids:
            purpose = f"{grades.OPENING}:{NUMBER}"
            found[bid.uscc] = scoring.certificate(bid.uscc, at=clock.now(), purpose=purpose)
        return found

    return give


def test_a_member_sees_the_grade_of_every_bidder_and_no_way_to_its_reasons(walk, enter, certified):
    walk.open().draw().check_in().lead()
    held = certified(walk)
    page = enter(walk.members()[0]).get(f"/evaluations/{walk.pk}/session/").content.decode()
    for one in held.values():
        assert one.number in page
        assert reverse("credit:certificate", args=[one.number]) not in page
    walk.vote().score().summarise()
    page = enter(walk.members()[0]).get(f"/evaluations/{walk.pk}/session/").content.decode()
    ranking = page.split("<tbody>")[1].split("</tbody>")[0]
    assert all(one.number in ranking for one in held.values())


def test_a_called_member_who_has_not_checked_in_sees_no_grade(walk, enter, certified):
    walk.open().draw()
    walk.market.open(1, 2, 3)
    held = certified(walk)
    page = enter(walk.members()[0]).get(f"/evaluations/{walk.pk}/session/").content.decode()
    assert not any(one.number in page for one in held.values())


def test_the_agency_reads_grades_and_reasons_beside_the_result(walk, enter, certified, monkeypatch):
    monkeypatch.setattr(grades, "judges", lambda actor, _lot: actor.role == "agency_clerk")
    walk.open().draw().check_in().lead()
    held = certified(walk)
    walk.vote().score().summarise()
    with firing():
        Evaluation.objects.filter(pk=walk.pk).update(state="reported")
    page = enter(walk.clerk).get(f"/cases/{EVALUATION.code}/{walk.pk}/").content.decode()
    for one in held.values():
        assert reverse("credit:certificate", args=[one.number]) in page
    walk.market.terms = replace(walk.market.terms, publicised=True)
    public = Client().get(f"/evaluations/results/{NUMBER}/").content.decode()
    for one in held.values():
        assert one.number in public
        assert reverse("credit:certificate", args=[one.number]) not in public
