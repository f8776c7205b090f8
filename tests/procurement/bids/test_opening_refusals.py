"""The platform's own steps of an opening refuse while too few have done theirs, and name them."""

from __future__ import annotations

import itertools

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.workflow.following import follow
from procurement.bids import brought, closing, opening
from procurement.bids.machines import OPENING
from procurement.bids.rules.common import ARTICLE_PLATFORM
from tests.procurement.bids.steps import close, now, ready
from tests.procurement.bids.support import TRUSTEES

pytestmark = pytest.mark.django_db
_keys = itertools.count(1)


@pytest.fixture
def closed(world, monkeypatch):
    """Three bids; the deadline is over and the list made, and no worker goes on by itself."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    return world


def refusal_of(act, payload=None):
    key = f"early-{next(_keys)}"
    with pytest.raises(Refused) as refused:
        follow(OPENING.code, now().pk, act, key=key, at=clock.now(), payload=payload)
    (why,) = refused.value.refusals
    assert why.article == ARTICLE_PLATFORM
    return why


def test_nothing_is_drawn_before_everybody_has_revealed_or_the_time_is_over(closed):
    closed.countersign("trustee1", "trustee2")
    closed.reveal("owner", "trustee1", "trustee2")
    text = brought.drawn(now(), opening.policy_of(now()))
    why = refusal_of("draw", {"text": text})
    assert why.code == "procurement.opening.nonces_missing"
    assert why.facts["parties"] == [closed.people["trustee3"].uscc]
    assert (now().state, now().draw_text) == ("listed", "")


def test_no_share_leaves_before_enough_trustees_have_marked_every_bid(closed):
    ready(closed, "trustee1", "trustee2")
    closed.mark("trustee1")
    why = refusal_of("check")
    assert why.code == "procurement.opening.marks_missing"
    assert (why.facts["found"], why.facts["needed"]) == (1, 2)
    assert now().state == "drawn"


def test_nothing_is_decrypted_before_enough_trustees_have_released(closed):
    ready(closed, "trustee1", "trustee2")
    closed.mark(*TRUSTEES)
    closed.release("trustee1")
    why = refusal_of("gather")
    assert why.code == "procurement.opening.releases_missing"
    assert (why.facts["found"], why.facts["needed"]) == (1, 2)
    assert now().state == "checked"
