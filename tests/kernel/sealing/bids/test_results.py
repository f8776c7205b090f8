"""A later stage's list follows from the earlier one's result, a corrected one from protests."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.sealing import hpke
from kernel.sealing.bids import closing, results, windows
from kernel.sealing.bids.policy import Stage
from tests.kernel.sealing.bids.support import BIDDERS, DEADLINE, LOT, codes
from tests.kernel.sealing.bids.support import Stage as Scene

SCENE = Scene()
TWO = replace(
    SCENE.policy,
    envelopes=("qualification", "technical", "opening_sheet", "price"),
    stages=(
        Stage("technical", ("qualification", "technical")),
        Stage("price", ("opening_sheet", "price")),
    ),
)
BIDS = tuple(
    closing.LiveBid(code, 1, f"{i:02x}" * 32, DEADLINE - timedelta(hours=1), i)
    for i, code in enumerate(BIDDERS[:3], start=1)
)
FIRST = closing.ClosingList(
    lot=LOT, policy_sha256=TWO.sha256, policy_version=1, stage="technical", closed_at=DEADLINE,
    tree_size=9, tree_root="ab" * 32,
    session_key=hpke.public_bytes(hpke.new_key().public_key()), bids=BIDS,
)  # fmt: skip
RESULT = results.StageResult(
    LOT, "technical", FIRST.sha256, "cd" * 32,
    (BIDS[0].manifest_sha256, BIDS[2].manifest_sha256),
    (results.Failed(BIDS[1].manifest_sha256, "资格不符"),),
)  # fmt: skip
LATER = replace(
    FIRST, stage="price", closed_at=DEADLINE + timedelta(days=2), bids=(BIDS[0], BIDS[2]),
    follows=FIRST.sha256, result_sha256=RESULT.sha256, drawn_for=FIRST.sha256,
    session_key=hpke.public_bytes(hpke.new_key().public_key()),
)  # fmt: skip


def faults(later=LATER, result=RESULT):
    return [r.facts.get("part", r.code) for r in
            results.following_faults(later, FIRST, result, TWO)]  # fmt: skip


def test_a_plain_list_keeps_its_first_format_and_one_that_rests_has_the_second():
    assert b'"zhuxin-closing-list/1"' in FIRST.encode()
    assert b'"zhuxin-closing-list/2"' in LATER.encode()
    for each in (FIRST, LATER):
        assert closing.read_list(each.encode()) == each
    assert FIRST.draw_sha256 == FIRST.sha256
    assert LATER.draw_sha256 == FIRST.sha256


@pytest.mark.parametrize(
    "change", [{"follows": ""}, {"result_sha256": ""}, {"drawn_for": ""}]
)  # fmt: skip
def test_a_list_that_rests_on_half_of_something_is_refused(change):
    assert codes(closing.read_list, replace(LATER, **change).encode()) == [
        "sealing.closing.resting"
    ]


def test_the_later_list_follows_from_result_and_list():
    assert faults() == []
    assert results.read_result(RESULT.encode()) == RESULT
    assert results.next_stage(TWO, "technical") == TWO.stages[1]
    assert results.next_stage(TWO, "price") is None


@pytest.mark.parametrize(
    ("later", "parts"),
    [
        ({"bids": BIDS}, ["sealing.stage.bids"]),
        ({"bids": (BIDS[0],)}, ["sealing.stage.bids"]),
        ({"bids": (BIDS[0], replace(BIDS[2], version=2))}, ["sealing.stage.bids"]),
        ({"stage": "technical"}, ["later_stage"]),
        ({"follows": "ef" * 32}, ["list_sha256"]),
        ({"drawn_for": "ef" * 32}, ["drawn_for"]),
        ({"result_sha256": "ef" * 32}, ["result_sha256"]),
    ],
)
def test_a_later_list_with_others_bids_or_another_result_is_refused(later, parts):
    assert faults(replace(LATER, **later)) == parts


def test_a_result_that_names_a_bid_twice_is_refused():
    twice = replace(RESULT, passed=(*RESULT.passed, BIDS[1].manifest_sha256))
    assert codes(results.read_result, twice.encode()) == ["sealing.closing.twice"]


def test_a_corrected_list_only_adds_what_was_protested():
    missing = replace(FIRST, bids=BIDS[:2])
    fixed = replace(FIRST, corrects=missing.sha256, drawn_for=missing.sha256)
    protested = frozenset({BIDS[2].manifest_sha256})

    def found(made, said=protested):
        return [r.facts["part"] for r in results.correcting_faults(made, missing, said)]

    assert found(fixed) == []
    assert found(fixed, frozenset()) == ["added"]
    assert found(replace(fixed, bids=BIDS[1:])) == ["dropped"]
    assert found(replace(fixed, bids=BIDS[:2])) == ["added"]
    assert found(replace(fixed, drawn_for=FIRST.sha256)) == ["drawn_for"]
    assert found(replace(fixed, closed_at=DEADLINE - timedelta(hours=1))) == ["closed_at"]


def test_a_corrected_list_replaces_only_an_earlier_version_of_who_protested():
    early = replace(FIRST, bids=(*BIDS[:2], replace(BIDS[2], version=1, manifest_sha256="1e" * 32)))
    late = replace(BIDS[2], version=2)
    fixed = replace(
        FIRST, bids=(*BIDS[:2], late), corrects=early.sha256, drawn_for=early.sha256
    )  # fmt: skip

    def found(made, before=early, said=frozenset({late.manifest_sha256})):
        return [r.facts["part"] for r in results.correcting_faults(made, before, said)]

    assert found(fixed) == []
    assert found(fixed, said=frozenset()) == ["dropped", "added"]
    older = replace(fixed, bids=(*BIDS[:2], replace(late, version=1)))
    assert found(older) == ["dropped"]
    other = replace(fixed, bids=(BIDS[0], late))
    assert found(other) == ["dropped"]


def test_a_corrected_list_leaves_out_what_is_dead_and_nothing_else():
    fixed = replace(FIRST, bids=(BIDS[0], BIDS[2]), corrects=FIRST.sha256, drawn_for=FIRST.sha256)

    def found(made, dead=frozenset({BIDS[1].manifest_sha256}), missing=frozenset()):
        return [r.facts["part"] for r in results.correcting_faults(made, FIRST, missing, dead)]

    assert found(fixed) == []
    assert found(fixed, dead=frozenset()) == ["dropped", "added"]
    assert found(replace(fixed, bids=BIDS)) == ["dead"]
    assert found(replace(fixed, bids=BIDS[:1])) == ["dropped"]
    assert found(fixed, dead=frozenset({BIDS[0].manifest_sha256})) == ["dropped", "dead"]
    # Whoever answers one protest and not the other has answered none.
    assert found(fixed, missing=frozenset({"ef" * 32})) == ["added"]


def test_a_later_list_lacks_only_what_was_struck_off_it():
    every = replace(RESULT, passed=tuple(bid.manifest_sha256 for bid in BIDS), failed=())
    later = replace(LATER, result_sha256=every.sha256)

    def found(*dead):
        rows = results.following_faults(later, FIRST, every, TWO, frozenset(dead))
        return [r.code for r in rows]

    assert found(BIDS[1].manifest_sha256) == []
    assert found() == found(BIDS[0].manifest_sha256) == ["sealing.stage.bids"]


def test_the_window_is_divided_the_same_for_everybody():
    times = (windows.reveal_until, windows.cure_until, windows.files_until)
    minutes = [(until(DEADLINE, 60) - DEADLINE) / timedelta(minutes=1) for until in times]
    assert minutes == [30, 45, 60]
