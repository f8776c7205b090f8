"""Attacker: a bidder who deals its trustees shares of another key than it encrypted to.

Each share opens and matches its hash, so every trustee marks it good; after the others' prices are
known the bidder would say which key is the right one. Stopped: the shares are put together and
compared with the commitment in the manifest, and no cure can commit to another key.
"""

from kernel.sealing import age
from kernel.sealing.bids import container, cures, manifest, shares
from kernel.sealing.bids.policy import MAX_BID
from tests.kernel.sealing.bids.support import BIDDERS, Stage, altered, codes


def test_shares_of_another_key_open_for_nobody_and_are_cured_by_nobody(tmp_path):
    stage = Stage()
    path, made = stage.seal(tmp_path, BIDDERS[0])
    with path.open("rb") as file:
        received = container.read_bid(file, MAX_BID)
    honest, other = received.manifest, age.new_identity()
    envelope = honest.envelope("price")
    dealt = shares.deal(
        stage.policy, honest.context, "price", other, envelope.sha256, envelope.size
    )  # fmt: skip
    rows = [
        {
            "name": each.name,
            "sha256": each.sha256,
            "size": each.size,
            "commitment": each.commitment,
            "shares": [
                dict(vars(row))
                for row in (dealt.envelope.shares if each.name == "price" else each.shares)
            ],
        }
        for each in honest.envelopes
    ]
    forged = manifest.read_manifest(altered(honest.encode(), envelopes=rows))
    opened = {
        index: shares.open_share(forged, "price", index, dealt.sealed[index], key)
        for index, key in enumerate(stage.keys.values())
    }  # every trustee's own share is as its bidder signed
    for who in ((0, 1), (0, 2), (1, 2), (0, 1, 2)):
        some = {index: opened[index] for index in who}
        assert codes(shares.recover, forged, stage.policy, "price", some) == [
            "sealing.share.commitment"
        ]
    assert codes(cures.make_cure, stage.policy, forged, "price", other, "ab" * 32) == [
        "sealing.share.commitment"
    ]
    # The committed key can still be dealt anew, before anything is released.
    cure = cures.make_cure(stage.policy, forged, "price", made.identities["price"], "ab" * 32)
    assert not list(cures.cure_faults(cure, forged, stage.policy, "ab" * 32))
