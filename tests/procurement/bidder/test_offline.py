"""A trustee on no network: task file in, answer file out; and its folder as one file."""

import json

import pytest

from kernel.sealing.bids import tasks
from procurement.bidder.keep import Keep
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, LOT, NOTARY, codes
from tests.procurement.bidder.conftest import TRUSTEES


def offline(desk, *steps):
    """The words of some steps on the lot's task of now."""
    desk.write("task.json", desk.world.lot.task(desk.uscc))
    words = desk.trustee(*steps)
    for word in desk.server():
        words.remove(word)
    return [*words, "--task", desk.path("task.json"), "--answer", desk.path("answer.json")]


def does(desk, *steps):
    desk.does(*offline(desk, *steps))
    desk.world.lot.take(desk.uscc, (desk.folder / "answer.json").read_bytes())


def test_a_lot_opens_by_files_alone(world):
    desks = [world.desks[code] for code in TRUSTEES]
    for desk in desks:
        does(desk, "key")
        does(desk, "rehearse")
    world.lot.make_draft()
    for desk in desks:
        does(desk, "sign-policy")
    bidder = world.desks[BIDDERS[0]]
    bidder.does(*bidder.sealing("bid.zxb"))
    bidder.does(*bidder.submitting("bid.zxb"))
    world.lot.close()
    for steps in (["check"], ["reveal", "mark"], ["release"]):
        for desk in desks:
            does(desk, *steps)
    assert [bid.sheet.price_fen for bid in world.lot.open().bids] == [100_000_00]


def test_what_the_task_does_not_hold_and_anothers_task_are_refused(world):
    notary = world.desks[NOTARY]
    assert notary.codes(*offline(notary, "check")) == ["bidder.task.nothing"]
    words = offline(notary, "key")
    notary.write("task.json", world.lot.task(CHAMBER))
    assert notary.codes(*words) == ["bidder.task.other"]
    assert notary.codes(*words[:-2]) == ["bidder.usage.needs"]
    assert not (notary.folder / "answer.json").exists()


def test_an_announcement_in_a_lost_answer_is_made_again_with_the_same_key(world):
    notary = world.desks[NOTARY]
    first = notary.does(*offline(notary, "key"))
    assert notary.does(*offline(notary, "key")) == first


def test_a_keep_file_goes_on_where_the_folder_stopped_and_never_goes_back(world):
    notary = world.desks[NOTARY]
    notary.does(*notary.trustee("key"))
    moving = ["--keep", notary.path("keep"), "--lot", LOT]
    notary.does("keep", "export", notary.path("early.json"), *moving)
    for code in (ENTITY, CHAMBER):
        world.desks[code].does(*world.desks[code].trustee("key", "rehearse"))
    notary.does(*notary.trustee("rehearse"))
    world.lot.make_draft()
    notary.does(*notary.trustee("sign-policy"))
    assert notary.codes("keep", "import", notary.path("early.json"), *moving) == [
        "bidder.keep.older"
    ]
    notary.does("keep", "export", notary.path("late.json"), *moving)
    elsewhere = ["--keep", notary.path("elsewhere"), "--lot", LOT]
    notary.does("keep", "import", notary.path("late.json"), *elsewhere)
    kept = Keep(notary.folder / "elsewhere", LOT)
    assert kept.export() == (notary.folder / "late.json").read_bytes()
    third = ["--keep", notary.path("third"), "--lot", "X"]
    other = notary.codes("keep", "import", notary.path("late.json"), *third)
    assert other == ["bidder.keep.other"]
    # A destroyed key stays destroyed, and no other is made in its place.
    notary.does(*notary.trustee("destroy"), "--abandon")
    notary.does("keep", "export", notary.path("gone.json"), *moving)
    notary.does("keep", "import", notary.path("gone.json"), *elsewhere)
    assert not list((notary.folder / "elsewhere").rglob("*.pem"))
    assert notary.codes("keep", "import", notary.path("late.json"), *moving) == [
        "bidder.keep.older"
    ]
    assert notary.codes(*notary.trustee("key")) == ["bidder.keep.key_exists"]
    empty = ["--keep", notary.path("empty"), "--lot", LOT]
    assert notary.codes("keep", "export", notary.path("x.json"), *empty) == ["bidder.keep.no_key"]


def test_what_was_done_before_a_step_that_waits_is_in_the_answer_file(closed):
    notary, chamber = closed.desks[NOTARY], closed.desks[CHAMBER]
    status, told = notary.run(*offline(notary, "check", "reveal"))
    assert (status, told["waits"][0]["step"]) == (5, "reveal")
    closed.lot.take(NOTARY, (notary.folder / "answer.json").read_bytes())
    does(chamber, "check")
    does(notary, "reveal")


def test_a_step_that_waits_with_nothing_done_before_it_writes_no_answer(closed):
    notary = closed.desks[NOTARY]
    does(notary, "check")
    (notary.folder / "answer.json").unlink()
    assert notary.run(*offline(notary, "reveal"))[0] == 5
    assert not (notary.folder / "answer.json").exists()


def spelt(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"more": 1}, "sealing.format.unknown"),
        ({"party": "x"}, "sealing.format.field"),
        ({"format": "zhuxin-trustee-answer/1"}, "sealing.format.kind"),
        ({"share": 1}, "sealing.format.field"),
        ({"crls": ["!"]}, "sealing.format.field"),
        ({"closing": {}}, "sealing.format.missing"),
        ({"draft": {"policy": "{}", "signatures": [{"uscc": NOTARY, "p7s": ""}]}},
         "sealing.format.field"),
    ],
)  # fmt: skip
def test_a_task_is_read_strictly(world, change, code):
    task = world.lot.task(NOTARY)
    assert tasks.read_task(task).encode() == task
    assert codes(tasks.read_task, spelt({**json.loads(task), **change})) == [code]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"kind": "gossip"}], "sealing.format.field"),
        ([{"kind": "nonce", "nonce": "ab"}], "sealing.format.field"),
        ([{"kind": "nonce", "nonce": "ab" * 32, "p7s": "MII="}], "sealing.format.unknown"),
        ([{"kind": "marks", "marks": "{}"}], "sealing.format.missing"),
        ([{"kind": "nonce", "nonce": "ab" * 32}] * 2, "sealing.format.field"),
        (["nonce"], "sealing.format.field"),
    ],
)
def test_an_answer_is_read_strictly(rows, code):
    values = {"format": tasks.ANSWER_FORMAT, "lot": LOT, "party": NOTARY, "statements": rows}
    assert codes(tasks.read_answer, spelt(values)) == [code]
