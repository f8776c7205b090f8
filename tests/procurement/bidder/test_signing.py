"""The key may be somewhere else: openssl signs what the tool wrote, and the tool goes on.

And a PIN is asked for where no file holds it. openssl stands for any middleware that makes a
detached CMS (CAdES-B) over a file.
"""

from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kernel.sealing.bids import bundles
from kernel.sealing.certificates import pem
from procurement.bidder import main as tool
from procurement.bidder.keep import Keep
from tests.kernel.sealing.bids.support import BIDDERS, LOT, NOTARY, NOW
from tests.procurement.bidder.conftest import TRUSTEES
from tests.procurement.bidder.rescuing import curing, rescue, spoiling

ROOT = Path(tool.__file__).parents[2]


class Token:
    """A key that never comes near the tool: its owner signs with openssl, as the tool tells."""

    def __init__(self, desk):
        self.desk = desk
        signer = desk.world.stage.signers[desk.uscc]
        made = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        desk.write("usb/KEY.pem", made)
        desk.write("own.pem", pem([signer.certificate, *signer.chain]))

    def words(self, words):
        """A command's words with the certificate in the place of the key file."""
        given = self.desk.signer()
        start = words.index(given[0])
        kept = [*words[:start], *words[start + len(given) :]]
        return [*kept, "--certificate", self.desk.path("own.pem")]

    def asked(self, words):
        """What a first run asks to be signed."""
        status, told = self.desk.run(*words)
        assert status == 4, told
        assert Path(told["to_sign"]).name in self.desk.shown
        return told

    def sign(self, told):
        """Run the very command that the tool told; the path of the signature."""
        words = shlex.split(told["command"])
        subprocess.run(words, check=True, cwd=self.desk.folder / "usb", capture_output=True)
        return told["signature"]

    def does(self, *words):
        """A whole step: asked, signed, done."""
        words = self.words(words)
        return self.desk.does(*words, "--signature", self.sign(self.asked(words)))


def test_a_bid_is_sealed_submitted_and_withdrawn_with_a_key_that_is_elsewhere(world):
    world.policy()
    desk = world.desks[BIDDERS[0]]
    token = Token(desk)
    sealed = token.does(*desk.sealing("bid.zxb"))
    assert not (desk.folder / "bid.zxb.unsigned").exists()
    desk.does(*desk.submitting("bid.zxb"))
    assert world.lot.bids[BIDDERS[0]] == sealed["manifest_sha256"]
    words = ["recover", desk.path("bid.zxb"), "--recovery", desk.path("bid.zxb.recovery"),
             "--passphrase-file", desk.path("pass"), "-o", desk.path("out")]  # fmt: skip
    assert "price" in desk.does(*words)["envelopes"]
    token.does(*desk.withdrawing("bid.zxb"))
    assert BIDDERS[0] not in world.lot.bids


def test_nothing_that_is_no_signature_of_this_bidder_over_this_manifest_makes_a_bid(world):
    world.policy()
    desk = world.desks[BIDDERS[0]]
    token = Token(desk)
    words = token.words(desk.sealing("bid.zxb"))
    early = desk.write("early.p7s", bundles.sign(b"{}", world.stage.signers[BIDDERS[0]], NOW))
    assert desk.codes(*words, "--signature", str(early)) == ["bidder.sign.nothing"]
    told = token.asked(words)
    assert desk.codes(*words, "--signature", str(early)) == ["bidder.sign.other"]
    data = Path(told["to_sign"]).read_bytes()
    other = desk.write("other.p7s", bundles.sign(data, world.stage.signers[BIDDERS[1]], NOW))
    assert desk.codes(*words, "--signature", str(other)) == ["sealing.signature.other"]
    assert not (desk.folder / "bid.zxb").exists()
    assert desk.codes(*desk.sealing("bid.zxb"), "--signature", str(other)) == ["bidder.usage.needs"]
    desk.does(*words, "--signature", token.sign(told))


def test_every_statement_of_a_trustee_may_be_signed_elsewhere(world):
    """All three trustees, from the key to the shares; two runs for each statement."""
    desks = [world.desks[code] for code in TRUSTEES]
    tokens = [Token(desk) for desk in desks]

    def each(*steps):
        for step in steps:
            for desk, token in zip(desks, tokens, strict=True):
                token.does(*desk.trustee(step))

    each("key", "rehearse")
    world.lot.make_draft()
    each("sign-policy")
    bidder = world.desks[BIDDERS[0]]
    bidder.does(*bidder.sealing("bid.zxb"))
    bidder.does(*bidder.submitting("bid.zxb"))
    world.lot.close()
    each("check")
    for desk, token in zip(desks, tokens, strict=True):
        desk.does(*token.words(desk.trustee("reveal")))  # nothing is signed
    each("mark", "release")
    assert [bid.sheet.price_fen for bid in world.lot.open().bids] == [100_000_00]


def test_several_steps_go_on_from_the_signature_that_is_still_missing(world):
    notary = world.desks[NOTARY]
    token = Token(notary)
    both = token.words(notary.trustee("key", "rehearse"))
    first = token.sign(token.asked(both))
    second = token.asked([*both, "--signature", first])
    assert Path(second["to_sign"]).name == "rehearsal-answer.to-sign.json"
    rest = token.words(notary.trustee("rehearse"))
    notary.does(*rest, "--signature", token.sign(second))
    assert NOTARY in world.lot.rehearsed


def test_shares_that_wait_for_their_signature_do_not_bind_until_they_are_signed(world):
    """Only what was signed is a release: until then a corrected list may still be signed."""
    world.policy()
    bidder = world.desks[BIDDERS[0]]
    bidder.does(*bidder.sealing("bid.zxb"))
    bidder.does(*bidder.submitting("bid.zxb"))
    world.lot.close()
    for steps in (["check"], ["reveal", "mark"]):
        world.each(*steps)
    notary = world.desks[NOTARY]
    token = Token(notary)
    told = token.asked(token.words(notary.trustee("release")))
    assert not any(k.startswith("released") for k in Keep(notary.folder / "keep", LOT).state())
    words = token.words(notary.trustee("release"))
    notary.does(*words, "--signature", token.sign(told))
    assert any(k.startswith("released") for k in Keep(notary.folder / "keep", LOT).state())


def test_a_cure_and_a_protest_may_be_signed_elsewhere(world):
    world.policy()
    desks = [world.desks[code] for code in BIDDERS[:2]]
    for desk in desks:
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    world.lot.close()
    whole = world.lot.listed
    world.lot.listed = type(whole)(**{**vars(whole), "bids": whole.bids[:1]})
    world.each("check")
    world.lot.tamper = spoiling(world.lot, BIDDERS[0])
    world.each("mark")
    words = Token(desks[0]).words(curing(desks[0]))
    given = []
    while True:  # one cure for each envelope
        status, told = desks[0].run(*words, *given)
        if status == 0:
            break
        assert status == 4, told
        given += ["--signature", Token(desks[0]).sign(told)]
    assert len(told["cured"]) == len(given) // 2
    Token(desks[1]).does(*rescue(desks[1], "protest"))
    assert len(world.lot.protests) == 1


def asking(*words, typed=""):
    """The tool at a terminal, where somebody types; its status and all that it showed."""
    here, there = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LANGUAGE": "zh_CN"}
    done = subprocess.Popen(
        [sys.executable, "-m", "procurement.bidder", *words], env=environment, stdin=there,
        stdout=subprocess.PIPE, stderr=there, start_new_session=True,
    )  # fmt: skip
    os.close(there)
    shown = b""
    while "PIN" not in shown.decode("utf-8", "replace"):
        shown += os.read(here, 1000)
    os.write(here, typed.encode() + b"\n")
    out, _ = done.communicate(timeout=60)
    os.close(here)
    return done.returncode, out


def without_pin_file(desk, words):
    return [word for word in words if word not in ("--pin-file", desk.path("pin"))]


@pytest.mark.parametrize(("typed", "status"), [("123456", 0), ("654321", 1)])
def test_a_pin_is_asked_for_where_no_file_holds_it(world, typed, status):
    notary = world.desks[NOTARY]
    words = without_pin_file(notary, notary.trustee("key"))
    found, out = asking(*words, "--json", typed=typed)
    assert found == status
    if status:
        assert json.loads(out)["refusals"][0]["code"] == "sealing.keystore.cannot_open"


def test_without_a_terminal_a_pin_file_is_asked_for(world, monkeypatch):
    notary = world.desks[NOTARY]
    words = without_pin_file(notary, notary.trustee("key"))
    with Path(os.devnull).open() as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        assert notary.codes(*words) == ["bidder.usage.needs"]
