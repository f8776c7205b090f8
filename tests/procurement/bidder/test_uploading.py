"""A bid that goes up in parts: breaks, kills, servers that lie."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

import procurement.bidder.main
from procurement.bidder import submit, uploading
from tests.kernel.sealing.bids.support import BIDDERS, DEADLINE

ROOT = Path(procurement.bidder.main.__file__).parents[2]
PART = 4096


@pytest.fixture
def desk(world, monkeypatch):
    world.policy()
    monkeypatch.setattr(uploading, "_FIRST_WAIT", 0.001)
    monkeypatch.setattr(submit, "MIB", PART)
    made = world.desks[BIDDERS[0]]
    made.does(*made.sealing("bid.zxb"))
    return made


def in_parts(desk, *more):
    return [*desk.submitting("bid.zxb"), "--resume", "--part-size", "1", *more]


def test_a_bid_in_parts_gets_the_receipt_of_one_request(desk, world):
    done = desk.does(*in_parts(desk))
    assert len(world.lot.parts) > 2
    kept = (desk.folder / "bid.zxb.receipt.json").read_bytes()
    assert not (desk.folder / "bid.zxb.upload.json").exists()
    again = desk.does(*desk.submitting("bid.zxb"))
    assert (again["again"], again["manifest_sha256"]) == (True, done["manifest_sha256"])
    assert (desk.folder / "bid.zxb.receipt.json").read_bytes() == kept
    assert desk.does(*in_parts(desk))["again"] is True


def test_a_line_that_breaks_is_taken_up_where_it_broke(desk, world):
    world.lot.breaks = [100, 0, 5000, 1, PART]
    desk.does(*in_parts(desk))
    assert not world.lot.breaks
    (row,) = world.lot.uploads.values()
    assert bytes(row[2]) == (desk.folder / "bid.zxb").read_bytes()


def test_a_server_that_stays_away_is_named_and_the_next_run_goes_on(desk, world, monkeypatch):
    monkeypatch.setattr(uploading, "_TRIES", 2)
    world.lot.breaks = [5000, *[0] * 9]
    assert desk.codes(*in_parts(desk)) == ["bidder.server.unreachable"]
    assert json.loads((desk.folder / "bid.zxb.upload.json").read_text())["acknowledgement"]
    world.lot.breaks = []
    desk.does(*desk.submitting("bid.zxb"))  # what is under way goes on, also without --resume
    assert len(world.lot.uploads) == 1


def test_an_upload_that_is_gone_is_begun_anew(desk, world, monkeypatch):
    monkeypatch.setattr(uploading, "_TRIES", 1)
    world.lot.breaks = [0, 0, 0]
    desk.codes(*in_parts(desk))
    world.lot.uploads, world.lot.breaks = {}, []
    desk.does(*in_parts(desk))


def test_a_kept_state_of_another_bid_or_a_broken_one_is_not_followed(desk, world):
    state = desk.folder / "bid.zxb.upload.json"
    state.write_text(json.dumps({"upload": "ab" * 16, "manifest_sha256": "0" * 64}))
    desk.does(*desk.submitting("bid.zxb"), "--part-size", "1")
    state.write_text("{")
    assert desk.codes(*in_parts(desk)) == ["bidder.upload.state"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("upload", "ab" * 16), ("lot", "OTHER"), ("bidder", BIDDERS[1]), ("offset", 1)],
)
def test_an_acknowledgement_of_something_else_is_refused(desk, world, name, value):
    from kernel.sealing.bids import acknowledgements

    def tamper(path, answer):
        if "/uploads/" in path and "acknowledgement" in answer:
            data = answer["acknowledgement"].encode()
            said = vars(acknowledgements.read_acknowledgement(data)) | {name: value}
            made = acknowledgements.Acknowledgement(**said).encode()
            return answer | world.lot.spoken("acknowledgement", made)
        return answer

    world.lot.tamper = tamper
    assert desk.codes(*in_parts(desk)) == ["sealing.acknowledgement.other"]


def test_an_acknowledgement_that_is_not_the_operators_is_refused(desk, world):
    from kernel.sealing.bids import bundles
    from kernel.sealing.bids.fields import b64

    def tamper(path, answer):
        if "/uploads/" in path and "acknowledgement" in answer:
            data, signer = answer["acknowledgement"].encode(), world.stage.signers[BIDDERS[1]]
            return answer | {"p7s": b64(bundles.sign(data, signer, world.lot.now))}
        return answer

    world.lot.tamper = tamper
    assert desk.codes(*in_parts(desk)) == ["sealing.signature.other"]


def test_a_refusal_is_kept_and_the_upload_forgotten(desk, world):
    world.lot.now = DEADLINE + timedelta(seconds=1)
    assert desk.codes(*in_parts(desk)) == ["sealing.bid.deadline"]
    assert (desk.folder / "bid.zxb.refusal.json").exists()
    assert not (desk.folder / "bid.zxb.upload.json").exists()


def test_a_tool_that_is_killed_goes_on_where_it_was(desk, world):
    """kill -9 in the middle of the file: the next run sends only what is missing."""
    size = (desk.folder / "bid.zxb").stat().st_size
    slow = (
        "import sys, time; from procurement.bidder import submit, uploading;"
        f"submit.MIB = {PART}; real = uploading.Uploading._part\n"
        "def part(self, *words):\n    told = real(self, *words); time.sleep(0.3); return told\n"
        "uploading.Uploading._part = part\n"
        "from procurement.bidder.main import main; sys.exit(main(sys.argv[1:]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", slow, *in_parts(desk)], env=environment)
    until = time.monotonic() + 60
    while len(world.lot.parts) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    (row,) = world.lot.uploads.values()
    time.sleep(0.3)
    assert PART <= len(row[2]) < size
    left, before = size - len(row[2]), len(world.lot.parts)
    desk.does(*in_parts(desk))
    assert sum(world.lot.parts[before:]) == left
