"""A cure deals the committed key anew for one list, and nothing else passes as one."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sealing import age
from kernel.sealing.bids import cures, releasing, shares
from kernel.sealing.bids.cures import CuredMark, CuredMarks
from tests.kernel.sealing.bids.support import BIDDERS, NOTARY, altered, codes
from tests.kernel.sealing.bids.test_shares import BID, DEALT, IDENTITY, KEYS, LOT

LIST = "12" * 32
CURE = cures.make_cure(LOT.policy, BID, "price", IDENTITY, LIST)


def opened(cure=CURE):
    return {
        i: shares.open_share(BID, "price", i, sealed, key, cure.again)
        for i, (sealed, key) in enumerate(zip(cure.sealed, KEYS, strict=True))
    }


def faults(cure, list_sha256=LIST):
    return [r.code for r in cures.cure_faults(cure, BID, LOT.policy, list_sha256)]


@pytest.mark.parametrize("who", [w for k in (2, 3) for w in itertools.combinations(range(3), k)])
def test_any_k_cured_shares_open_the_same_key(who):
    assert faults(CURE) == []
    some = {i: opened()[i] for i in who}
    assert shares.recover(BID, LOT.policy, "price", some, CURE.again) == IDENTITY


def test_old_and_cured_shares_never_mix():
    old = shares.open_share(BID, "price", 0, DEALT.sealed[0], KEYS[0])
    mixed = {0: old, 1: opened()[1]}
    assert codes(shares.recover, BID, LOT.policy, "price", mixed, CURE.again) == [
        "sealing.share.opened"
    ]
    assert codes(shares.recover, BID, LOT.policy, "price", mixed) == ["sealing.share.opened"]


def test_no_other_key_than_the_committed_one_is_dealt_anew():
    """A bidder with two keys cannot change over to the other after the deadline."""
    found = codes(cures.make_cure, LOT.policy, BID, "price", age.new_identity(), LIST)
    assert found == ["sealing.share.commitment"]
    other = age.new_identity()
    rows, sealed = shares._split(
        LOT.policy, BID.context, "price", other, BID.envelope("price").sha256, LIST
    )
    forged = replace(CURE, rows=rows, sealed=sealed)
    assert faults(forged) == []  # each share by itself is as its bidder signed
    assert codes(shares.recover, BID, LOT.policy, "price", opened(forged), forged.again) == [
        "sealing.share.commitment"
    ]


def test_a_cure_is_for_one_list_and_one_bid():
    assert faults(CURE, "34" * 32) == ["sealing.cure.other"]
    assert faults(replace(CURE, bidder=BIDDERS[1], lot="x", envelope="y")) == [
        "sealing.cure.other"
    ] * 3  # fmt: skip
    moved = shares.Again("34" * 32, CURE.rows)
    assert codes(shares.open_share, BID, "price", 0, CURE.sealed[0], KEYS[0], moved) == [
        "sealing.hpke.cannot_open"
    ]
    assert codes(shares.open_share, BID, "price", 0, CURE.sealed[0], KEYS[0]) == [
        "sealing.share.sealed"
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda c: replace(c, rows=c.rows[:2], sealed=c.sealed[:2]),
        lambda c: replace(c, rows=c.rows[::-1], sealed=c.sealed[::-1]),
        lambda c: replace(c, sealed=(c.sealed[1], *c.sealed[1:])),
        lambda c: replace(c, rows=tuple(replace(row, x=7) for row in c.rows)),
    ],
)
def test_a_cure_has_one_share_for_every_trustee(change):
    assert faults(change(CURE)) == ["sealing.cure.shares"]


def test_a_cure_is_read_as_it_was_written():
    assert cures.read_cure(CURE.encode()) == CURE
    assert codes(cures.read_cure, altered(CURE.encode(), more=1)) == ["sealing.format.unknown"]


@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_marks_of_cures_are_counted_once_a_trustee(goods):
    said = [
        CuredMarks("L", LIST, NOTARY, (CuredMark(CURE.sha256, BID.sha256, "price", good,
                                                 "" if good else "sealing.share.opened"),))
        for good in goods
    ]  # fmt: skip
    assert cures.good_cured(said, CURE.sha256) == int(any(goods))
    assert [cures.read_cured_marks(each.encode()) for each in said] == said


def test_a_cure_is_marked_once_in_a_statement():
    mark = CuredMark.of(CURE, releasing.Mark(BID.sha256, "price", True))
    twice = CuredMarks("L", LIST, NOTARY, (mark, mark)).encode()
    assert codes(cures.read_cured_marks, twice) == ["sealing.closing.twice"]
