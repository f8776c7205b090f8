"""A witness sees a program that was altered on its way from the policy to the bidder."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kernel.evidence import formats, witness
from kernel.evidence.witnessing import asking
from kernel.sealing.bids.policy import Program
from kernel.sealing.certificates import pem
from tests.kernel.evidence.support import new_signer
from tests.kernel.sealing.bids.support import LOT, Stage
from tests.procurement.bidder.web.conftest import policy_answer

FILES = {
    "seal.html": b"<html>seal</html>", "open.html": b"<html>open</html>", "zhuxin.pyz": b"PK line",
}  # fmt: skip


SHA256 = hashlib.sha256(FILES["zhuxin.pyz"]).hexdigest()
POLICY = f"/bids/policies/{LOT}/policy.json"


def policy_of(stage, names):
    """The file of a policy that names these programs."""
    rows = tuple(Program(name, hashlib.sha256(FILES[name]).hexdigest()) for name in names)
    return json.dumps(policy_answer(stage, replace(stage.policy, programs=rows))).encode()


@pytest.fixture(scope="module")
def stage():
    return Stage()


@pytest.fixture
def platform(stage):
    """A server of programs and of one policy; its files may be changed."""
    files = {f"/bids/programs/{name}": data for name, data in FILES.items()}
    files["/log/zhuxin.pyz"] = FILES["zhuxin.pyz"]
    files[POLICY] = policy_of(stage, FILES)

    class Serving(BaseHTTPRequestHandler):
        def log_message(self, *_arguments):
            """Nothing is told."""

        def do_GET(self):
            # The policy's own address of a program, where a test has no other bytes for it.
            data = files.get(self.path, files.get(self.path.partition("?")[0]))
            self.send_response(200 if data is not None else 404)
            self.end_headers()
            self.wfile.write(data or b"")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Serving)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", files
    server.shutdown()
    server.server_close()


@pytest.fixture
def looks(stage, platform, tmp_path, capsys):
    """Runs the witness's command; its status, and what it said and shouted."""

    def run(*words, authorities=True):
        value = formats.anchors([("log", new_signer().spki)])
        value["demonstration"] = True
        if authorities:
            root = pem([stage.authority.root.certificate]).decode()
            value["authorities"] = [{"name": "示例", "certificate": formats_of(root)}]
        (tmp_path / "anchors.json").write_text(json.dumps(value, ensure_ascii=False))
        status = witness.main(
            ["programs", "--server", platform[0], "--anchors", str(tmp_path / "anchors.json"),
             "--lot", LOT, "--out", str(tmp_path / "altered"), "--lang", "en", *words]
        )  # fmt: skip
        return status, capsys.readouterr()

    return run


def formats_of(root):
    """A root as the anchors hold it: DER in base64."""
    return "".join(line for line in root.splitlines() if not line.startswith("-"))


def test_programs_that_are_served_as_the_policy_names_them_are_well(looks):
    status, said = looks()
    assert status == 0
    assert said.err == ""
    for name, data in FILES.items():
        assert f"{name} is served as the policy names it ({hashlib.sha256(data).hexdigest()})" in (
            said.out
        )


def test_an_altered_program_is_shouted_and_kept_as_evidence(looks, platform, tmp_path):
    altered = FILES["seal.html"].replace(b"seal", b"sea1")
    platform[1]["/bids/programs/seal.html"] = altered
    status, said = looks()
    assert status == 1
    assert "[ALARM] /bids/programs/seal.html as it is served is not the program of lot" in said.err
    (kept,) = (tmp_path / "altered").iterdir()
    assert kept.read_bytes() == altered


@pytest.mark.parametrize("place", [*asking.places("zhuxin.pyz", SHA256)])
def test_a_command_line_is_looked_at_wherever_people_take_it_from(looks, platform, tmp_path, place):
    # Honest everywhere else.
    platform[1].setdefault(asking.places("zhuxin.pyz", SHA256)[1], FILES["zhuxin.pyz"])
    platform[1][place] = b"PK 1ine"
    status, said = looks()
    assert status == 1
    assert said.err.count("as it is served is not the program") == 1
    assert f"[ALARM] {place} as it is served" in said.err
    (kept,) = (tmp_path / "altered").iterdir()
    assert kept.read_bytes() == b"PK 1ine"


def test_one_altered_program_hides_no_other(looks, platform, tmp_path):
    for name in FILES:
        platform[1][f"/bids/programs/{name}"] += b"!"
    status, said = looks()
    assert status == 1
    assert said.err.count("as it is served is not the program") == 2 * len(FILES)
    assert len(list((tmp_path / "altered").iterdir())) == len(FILES)
    assert "/log/zhuxin.pyz is served as the policy names it" in said.out


def test_a_policy_signed_before_there_was_a_command_line_in_one_is_well_and_says_so(
    looks, platform, stage
):
    platform[1][POLICY] = policy_of(stage, ["seal.html", "open.html"])
    platform[1]["/log/zhuxin.pyz"] = b"whatever"
    status, said = looks()
    assert status == 0
    assert said.err.count("does not name zhuxin.pyz: there is nothing to compare it with") == 1
    assert "ALARM" not in said.err


def test_a_policy_that_was_altered_with_it_does_not_hold(looks, platform):
    altered = b"<html>other</html>"
    text = platform[1][POLICY].decode()
    wanted, found = (hashlib.sha256(each).hexdigest() for each in (FILES["seal.html"], altered))
    platform[1][POLICY] = text.replace(wanted, found).encode()
    platform[1]["/bids/programs/seal.html"] = altered
    status, said = looks()
    assert status == 1
    assert "sealing.cms.digest" in said.err


def test_a_program_that_is_held_back_and_anchors_without_authorities_prove_nothing(looks, platform):
    status, _said = looks(authorities=False)
    assert status == 2
    del platform[1]["/bids/programs/open.html"]
    status, said = looks()
    assert status == 1
    assert "open.html" in said.err
