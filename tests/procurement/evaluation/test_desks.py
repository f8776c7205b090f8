"""What stands on the desks around a committee: what can be done, and where it is done."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.parties.models import User
from procurement.evaluation.machine import EVALUATION

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client: Any) -> Any:
    """A client logged in as an actor."""

    def sign_in(actor: Any) -> Any:
        client.force_login(
            User.objects.get(person_id=actor.person_id),
            "allauth.account.auth_backends.AuthenticationBackend",
        )
        return client

    return sign_in


def test_desk_and_case_lead_to_the_session_for_what_is_done_bid_by_bid(walk, enter):
    walk.open().draw().check_in().lead()
    client, session = enter(walk.members()[1]), f"/evaluations/{walk.pk}/session/"
    case = f"/cases/{EVALUATION.code}/{walk.pk}/"
    assert f'href="{session}"' in client.get("/desk/").content.decode()
    page = client.get(case).content.decode()
    assert f'href="{session}"' in page and f"{case}acts/vote/" not in page
    walk.vote()
    assert f'href="{session}"' in client.get("/desk/").content.decode()
    assert f"{case}acts/score_detail/" not in client.get(case).content.decode()


def test_the_form_of_a_vote_is_drawn_beside_what_clearing_found(walk, enter):
    walk.open().draw().check_in().lead()
    page = enter(walk.members()[1]).get(f"/cases/{EVALUATION.code}/{walk.pk}/acts/vote/")
    assert page.status_code == 200
    assert "评审事项 3" in page.content.decode()
