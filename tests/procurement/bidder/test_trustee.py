"""A trustee's tool signs, reveals and releases in the protocol's order, and for nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.errors import Refusal, Refused
from kernel.sealing.bids import draw, releasing
from kernel.sealing.bids.fields import b64
from procurement.bidder.main import WAITS
from tests.kernel.sealing.bids.support import (
    BIDDERS,
    CHAMBER,
    DEADLINE,
    ENTITY,
    LOT,
    NOTARY,
    OPERATOR,
    altered,
)
from tests.procurement.bidder.conftest import TRUSTEES


@pytest.fixture
def notary(world):
    return world.desks[NOTARY]


def test_a_key_is_made_once_and_kept_under_its_passphrase(world, notary):
    told = notary.does(*notary.trustee("key"))[LOT]["key"]
    assert world.lot.announced[NOTARY].nonce_commitment == told["nonce_commitment"]
    assert notary.codes(*notary.trustee("key")) == ["bidder.keep.key_exists"]
    (pem,) = (notary.folder / "keep").rglob("*.pem")
    assert b"ENCRYPTED" in pem.read_bytes()
    assert pem.stat().st_mode & 0o777 == 0o600
    notary.write("pass", b"wrong")
    assert notary.codes(*notary.trustee("rehearse")) == ["sealing.hpke.bad_key"]


def test_an_announcement_that_got_lost_is_sent_again(world, notary):
    answer = world.lot.trustee_key
    world.lot.trustee_key = lambda who, body: 1 / 0
    assert notary.run(*notary.trustee("key"))[0] == 1
    world.lot.trustee_key = answer
    notary.does(*notary.trustee("key", "rehearse"))


def test_who_has_no_key_or_policy_is_told(closed):
    """A trustee on another machine than the one that it made its key on."""
    notary = closed.desks[NOTARY]
    words = notary.trustee("check")
    words[words.index("--keep") + 1] = notary.path("elsewhere")
    assert notary.codes(*words) == ["bidder.keep.no_policy_there"]
    assert notary.path("elsewhere") in notary.shown
    words[1] = "rehearse"
    assert notary.codes(*words) == ["bidder.keep.no_key_there"]
    assert notary.path("elsewhere") in notary.shown


def test_a_step_that_waits_for_others_says_what_was_done_before_it(closed, notary):
    status, told = notary.run(*notary.trustee("check", "reveal"))
    assert status == 5
    assert told["done"][LOT]["check"]["bids"] == len(closed.lot.listed.bids)
    (halt,) = told["waits"]
    assert (halt["step"], halt["done"]) == ("reveal", ["check"])
    assert "check 已办妥并生效" in notary.shown
    assert [reason["code"] for reason in told["refusals"]] == ["sealing.signature.too_few"]
    # It did count: with one more signature the same step goes on.
    chamber = closed.desks[CHAMBER]
    chamber.does(*chamber.trustee("check", "reveal"))
    notary.does(*notary.trustee("reveal"))


def test_a_step_that_is_refused_for_another_reason_does_not_wait(closed, notary):
    closed.lot.now = DEADLINE - timedelta(seconds=1)
    assert notary.run(*notary.trustee("check", "reveal"))[0] == 1


def test_no_policy_is_signed_before_the_rehearsal(world, notary):
    for code in TRUSTEES:
        world.desks[code].does(*world.desks[code].trustee("key"))
    world.lot.make_draft()
    assert notary.codes(*notary.trustee("sign-policy")) == ["bidder.policy.not_rehearsed"]
    notary.does(*notary.trustee("rehearse", "sign-policy"))


def test_no_policy_with_another_key_or_organisation_is_signed(world, notary):
    world.each("key", "rehearse")
    world.lot.make_draft()
    rows = world.lot.draft.trustees
    swapped = (rows[0], replace(rows[1], key=world.stage.policy.trustees[1].key), rows[2])
    good = world.lot.draft
    world.lot.draft = replace(good, trustees=swapped)
    assert notary.codes(*notary.trustee("sign-policy")) == ["bidder.policy.own"]
    other = (rows[0], replace(rows[1], nonce_commitment="ab" * 32), rows[2])
    world.lot.draft = replace(good, trustees=other)
    assert notary.codes(*notary.trustee("sign-policy")) == ["bidder.policy.own"]
    sham = (rows[0], rows[1], replace(rows[2], uscc=BIDDERS[4]))
    world.lot.draft = replace(good, trustees=sham)
    assert notary.codes(*notary.trustee("sign-policy")) == ["bidder.policy.expected"]
    world.lot.draft = replace(good, threshold=1)
    assert "sealing.policy.threshold" in notary.codes(*notary.trustee("sign-policy"))
    world.lot.draft = good
    notary.does(*notary.trustee("sign-policy"))
    world.lot.draft = replace(good, title="另一方案")
    assert notary.codes(*notary.trustee("sign-policy")) == ["bidder.policy.second"]


def test_an_extension_is_signed_and_no_earlier_deadline(world, notary):
    world.policy()
    world.lot.make_draft(deadline=DEADLINE - timedelta(hours=1))
    assert notary.codes(*notary.trustee("sign-policy")) == ["sealing.policy.earlier_deadline"]
    world.lot.make_draft(deadline=DEADLINE + timedelta(days=1))
    assert notary.does(*notary.trustee("sign-policy"))[LOT]["sign-policy"]["version"] == 2
    # The newest it signed is the one it obeys, before the server has it from everybody.
    world.lot.close()
    found = notary.codes(*notary.trustee("check"))
    assert found == ["sealing.closing.policy", "sealing.closing.too_early"]


def test_no_list_is_signed_before_the_deadline(closed, notary):
    closed.lot.now = DEADLINE - timedelta(seconds=1)
    assert notary.codes(*notary.trustee("check")) == [
        "sealing.closing.too_early", "sealing.closing.clock",
    ]  # fmt: skip


def test_no_second_list_is_signed(closed, notary):
    notary.does(*notary.trustee("check"))
    notary.does(*notary.trustee("check"))
    # The operator drops a bid after this trustee signed.
    closed.lot.listed = replace(closed.lot.listed, bids=closed.lot.listed.bids[:1])
    assert notary.codes(*notary.trustee("check")) == ["bidder.list.second"]


def withdrawn_receipt(row):
    row["receipt"] = altered(row["receipt"].encode(), version=2).decode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda row: row.update(proof=row["proof"][:-1]), "bidder.list.proof"),
        (lambda row: row.update(bidder=BIDDERS[3]), "bidder.list.bids"),
        (withdrawn_receipt, "sealing.cms.digest"),
        (lambda row: row.update(manifest=altered(row["manifest"].encode(), nonce="ab" * 32)
                                .decode()), "sealing.cms.digest"),
        (lambda row: row.update(p7s=row["receipt_p7s"]), "sealing.cms.digest"),
        (lambda row: row.update(receipt_p7s=""), "sealing.cms.malformed"),
        (lambda row: row.pop("receipt"), "bidder.server.answer"),
    ],
)  # fmt: skip
def test_a_list_with_an_altered_bid_is_not_signed(closed, notary, change, code):
    def tamper(path, answer):
        if path == "/closing":
            change(answer["bids"][0])
        return answer

    closed.lot.tamper = tamper
    assert notary.codes(*notary.trustee("check")) == [code]
    assert not closed.lot.list_signatures


def test_a_list_that_back_dates_or_swaps_bids_is_not_signed(closed, notary):
    listed = closed.lot.listed
    first = replace(listed.bids[0], received_at=listed.bids[0].received_at - timedelta(hours=1))
    closed.lot.listed = replace(listed, bids=(first, listed.bids[1]))
    assert notary.codes(*notary.trustee("check")) == ["sealing.closing.bid"]
    closed.lot.listed = replace(listed, tree_root="ab" * 32)
    assert notary.codes(*notary.trustee("check")) == ["bidder.list.proof"] * 2


def test_a_list_that_the_operator_did_not_sign_is_not_signed(closed, notary):
    from kernel.sealing.bids import bundles

    data = closed.lot.listed.encode()
    p7s = b64(bundles.sign(data, closed.stage.signers[ENTITY], closed.lot.now))
    closed.lot.tamper = lambda path, answer: {**answer, "p7s": p7s}
    assert notary.codes(*notary.trustee("check")) == ["sealing.signature.other"]


def test_nothing_is_revealed_or_marked_before_k_signed_the_list(closed, notary):
    for step in ("reveal", "mark", "release"):
        assert notary.codes(*notary.trustee(step)) == ["bidder.list.none"]
    notary.does(*notary.trustee("check"))
    for step in ("reveal", "mark", "release"):
        assert notary.codes(*notary.trustee(step)) == ["sealing.signature.too_few"]
    assert not closed.lot.nonces
    closed.each("check", who=(ENTITY,))
    notary.does(*notary.trustee("reveal", "mark"))


def test_nothing_is_released_before_draw_and_marks(closed, notary):
    closed.each("check")
    closed.each("reveal", who=(NOTARY, ENTITY))
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.no_draw"]
    closed.each("reveal", who=(CHAMBER,))
    closed.each("mark", who=(NOTARY,))
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.marks"]
    closed.each("mark", who=(CHAMBER,))
    assert notary.does(*notary.trustee("release"))[LOT]["release"]["released"] == 8


def test_marks_that_the_platform_does_not_take_before_the_draw_wait_for_it(closed, notary):
    closed.each("check")
    closed.each("reveal", who=(NOTARY, ENTITY))
    said = ["workflow.act.not_in_state"]

    def refuse(path, answer):
        if path == "/closing/marks":
            raise Refused([Refusal(code) for code in said])
        return answer

    closed.lot.tamper = refuse
    assert notary.run(*notary.trustee("mark"))[0] == WAITS
    assert notary.codes(*notary.trustee("mark")) == ["bidder.release.no_draw"]
    said.append("procurement.opening.marks_incomplete")
    assert notary.codes(*notary.trustee("mark")) == said
    closed.each("reveal", who=(CHAMBER,))
    said.pop()
    assert notary.codes(*notary.trustee("mark")) == said
    closed.lot.tamper = lambda path, answer: answer
    notary.does(*notary.trustee("mark"))


def test_a_draw_that_leaves_out_this_ones_nonce_stops_its_release(closed, notary):
    closed.each("check")
    closed.each("reveal", "mark")
    policy, listed = closed.lot.in_force[-1][0], closed.lot.listed
    others = {c: n for c, n in closed.lot.nonces.items() if c != NOTARY}
    sham = draw.draw(policy, listed.sha256, others).encode().decode()
    closed.lot.tamper = lambda path, answer: {**answer, "draw": sham}
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.nonce"]
    wrong = sham.replace('"index":', '"index": ')
    closed.lot.tamper = lambda path, answer: {**answer, "draw": wrong}
    assert notary.codes(*notary.trustee("release")) == ["sealing.canonical.not_canonical"]


def test_a_bad_share_is_marked_and_not_released(closed, notary):
    closed.each("check")
    closed.each("reveal")

    def tamper(path, answer):
        if path == "/closing" and answer["sealed_shares"]:
            first = next(iter(answer["sealed_shares"].values()))
            first["price"] = b64(bytes(114))
            first.pop("technical", None)
        return answer

    closed.lot.tamper = tamper
    told = notary.does(*notary.trustee("mark"))[LOT]["mark"]
    assert told["good"] == 6
    assert len(told["bad"]) == 2
    marks = releasing.read_marks(closed.lot.marks[NOTARY][0])
    assert {m.envelope for m in marks.marks if not m.good} == {"price", "technical"}
    closed.lot.tamper = lambda path, answer: answer
    closed.each("mark", who=(CHAMBER,))


def test_only_what_is_on_the_list_is_opened(closed, notary):
    """A withdrawn, superseded or late bid handed to a trustee stays closed."""
    desk = closed.desks[BIDDERS[2]]
    closed.lot.now = DEADLINE - timedelta(minutes=1)
    desk.does(*desk.sealing("bid.zxb"))
    desk.does(*desk.submitting("bid.zxb"))
    closed.lot.now = DEADLINE + timedelta(minutes=1)
    extra, (received, *_) = list(closed.lot.files.items())[-1]
    shares = {name: b64(rows[1]) for name, rows in received.shares.items()}

    def tamper(path, answer):
        if path == "/closing":
            answer["sealed_shares"][extra] = shares
        return answer

    closed.lot.tamper = tamper
    closed.each("check")
    closed.each("reveal", "mark")
    closed.each("release", who=(NOTARY,))
    named = {share.manifest_sha256 for share in closed.lot.releases[NOTARY].shares}
    assert extra not in named
    assert len(named) == 2


def test_a_procuring_entity_without_a_share_draws_and_signs(world):
    """The agency holds the share; the entity signs the policy and reveals its nonce."""
    agency, base = BIDDERS[4], world.stage.policy
    old = base.trustees[0]
    world.stage.__dict__["policy"] = replace(
        base, trustees=(replace(old, uscc=agency, body=ENTITY), *base.trustees[1:])
    )
    try:
        expected = [w for c in (ENTITY, agency, NOTARY, CHAMBER) for w in ("--expect", c)]

        def does(code, *steps):
            desk = world.desks[code]
            more = ["--no-share"] if code == ENTITY else []
            words = desk.trustee(*steps)
            cut = words.index("--expect")
            return desk.does(*words[:cut], *expected, *words[cut + 6 :], *more)

        for code in (agency, NOTARY, CHAMBER):
            does(code, "key", "rehearse")
        does(ENTITY, "key")
        assert world.lot.announced[ENTITY].key == b""
        world.lot.make_draft()
        for code in (ENTITY, agency, NOTARY, CHAMBER):
            does(code, "sign-policy")
        world.lot.close()
        for code in (agency, NOTARY):
            does(code, "check")
        does(ENTITY, "reveal")
        assert set(world.lot.nonces) == {ENTITY}
    finally:
        world.stage.__dict__["policy"] = base


def test_a_key_is_destroyed_after_the_record_or_where_nobody_is_left_to_ask(closed, notary):
    assert notary.codes(*notary.trustee("destroy")) == ["bidder.destroy.early"]
    told = notary.does(*notary.trustee("destroy"), "--abandon")
    assert told[LOT]["destroy"]["destroyed"]
    assert not list((notary.folder / "keep").rglob("*.pem"))
    again = notary.does(*notary.trustee("destroy"), "--abandon")
    assert not again[LOT]["destroy"]["destroyed"]
    assert OPERATOR not in closed.lot.list_signatures
