"""A superseded and a withdrawn bid, and what their bidders hold of the operator."""

import base64
import json
from dataclasses import replace

import pytest

from kernel.sealing.bids import bundles, protests
from kernel.sealing.bids.fields import b64
from kernel.sealing.bids.policy import Stage
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, LOT, NOTARY
from tests.procurement.bidder.rescuing import go_on, listing


def prepared(world):
    world.policy()
    first, second = world.desks[BIDDERS[0]], world.desks[BIDDERS[1]]
    for desk in (first, second):
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    old = world.lot.bids[BIDDERS[0]]
    first.does(*first.sealing("new.zxb", "--replaces", first.path("bid.zxb")))
    first.does(*first.submitting("new.zxb"))
    gone = world.lot.bids[BIDDERS[1]]
    second.does(*second.withdrawing("bid.zxb"))
    world.lot.close()
    return old, gone


def kept(desk, kind, name="bid.zxb"):
    """What the operator gave a bidder, as the tool kept it: text and signature."""
    told = json.loads((desk.folder / f"{name}.{kind}.json").read_bytes())
    return told["receipt"].encode(), base64.b64decode(told["p7s"])


def protesting(desk, **changes):
    """A protest by the receipt of a withdrawal, whatever it is worth."""
    (receipt, p7s), (gone, gone_p7s) = kept(desk, "receipt"), kept(desk, "withdrawal")
    fields = {"bidder": desk.uscc, "reason": "",
              "receipt": receipt, "receipt_p7s": p7s, "withdrawn": gone,
              "withdrawn_p7s": gone_p7s}  # fmt: skip
    return protests.Protest(**{"lot": LOT, **fields, **changes})


def handed(desk, lot, made, name="given.json"):
    """A protest as a bidder signs it and hands it over."""
    p7s = bundles.sign(made.encode(), lot.stage.signers[desk.uscc], lot.now)
    return desk.write(
        name, json.dumps({"protest": made.encode().decode(), "p7s": b64(p7s)}).encode()
    )


@pytest.fixture
def relisted(world):
    """The withdrawn bid stands on the list again with its genuine receipt; every step is done."""
    _old, gone = prepared(world)
    listing(world.lot, gone)
    world.each("check")
    world.each("reveal", "mark")
    world.gone = gone
    return world


@pytest.fixture
def staged(world):
    """The same before the price stage of two: its technical envelopes were opened by the list."""
    base = world.stage.policy
    order = ("qualification", "technical", "opening_sheet", "price")
    stages = (Stage("technical", order[:2]), Stage("price", order[2:]))
    world.stage.__dict__["policy"] = replace(base, envelopes=order, stages=stages)
    world.policy()
    for code in BIDDERS[:3]:
        desk = world.desks[code]
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    lot, second = world.lot, world.desks[BIDDERS[1]]
    world.gone = lot.bids[BIDDERS[1]]
    second.does(*second.withdrawing("bid.zxb"))
    lot.close()
    listing(lot, world.gone)
    lot.listed = replace(lot.listed, stage="technical")
    world.each("check")
    world.each("reveal", "mark")
    world.each("release", who=(NOTARY, CHAMBER))
    go_on(world)
    world.each("rehearse", "check", who=(NOTARY, CHAMBER))
    world.each("mark", who=(NOTARY, CHAMBER))
    yield world
    world.stage.__dict__["policy"] = base
