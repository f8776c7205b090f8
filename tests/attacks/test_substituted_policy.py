"""Attacker: an operator who closes a lot under a policy with friends among its trustees.

Stopped: a trustee obeys the newest policy that it signed itself and knows its hash; a bidder's
manifest names the hash it sealed under, and no share opens under another.
"""

from dataclasses import replace

from kernel.sealing import hpke
from kernel.sealing.bids import manifest, shares
from kernel.sealing.bids.policy import Trustee
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, NOTARY, altered, codes
from tests.kernel.sealing.bids.test_shares import BID, DEALT, KEYS
from tests.procurement.bidder.conftest import shared_stage, world

__all__ = ["shared_stage", "world"]


def test_a_list_under_a_policy_that_a_trustee_did_not_sign_is_not_signed(world):
    world.policy()
    desk = world.desks[BIDDERS[0]]
    desk.does(*desk.sealing("bid.zxb"))
    desk.does(*desk.submitting("bid.zxb"))
    lot = world.lot
    honest, signatures = lot.in_force[-1]
    friend = Trustee(
        BIDDERS[4], "朋友", BIDDERS[4], "ab" * 32, hpke.public_bytes(hpke.new_key().public_key())
    )
    sham = replace(honest, trustees=(*honest.trustees[:2], friend))
    lot.in_force.append((sham, signatures))
    lot.close()
    for code in (NOTARY, CHAMBER):
        found = world.desks[code].codes(*world.desks[code].trustee("check"))
        assert found == ["sealing.closing.policy"]
    assert not lot.list_signatures


def test_no_share_opens_under_another_policy():
    moved = manifest.read_manifest(altered(BID.encode(), policy_sha256="cd" * 32))
    for index, sealed in enumerate(DEALT.sealed):
        found = codes(shares.open_share, moved, "price", index, sealed, KEYS[index])
        assert found == ["sealing.hpke.cannot_open"]
