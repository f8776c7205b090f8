"""Two witnesses find out whether they were shown one log."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from kernel.evidence import formats, witness
from kernel.evidence.reading import Unsound
from kernel.evidence.witnessing import comparing
from kernel.evidence.witnessing.following import Bounds, Witness
from kernel.evidence.witnessing.keep import Keep
from kernel.sealing import canonical
from tests.kernel.evidence.witnessing.logs import NOW, FakeLog
from tests.kernel.evidence.witnessing.test_following import trusting


def keeping(folder, log, *sizes: int) -> Keep:
    """A witness that was shown these sizes of a log."""
    keep = Keep(folder)
    keep.create()
    for size in sizes:
        shown = FakeLog(log.signer, log.leaves[:size], log.at + timedelta(seconds=size))
        Witness(keep, shown, trusting(log), Bounds(), lambda: NOW, lambda *_a, **_f: None).look()
    return keep


@pytest.fixture
def log() -> FakeLog:
    return FakeLog().grow(12)


@pytest.fixture
def trust(log, tmp_path):
    path = tmp_path / "anchors.json"
    path.write_bytes(canonical.encode(formats.anchors([("log", log.signer.spki)])))
    return str(path)


def test_equal_sizes_have_equal_roots(log, tmp_path, trust):
    keeping(tmp_path / "a", log, 3, 7)
    keeping(tmp_path / "b", log, 7, 12)
    words = ["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--anchors", trust]
    assert witness.main(words) == 0


def test_different_sizes_need_a_proof(log, tmp_path, trust):
    keeping(tmp_path / "a", log, 3, 7)
    keeping(tmp_path / "b", log, 5, 12)
    words = ["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--anchors", trust]
    assert witness.main(words) == 2
    proof = tmp_path / "proof.json"
    proof.write_bytes(log.consistency(7, 12))
    assert witness.main([*words, "--consistency", str(proof)]) == 0
    proof.write_bytes(log.consistency(5, 12))
    assert witness.main([*words, "--consistency", str(proof)]) == 1


def test_a_log_that_shows_two_histories_is_convicted_by_its_witnesses(log, tmp_path, trust):
    keeping(tmp_path / "a", log, 3, 7)
    keeping(tmp_path / "b", log.fork(5), 4, 7)
    out = tmp_path / "contradiction.json"
    words = ["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--anchors", trust]
    assert witness.main([*words, "--out", str(out)]) == 1
    assert witness.main(["prove", str(out), "--anchors", trust]) == 0
    assert witness.main(["prove", str(out)]) == 2  # nobody says whose log it is
    assert json.loads(out.read_bytes())["what"] == "forked"


def test_two_histories_of_different_sizes_are_found_by_the_proof(log, tmp_path, trust):
    keeping(tmp_path / "a", log, 7)
    fork = log.fork(5)
    keeping(tmp_path / "b", fork, 12)
    proof, out = tmp_path / "proof.json", tmp_path / "out.json"
    proof.write_bytes(fork.consistency(7, 12))
    words = ["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--anchors", trust]
    assert witness.main([*words, "--consistency", str(proof), "--out", str(out)]) == 1
    # The log must answer for it, but two sizes alone convict nobody.
    assert witness.main(["prove", str(out), "--anchors", trust]) == 2


def test_a_keep_that_somebody_changed_is_told(log, tmp_path):
    keep = keeping(tmp_path / "a", log, 3, 7, 12)
    rows = sorted((tmp_path / "a" / "heads").glob("*.json"))
    rows[1].unlink()
    with pytest.raises(Unsound) as found:
        comparing.check_keep(keep, trusting(log))
    assert found.value.code == "no_consistency"


def test_a_keep_has_one_key(tmp_path, capsys):
    assert witness.main(["init", str(tmp_path / "a")]) == 0
    assert witness.main(["init", str(tmp_path / "a")]) == 1
    told = json.loads((tmp_path / "a" / "witness.json").read_bytes())
    assert told["witness"] == formats.key_id(__import__("base64").b64decode(told["key"]))
    assert (tmp_path / "a" / "witness.key").stat().st_mode & 0o077 == 0


def test_wrong_usage_is_no_finding(tmp_path):
    for words in (
        [],
        ["follow"],
        ["follow", "--server", "ftp://x", "--keep", "k", "--anchors", "a"],
    ):
        with pytest.raises(SystemExit) as stopped:
            witness.main(words)
        assert stopped.value.code == 64


def test_it_runs_without_django():
    code = (
        "import sys; from kernel.evidence import witness;"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'celery')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
