"""A dossier shows by signed moments that everybody had its time; who cut it short is convicted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel import clock
from kernel.sealing.bids import moments
from procurement.bids import believed, closing, decrypting, moment_notes, opening, receipts, staging
from procurement.bids.models import Opening, OpeningStatement
from tests.procurement.bids import support
from tests.procurement.bids.steps import (
    again,
    close,
    drop,
    finish,
    give,
    now,
    protest,
    ready,
    settle,
    uncured,
    version_of,
)
from tests.procurement.bids.test_dossier_honest import verdict

__all__ = ["verdict"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world):
    """What the verdict is about."""
    return world


@pytest.fixture
def late(world, monkeypatch):
    """One trustee revealed nothing in its time."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    world.at(clock.now() + timedelta(hours=5))
    world.countersign("trustee1", "trustee2")
    world.reveal("owner", "trustee1", "trustee2")
    world.at(now().reveal_until_at)
    opening.advance(now().pk, clock.now())
    world.mark("trustee1", "trustee2")
    world.release("trustee1", "trustee2")
    assert finish(world).state == "opened"
    return world


def row_of(moment):
    return OpeningStatement.objects.get(kind="moment", subject=moment)


def says(moment, **changes):
    """An operator signs another moment than it was."""
    row = row_of(moment)
    made = replace(moments.read_moment(row.text.encode()), **changes).encode()
    OpeningStatement.objects.filter(pk=row.pk).update(
        text=made.decode(), p7s=believed.signed(made, row.at)
    )


def test_whoever_is_late_spoils_no_dossier(late, verdict):
    code, told = verdict()
    assert code == 0, told
    assert "4 moments are signed by the platform" in told


def test_a_moment_that_rests_on_too_little_convicts(late, verdict):
    said = moments.read_moment(row_of("countersigned").text.encode()).said
    says("countersigned", said=said[:1])
    assert verdict()[0] == 1
    says("countersigned", said=(said[0], "ab" * 32))
    assert verdict()[0] == 1


def test_a_draw_without_its_moments_convicts_where_a_nonce_is_missing(late, verdict):
    drawn = moments.read_moment(row_of("drawn").text.encode())
    says("drawn", at=drawn.at - timedelta(minutes=1))
    assert verdict()[0] == 1
    row_of("drawn").delete()
    assert verdict()[0] == 1


@pytest.mark.parametrize("waits", [True, False])
def test_a_record_before_its_bidders_time_was_over_convicts(world, verdict, monkeypatch, waits):
    if not waits:
        column, _until = moment_notes._UNTIL[moments.MARKED]
        none = (column, lambda since, _minutes: since)
        monkeypatch.setitem(moment_notes._UNTIL, moments.MARKED, none)
    lot = uncured(world, monkeypatch)
    lot.at(now().cure_until_at)
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"
    code, told = verdict()
    assert code == (0 if waits else 1), told


@pytest.fixture
def checked(world, monkeypatch):
    """A lot whose trustees marked every bid, and released nothing yet."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    ready(world, "trustee1", "trustee2")
    world.mark("trustee1", "trustee2")
    return world


def test_an_opening_told_of_the_first_release_is_dated_after_the_second(checked, verdict):
    """Whoever is told of the first finds the second done: both were on their way at once."""
    checked.release("trustee1")
    first = clock.now()
    checked.release("trustee2")
    decrypting.open_lot(now().pk, first)
    assert finish(checked).state == "opened"
    code, told = verdict()
    assert code == 0, told


def test_a_moment_that_waited_its_turn_is_not_before_the_one_it_waited_for(
    checked, verdict, monkeypatch
):
    """A release that came in before the last mark was through bears the time at which it came."""
    marked = moments.read_moment(row_of("marked").text.encode()).at
    monkeypatch.setattr(support.clock, "now", lambda: marked - timedelta(seconds=1))
    checked.release("trustee1", "trustee2")
    monkeypatch.undo()
    assert finish(checked).state == "opened"
    assert moments.read_moment(row_of("released").text.encode()).at >= marked
    code, told = verdict()
    assert code == 0, told


def test_a_lot_that_everybody_hurries_through_has_its_moments_too(world, verdict, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    ready(world, "trustee1", "trustee2")
    world.mark("trustee1", "trustee2")
    world.release("trustee1", "trustee2")
    assert finish(world).state == "opened"
    assert verdict()[0] == 0


@pytest.fixture
def early(world, monkeypatch):
    """The operator drew at once, without the nonce of a trustee that had its time still."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    world.at(clock.now() + timedelta(hours=5))
    world.countersign("trustee1", "trustee2")
    world.reveal("owner", "trustee1", "trustee2")
    over = clock.now() - timedelta(hours=1)
    Opening.objects.filter(pk=now().pk).update(reveal_until_at=over)
    opening.advance(now().pk, clock.now())
    world.mark("trustee1", "trustee2")
    world.release("trustee1", "trustee2")
    assert finish(world).state == "opened"
    return world


def test_an_early_draw_convicts(early, verdict):
    code, told = verdict()
    assert (code, "sealing.draw.early" in told) == (1, True)


def test_a_moment_before_the_signatures_that_it_names_convicts(early, verdict):
    says("countersigned", at=now().closed_at)
    code, told = verdict()
    assert code == 1 and "moments/countersigned" in told, told


def dated_back(of_list):
    """Moments of a list under which the draw was in time."""
    drawn = moments.read_moment(row_of("drawn").text.encode())
    for kind, at in (("countersigned", drawn.at - timedelta(days=20)), ("drawn", drawn.at)):
        made = moments.Moment(drawn.lot, of_list, kind, at, drawn.said).encode()
        OpeningStatement.objects.create(
            opening=now(), uscc=row_of("marked").uscc, kind="moment", subject=kind,
            of_list=of_list, text=made.decode(), p7s=believed.signed(made, at), at=at,
        )  # fmt: skip


def test_a_moment_of_a_list_that_never_was_convicts(early, verdict):
    dated_back("ab" * 32)
    code, told = verdict()
    assert code == 1 and "moments/" in told, told


def test_a_moment_that_the_log_does_not_tell_convicts(late, verdict):
    says("countersigned", at=moments.read_moment(row_of("countersigned").text.encode()).at
         + timedelta(seconds=1))  # fmt: skip
    code, told = verdict()
    assert code == 1 and "procurement.opening.moment" in told, told


def test_a_logged_moment_that_is_kept_back_convicts(checked, verdict):
    checked.release("trustee1", "trustee2")
    assert finish(checked).state == "opened"
    row_of("released").delete()
    code, told = verdict()
    assert code == 1 and "procurement.opening.moment" in told, told


def test_moments_of_a_corrected_list_convict_nobody(world, verdict, monkeypatch):
    """Enough had signed the first list before it was corrected."""
    for module in (closing, staging):
        monkeypatch.setattr(module, "machine", lambda _code: None)
    world.policy()
    files = {}
    for name in ("bidder1", "bidder2", "bidder3", "bidder4"):
        files[name] = world.bid(name)[2]
        receipts.of(version_of(world, name))
    drop(world, "bidder4")
    close(world)
    ready(world, "trustee1", "trustee2")
    protest(world, "bidder4", version_of(world, "bidder4"))
    give(world, "bidder4", files["bidder4"])
    settle()
    again(world, "trustee1", "trustee2")
    assert settle().state == "opened"
    assert OpeningStatement.objects.filter(kind="moment").exclude(of_list="").exists()
    code, told = verdict()
    assert code == 0, told
