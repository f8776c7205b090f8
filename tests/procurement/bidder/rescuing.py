"""What goes wrong or further after the closing, as the tests of the tool and the page set it up."""

import hashlib
from dataclasses import replace

from kernel.sealing import hpke
from kernel.sealing.bids import bundles, closing, results
from kernel.sealing.bids.fields import b64
from tests.kernel.sealing.bids.support import ENTITY, LOT


def rescue(desk, command, *more, signed=True):
    words = [command, desk.path("bid.zxb"), *desk.server(), *desk.trust(), *more]
    return [*words, *(desk.signer() if signed else ())]


def curing(desk):
    return rescue(desk, "cure", "--recovery", desk.path("bid.zxb.recovery"),
                  "--passphrase-file", desk.path("pass"))  # fmt: skip


def spoiling(lot, bidder, envelope="price"):
    """The operator's database hands out a spoilt share of one bid to everybody."""
    digest = lot.bids[bidder]

    def tamper(path, answer):
        if path == "/closing" and answer.get("sealed_shares"):
            answer["sealed_shares"][digest][envelope] = b64(bytes(114))
        return answer

    return tamper


def listed_as(received_receipt):
    """A received version as it would stand on a list."""
    r = received_receipt
    return closing.LiveBid(r.bidder, r.version, r.manifest_sha256, r.received_at, r.log.index)


def listing(lot, *digests):
    """The operator puts received versions on the list, each in place of its bidder's own."""
    extra = [listed_as(lot.files[digest][2]) for digest in digests]
    kept = [b for b in lot.listed.bids if b.bidder not in {e.bidder for e in extra}]
    bids = tuple(sorted((*kept, *extra), key=lambda bid: bid.log_index))
    lot.listed = replace(lot.listed, bids=bids)
    return lot.listed


def corrected(lot, *extra, without=()):
    """The list with a dropped bid again, or without a dead one."""
    old = lot.listed
    told = lot.spoken("list", old.encode())
    lot.replaced.append(told)
    kept = [bid for bid in old.bids if bid.manifest_sha256 not in without]
    return replace(
        old, bids=tuple(sorted((*kept, *extra), key=lambda bid: bid.log_index)),
        corrects=old.sha256, drawn_for=old.draw_sha256, closed_at=lot.now,
        session_key=hpke.public_bytes(lot.session.public_key()),
    )  # fmt: skip


def opening_words(bids, keepers, folder, *more):
    """What trustees at one table run, and at whose desk."""
    table = bids.desks[keepers[0]]
    words = ["trustee", "open", "--lot", LOT, "--bids", str(folder),
             "--anchors", table.path("roots.pem"), "--demonstration",
             "-o", str(bids.root / "out"), *more]  # fmt: skip
    for code in keepers:
        desk = bids.desks[code]
        words += ["--keep", desk.path("keep"), "--passphrase-file", desk.path("pass")]
    return table, words


def go_on(two, *, logged=True):
    """The entity's result, its entry, and the list of the price stage."""
    lot, first = two.lot, two.lot.listed
    names = [bid.manifest_sha256 for bid in first.bids]
    result = results.StageResult(
        LOT, "technical", first.sha256, hashlib.sha256(b"report").hexdigest(), tuple(names[:2]),
        (results.Failed(names[2], "不合格"),),
    )  # fmt: skip
    data = result.encode()
    body = {"result_sha256": result.sha256 if logged else "00" * 32}
    index = lot.log.append("procurement.opening.result", body, lot.now)
    lot.log.append("lot.other", {}, lot.now)
    lot.earlier = {
        **lot.spoken("list", first.encode()),
        "signatures": [s.as_json() for s in lot.list_signatures.values()],
        "result": data.decode(),
        "result_p7s": b64(bundles.sign(data, lot.stage.signers[ENTITY], lot.now)),
        "log": lot.log.proof(index).as_json(),
        "proof": [step.hex() for step in lot.log.path(index)],
    }  # fmt: skip
    lot.listed = replace(
        first, stage="price", bids=first.bids[:2], closed_at=lot.now, follows=first.sha256,
        result_sha256=result.sha256, drawn_for=first.sha256, tree_size=len(lot.log.leaves),
        tree_root=lot.log.root().hex(),
    )  # fmt: skip
    lot.list_signatures, lot.marks, lot.releases, lot.rehearsed = {}, {}, {}, set()
    return result
