"""A witness signs only what continues what it kept, and never again after an alarm."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from kernel.evidence import anchors, formats, reading, verify
from kernel.evidence.witnessing import contradiction, keep
from kernel.evidence.witnessing.asking import Unreachable
from kernel.evidence.witnessing.following import Alarm, Bounds, Stale, Witness
from kernel.evidence.witnessing.keep import Keep
from kernel.sealing import canonical
from tests.kernel.evidence.support import new_signer
from tests.kernel.evidence.witnessing.logs import NOW, FakeLog


def trusting(log: FakeLog, **more) -> anchors.Anchors:
    return anchors.parse(formats.anchors([("log", log.signer.spki)], **more), "anchors.json")


@pytest.fixture
def log() -> FakeLog:
    return FakeLog().grow(5)


@pytest.fixture
def witness(log, tmp_path) -> Witness:
    folder = Keep(tmp_path / "keep")
    folder.create()
    return Witness(folder, log, trusting(log), Bounds(), lambda: NOW, lambda *_a, **_f: None)


def at_log(witness: Witness, log: FakeLog) -> Witness:
    return Witness(witness.keep, log, witness.known, witness.bounds, witness.now, witness.tell)


def alarmed(witness: Witness, log: FakeLog | None = None) -> Alarm:
    before = len(witness.keep.heads())
    with pytest.raises(Alarm) as raised:
        at_log(witness, log or witness.log).look()
    assert len(witness.keep.heads()) == before  # nothing was signed
    return raised.value


def test_each_head_that_continues_the_last_is_signed_over_its_very_bytes(witness, log):
    first = witness.look()
    log.grow(3)
    second = witness.look()
    assert witness.look() is None
    spki = keep.spki_of(witness.keep.key())
    for kept in (first, second):
        assert formats.signature_holds(spki, kept.signature, kept.head.signed)
    assert [row["size"] for row in log.posted] == [5, 8]
    assert [row.first for row in witness.keep.heads()] == [0, 5]
    log.at += timedelta(seconds=1)  # a quiet log, signed anew
    assert witness.look().head.size == 8


@pytest.mark.parametrize("grown", [0, 4])
def test_a_fork_convicts_the_log_or_leaves_it_without_a_proof(witness, log, grown):
    witness.look()
    alarm = alarmed(witness, log.fork(2).grow(grown))
    assert alarm.what == ("forked" if grown == 0 else "inconsistent")
    document = reading.read_file(alarm.evidence, formats.CONTRADICTION_FORMAT)
    heads = contradiction.read(document, "evidence")
    judged = contradiction.judge(heads, witness.known)
    # Two heads of different sizes convict nobody by themselves: the log may be asked.
    assert judged == ("forked" if grown == 0 else contradiction.UNPROVEN)


def test_a_shrunk_log_convicts_itself(witness, log):
    witness.look()
    shorter = FakeLog(log.signer, log.leaves[:3], log.at + timedelta(seconds=9))
    alarm = alarmed(witness, shorter)
    assert alarm.what == "shrunk"
    heads = contradiction.read(
        reading.read_file(alarm.evidence, formats.CONTRADICTION_FORMAT), "evidence"
    )
    assert contradiction.judge(heads, witness.known) == "shrunk"


def test_time_that_runs_backwards_convicts_too(witness, log):
    witness.look()
    log.grow(2)
    log.at -= timedelta(seconds=30)
    assert alarmed(witness).what == "shrunk"


def test_an_older_head_than_the_one_kept_is_an_alarm(witness, log):
    log.grow(1)
    witness.look()
    older = FakeLog(log.signer, log.leaves[:5], log.at - timedelta(seconds=9))
    assert alarmed(witness, older).what == "older"


def test_a_missing_proof_is_an_alarm(witness, log):
    witness.look()
    log.grow(2).denies.add("consistency")
    assert alarmed(witness).what == "no_proof"


def test_a_refused_head_is_an_alarm_once_there_was_one(witness, log):
    log.denies.add("newest")
    with pytest.raises(Unreachable):
        witness.look()
    log.denies.clear()
    witness.look()
    log.denies.add("newest")
    assert alarmed(witness).what == "denied"


def broken(log, change):
    class Broken(FakeLog):
        def newest(self):
            value = self.head()
            change(value)
            return canonical.encode(value)

    return Broken(log.signer, log.leaves, log.at)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda v: v["head"].update(size=6), "bad_head_signature"),
        (lambda v: v["head"].update(log="0" * 64), "bad_head_key"),
        (lambda v: v.pop("key"), "shape"),
        (lambda v: v.update(format="other"), "bad_format"),
    ],
)
def test_a_head_that_is_not_the_logs_is_an_alarm(witness, log, change, what):
    witness.look()
    assert alarmed(witness, broken(log, change)).what == what


def test_a_head_of_a_key_that_nobody_vouches_for_is_an_alarm(witness, log):
    witness.look()
    other = FakeLog(new_signer(), log.leaves, log.at)
    assert alarmed(witness, other).what == "not_anchored"


def test_no_answer_is_no_alarm_and_is_tried_again(witness, log):
    witness.look()
    log.grow(1).down = True
    with pytest.raises(Unreachable):
        witness.look()
    log.down = False
    assert witness.look().head.size == 6


def test_a_head_from_the_future_is_an_alarm_and_an_old_one_is_not_signed(witness, log):
    log.at = NOW + timedelta(minutes=6)
    assert alarmed(witness).what == "future"
    witness.keep.acknowledge("clock of this machine was wrong", "me")
    log.at = NOW - timedelta(hours=3)
    with pytest.raises(Stale):
        witness.look()
    assert witness.keep.heads() == [] and witness.keep.alarm() is None


def test_nothing_is_signed_after_an_alarm_until_a_person_acknowledges(witness, log):
    witness.look()
    fork = log.fork(2)
    alarmed(witness, fork)
    log.grow(1)
    assert alarmed(witness, log).what == "forked"  # the honest log waits too
    witness.keep.acknowledge("asked the operator", "a person")
    assert at_log(witness, log).look().head.size == 6
    assert alarmed(witness, fork.grow(1)).what == "forked"


def test_a_cosignature_that_could_not_be_posted_is_posted_later(witness, log):
    log.denies.add("post")
    witness.look()
    assert log.posted == []
    log.denies.clear()
    assert witness.look() is None
    assert [row["size"] for row in log.posted] == [5]
    witness.look()
    assert len(log.posted) == 1


def test_a_witness_killed_while_it_writes_has_kept_nothing_or_all(witness, log, monkeypatch):
    witness.look()
    log.grow(2)

    def killed(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", killed)
    with pytest.raises(KeyboardInterrupt):
        witness.look()
    monkeypatch.undo()
    assert [row.head.size for row in witness.keep.heads()] == [5]
    assert witness.look().head.size == 7


def test_an_evidence_file_convicts_in_the_verifier_too(witness, log, tmp_path):
    witness.look()
    alarm = alarmed(witness, log.fork(2))
    trust = tmp_path / "anchors.json"
    trust.write_bytes(canonical.encode(formats.anchors([("log", log.signer.spki)])))
    assert verify.main([str(alarm.evidence), "--trust", str(trust)]) == verify.UNSOUND
