"""The page judges a receipt as ``receipt verify`` does, good ones and tampered; run by Node."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.sealing import demo_tsa
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids import bundles, receipts
from kernel.sealing.bids.fields import b64
from kernel.sealing.certificates import pem
from procurement.bidder import witnessed
from tests.kernel.evidence.support import new_signer
from tests.kernel.evidence.witnessing.logs import FakeLog
from tests.kernel.sealing.bids.support import BIDDERS, DEADLINE, ENTITY, NOW
from tests.procurement.bidder import test_witnessed as theirs
from tests.procurement.bidder.test_witnessed import witness
from tests.procurement.bidder.web import bundled

__all__ = ["witness"]
pytestmark = bundled.needed
_SCRIPT = """
const hash = async (blob) => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return { size: bytes.length, crc: crc32(bytes), sha256: digestOf(bytes) };
};
for (const { receipt, bid, policy, roots, stampRoots } of input.map((row) => Object.fromEntries(
  Object.entries(row).map(([name, value]) => [name, value && fromBase64(value)])))) {
  await told(async () => {
    const answer = policy && readAnswer(policy);
    const trust = answer && roots ? trustOf(answer, roots, true) : null;
    const { lines, provisional, verdict } = await judgeReceipt({
      bytes: receipt, bid: bid && (() => readBid(new Blob([bid]), hash)), answer, trust,
      stampRoots: stampRoots ? readCertificates(stampRoots) : [],
    });
    const codes = (refusals) => refusals.map(({ code }) => code);
    const said = lines.map(({ name, state, refusals }) => [name, state, codes(refusals)]);
    return { lines: said, provisional, verdict };
  });
}
"""
_FILES = (
    "trust/receipting.js", "trust/answers.js", "trust/certificates.js", "bids/bidfile.js",
    "lib/bytes.js", "lib/crc32.js",
)  # fmt: skip
_EXIT = {0: "whole", 3: "provisional"}


def page(*cases):
    """What the page says of files: receipt, bid, policy, roots, stampRoots, each bytes or None."""
    return bundled.asked(
        _FILES, _SCRIPT, [{n: v and b64(v) for n, v in case.items()} for case in cases]
    )


class Case:
    """A bidder's files, and what the operator would sign."""

    def __init__(self, world):
        self.world, self.desk = world, world.desks[BIDDERS[0]]
        self.desk.does(*self.desk.sealing("bid.zxb"))
        self.desk.does(*self.desk.submitting("bid.zxb"))
        self.lot = world.lot
        (name,) = self.lot.files
        self.digest = bytes.fromhex(name)
        self.first = self.lot.files[name][2]
        self.bid = (self.desk.folder / "bid.zxb").read_bytes()
        self.policy = json.dumps(self.lot.policy_answer()).encode()
        self.roots = pem([world.stage.authority.root.certificate])
        self.lot.tsa = demo_tsa.issue(world.stage.authority, NOW)
        self.token = self.lot.stamp(self.digest, self.first.received_at)
        self.whole = replace(self.first, timestamp=self.token, provisional=())

    def told(self, receipt=None, **changes):
        """The receipt with these fields, under the operator's signature."""
        return self.lot.spoken("receipt", replace(receipt or self.whole, **changes).encode())

    def logged(self, **changes):
        return self.told(log=replace(self.whole.log, **changes))

    def tool(self, told, bid=None, policy=None):
        """The command line's verdict: its status, or the codes that it refuses with."""
        data = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.desk.write("x.zxb", self.bid if bid is None else bid)
        self.desk.write("x.receipt", data)
        self.desk.write("x.policy", policy or self.policy)
        status, answer = self.desk.run(
            "receipt", "verify", self.desk.path("x.zxb"), "--receipt", self.desk.path("x.receipt"),
            "--policy", self.desk.path("x.policy"), "--anchors", self.desk.path("roots.pem"),
            "--demonstration",
        )  # fmt: skip
        if status == 1:
            return sorted({reason["code"] for reason in answer["refusals"]})
        return [_EXIT[status], *answer["provisional"]]

    def asks(self, told, bid=None, policy=None):
        """The same files for the page."""
        return {
            "receipt": told if isinstance(told, bytes) else json.dumps(told).encode(),
            "bid": self.bid if bid is None else bid, "policy": policy or self.policy,
            "roots": self.roots,
        }  # fmt: skip


def verdict(found):
    """The page's judgement as the command line gives its own: the first line that failed."""
    failed = [codes for _name, state, codes in found["lines"] if state == "failed"]
    assert (found["verdict"] == "failed") == bool(failed)
    return sorted(set(failed[0])) if failed else [found["verdict"], *found["provisional"]]


@pytest.fixture
def case(world):
    make = world.lot.make_draft
    world.lot.make_draft = lambda **changes: make(timestamp_authorities=(demo_tsa.NAME,), **changes)
    world.policy()
    return Case(world)


def flipped(data, place):
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def tampered(case):
    """Names of what was done to the files, and the files."""
    good = case.told()
    signed_by_another = bundles.sign(
        good["receipt"].encode(), case.world.stage.signers[ENTITY], NOW
    )
    stranger = demo_tsa.issue(DemoAuthority.create(NOW), NOW)
    log = case.whole.log
    proof = tuple(flipped(step, 0) for step in log.proof) or (bytes(32),)
    entry = log.entry.replace("procurement.bid.receipt", "procurement.bid.refusal")
    late = case.lot.stamp(case.digest, NOW + timedelta(seconds=62))
    near = case.lot.stamp(case.digest, NOW + timedelta(seconds=60))
    other = case.lot.stamp(bytes(32), NOW)
    case.lot.tsa = stranger
    theirs_ = case.lot.stamp(case.digest, NOW)
    return {
        "first": [case.told(case.first)],
        "whole": [good],
        "without a list": [case.told(provisional=("crl",))],
        "wrong hash": [case.told(manifest_sha256="ab" * 32)],
        "wrong signature's hash": [case.told(signature_sha256="ab" * 32)],
        "other lot": [case.told(lot="ZX-2026-0009-09")],
        "other bidder": [case.told(bidder=BIDDERS[1])],
        "other version": [case.told(version=2)],
        "other policy named": [case.told(policy_sha256="ab" * 32)],
        "other size": [case.told(size=case.whole.size + 1)],
        "late": [case.told(received_at=DEADLINE + timedelta(microseconds=1))],
        "stripped signature": [{**good, "p7s": ""}],
        "no signature": [{"receipt": good["receipt"]}],
        "another's signature": [{**good, "p7s": b64(signed_by_another)}],
        "broken signature": [{**good, "p7s": b64(flipped(base64.b64decode(good["p7s"]), -5))}],
        "another text": [{**good, "receipt": case.told(version=3)["receipt"]}],
        "altered proof": [case.logged(proof=proof)],
        "longer proof": [case.logged(proof=(*log.proof, bytes(32)))],
        "no proof": [case.logged(proof=())],
        "altered root": [case.logged(root=bytes(32))],
        "altered leaf": [case.logged(leaf=bytes(32))],
        "altered salt": [case.logged(salt=bytes(32))],
        "altered index": [case.logged(index=0)],
        "altered tree": [case.logged(size=log.size + 5)],
        "entry of another kind": [case.logged(entry=entry)],
        "entry that is no JSON": [case.logged(entry="xx")],
        "whole without a token": [case.told(timestamp=b"")],
        "token of another hash": [case.told(timestamp=other)],
        "token far away": [case.told(timestamp=late)],
        "token just near": [case.told(timestamp=near)],
        "token of a stranger": [case.told(timestamp=theirs_)],
        "token that is none": [case.told(timestamp=bytes(99))],
        "no JSON": [b"\x30\x82"],
        "a list": [b"[]"],
        "a file of another kind": [case.lot.withdrawal(BIDDERS[0], withdrawing(case))],
        "spelt otherwise": [{**good, "receipt": good["receipt"].replace(":", ": ", 1)}],
        "bid with another byte": [good, flipped(case.bid, len(case.bid) // 2)],
        "bid with another manifest": [good, flipped(case.bid, 80)],
        "bid cut short": [good, case.bid[:-1]],
        "bid cut in its head": [good, case.bid[:200]],
        "bid cut in an envelope": [good, case.bid[: len(case.bid) // 2]],
        "bid with a byte more": [good, case.bid + b"\0"],
        "bid with another header": [good, flipped(case.bid, 10)],
        "bid with another directory": [good, flipped(case.bid, -60)],
        "no bid": [good, b"PK"],
        "another's policy": [good, None, other_policy(case)],
    }  # fmt: skip


def withdrawing(case):
    wish = receipts.Withdrawal(case.whole.lot, BIDDERS[0], case.whole.manifest_sha256, "").encode()
    p7s = bundles.sign(wish, case.world.stage.signers[BIDDERS[0]], NOW)
    return {"statement": wish.decode(), "p7s": b64(p7s)}


def other_policy(case):
    answer = json.loads(case.policy)
    answer["policy"] = replace(case.lot.in_force[-1][0], title="另一份").encode().decode()
    return json.dumps(answer).encode()


def test_the_page_and_the_command_line_judge_every_receipt_alike(case):
    files = tampered(case)
    found = page(*(case.asks(*each) for each in files.values()))
    told = dict(zip(files, map(verdict, found), strict=True))
    assert told == {name: case.tool(*each) for name, each in files.items()}
    held = {"first", "whole", "without a list", "token just near"}
    assert {name for name, each in told.items() if each[0] in _EXIT.values()} == held
    assert told["first"] == ["provisional", "timestamp"]
    assert told["wrong hash"] == ["sealing.receipt.other"]


def test_what_is_missing_is_said_to_be_unchecked_and_nothing_is_vouched_for(case):
    whole = case.asks(case.told())
    found = page(
        *({**whole, left: None} for left in ("bid", "policy", "roots")),
        {**whole, "bid": None, "policy": None, "roots": None},
    )
    unchecked = [
        [name for name, state, _codes in each["lines"] if state == "unchecked"] for each in found
    ]
    assert unchecked == [
        ["bid", "hashes", "named", "witnesses"],
        ["policy", "signature", "time", "stamp", "witnesses"],
        ["signature", "stamp", "witnesses"],
        ["bid", "policy", "signature", "time", "hashes", "named", "stamp", "witnesses"],
    ]
    assert {each["verdict"] for each in found} == {"partly"}
    # What is there is judged all the same, and one bad line condemns.
    bad = case.asks(case.logged(root=bytes(32)))
    (told,) = page({**bad, "bid": None, "policy": None, "roots": None})
    assert verdict(told) == ["bidder.receipt.proof"]


def test_a_token_counts_by_roots_that_the_reader_brought(case):
    outside = DemoAuthority.create(NOW)
    case.lot.tsa = demo_tsa.issue(outside, NOW)
    lists = [*json.loads(case.policy)["crls"], *(b64(crl) for crl in outside.crls(NOW))]
    policy = json.dumps({**json.loads(case.policy), "crls": lists}).encode()
    told = case.told(timestamp=case.lot.stamp(case.digest, NOW))
    asks = case.asks(told, policy=policy)
    found = page(asks, {**asks, "stampRoots": pem([outside.root.certificate])})
    assert list(map(verdict, found)) == [["sealing.certificate.untrusted"], ["whole"]]


_WITNESSED = """
for (const { log, anchors, head, consistency } of input) {
  const [known, seen, proof] = [anchors, head, consistency].map((each) => each && fromBase64(each));
  await told(async () => {
    const found = await checkWitnessed(log, { anchors: known, head: seen, consistency: proof });
    return [found.size, found.at, found.names];
  });
}
"""


def test_the_page_holds_a_receipts_log_against_witnesses_as_the_command_line_does(
    tmp_path, witness
):
    log = FakeLog().grow(23)
    asked, wanted = [], []

    def judged(options, receipt):
        files = {
            name: b64(path.read_bytes())
            for name, path in (("anchors", options.witnessed), ("head", options.head),
                               ("consistency", options.consistency))
        }  # fmt: skip
        asked.append({"log": {"size": receipt.size, "root": receipt.root.hex()}, **files})
        try:
            found = witnessed.check(options, receipt)
            wanted.append([found["witnessed_size"], found["witnessed_at"], found["witnesses"]])
        except theirs.Refused as refused:
            wanted.append(refused.refusals[0].code)

    for size in range(1, 24):
        judged(theirs.options(tmp_path, log, witness, at=size), theirs.proof_of(log, size))
        judged(theirs.options(tmp_path, log, witness, at=size), theirs.proof_of(log.fork(0), size))
    receipt = theirs.proof_of(log, 4)
    judged(theirs.options(tmp_path, log, witness, anchored=False), receipt)
    stranger = FakeLog(new_signer(), log.leaves, log.at)
    judged(theirs.options(tmp_path, log, witness, seen=stranger), receipt)
    judged(theirs.options(tmp_path, log, witness, at=5), receipt)
    good = theirs.options(tmp_path, log, witness)
    for path in (good.witnessed, good.head, good.consistency):
        kept = path.read_bytes()
        for data in (b"[]", b"{}", kept[:-2], kept.replace(b'"format"', b'"form"'),
                     kept.replace(b"/1", b"/2"), flipped(kept, len(kept) // 3)):  # fmt: skip
            path.write_bytes(data)
            judged(good, receipt)
        path.write_bytes(kept)
    judged(good, receipt)
    files = ("trust/witnessed.js", "lib/bytes.js")
    assert bundled.asked(files, _WITNESSED, asked) == wanted
    assert {"bidder.witnessed.none", "bidder.witnessed.unsound", "bidder.witnessed.other"} <= {
        each for each in wanted if isinstance(each, str)
    }
    assert wanted[0] == wanted[-1]
