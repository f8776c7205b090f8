"""A receipt's log is held against what witnesses saw."""

from __future__ import annotations

import argparse

import pytest

from kernel.errors import Refused
from kernel.evidence import formats
from kernel.evidence.witnessing.keep import Keep, spki_of
from kernel.sealing import canonical
from kernel.sealing.bids.receipts import LogProof
from procurement.bidder import witnessed
from procurement.bidder.messages import WORDINGS
from tests.kernel.evidence.support import new_signer
from tests.kernel.evidence.witnessing.logs import FakeLog

USCC = "91230103PDYAAAAA3T"


@pytest.fixture
def log() -> FakeLog:
    return FakeLog().grow(9)


@pytest.fixture
def witness(tmp_path):
    keep = Keep(tmp_path / "keep")
    keep.create()
    return keep


def proof_of(log: FakeLog, size: int) -> LogProof:
    from kernel.evidence import merkle

    root = merkle.root(log.leaves[:size])
    return LogProof(
        log.signer.key_id, size - 1, size, root, log.leaves[size - 1], bytes(32), "", ()
    )


def options(tmp_path, log, witness, *, seen=None, size=None, wanted=1, anchored=True, at=4):
    """Files as they would come from the server and from the publisher of anchors."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    seen = seen or log
    head = seen.head(size)
    signed = canonical.encode({k: v for k, v in head["head"].items() if k != "signature"})
    key = witness.key()
    spki = spki_of(key)
    head["cosignatures"] = [
        {
            "witness": formats.key_id(spki),
            "signature": formats.b64(key.sign(signed, ec.ECDSA(hashes.SHA256()))),
        }
    ]
    anchors = formats.anchors(
        [("log", log.signer.spki)],
        witnesses=[("监督局", USCC, spki if anchored else new_signer().spki)],
    )
    paths = {name: tmp_path / f"{name}.json" for name in ("head", "consistency", "anchors")}
    paths["head"].write_bytes(canonical.encode(head))
    paths["anchors"].write_bytes(canonical.encode(anchors))
    paths["consistency"].write_bytes(seen.consistency(at, size or len(seen.leaves)))
    return argparse.Namespace(
        witnessed=paths["anchors"], witnesses=wanted, head=paths["head"],
        consistency=paths["consistency"], server="",
    )  # fmt: skip


def refused(*arguments) -> str:
    with pytest.raises(Refused) as found:
        witnessed.check(*arguments)
    reason = found.value.refusals[0]
    assert str(WORDINGS[reason.code].message) % dict(reason.facts)
    return reason.code


def test_a_receipt_whose_log_the_witnesses_saw_is_good(tmp_path, log, witness):
    told = witnessed.check(options(tmp_path, log, witness), proof_of(log, 4))
    assert (told["witnessed_size"], told["witnesses"]) == (9, ["监督局"])
    same = options(tmp_path, log, witness, at=9)
    assert witnessed.check(same, proof_of(log, 9))["witnessed_size"] == 9


@pytest.mark.parametrize("size", [4, 9])
def test_a_receipt_of_another_history_is_refused(tmp_path, log, witness, size):
    shown = log.fork(2)  # the history that only this bidder was shown
    code = refused(options(tmp_path, log, witness, at=size), proof_of(shown, size))
    assert code == "bidder.witnessed.other"


def test_a_head_that_no_anchored_witness_signed_proves_nothing(tmp_path, log, witness):
    receipt = proof_of(log, 4)
    assert (
        refused(options(tmp_path, log, witness, anchored=False), receipt) == "bidder.witnessed.none"
    )
    assert refused(options(tmp_path, log, witness, wanted=2), receipt) == "bidder.witnessed.none"


def test_a_head_or_proof_of_another_kind_is_refused(tmp_path, log, witness):
    stranger = FakeLog(new_signer(), log.leaves, log.at)
    receipt = proof_of(log, 4)
    other = options(tmp_path, log, witness, seen=stranger)
    assert refused(other, receipt) == "bidder.witnessed.unsound"
    assert refused(options(tmp_path, log, witness, at=5), receipt) == "bidder.witnessed.unsound"
    none = options(tmp_path, log, witness)
    none.head = None
    with pytest.raises(Refused, match=r"bidder\.usage\.needs"):
        witnessed.check(none, receipt)


def test_a_file_that_is_missing_is_a_missing_file_and_accuses_nobody(tmp_path, log, witness):
    for name in ("witnessed", "head", "consistency"):
        asked = options(tmp_path, log, witness)
        setattr(asked, name, tmp_path / "gone.json")
        with pytest.raises(Refused) as found:
            witnessed.check(asked, proof_of(log, 4))
        (reason,) = found.value.refusals
        assert (reason.code, reason.facts["name"]) == ("bidder.witnessed.file", "gone.json")
        wording = WORDINGS[reason.code]
        said = str(wording.message) % dict(reason.facts)
        assert "监督部门反映" not in str(wording.cure)
        assert "{" not in said


def test_what_is_unsound_is_told_without_a_programs_notation(tmp_path, log, witness):
    with pytest.raises(Refused) as found:
        witnessed.check(options(tmp_path, log, witness, at=5), proof_of(log, 4))
    (reason,) = found.value.refusals
    assert "{" not in str(WORDINGS[reason.code].message) % dict(reason.facts)
