"""A signed withdrawal handed in as a file: taken once, and only for what it says."""

from __future__ import annotations

import hashlib
import json
import shlex

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kernel.parties.models import User
from kernel.sealing.bids.receipts import Withdrawal, read_withdrawn
from procurement.bidder import main, programs
from procurement.bids import commands
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db


def at_the_page(lot, name):
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(User.objects.get(person_id=lot.people[name].person_id))
    return client


def hand_in(client, content):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = SimpleUploadedFile("x.withdrawal.json", data, "application/json")
    url = reverse("procurement:bids-withdraw", args=[LOT])
    return client.post(url, {"withdrawal-file": file} if data else {})


def statement(lot, name, manifest, signer=""):
    text = Withdrawal(LOT, lot.people[name].uscc, manifest.sha256, "改主意").encode().decode()
    return {"statement": text, "p7s": lot.p7s(signer or name, text)}


def refused(answer):
    return [reason.code for reason in answer.context["not_withdrawn"]]


def test_a_withdrawal_of_the_page_is_that_of_the_command_line(lot):
    version, manifest, _data = lot.bid("bidder1")
    client = at_the_page(lot, "bidder1")
    said = statement(lot, "bidder1", manifest)
    answer = hand_in(client, said)
    assert (answer.status_code, answer["Location"]) == (302, f"/bids/mine/{LOT}/")
    version.refresh_from_db()
    assert version.withdrawal == said["statement"]
    page = client.get(answer["Location"])
    assert "已收到撤回声明" in page.content.decode()
    assert 'id="withdrawal"' not in page.content.decode()
    kept = client.get(reverse("procurement:bids-receipt", args=[LOT, 1, "withdrawal"])).json()
    assert read_withdrawn(kept["receipt"].encode()).manifest_sha256 == manifest.sha256
    first = version.withdrawn_at
    assert hand_in(client, said).status_code == 302  # the same again changes nothing
    version.refresh_from_db()
    assert version.withdrawn_at == first


@pytest.mark.parametrize("content", [b"", b"\x30\x82", b"[]", b'{"statement": 1, "p7s": ""}',
                                     b"x" * 300_000])  # fmt: skip
def test_what_is_no_withdrawal_is_told_as_that(lot, content):
    version, _manifest, _data = lot.bid("bidder1")
    answer = hand_in(at_the_page(lot, "bidder1"), content)
    assert refused(answer) == ["procurement.bid.no_statement"]
    version.refresh_from_db()
    assert version.withdrawn_at is None


def test_anothers_signature_and_anothers_bid_are_refused(lot):
    version, manifest, _data = lot.bid("bidder1")
    lot.bid("bidder2")
    forged = statement(lot, "bidder1", manifest, signer="bidder2")
    assert refused(hand_in(at_the_page(lot, "bidder1"), forged)) == ["sealing.signature.other"]
    theirs = statement(lot, "bidder1", manifest)
    answer = hand_in(at_the_page(lot, "bidder2"), theirs)
    assert answer.status_code >= 400
    assert refused(answer)
    version.refresh_from_db()
    assert version.withdrawn_at is None


def test_everybody_finds_both_programs_and_how_to_check_them():
    answer = Client().get("/bids/programs/")
    assert answer.status_code == 200
    text = answer.content.decode()
    for name in programs.NAMES:
        assert programs.program(name).sha256 in text
        assert f'href="/bids/programs/{name}?save"' in text
    assert "sha256sum seal.html open.html zhuxin.pyz bidder.txt" in text


def test_everybody_finds_the_command_line_its_hash_and_how_its_libraries_are_installed():
    text = Client().get("/bids/programs/").content.decode()
    for name in ("zhuxin.pyz", "bidder.txt"):
        answer = Client().get(f"/bids/programs/{name}")
        assert answer.status_code == 200
        assert name in answer["Content-Disposition"]
        assert hashlib.sha256(answer.content).hexdigest() in text
        assert f'href="/bids/programs/{name}"' in text
    assert "pip install --require-hashes --only-binary :all: -r bidder.txt" in text
    assert "python zhuxin.pyz bidder --help" in text
    assert "python3 -m procurement.bidder.takeaway zhuxin.pyz" in text
    assert Client().get("/bids/programs/runtime.txt").status_code == 404


def test_every_command_of_the_pages_is_one_that_people_can_get():
    told = [
        commands.seal("https://x", "A-1", []),
        commands.submit("https://x", "A-1"),
        commands.trustee("https://x", "A-1", [], "key", share=True),
        commands.rescue("protest", "https://x", "A-1"),
        commands.result("https://x", "A-1"),
    ]
    assert {" ".join(each.split(" ")[:3]) for each in told} == {"python zhuxin.pyz bidder"}


def test_the_command_that_checks_a_receipt_asks_for_what_witnesses_saw():
    told = commands.verify("https://x", "A-1", 2)
    assert told.endswith(" --server https://x --witnessed anchors.json")
    options = main.parser().parse_args(shlex.split(told)[3:])
    assert (options.server, str(options.witnessed)) == ("https://x", "anchors.json")


def test_the_page_names_the_receipt_as_the_tool_keeps_it_and_says_that_no_witness_signed(lot):
    lot.bid("bidder1")
    client = at_the_page(lot, "bidder1")
    text = client.get(f"/bids/mine/{LOT}/").content.decode()
    kept = client.get(reverse("procurement:bids-receipt", args=[LOT, 1, "receipt"]))
    name = f"{LOT}-1.zxb.receipt.json"
    assert kept["Content-Disposition"] == f'attachment; filename="{name}"'
    assert f"--receipt {name}" in text
    assert "--witnessed" not in text
    assert "还没有登记见证人" in text


def test_my_bids_name_the_lot_and_the_deadline_of_its_bids(lot):
    lot.bid("bidder1")
    text = at_the_page(lot, "bidder1").get("/bids/mine/").content.decode()
    assert 'data-label="投标截止"' in text
    assert 'data-label="标段名称"' in text


def test_the_page_says_what_every_file_of_the_sealing_command_is(lot):
    text = at_the_page(lot, "bidder1").get(f"/bids/mine/{LOT}/").content.decode()
    for name in ("token.txt", "key.p12", "passphrase.txt", "roots.pem", "sheet.json"):
        assert f"<code>{name}</code>" in text
    for field in ("price_fen", "period_days", "quality", "project_manager", "bid_security"):
        assert field in text


def test_a_trustees_page_says_how_far_it_is_until_when_and_names_no_placeholder(lot):
    text = at_the_page(lot, "trustee1").get(f"/bids/trustees/{LOT}/").content.decode()
    assert "STEP" not in text
    assert "办理期限" in text
    assert "现在没有等待本单位办理的步骤" in text  # the policy is in force, the bids still come


def test_a_receipt_that_no_witness_saw_yet_is_checked_without_witnesses():
    told = commands.verify("https://x", "A-1", 2, kind="completed", witnessed=False)
    assert "--witnessed" not in told
    assert "--server" not in told
    assert "--receipt A-1-2.zxb.completed.json" in told


def test_commands_of_two_lots_name_no_file_alike():
    """Recovery files and opening keys above all: one that is written over is lost."""
    for make in (
        lambda lot: commands.seal("https://x", lot, [], 1),
        lambda lot: commands.trustee("https://x", lot, [], "key", share=True),
        lambda lot: commands.trustee_offline(lot, [], "key", share=True),
    ):
        words = [make(lot).split(" ") for lot in ("A-1", "B-2")]
        for option in ("--recovery", "--keep", "-o", "--replaces"):
            named = [w[w.index(option) + 1] for w in words if option in w]
            assert len(set(named)) == len(named), option
