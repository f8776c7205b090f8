"""A protest is one of two kinds, each in a format of its own; a withdrawal ends all before it."""

from dataclasses import replace

import pytest

from kernel.sealing.bids import protests, receipts
from tests.kernel.sealing.bids.support import BIDDERS, DEADLINE, LOT, altered, codes
from tests.kernel.sealing.bids.test_results import BIDS, FIRST

PROOF = receipts.LogProof("ab" * 32, 3, 4, bytes(32), bytes(32), bytes(32), "{}", ())
RECEIPT = receipts.Receipt(
    LOT,
    "cd" * 32,
    BIDDERS[0],
    2,
    "ef" * 32,
    "cd" * 32,
    9,
    DEADLINE,
    "cd" * 32,
    "1f",
    b"",
    (),
    PROOF,
)
MISSING = protests.Protest(LOT, FIRST.sha256, BIDDERS[0], RECEIPT.encode(), b"p7s", "不在名单上")
DEAD = replace(MISSING, withdrawn=b"{}", withdrawn_p7s=b"p7s")


@pytest.mark.parametrize(("made", "form"), [(MISSING, 1), (DEAD, 2)])
def test_each_kind_has_its_format(made, form):
    assert f'"zhuxin-protest/{form}"'.encode() in made.encode()
    assert protests.read_protest(made.encode()) == made


def test_neither_kind_is_read_as_the_other():
    for data, code in (
        (altered(DEAD.encode(), format=protests.FORMAT), "sealing.format.unknown"),
        (altered(MISSING.encode(), format=protests.DEAD_FORMAT), "sealing.format.missing"),
        (altered(DEAD.encode(), withdrawn=""), "sealing.format.field"),
        (altered(DEAD.encode(), format="zhuxin-protest/3"), "sealing.format.kind"),
    ):
        assert codes(protests.read_protest, data) == [code]


def test_a_withdrawal_ends_its_version_and_those_before_it():
    for version, dead in ((1, True), (2, True), (3, False)):
        listed = replace(FIRST, bids=(replace(BIDS[0], version=version), *BIDS[1:]))
        said = protests.said_of(DEAD, listed)
        assert said == protests.Wrong(dead=frozenset({BIDS[0].manifest_sha256} if dead else ()))
    assert protests.said_of(MISSING, FIRST).missing == {RECEIPT.manifest_sha256}
    there = replace(FIRST, bids=(replace(BIDS[0], manifest_sha256=RECEIPT.manifest_sha256),))
    assert protests.said_of(MISSING, there) == protests.Wrong()
    assert protests.said_of(DEAD, there) | protests.said_of(MISSING, FIRST) == protests.Wrong(
        frozenset({RECEIPT.manifest_sha256}), frozenset({RECEIPT.manifest_sha256})
    )
