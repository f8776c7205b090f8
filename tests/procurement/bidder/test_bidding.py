"""What a bidder's tool refuses, and what it believes of a server that lies."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.sealing.bids import receipts
from kernel.sealing.bids.fields import b64
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, NOTARY, OPERATOR, altered


@pytest.fixture
def desk(world):
    world.policy()
    return world.desks[BIDDERS[0]]


@pytest.fixture
def submitted(desk):
    desk.does(*desk.sealing("bid.zxb"))
    desk.does(*desk.submitting("bid.zxb"))
    return desk


def absent(desk, name="bid.zxb"):
    return not (desk.folder / name).exists() and not (desk.folder / (name + ".partial")).exists()


def test_nothing_is_sealed_before_every_signature(world):
    world.policy(ENTITY, NOTARY)
    desk = world.desks[BIDDERS[0]]
    assert desk.codes(*desk.sealing("bid.zxb")) == ["sealing.policy.no_trustee"]  # the server's 404
    draft = {**world.lot.draft_answer()}
    desk.write("policy.json", json.dumps(draft).encode())
    found = desk.codes(*desk.sealing("bid.zxb", "--policy", desk.path("policy.json")))
    assert found == ["sealing.policy.unsigned"]
    assert absent(desk)


def test_nothing_is_sealed_for_other_organisations_than_expected(desk):
    words = desk.sealing("bid.zxb")
    words[words.index(CHAMBER)] = OPERATOR
    assert desk.codes(*words) == ["sealing.policy.organisations"]
    assert absent(desk)


def test_nothing_is_sealed_under_other_roots(desk, world):
    from kernel.sealing.authority import DemoAuthority
    from kernel.sealing.certificates import pem
    from tests.kernel.sealing.bids.support import NOW

    other = DemoAuthority.create(NOW)
    desk.write("roots.pem", pem([other.root.certificate]))
    assert desk.codes(*desk.sealing("bid.zxb")) == ["sealing.certificate.untrusted"]
    assert absent(desk)


def test_a_demonstrations_policy_is_none_in_production(desk):
    words = [w for w in desk.sealing("bid.zxb") if w != "--demonstration"]
    (code,) = desk.codes(*words, "--at", "2026-03-02T01:30:00.250000Z")
    assert code == "sealing.certificate.demonstration"


def test_a_saved_policy_is_enough_to_seal_offline(desk, world):
    desk.write("policy.json", json.dumps(world.lot.policy_answer()).encode())
    words = desk.sealing("bid.zxb", "--policy", desk.path("policy.json"))
    words[words.index("--server") + 1] = "http://127.0.0.1:9"
    assert desk.does(*words)["version"] == 1


def test_inputs_at_fault_are_named(desk):
    words = desk.sealing("bid.zxb")
    assert desk.codes(*words[:-1], desk.path("x"), "--envelope", "price=nowhere") == [
        "bidder.usage.envelope"
    ]
    price = next(i for i, word in enumerate(words) if word.startswith("price="))
    fewer = words[: price - 1] + words[price + 1 :]
    assert desk.codes(*fewer) == ["sealing.manifest.envelopes"]
    price = words.index(f"price={desk.path('files/price')}")
    (desk.folder / "nothing").mkdir()
    empty = [*words[:price], f"price={desk.path('nothing')}", *words[price + 1 :]]
    assert desk.codes(*empty) == ["bidder.seal.empty"]
    desk.write("other.json", b"{}")
    assert desk.codes(*words, "--policy", desk.path("other.json")) == ["bidder.usage.policy"]
    desk.write("pin", b"0")
    assert desk.codes(*words) == ["sealing.keystore.cannot_open"]
    desk.write("pin", b"123456")
    for sheet, code in (
        (b"[]", "bidder.usage.sheet"),
        (b"{", "bidder.usage.sheet"),
        (b'{"price_fen":1}', "bidder.usage.sheet"),
    ):
        desk.write("bid.zxb.sheet", sheet)
        assert desk.codes(*words) == [code]
    assert desk.codes(*desk.sealing("bid.zxb", price=-1)) == ["sealing.format.field"]
    assert desk.codes(*desk.sealing("bid.zxb", price=1.5)) == ["sealing.canonical.type"]
    found = desk.codes(*desk.sealing("bid.zxb", bill_sha256="ab" * 32))
    assert found == ["bidder.sheet.bill"]
    found = desk.codes(*desk.sealing("bid.zxb", bidder=BIDDERS[1]))
    assert found == ["sealing.sheet.other"]
    assert absent(desk)
    missing = desk.sealing("bid.zxb")
    missing[missing.index("--sheet") + 1] = desk.path("nowhere")
    assert desk.codes(*missing) == ["bidder.file"]


def test_the_recovery_file_is_private_and_opens_this_bid_only(desk):
    desk.does(*desk.sealing("bid.zxb"))
    desk.does(*desk.sealing("other.zxb"))
    assert (desk.folder / "bid.zxb.recovery").stat().st_mode & 0o777 == 0o600
    words = ["recover", desk.path("bid.zxb"), "--recovery", desk.path("other.zxb.recovery"),
             "--passphrase-file", desk.path("pass"), "-o", desk.path("out")]  # fmt: skip
    assert desk.codes(*words) == ["bidder.recover.other"]
    desk.write("pass", b"another")
    assert desk.codes(*words) == ["sealing.recovery.cannot_open"]


def test_the_same_file_again_gives_the_same_receipt(submitted, world):
    first = (submitted.folder / "bid.zxb.receipt.json").read_bytes()
    assert submitted.does(*submitted.submitting("bid.zxb"))["again"] is True
    assert (submitted.folder / "bid.zxb.receipt.json").read_bytes() == first
    assert len(world.lot.files) == 1


def test_a_bid_with_a_receipt_is_not_sealed_over(submitted):
    kept = (submitted.folder / "bid.zxb").read_bytes()
    assert submitted.codes(*submitted.sealing("bid.zxb")) == ["bidder.seal.receipted"]
    assert (submitted.folder / "bid.zxb").read_bytes() == kept


def test_a_kept_receipt_is_verified(submitted):
    words = submitted.verifying("bid.zxb")
    status, told = submitted.run(*words)
    assert (status, told["version"], told["provisional"]) == (3, 1, ["timestamp"])
    path = submitted.folder / "bid.zxb.receipt.json"
    kept = json.loads(path.read_bytes())
    sham = altered(kept["receipt"].encode(), received_at="2026-03-02T01:00:00.000000Z").decode()
    path.write_text(json.dumps({**kept, "receipt": sham}), "utf-8")
    assert submitted.codes(*words) == ["sealing.cms.digest"]
    path.write_text("{", "utf-8")
    assert submitted.codes(*words) == ["bidder.server.answer"]


def test_a_receipt_is_verified_offline(submitted, world):
    submitted.write("policy.json", json.dumps(world.lot.policy_answer()).encode())
    words = ["receipt", "verify", submitted.path("bid.zxb"), *submitted.trust(),
             "--policy", submitted.path("policy.json")]  # fmt: skip
    status, told = submitted.run(*words)
    assert (status, told["log_index"]) == (3, 1)
    assert submitted.codes(*words[:-2]) == ["bidder.usage.needs"]


def lying(world, change, signer=OPERATOR):
    """The operator signs another receipt than it should."""

    def tamper(path, answer):
        if path != "/bids" or "receipt" not in answer:
            return answer
        receipt = receipts.read_receipt(answer["receipt"].encode())
        data = change(receipt).encode()
        from kernel.sealing.bids import bundles

        p7s = bundles.sign(data, world.stage.signers[signer], world.lot.now)
        return {"receipt": data.decode(), "p7s": b64(p7s)}

    world.lot.tamper = tamper


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r: replace(r, manifest_sha256="ab" * 32), "sealing.receipt.other"),
        (lambda r: replace(r, signature_sha256="ab" * 32), "sealing.receipt.other"),
        (lambda r: replace(r, size=r.size + 1), "sealing.receipt.other"),
        (lambda r: replace(r, bidder=BIDDERS[1]), "sealing.receipt.other"),
        (lambda r: replace(r, received_at=r.received_at + timedelta(days=1)),
         "bidder.receipt.late"),
        (lambda r: replace(r, log=replace(r.log, salt=bytes(32))), "bidder.receipt.leaf"),
        (lambda r: replace(r, log=replace(r.log, root=bytes(32))), "bidder.receipt.proof"),
        (lambda r: replace(r, log=replace(r.log, proof=())), "bidder.receipt.proof"),
        (lambda r: replace(r, log=replace(r.log, size=1)), "bidder.receipt.proof"),
        (lambda r: replace(r, log=replace(r.log, size=1, index=0)), "sealing.receipt.entry"),
        # Its own log says another moment: back-dated, or kept in hand to be called late.
        (lambda r: replace(r, received_at=r.received_at + timedelta(minutes=1)),
         "sealing.receipt.entry"),
        (lambda r: replace(r, log=replace(r.log, entry=r.log.entry.replace(
            "bid.receipt", "bid.refused"))), "sealing.receipt.entry"),
        (lambda r: replace(r, log=replace(r.log, entry=r.log.entry.replace(
            r.manifest_sha256, "ab" * 32))), "sealing.receipt.entry"),
    ],
)  # fmt: skip
def test_a_receipt_that_proves_nothing_is_refused(desk, world, change, code):
    desk.does(*desk.sealing("bid.zxb"))
    lying(world, change)
    assert desk.codes(*desk.submitting("bid.zxb")) == [code]
    assert not (desk.folder / "bid.zxb.receipt.json").exists()


def test_a_receipt_signed_by_anybody_else_is_refused(desk, world):
    desk.does(*desk.sealing("bid.zxb"))
    lying(world, lambda r: r, signer=NOTARY)
    assert desk.codes(*desk.submitting("bid.zxb")) == ["sealing.signature.other"]


def test_a_bid_sealed_before_an_extension_is_refused_and_an_earlier_receipt_stands(
    submitted, world
):
    later = world.stage.policy.deadline + timedelta(days=1)
    other = world.desks[BIDDERS[1]]
    other.does(*other.sealing("bid.zxb"))
    world.lot.make_draft(deadline=later)
    world.each("sign-policy")
    assert other.codes(*other.submitting("bid.zxb")) == ["sealing.manifest.policy"]
    status, told = submitted.run(*submitted.verifying("bid.zxb"))
    assert (status, told["version"], told["provisional"]) == (3, 1, ["timestamp"])


def test_a_file_sealed_for_a_policy_the_server_hides_is_not_sent(desk, world):
    desk.does(*desk.sealing("bid.zxb"))
    sham = {**world.lot.policy_answer()}
    sham["policy"] = altered(sham["policy"].encode(), title="另一方案").decode()
    world.lot.tamper = lambda path, answer: sham if path == "/policy" else answer
    assert desk.codes(*desk.submitting("bid.zxb")) == ["bidder.bid.other_policy"]
    assert not world.lot.files


def test_refusals_of_the_server_are_printed_whole(desk, world):
    other = world.desks[BIDDERS[1]]
    desk.does(*desk.sealing("bid.zxb"))
    other.write("bid.zxb", (desk.folder / "bid.zxb").read_bytes())
    status, answer = other.run(*other.submitting("bid.zxb"))
    assert status == 1
    assert [r["code"] for r in answer["refusals"]] == ["sealing.bid.bidder"]
    assert answer["request_id"] == "r-1"
    assert (
        "平台：sealing.bid.bidder (平台开标规则：投标文件格式) [sealing.bid.bidder]" in other.shown
    )


def test_a_withdrawal_is_the_bidders_own_and_is_receipted(submitted, world):
    other = world.desks[BIDDERS[1]]
    other.write("bid.zxb", (submitted.folder / "bid.zxb").read_bytes())
    assert other.codes(*other.withdrawing("bid.zxb")) == ["bidder.bid.not_mine"]
    told = submitted.does(*submitted.withdrawing("bid.zxb"))
    assert told["log_index"] == 2
    assert (submitted.folder / "bid.zxb.withdrawal.json").exists()
    assert not world.lot.bids
    # Withdrawn is withdrawn: the same again is a conflict, and the file no new bid.
    assert submitted.codes(*submitted.withdrawing("bid.zxb")) == ["sealing.receipt.other"]


def test_a_server_that_is_not_there_is_said_in_words(desk, world):
    words = desk.sealing("bid.zxb")
    words[words.index("--server") + 1] = "http://127.0.0.1:9"
    assert desk.codes(*words) == ["bidder.server.unreachable"]
    words[words.index("--server") + 1] = "ftp://x"
    assert desk.codes(*words) == ["bidder.server.address"]


@pytest.mark.parametrize("answer", [{}, {"policy": 1}, {"policy": "x", "signatures": [{}]}])
def test_answers_against_the_contract_are_refused(desk, world, answer):
    world.lot.tamper = lambda path, told: {**answer, "time": told.get("time")}
    (code,) = desk.codes(*desk.sealing("bid.zxb"))
    assert code in ("bidder.server.answer", "sealing.signature.shape")
