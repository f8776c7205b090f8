"""A trustee whose key is in a token: every statement of the page is signed by openssl, outside."""

from __future__ import annotations

import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kernel.sealing.bids import bundles
from kernel.sealing.certificates import pem
from tests.kernel.sealing.bids.support import CHAMBER, LOT, NOTARY, NOW
from tests.procurement.bidder.web.conftest import PASSPHRASE, Notary, closed
from tests.procurement.bidder.web.driving import told


class Elsewhere(Notary):
    """The notary again, with a certificate in the page and its key in a folder of its own."""

    def at(self, task=None):
        page = self.arrive()
        self.pages.append(page)
        signer = self.world.stage.signers[NOTARY]
        page.choose("task-file", told("task.json", task or self.world.lot.task(NOTARY)))
        page.part("keep-file").set_input_files([self.keep] if self.keep else [])
        page.page.locator("[name=way][value=p7s]").check()
        page.choose("certificate-file", told("own.pem", pem([signer.certificate, *signer.chain])))
        page.part("accept-demonstration").check()
        page.part("passphrase").fill(PASSPHRASE)
        page.press("begin-work")
        assert page.codes("begin-error") == []
        return page

    def asked(self, page, step):
        """Start a step; the file that is to be signed."""
        if step == "signPolicy":
            for box in page.part("party-rows").locator("input").all():
                box.check()
        page.part(f"step-{step}").click()
        page.part("outside").wait_for()
        return page.saved("save-statement", self.folder)

    def signs(self, page, step):
        """A step, signed by openssl."""
        path = self.asked(page, step)
        signer = self.world.stage.signers[NOTARY]
        key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        for name, data in (
            ("key.pem", key),
            ("own.pem", pem([signer.certificate])),
            ("chain.pem", pem(signer.chain)),
        ):
            (self.folder / name).write_bytes(data)
        subprocess.run(
            ["openssl", "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER",
             "-signer", "own.pem", "-certfile", "chain.pem", "-inkey", "key.pem", "-in", path.name,
             "-out", "said.p7s"], check=True, cwd=self.folder, capture_output=True,
        )  # fmt: skip
        page.choose("p7s-file", self.folder / "said.p7s")
        page.part(f"done-{step}").wait_for()
        assert page.codes(f"error-{step}") == []

    def does(self, *steps):
        page = self.at()
        for step in steps:
            if step == "reveal":  # nothing is signed
                assert page.do(step) == []
            else:
                self.signs(page, step)
        self.hands_in(page)


@pytest.fixture
def notary(world, trustee, tmp_path):
    made = Elsewhere(world, trustee, tmp_path)
    yield made
    for page in made.pages:
        assert page.strangers() == []
        assert page.complaints == []


def test_a_lot_opens_with_every_signature_of_a_trustee_made_elsewhere(world, notary, others):
    for desk in others:
        desk.does(*desk.trustee("key", "rehearse"))
    notary.does("announce")
    notary.does("rehearse")
    world.lot.make_draft()
    for desk in others:
        desk.does(*desk.trustee("sign-policy"))
    notary.does("signPolicy")
    closed(world)
    for desk in others:
        desk.does(*desk.trustee("check"))
    notary.does("signList")
    notary.does("reveal", "mark")
    for desk in others:
        desk.does(*desk.trustee("reveal"))
    others[0].does(*others[0].trustee("mark"))
    notary.does("release")
    others[0].does(*others[0].trustee("release"))
    record = world.lot.open()
    assert [bid.sheet.price_fen for bid in record.bids] == [100_000_00] * 2
    assert NOTARY in world.lot.releases


def test_anothers_signature_and_one_over_something_else_are_refused_and_may_be_mended(
    world, notary
):
    page = notary.at()
    data = notary.asked(page, "announce").read_bytes()
    for signer, over, code in (
        (CHAMBER, data, "sealing.signature.other"),
        (NOTARY, b"{}", "sealing.cms.digest"),
    ):
        p7s = bundles.sign(over, world.stage.signers[signer], NOW)
        page.choose("p7s-file", told("said.p7s", p7s))
        page.part("outside-error").locator(f"[data-code='{code}']").wait_for()
    good = bundles.sign(data, world.stage.signers[NOTARY], NOW)
    page.choose("p7s-file", told("good.p7s", good))
    page.part("done-announce").wait_for()
    assert LOT in data.decode()


def test_while_a_statement_waits_nothing_else_is_done_and_what_is_given_up_was_not(world, notary):
    notary.does("announce")
    page = notary.at()
    notary.asked(page, "rehearse")
    page.press("save-keep")
    assert page.codes("save-error") == ["bidder.program.unsigned"]
    assert page.do("announce") == ["bidder.program.unsigned"]
    page.part("give-up").click()
    page.part("error-rehearse").locator("[data-code='bidder.program.given_up']").wait_for()
    assert not page.part("outside").is_visible()
    assert page.part("statements").locator("li").count() == 0
    kept = page.saved("save-keep", notary.folder).read_text()
    assert "rehearsed" not in kept
