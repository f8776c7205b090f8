"""Attacker: trustees who come late, and an operator who makes the list and counts on it.

The k-th signature of the list, the k-th marks, the k-th release come when all time counted from the
deadline is over. Then nobody could reveal, everything drawn would follow from the list alone, which
the operator makes; no bidder could cure or give its file. Stopped: each time begins with the signed
moment at which k are there; a draw needs the nonces of k trustees, one of whom is honest; who came
too late to reveal releases all the same, who was left out does not.
"""

from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.sealing.bids import draw, making, moments
from procurement.bids import closing, keeper, moment_notes, opening, vault
from procurement.bids.models import Bid
from tests.procurement.bids.conftest import world
from tests.procurement.bids.steps import close, cure, finish, give, mark_cured, now, version_of
from tests.procurement.bids.support import told

__all__ = ["world"]
pytestmark = pytest.mark.django_db
WINDOW = timedelta(minutes=60)


@pytest.fixture
def lot(world, monkeypatch):
    """Three bids on a list that one trustee signs; then nobody comes for five hours."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    made, real = [], making.seal_bid

    def sealing(*args, **more):
        made.append(real(*args, **more))
        return made[-1]

    monkeypatch.setattr(making, "seal_bid", sealing)
    world.policy()
    world.files = {name: world.bid(name)[2] for name in ("bidder1", "bidder2", "bidder3")}
    world.identities, world.mine = made[0].identities, made[0].manifest.sha256
    close(world)
    world.countersign("trustee1")
    wait(world, timedelta(hours=5))
    return world


def wait(lot, time):
    lot.at(clock.now() + time)
    opening.advance(now().pk, clock.now())


def about(until, time):
    """Whether an instant is so far away; legal time goes on while a test runs."""
    return timedelta() <= clock.now() + time - until < timedelta(seconds=20)


def withheld(lot):
    case = now()
    return set(draw.read_draw(case.draw_text.encode(), lot.in_force, case.list_sha256).withheld)


def prices():
    return list(Bid.objects.values_list("price_fen", flat=True))


def test_the_time_to_reveal_begins_with_the_kth_signature(lot):
    assert now().state == "listed"
    assert now().reveal_until_at is None
    lot.countersign("trustee2")
    assert now().state == "listed"
    assert about(now().reveal_until_at, WINDOW / 2)
    lot.reveal("owner", "trustee1", "trustee2")
    wait(lot, WINDOW / 2)
    assert withheld(lot) == {lot.people["trustee3"].uscc}
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"
    assert None not in prices()


def test_nothing_is_drawn_from_the_operators_list_alone(lot):
    """However long it waits: fewer than k trustees revealed, so it could have chosen the draw."""
    lot.countersign("trustee2")
    lot.reveal("owner", "trustee1")
    wait(lot, timedelta(days=3))
    assert now().state == "listed"
    lot.reveal("trustee3")  # late, and the second: another than who signed will do
    assert withheld(lot) == {lot.people["trustee2"].uscc}


def test_a_cure_has_its_time_from_the_kth_marks(lot):
    lot.countersign("trustee2")
    lot.reveal("owner", "trustee1", "trustee2", "trustee3")

    def bad(mark):
        return (mark.manifest_sha256, mark.envelope) == (lot.mine, "price")

    lot.mark("trustee1", bad=bad)
    wait(lot, 3 * WINDOW)
    assert now().cure_until_at is None
    lot.mark("trustee2", bad=bad)
    assert about(now().cure_until_at, 3 * WINDOW / 4)
    with pytest.raises(Refused) as refused:
        lot.release("trustee1")
    assert told(refused) == ["procurement.opening.cure_awaited"]
    lot.at(now().cure_until_at - timedelta(seconds=30))
    cure(lot, "bidder1", "price", lot.identities["price"])
    mark_cured(lot, "trustee1", "trustee2")
    assert gone_by_their_moments() == ["countersigned", "drawn", "marked"]


def gone_by_their_moments():
    return [moments.read_moment(row.text.encode()).moment for row in moment_notes.of(now())]


def test_a_file_has_its_time_from_the_kth_release(lot):
    version = version_of(lot, "bidder1")
    vault.path_of(version.vault).write_bytes(b"x")
    keeper.storage().delete(version.keeper)
    lot.countersign("trustee2")
    lot.reveal("owner", "trustee1", "trustee2", "trustee3")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1")
    wait(lot, 3 * WINDOW)
    assert now().window_ends_at is None
    lot.release("trustee2")
    assert about(now().window_ends_at, WINDOW)
    assert finish(lot).state == "released"
    assert prices() == [None] * 3  # nobody chooses by the others' prices
    lot.at(now().window_ends_at - timedelta(seconds=30))
    give(lot, "bidder1", lot.files["bidder1"])
    assert finish(lot).state == "opened"
    assert None not in prices()
