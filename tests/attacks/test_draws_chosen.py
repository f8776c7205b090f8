"""Attacker: an operator who shows trustees' tools a draw that it could choose.

It leaves nonces out, draws early, or dates moments. Stopped at every tool that is honest: no share
leaves under a draw with the nonces of fewer than k trustees, under one that was early by signed
moments, or under one without the nonce that this tool has told. Who came too late releases.
"""

from datetime import timedelta

import pytest

from kernel.sealing.bids import bundles, draw, moments
from kernel.sealing.bids.fields import b64
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, NOTARY, OPERATOR
from tests.procurement.bidder.conftest import shared_stage, world

__all__ = ["shared_stage", "world"]
HALF = timedelta(minutes=30)


@pytest.fixture
def lot(world):
    """Three bids; the list is signed hours late."""
    world.policy()
    for code in BIDDERS[:3]:
        desk = world.desks[code]
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    world.lot.close()
    world.lot.now += timedelta(hours=5)
    world.each("check")
    return world.lot


def refused(world, *names):
    return [world.desks[name].codes(*world.desks[name].trustee("release")) for name in names]


def test_a_draw_from_the_list_alone_releases_nothing(world, lot):
    lot.now += HALF
    lot.draw()
    world.each("mark")
    assert refused(world, ENTITY, NOTARY, CHAMBER) == [["sealing.draw.few"]] * 3


def test_an_early_draw_releases_nothing_at_anybody(world, lot):
    world.each("reveal", who=(ENTITY, NOTARY))
    lot.now += HALF - timedelta(seconds=1)
    lot.draw()
    world.each("mark")
    assert refused(world, ENTITY, NOTARY, CHAMBER) == [["sealing.draw.early"]] * 3


def test_a_moment_that_others_signed_counts_for_nothing(world, lot):
    world.each("reveal", who=(ENTITY, NOTARY))
    lot.draw()
    world.each("mark")
    late = moments.read_moment(lot.moments[1]["moment"].encode())
    text = moments.Moment(late.lot, late.list_sha256, "drawn", late.at + HALF, late.said).encode()
    p7s = bundles.sign(text, world.stage.signers[CHAMBER], lot.now)
    lot.moments.append({"moment": text.decode(), "p7s": b64(p7s)})
    assert refused(world, NOTARY) == [["sealing.signature.other"]]


def dated_back(world, lot, sha256, said=None):
    """The operator signs moments under which the draw of just now was in time."""
    drawn = next(
        each
        for each in (moments.read_moment(row["moment"].encode()) for row in lot.moments)
        if each.moment == "drawn"
    )
    signer = world.stage.signers[OPERATOR]
    for kind, at in (("countersigned", drawn.at - 2 * HALF), ("drawn", drawn.at)):
        names = said if said and kind == "countersigned" else drawn.said
        text = moments.Moment(drawn.lot, sha256, kind, at, names).encode()
        p7s = bundles.sign(text, signer, at)
        lot.moments.append({"moment": text.decode(), "p7s": b64(p7s)})


def test_moments_of_a_list_that_never_was_make_no_draw_fair(world, lot):
    world.each("reveal", who=(ENTITY, NOTARY))
    lot.draw()
    world.each("mark")
    dated_back(world, lot, "ab" * 32)
    assert refused(world, NOTARY) == [["sealing.draw.early"]]


def test_a_moment_before_the_signatures_that_it_names_makes_no_draw_fair(world, lot):
    """Dated between the list and its signatures, hours later."""
    world.each("reveal", who=(ENTITY, NOTARY))
    lot.draw()
    world.each("mark")
    real = moments.read_moment(lot.moments[0]["moment"].encode())
    lot.moments = [row for row in lot.moments if '"countersigned"' not in row["moment"]]
    dated_back(world, lot, real.list_sha256, real.said)
    assert refused(world, NOTARY) == [["sealing.draw.early"]]


def test_who_came_too_late_to_reveal_releases_all_the_same(world, lot):
    world.each("reveal", who=(ENTITY, NOTARY))
    lot.now += HALF
    lot.draw()
    world.each("mark")
    world.each("release")
    drawn = draw.read_draw(lot.drawn.encode(), lot.in_force[-1][0], lot.listed.sha256)
    assert drawn.withheld == (CHAMBER,)


def test_who_told_its_nonce_releases_under_no_draw_without_it(world, lot):
    world.each("reveal")
    lot.now += HALF
    del lot.nonces[CHAMBER]
    lot.draw()
    world.each("mark")
    assert refused(world, CHAMBER) == [["bidder.release.nonce"]]
