"""A trustee's steps in the page are those of the command line: same statements, same refusals."""

from __future__ import annotations

import re
from dataclasses import replace

from kernel.sealing.bids import policy as policies
from procurement.bidder.keep import Keep
from tests.kernel.sealing.bids.support import CHAMBER, ENTITY, LOT, NOTARY
from tests.procurement.bidder.web.conftest import PASSPHRASE, PIN, closed, in_force, keyfile
from tests.procurement.bidder.web.driving import told


def test_a_lot_opens_with_one_trustee_at_the_page_and_two_at_the_command_line(
    world, notary, others
):
    in_force(world, notary, others)
    assert world.lot.in_force
    closed(world)
    for desk in others:
        desk.does(*desk.trustee("check"))
    notary.does("signList")
    notary.does("reveal", "mark")
    for desk in others:
        desk.does(*desk.trustee("reveal"))
    others[0].does(*others[0].trustee("mark"))
    notary.does("release")
    others[0].does(*others[0].trustee("release"))
    record = world.lot.open()
    assert [bid.sheet.price_fen for bid in record.bids] == [100_000_00] * 2
    assert set(world.lot.releases) == {NOTARY, ENTITY}


def test_the_page_refuses_in_the_protocols_order_with_the_command_lines_codes(
    world, notary, others
):
    for desk in others:
        desk.does(*desk.trustee("key", "rehearse"))
    notary.does("announce")
    world.lot.make_draft()
    assert notary.refused("signPolicy") == ["bidder.policy.not_rehearsed"]
    notary.does("rehearse")
    good = world.lot.draft
    rows = good.trustees
    world.lot.draft = replace(
        good, trustees=(rows[0], replace(rows[1], nonce_commitment="ab" * 32), rows[2])
    )
    assert notary.refused("signPolicy") == ["bidder.policy.own"]
    world.lot.draft = good
    for desk in others:
        desk.does(*desk.trustee("sign-policy"))
    notary.does("signPolicy")
    world.lot.draft = replace(good, title="另一方案")
    assert notary.refused("signPolicy") == ["bidder.policy.second"]
    world.lot.draft = None
    closed(world)
    for step in ("reveal", "mark", "release"):
        assert notary.refused(step) == ["bidder.list.none"]
    notary.does("signList")
    assert notary.refused("mark") == ["sealing.signature.too_few"]
    listed = world.lot.listed
    world.lot.listed = replace(listed, bids=listed.bids[:1])
    assert notary.refused("signList") == ["bidder.list.second"]
    world.lot.listed = replace(listed, tree_root="ab" * 32)
    assert notary.refused("signList") == ["bidder.list.proof"] * 2


def test_a_key_made_at_the_page_is_used_at_the_command_line_and_back(world, notary, others):
    desk = world.desks[NOTARY]
    desk.write("pass", f"{PASSPHRASE}\n".encode())
    notary.does("announce")
    moving = ["--keep", desk.path("keep"), "--lot", LOT]
    desk.does("keep", "import", str(notary.keep), *moving)
    desk.does(*desk.trustee("rehearse"))
    desk.does("keep", "export", desk.path("back.json"), *moving)
    notary.keep = desk.folder / "back.json"
    for other in others:
        other.does(*other.trustee("key", "rehearse"))
    world.lot.make_draft()
    notary.does("signPolicy")
    desk.does("keep", "import", str(notary.keep), *moving)
    kept = Keep(desk.folder / "keep", LOT)
    assert [each.sha256 for each in kept.policies()] == [world.lot.draft.sha256]
    assert isinstance(kept.newest(), policies.Policy)


def test_wrong_passphrase_pin_and_party_are_refused(world, notary, trustee):
    notary.does("announce")
    for p12, pin, passphrase, code in (
        (NOTARY, PIN, "错误的口令-12345", "sealing.hpke.bad_key"),
        (NOTARY, "000000", PASSPHRASE, "sealing.keystore.cannot_open"),
        (CHAMBER, PIN, PASSPHRASE, "bidder.task.other"),
    ):
        page = trustee()
        page.begin(world.lot.task(NOTARY), keyfile(world.stage, p12), pin, passphrase, notary.keep)
        assert page.codes("begin-error") == [code]


def test_a_wrong_task_and_a_keep_file_left_out_are_told_as_that(world, notary, others, trustee):
    in_force(world, notary, others)
    closed(world)
    page = trustee()
    for other in (b"\x30\x82", b'{"policy": 1}', notary.keep.read_bytes()):
        page.choose("task-file", told("task.json", other))
        page.part("begin-error").locator("li").wait_for()
        assert page.codes("begin-error") == ["bidder.program.task"]
    key = keyfile(world.stage, NOTARY)
    page.begin(world.lot.task(NOTARY), key, PIN, PASSPHRASE)
    assert page.codes("begin-error") == ["bidder.program.choose"]
    assert "保管文件" in page.part("begin-error").inner_text()
    page.begin(world.lot.task(NOTARY), key, PIN, PASSPHRASE, notary.keep)
    assert page.codes("begin-error") == []
    page.begin(world.lot.task(NOTARY), key, PIN, "falsch falsch", notary.keep)
    assert not page.part("begin-done").is_visible()


def test_keep_and_answer_files_are_named_by_lot_party_and_moment(notary):
    page = notary.at()
    assert page.do("announce") == []
    keep, _answer = page.hand_in(notary.folder)
    assert re.fullmatch(rf"{LOT}-trustee-{NOTARY}-\d{{8}}-\d{{6}}\.keep\.json", keep.name)
