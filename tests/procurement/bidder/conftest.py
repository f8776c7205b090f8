"""A lot behind a real server, and the desks of those who use the tool."""

import json
from pathlib import Path

import pytest

from kernel.sealing.bids.policy import ENVELOPES
from kernel.sealing.certificates import pem
from kernel.sealing.keystore import make_p12
from procurement.bidder.main import WAITS, main
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, LOT, NOTARY, OPERATOR, Stage
from tests.procurement.bidder.lot_server import Lot, Serving

TRUSTEES = (ENTITY, NOTARY, CHAMBER)


class Desk:
    """Somebody with a folder, a key file and a token."""

    def __init__(self, world, uscc):
        self.world, self.uscc = world, uscc
        self.folder = world.root / uscc
        self.folder.mkdir()
        signer = world.stage.signers[uscc]
        self.write("key.p12", make_p12(signer, "123456", rounds=1000))
        for name, text in (("pin", "123456"), ("token", uscc), ("pass", "口令")):
            self.write(name, (text + "\n").encode())
        self.write("roots.pem", pem([world.stage.authority.root.certificate]))

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def path(self, name):
        return str(self.folder / name)

    def server(self):
        return ["--server", self.world.url, "--lot", LOT, "--token-file", self.path("token")]

    def signer(self):
        return ["--p12", self.path("key.p12"), "--pin-file", self.path("pin")]

    def trust(self):
        return ["--anchors", self.path("roots.pem"), "--demonstration",
                *(word for code in TRUSTEES for word in ("--expect", code))]  # fmt: skip

    def run(self, *words):
        """Run a command; its exit status and what it printed as JSON."""
        self.world.capsys.readouterr()
        status = main([*words, "--json"])
        out, self.shown = self.world.capsys.readouterr()
        return status, json.loads(out)

    def codes(self, *words):
        """The codes that a command is refused with."""
        status, answer = self.run(*words)
        assert status == (WAITS if "waits" in answer else 1)
        for reason in answer["refusals"]:
            assert reason["message"]
            assert "%(" not in reason["message"]
            assert reason["code"] in self.shown
        return [reason["code"] for reason in answer["refusals"]]

    def trustee(self, *steps):
        return ["trustee", *steps, *self.server(), *self.signer(), *self.trust(),
                "--keep", self.path("keep"), "--passphrase-file", self.path("pass")]  # fmt: skip

    def sealing(self, name, *more, price=100_000_00, **changes):
        """The words that seal a bid of this price."""
        for envelope in ENVELOPES[1:]:
            self.write(f"files/{envelope}/说明.txt", f"{envelope} {price}".encode())
        sheet = {"price_fen": price, "period_days": 300, "quality": "合格",
                 "project_manager": "王五", **changes}  # fmt: skip
        self.write(f"{name}.sheet", json.dumps(sheet).encode())
        folders = [
            word
            for envelope in ENVELOPES[1:]
            for word in ("--envelope", f"{envelope}={self.path('files/' + envelope)}")
        ]
        return ["seal", *self.server(), *self.signer(), *self.trust(), *folders,
                "--sheet", self.path(f"{name}.sheet"), "--recovery", self.path(f"{name}.recovery"),
                "--passphrase-file", self.path("pass"), "-o", self.path(name), *more]  # fmt: skip

    def submitting(self, name):
        return ["submit", self.path(name), *self.server(), *self.trust(), "--wait", "0"]

    def withdrawing(self, name):
        return ["withdraw", self.path(name), *self.server(), *self.trust(), *self.signer(),
                "--reason", "报价有误"]  # fmt: skip

    def verifying(self, name, *more):
        return ["receipt", "verify", self.path(name), *self.server(), *self.trust(), *more]

    def does(self, *words):
        """Run a command that must succeed; its result."""
        status, answer = self.run(*words)
        assert status == 0, answer
        return answer


class World:
    """The lot, its server, and everybody's desks."""

    def __init__(self, root: Path, stage, capsys):
        self.root, self.stage, self.capsys = root, stage, capsys
        (root / "server").mkdir()
        self.lot = Lot(stage, root / "server")
        self.url = ""
        self.desks = {code: Desk(self, code) for code in (*TRUSTEES, *BIDDERS, OPERATOR)}

    def policy(self, *who):
        """Keys, rehearsals, and the policy under every signature."""
        for code in TRUSTEES:
            self.desks[code].does(*self.desks[code].trustee("key", "rehearse"))
        self.lot.make_draft()
        for code in who or TRUSTEES:
            self.desks[code].does(*self.desks[code].trustee("sign-policy"))

    def each(self, *steps, who=TRUSTEES):
        for code in who:
            self.desks[code].does(*self.desks[code].trustee(*steps))


@pytest.fixture(scope="session")
def shared_stage():
    return Stage()


@pytest.fixture
def world(tmp_path, shared_stage, capsys):
    made = World(tmp_path, shared_stage, capsys)
    with Serving(made.lot) as url:
        made.url = url
        yield made


@pytest.fixture
def closed(world):
    """A lot with two bids, closed."""
    world.policy()
    for code in BIDDERS[:2]:
        desk = world.desks[code]
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    world.lot.close()
    return world
