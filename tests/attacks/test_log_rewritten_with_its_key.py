"""Attacker: the operator, with the database's owner and the log's private key, rewrites history.

An entry, its leaf, every node above it and every signed head: afterwards the log is in order by
all that it says itself. Stopped: a witness that followed keeps the heads that it was shown, sees
at its next look that they do not continue, signs nothing more, and holds a file that convicts the
log under anybody's anchors; a receipt that a bidder kept does not lie in the new tree either.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from kernel import clock
from kernel.evidence import (
    anchors,
    audit,
    filling,
    formats,
    keys,
    merkle,
    reading,
    services,
    triggers,
    verify,
)
from kernel.evidence.models import LogEntry, TreeHead
from kernel.evidence.proofs import prove_consistency
from kernel.evidence.witnessing import contradiction
from kernel.evidence.witnessing.asking import Denied
from kernel.evidence.witnessing.following import Alarm, Bounds, Witness
from kernel.evidence.witnessing.keep import Keep
from kernel.sealing import canonical
from kernel.sealing.bids.receipts import read_receipt
from procurement.bids import receipts
from procurement.bids.models import BidVersion
from tests.kernel.evidence.support import append
from tests.kernel.evidence.test_audit import rebuild, rewrite
from tests.procurement.bids.conftest import world  # noqa: F401

pytestmark = pytest.mark.django_db


class Platform:
    """The log's own addresses, as a witness elsewhere asks them."""

    def newest(self):
        return self._ask("GET", "/log/heads/newest.json")

    def consistency(self, first, second):
        return self._ask("GET", f"/log/consistency/{first}/{second}.json")

    def post(self, cosignature):
        return self._ask("POST", "/log/cosignatures", cosignature)

    def _ask(self, method, path, body=b""):
        answer = Client().generic(method, path, body, content_type="application/json")
        if answer.status_code >= 300:
            raise Denied(answer.status_code, answer.content)
        return answer.content


@pytest.fixture
def lot(world):  # noqa: F811
    world.policy()
    for name in ("bidder1", "bidder2"):
        world.bid(name)
    services.sign_head(clock.now(), keys.signer())
    return world


@pytest.fixture
def trust(tmp_path):
    path = tmp_path / "anchors.json"
    path.write_bytes(canonical.encode(formats.anchors([("log", keys.signer().spki)])))
    return path


@pytest.fixture
def witness(lot, trust, tmp_path):
    keep = Keep(tmp_path / "keep")
    keep.create()
    known = anchors.read_anchors(trust)
    made = Witness(keep, Platform(), known, Bounds(), clock.now, lambda *_a, **_f: None)
    made.look()
    return made


def rewritten(index):
    """All of it, as only somebody with the database and the key can."""
    triggers.uninstall(connection)
    rewrite(index)
    rebuild()
    leaves = [
        bytes(leaf) for leaf in LogEntry.objects.order_by("index").values_list("leaf", flat=True)
    ]
    signer = keys.signer()
    for head in TreeHead.objects.all():
        root = merkle.root(leaves[: head.size])
        signed = formats.head_bytes(size=head.size, root=root, at=head.at, log=signer.key_id)
        TreeHead.objects.filter(pk=head.pk).update(root=root, signature=signer.sign(signed))
    triggers.install(connection)


def test_the_log_alone_does_not_show_it(lot):
    rewritten(BidVersion.objects.order_by("log_index")[0].log_index)
    audit.check(keys.known())


@pytest.mark.parametrize("grown", [False, True])
def test_a_witness_that_followed_convicts_it(lot, witness, trust, grown):
    rewritten(BidVersion.objects.order_by("log_index")[0].log_index)
    if grown:  # a head of the same size as the kept one is the simplest; it will be avoided
        append(at=clock.now())
        services.sign_head(clock.now() + timedelta(seconds=5), keys.signer())
    kept = len(witness.keep.heads())
    with pytest.raises(Alarm) as raised:
        witness.look()
    assert raised.value.what == ("inconsistent" if grown else "forked")
    assert len(witness.keep.heads()) == kept  # nothing more is signed
    words = [str(raised.value.evidence), "--trust", str(trust)]
    known = anchors.read_anchors(trust)
    heads = contradiction.read(json.loads(raised.value.evidence.read_bytes()), "evidence")
    if not grown:
        assert contradiction.judge(heads, known) == "forked"
        assert verify.main(words) == verify.UNSOUND
        return
    # Two sizes alone convict nobody: whoever asks the log for the head of the old size has both.
    assert {head.size for head in heads} == {
        kept_head(witness).size,
        kept_head(witness).size + filling.STEP,
    }
    assert contradiction.judge(heads, known) == contradiction.UNPROVEN
    old = TreeHead.objects.get(size=kept_head(witness).size)
    shown = kept_head(witness), as_shown(old)
    assert contradiction.judge(list(shown), known) == "forked"


def kept_head(witness):
    """The newest head that the witness was shown, as it keeps it."""
    return witness.keep.heads()[-1].head


def as_shown(row):
    """A head as the log shows it now."""
    signed = formats.head_bytes(size=row.size, root=bytes(row.root), at=row.at, log=row.key_id)
    told = {**canonical.decode(signed), "signature": formats.b64(bytes(row.signature))}
    return reading.read_head({"head": told, "key": formats.b64(bytes(row.spki))}, "shown")


def test_a_receipt_that_was_kept_is_not_in_the_new_tree(lot):
    version = BidVersion.objects.order_by("log_index")[0]
    kept = read_receipt(receipts.of(version)[0].encode()).log
    rewritten(version.log_index)
    head = TreeHead.objects.order_by("-size")[0]
    assert not merkle.verify_consistency(
        kept.size, head.size, kept.root, bytes(head.root), prove_consistency(kept.size, head.size)
    )
