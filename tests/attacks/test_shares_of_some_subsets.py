"""Attacker: a bidder whose shares give its key only if the trustees that it chose come.

With a friend among the trustees it would decide after the draw whether its bid opens. Stopped: from
any k shares all n are interpolated and compared with the manifest; if one subset would not open,
none does, so it never matters who came.
"""

import hashlib
import itertools
import json

from kernel.sealing import hpke
from kernel.sealing.bids import manifest, shares
from tests.kernel.sealing.bids.support import altered, codes
from tests.kernel.sealing.bids.test_shares import BID, CONTEXT, KEYS, LOT, OPENED


def test_a_bid_that_only_some_subsets_would_open_opens_for_none():
    bad = bytes(32) + OPENED[2][-1:]
    key = LOT.policy.trustees[2].key_sha256
    info = CONTEXT.share_info("price", BID.envelope("price").sha256, 2, key)
    sealed = hpke.seal(bad, KEYS[2].public_key(), info)
    rows = json.loads(BID.encode())["envelopes"]
    rows[0]["shares"][2] |= {
        "sealed_sha256": hashlib.sha256(sealed).hexdigest(),
        "opened_sha256": hashlib.sha256(bad).hexdigest(),
    }
    forged = manifest.read_manifest(altered(BID.encode(), envelopes=rows))
    assert shares.open_share(forged, "price", 2, sealed, KEYS[2]) == bad  # marked good
    opened = {**OPENED, 2: bad}
    for who in itertools.combinations(range(3), 2):
        some = {index: opened[index] for index in who}
        found = codes(shares.recover, forged, LOT.policy, "price", some)
        assert found in (["sealing.share.inconsistent"], ["sealing.share.commitment"])
