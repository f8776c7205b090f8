"""A bid sealed by the page is a bid to Python, age and openssl, and nothing leaves the page."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids import (
    bundles,
    container,
    fields,
    inner,
    opening,
    receipts,
    receiving,
    recovery,
    shares,
    unsealing,
)
from kernel.sealing.bids import manifest as manifests
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.certificates import pem
from kernel.sealing.keystore import make_p12
from kernel.sealing.revocation import load_crl
from tests.kernel.sealing.bids.support import BIDDERS, ENTITY, NOTARY, NOW, codes
from tests.procurement.bidder.web.conftest import PIN, keyfile, policy_answer, prepared
from tests.procurement.bidder.web.driving import told

PASSPHRASE = "恢复口令-12345"


def test_a_bid_sealed_from_disk_is_received_and_opens(bidder, stage, tmp_path):
    page = prepared(bidder(), stage)
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == []
    bid = page.saved("save-bid", tmp_path)
    kept = page.saved("save-recovery", tmp_path)
    data = bid.read_bytes()

    accepted = receiving.receive(io.BytesIO(data), stage.policy, BIDDERS[0], stage.trust, NOW)
    received = accepted.received
    assert accepted.provisional == ()
    assert received.manifest.version == 1

    name, identities = recovery.open_recovery(kept.read_bytes(), PASSPHRASE)
    assert name == received.manifest_sha256
    for envelope in stage.policy.envelopes:
        opened = {
            i: shares.open_share(received.manifest, envelope, i, sealed, stage.keys[code])
            for i, (code, sealed) in enumerate(
                zip(stage.trustees, received.shares[envelope], strict=True)
            )
        }
        for left_out in opened:
            some = {i: share for i, share in opened.items() if i != left_out}
            found = shares.recover(received.manifest, stage.policy, envelope, some)
            assert found == identities[envelope]
        with bid.open("rb") as file:
            window = container.Window(file, *container.locate(received, envelope))
            unsealing.open_envelope(
                received.manifest, envelope, identities[envelope], window, tmp_path / envelope
            )
    assert (tmp_path / "technical/技术.txt").read_bytes() == "技术文件".encode() * 5000
    sheet = opening.sheet_of(received.manifest, tmp_path / "opening_sheet")
    assert (sheet.price_fen, sheet.period_days, sheet.project_manager) == (123456789, 300, "王五")
    assert page.strangers() == []
    assert page.complaints == []


def sealed(page, folder, passphrase=PASSPHRASE):
    """The bid and the recovery file that a prepared page makes."""
    page.seal(passphrase)
    assert page.codes("seal-error") == []
    return page.saved("save-bid", folder), page.saved("save-recovery", folder)


def test_foreign_tools_read_what_the_page_made(bidder, stage, tmp_path, world):
    """By openssl, unzip and age, and by the command line's ``recover``."""
    bid, kept = sealed(prepared(bidder(), stage), tmp_path)
    run = partial(subprocess.run, check=True, cwd=tmp_path, capture_output=True)
    with zipfile.ZipFile(bid) as whole:
        assert whole.testzip() is None
        whole.extractall(tmp_path / "bid")
    (tmp_path / "roots.pem").write_bytes(pem([stage.authority.root.certificate]))
    run(["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in",
         "bid/manifest.p7s", "-content", "bid/manifest.json", "-CAfile", "roots.pem",
         "-attime", str(int(NOW.timestamp())), "-out", "/dev/null"])  # fmt: skip
    (tmp_path / "pass").write_text(PASSPHRASE)
    desk = world.desks[BIDDERS[0]]
    words = ["recover", bid, "--recovery", kept, "--identities", "--passphrase-file",
             tmp_path / "pass", "-o", tmp_path / "out"]  # fmt: skip
    done = desk.does(*map(str, words))
    assert (tmp_path / "out/price/清单.xml").read_bytes() == b"<bill/>"
    if not shutil.which("age"):
        pytest.skip("no age: apt-get install age")
    (tmp_path / "identity").write_text(done["identities"]["price"])
    run(["age", "-d", "-i", "identity", "-o", "price.zip", "bid/price.age"])
    with zipfile.ZipFile(tmp_path / "price.zip") as inner:
        assert inner.read("files/清单.xml") == b"<bill/>"


def test_a_bid_of_the_command_line_is_replaced_by_one_of_the_page_and_the_other_way_round(
    bidder, stage, tmp_path
):
    path, made = stage.seal(tmp_path)
    page = prepared(bidder(), stage)
    page.choose("before-file", path)
    second, _kept = sealed(page, tmp_path)
    with second.open("rb") as file:
        received = receiving.receive(file, stage.policy, BIDDERS[0], stage.trust, NOW).received
    manifests.check_succession(received.manifest, made.manifest)
    _path, third = stage.seal(tmp_path, before=received.manifest, price=1)
    manifests.check_succession(third.manifest, received.manifest)


def test_names_and_sizes_are_those_of_the_command_line(bidder, stage, tmp_path):
    """The same files give envelopes of the same size, whichever tool sealed them."""
    files = {"说明 甲.txt": b"1", "图𠮷.dwg": b"2" * 70_000, "b/空.txt": b""}
    page = prepared(bidder(), stage)
    page.put("technical", *(told(name.replace("b/", ""), data) for name, data in files.items()))
    bid, _kept = sealed(page, tmp_path)
    with bid.open("rb") as file:
        received = container.read_bid(file, stage.policy.maximum_size)
    context = received.manifest.context
    names = {name.replace("b/", ""): data for name, data in files.items()}
    names["技术.txt"] = "技术文件".encode() * 5000
    plain = b"".join(inner.envelope_stream(context, "technical", names, 4096))
    assert received.plain_sizes["technical"] == len(plain)


def changed(answer, **changes):
    return {**answer, **changes}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ("title", "sealing.cms.digest"),
        ("unsigned", "sealing.policy.unsigned"),
        ("stranger", "sealing.signature.stranger"),
        ("swapped", "sealing.signature.other"),
        ("signature", "sealing.cms.signature"),
        ("outdated", "sealing.certificate.crl_stale"),
        ("no-lists", "sealing.certificate.crl_missing"),
        ("spelling", "sealing.canonical.not_canonical"),
        ("threshold", "sealing.policy.threshold"),
    ],
)
def test_a_substituted_policy_is_refused_as_python_refuses_it(bidder, stage, spoil, code):
    answer = spoilt(stage, spoil)
    page = bidder()
    page.load_policy(answer)
    found = page.codes("policy-error")
    assert code in found
    assert "waiting" in page.part("signer").get_attribute("class")
    assert found == python_codes(stage, answer)


def spoilt(stage, how):
    answer = policy_answer(stage)
    rows = answer["signatures"]
    if how == "title":
        other = replace(stage.policy, title="别的").encode().decode()
        return changed(answer, policy=other)
    if how == "unsigned":
        return changed(answer, signatures=rows[:2])
    if how == "stranger":
        more = [each.as_json() for each in stage.signatures(stage.policy.encode(), BIDDERS[1])]
        return changed(answer, signatures=[*rows, *more])
    if how == "swapped":
        return changed(answer, signatures=[{**rows[0], "uscc": rows[1]["uscc"]}, *rows[1:]])
    if how == "signature":
        p7s = bytearray(base64.b64decode(rows[0]["p7s"]))
        p7s[-1] ^= 1
        bad = {**rows[0], "p7s": base64.b64encode(p7s).decode()}
        return changed(answer, signatures=[bad, *rows[1:]])
    if how == "outdated":
        return changed(answer, time=instant_text(NOW + timedelta(days=100)))
    if how == "no-lists":
        return changed(answer, crls=[])
    if how == "spelling":
        return changed(answer, policy=answer["policy"].replace('"version":1', '"version": 1'))
    return policy_answer(stage, replace(stage.policy, threshold=3))


def python_codes(stage, answer):
    believed = bundles.Trust(
        stage.authority.anchors,
        tuple(load_crl(base64.b64decode(each)) for each in answer["crls"]),
        (stage.authority.issuing.certificate,),
    )
    at = fields.instant(answer["time"], "$")
    bundle = bundles.Bundle(
        answer["policy"].encode(), bundles.read_signatures(answer["signatures"])
    )
    return codes(bundles.verify_policy, bundle, believed, at, stage.policy.parties())


def test_other_roots_an_unticked_party_and_no_roots_are_refused(bidder, stage):
    page = bidder()
    page.load_policy(policy_answer(stage), tick=[ENTITY, NOTARY])
    assert page.codes("policy-error") == ["bidder.program.parties"]
    page = bidder()
    other = DemoAuthority.create(NOW)
    page.load_policy(policy_answer(stage), roots=pem([other.root.certificate]))
    assert page.codes("policy-error") == ["sealing.certificate.untrusted"]
    page.part("accept-demonstration").uncheck()
    page.press("check-policy")
    assert page.codes("policy-error") == ["sealing.certificate.untrusted"]
    page.part("roots-file").set_input_files([])
    page.press("check-policy")
    assert page.codes("policy-error") == ["bidder.program.choose"]


def test_a_wrong_pin_another_authority_and_a_revoked_certificate_are_refused(bidder, stage):
    page = bidder()
    page.load_policy(policy_answer(stage))
    page.open_key(keyfile(stage, BIDDERS[0]), "falsch")
    assert page.codes("signer-error") == ["sealing.keystore.cannot_open"]
    other = DemoAuthority.create(NOW)
    signer = other.issue_signer("", "别人", BIDDERS[0], NOW, 365)
    page.open_key(make_p12(signer, PIN, rounds=2048), PIN)
    assert page.codes("signer-error") == ["sealing.certificate.untrusted"]
    late = stage.authority.issue_signer("", "未来", BIDDERS[0], NOW + timedelta(days=9), 365)
    page.open_key(make_p12(late, PIN, rounds=2048), PIN)
    assert page.codes("signer-error") == ["sealing.certificate.not_yet"]
    rsa = stage.authority.issue_signer("", "示例", BIDDERS[0], NOW, 365, "rsa3072")
    page.open_key(make_p12(rsa, PIN, rounds=2048), PIN)
    assert page.codes("signer-error") == []


def test_a_signature_made_elsewhere_is_taken_and_anothers_is_not(bidder, stage, tmp_path):
    page = prepared(bidder(), stage)
    page.page.locator("[name=way][value=p7s]").check()
    certificate = stage.signers[BIDDERS[0]].certificate
    page.choose("certificate-file", told("own.pem", pem([certificate])))
    page.press("open-key")
    page.seal(PASSPHRASE)
    manifest = page.saved("save-manifest", tmp_path).read_bytes()
    for signer, data, code in (
        (BIDDERS[1], manifest, "sealing.signature.other"),
        (BIDDERS[0], b"{}", "sealing.cms.digest"),
    ):
        p7s = bundles.sign(data, stage.signers[signer], NOW)
        page.choose("p7s-file", told("manifest.p7s", p7s))
        page.page.locator(f'[data-part="seal-error"] [data-code="{code}"]').wait_for()
    page.choose(
        "p7s-file", told("good.p7s", bundles.sign(manifest, stage.signers[BIDDERS[0]], NOW))
    )
    page.part("result").wait_for()
    bid = page.saved("save-bid", tmp_path)
    with bid.open("rb") as file:
        accepted = receiving.receive(file, stage.policy, BIDDERS[0], stage.trust, NOW)
    assert accepted.received.manifest_bytes == manifest


def test_names_that_no_system_writes_and_fields_left_out_are_refused(bidder, stage):
    page = prepared(bidder(), stage)
    page.put("technical", told("坏:名.txt", b"1"))
    assert page.codes("files-error") == ["sealing.envelope.name"]
    page.put("technical", told("技术.TXT", b"1"))
    assert page.codes("files-error") == ["sealing.envelope.name_twice"]
    page.part("manager").fill("")
    page.part("price").fill("六千万")
    page.seal()
    assert page.codes("seal-error") == ["bidder.program.fill"]
    assert "投标报价" in page.part("seal-error").inner_text()
    page.part("price").fill("1234567.89")
    page.part("manager").fill("王五")
    page.part("passphrase").fill("一二三四五六七八")
    page.part("again").fill("别的")
    page.press("seal")
    assert page.codes("seal-error") == ["bidder.program.passphrase"]


def test_an_extension_is_accepted_and_one_that_changes_more_is_not(bidder, stage):
    def versions(newest, older):
        told_ = {"policy": older.encode().decode(), "signatures": []}
        return policy_answer(stage, newest, previous=[told_])

    page = bidder()
    page.load_policy(versions(stage.extended(), stage.policy))
    assert page.codes("policy-error") == []
    page = bidder()
    page.load_policy(versions(stage.extended(title="别的"), stage.policy))
    assert page.codes("policy-error") == ["sealing.policy.successor"]


def test_a_demonstration_is_accepted_for_one_policy_only(bidder, stage):
    page = bidder()
    page.load_policy(policy_answer(stage))
    assert page.codes("policy-error") == []
    page.choose("policy-file", told("other.policy.json", policy_answer(stage, demonstration=False)))
    page.part("demonstration").wait_for(state="hidden")
    for box in page.part("party-rows").locator("input").all():
        box.check()
    page.press("check-policy")
    assert page.codes("policy-error") == ["bidder.program.choose"]


def test_an_envelope_left_empty_is_not_sealed_and_what_was_sealed_before_is_gone(bidder, stage):
    page = prepared(bidder(), stage)
    page.seal(PASSPHRASE)
    assert page.part("result").is_visible()
    page.part("price").fill("7654321")
    assert not page.part("result").is_visible()
    page.seal(PASSPHRASE)
    assert page.part("result").is_visible()
    page.part("envelopes").get_by_text("移除").nth(1).click()
    assert not page.part("result").is_visible()
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == ["bidder.seal.empty"]
    assert "技术" in page.part("seal-error").inner_text()


def test_a_wrong_file_is_told_as_what_it_is_not(bidder, stage):
    page = prepared(bidder(), stage)
    page.choose("before-file", told("key.p12", b"\x30\x82"))
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == ["bidder.program.before"]
    for other in (b"\x30\x82", {"receipt": "{}"}):
        page.choose("policy-file", told("x.json", other))
        page.part("policy-error").locator("li").wait_for()
        assert page.codes("policy-error") == ["bidder.usage.policy"]


@pytest.mark.parametrize("code", [ENTITY, NOTARY])
def test_whoever_opens_the_lot_is_told_at_once_that_it_cannot_bid(bidder, stage, code):
    page = bidder()
    page.load_policy(policy_answer(stage))
    page.open_key(keyfile(stage, code), PIN)
    assert page.codes("signer-error") == ["bidder.program.party"]
    assert code_name(stage, code) in page.part("signer-error").inner_text()
    assert "waiting" in page.part("files").get_attribute("class")


def code_name(stage, code):
    parties = [stage.policy.procuring_entity, *stage.policy.trustees]
    return next(party.name for party in parties if party.uscc == code)


def test_a_withdrawal_has_the_command_lines_bytes_wherever_it_is_signed(bidder, stage, tmp_path):
    path, made = stage.seal(tmp_path)
    wanted = receipts.Withdrawal(
        stage.policy.lot, BIDDERS[0], made.manifest.sha256, "报价有误"
    ).encode()
    page = prepared(bidder(), stage)
    page.part("withdraw").click()
    page.part("withdraw-error").locator("[data-code='bidder.program.choose']").wait_for()
    page.choose("withdraw-file", path)
    page.part("withdraw-reason").fill(" 报价有误 ")
    told_ = json.loads(page.saved("withdraw", tmp_path).read_text("utf-8"))
    assert told_["statement"].encode() == wanted
    p7s = base64.b64decode(told_["p7s"])
    stage.trust.verify(p7s, wanted, BIDDERS[0], NOW)

    page.page.locator("[name=way][value=p7s]").check()
    certificate = stage.signers[BIDDERS[0]].certificate
    page.choose("certificate-file", told("own.pem", pem([certificate])))
    page.press("open-key")
    page.press("withdraw")
    assert page.saved("withdraw-statement", tmp_path).read_bytes() == wanted
    other = bundles.sign(wanted, stage.signers[BIDDERS[1]], NOW)
    page.choose("withdraw-p7s", told("other.p7s", other))
    page.part("withdraw-error").locator("[data-code='sealing.signature.other']").wait_for()
    with page.page.expect_download() as download:
        page.choose(
            "withdraw-p7s", told("own.p7s", bundles.sign(wanted, stage.signers[BIDDERS[0]], NOW))
        )
    assert download.value.suggested_filename.endswith("-1.withdrawal.json")
    assert page.complaints == []


def test_anothers_bid_is_not_withdrawn(bidder, stage, tmp_path):
    path, _made = stage.seal(tmp_path, bidder=BIDDERS[1])
    page = prepared(bidder(), stage)
    page.choose("withdraw-file", path)
    page.press("withdraw")
    assert page.codes("withdraw-error") == ["sealing.bid.bidder"]


def test_the_recovery_file_is_named_by_lot_party_and_moment(bidder, stage, tmp_path):
    _bid, kept = sealed(prepared(bidder(), stage), tmp_path)
    assert re.fullmatch(r".+-1-bidder-\d{8}-\d{6}\.recovery", kept.name)
