"""What saves a bid in the opening is handed in as a file on the lot's page, as by the tool."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.parties.models import User
from kernel.sealing.bids import cures, protests
from kernel.sealing.bids.manifest import read_manifest
from procurement.bids import closing, receipts, rescue_forms, rescues
from procurement.bids.models import Bid
from tests.procurement.bids.steps import (
    again,
    close,
    drop,
    finish,
    mark_cured,
    now,
    ready,
    relist,
    settle,
    uncured,
    version_of,
    withdraw,
)
from tests.procurement.bids.support import LOT
from tests.procurement.bids.test_keeping import spoil_keeper, spoil_vault

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world, monkeypatch):
    """Four receipted bids."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    world.files = {}
    for name in ("bidder1", "bidder2", "bidder3", "bidder4"):
        world.files[name] = world.bid(name)[2]
        receipts.of(version_of(world, name))
    return world


@pytest.fixture
def curable(world, monkeypatch):
    """Two trustees say that the first bid's price shares are bad."""
    return uncured(world, monkeypatch)


def at_the_page(lot, name):
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(User.objects.get(person_id=lot.people[name].person_id))
    return client


def hand_in(client, kind, content):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = SimpleUploadedFile("file", data, "application/octet-stream")
    url = reverse("procurement:bids-rescue", args=[LOT, kind])
    return client.post(url, {f"{kind}-file": file} if data else {})


def shown(client):
    """How each act stands on the lot's page, and when its time ends."""
    page = client.get(reverse("procurement:bids-lot", args=[LOT]))
    return {row.kind: (str(row.how), row.until) for row in page.context["rescues"]}


def refused(answer, kind):
    assert answer.status_code >= 400
    told = answer.context["not_rescued"]
    text = answer.content.decode()
    assert "文件未被接收" in text
    assert all(reason.message in text for reason in told[kind])
    return [reason.code for reason in told[kind]]


def protest(lot, name, **changes):
    text, p7s = receipts.of(version_of(lot, name))
    made = protests.Protest(
        LOT, changes.get("list_sha256", now().list_sha256), lot.people[name].uscc,
        text.encode(), p7s, "不在名单上",
    ).encode().decode()  # fmt: skip
    return {"protest": made, "p7s": lot.p7s(changes.get("signer", name), made)}


def cure(lot, name="bidder1", envelope="price", signer=""):
    manifest = read_manifest(version_of(lot, name).manifest.encode())
    made = cures.make_cure(
        lot.in_force, manifest, envelope, lot.identities[envelope], now().list_sha256
    ).encode().decode()  # fmt: skip
    return {"cure": made, "p7s": lot.p7s(signer or name, made)}


def test_a_protest_of_the_page_stops_every_release_until_the_list_is_corrected(lot):
    drop(lot, "bidder4")
    close(lot)
    client = at_the_page(lot, "bidder4")
    assert shown(client)["protest"] == ("needed", None)
    said = protest(lot, "bidder4")
    answer = hand_in(client, "protest", said)
    assert (answer.status_code, answer["Location"]) == (302, f"/bids/mine/{LOT}/")
    assert hand_in(client, "protest", said).status_code == 302  # the same again changes nothing
    assert now().statements.filter(kind="protest").count() == 1
    told = shown(client)
    # Its file was deleted with it: it is asked for, without an end before k have released.
    assert (told["protest"], told["give-again"]) == (("done", None), ("needed", None))
    ready(lot, "trustee1", "trustee2")
    answer = hand_in(client, "give-again", lot.files["bidder4"][:-1] + b"x")
    assert refused(answer, "give-again") == ["procurement.bid.not_the_same"]
    assert hand_in(client, "give-again", lot.files["bidder4"]).status_code == 302
    case = settle()
    assert (case.state, case.replaced_lists.count()) == ("listed", 1)
    assert shown(client)["protest"][0] == "open"
    again(lot, "trustee1", "trustee2")
    assert settle().state == "opened"
    assert Bid.objects.filter(state="opened").count() == 4
    assert shown(client) == {}


def test_who_is_listed_may_protest_all_the_same_and_is_told_why_it_is_unfounded(lot):
    close(lot)
    client = at_the_page(lot, "bidder1")
    assert shown(client) == {
        "protest": ("open", None), "cure": ("early", None), "give-again": ("needless", None),
    }  # fmt: skip
    assert refused(hand_in(client, "protest", protest(lot, "bidder1")), "protest") == [
        "sealing.protest.listed"
    ]
    drop(lot, "bidder4")
    forged = protest(lot, "bidder4", signer="bidder1")
    answer = hand_in(at_the_page(lot, "bidder4"), "protest", forged)
    assert refused(answer, "protest") == ["sealing.signature.other"]


def test_who_took_its_bid_back_is_asked_only_where_it_is_listed_all_the_same(lot):
    withdraw(lot, "bidder3")
    withdraw(lot, "bidder4")
    client = at_the_page(lot, "bidder4")
    relist(lot, "bidder4")
    close(lot)
    assert shown(client)["protest"] == ("needed", None)
    assert shown(at_the_page(lot, "bidder3")) == {}


def test_after_a_release_nothing_is_protested(lot):
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1")
    client = at_the_page(lot, "bidder1")
    assert shown(client)["protest"] == ("over", None)
    answer = hand_in(client, "protest", protest(lot, "bidder1"))
    assert "procurement.opening.released_already" in refused(answer, "protest")


def test_a_cure_of_the_page_saves_the_bid_in_its_time(curable):
    lot = curable
    client = at_the_page(lot, "bidder1")
    until = now().cure_until_at
    assert shown(client)["cure"] == ("needed", until)
    page = client.get(reverse("procurement:bids-lot", args=[LOT])).content.decode()
    assert "完好的密钥份额不足：报价文件。" in page
    assert shown(at_the_page(lot, "bidder2"))["cure"] == ("needless", until)
    needless = {"cures": [cure(lot, envelope="technical")]}
    assert refused(hand_in(client, "cure", needless), "cure") == [
        "procurement.opening.cure_needless"
    ]
    # What is refused beside it does not keep the good one back.
    both = {"cures": [cure(lot, envelope="technical"), said := cure(lot)]}
    assert refused(hand_in(client, "cure", both), "cure") == ["procurement.opening.cure_needless"]
    assert shown(client)["cure"] == ("done", until)
    assert hand_in(client, "cure", {"cures": [said]}).status_code == 302
    assert now().statements.filter(kind="cure").count() == 1
    mark_cured(lot, "trustee1", "trustee2")
    assert shown(client)["cure"] == ("needless", until)
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"
    assert set(Bid.objects.values_list("state", flat=True)) == {"opened"}


def test_a_cure_after_its_time_or_of_another_is_refused_at_the_form(curable):
    lot = curable
    client = at_the_page(lot, "bidder1")
    theirs = {"cures": [cure(lot, signer="bidder2")]}
    assert refused(hand_in(client, "cure", theirs), "cure") == ["sealing.signature.other"]
    said = {"cures": [cure(lot)]}
    lot.at(now().cure_until_at)
    assert shown(client)["cure"] == ("over", now().cure_until_at)
    assert refused(hand_in(client, "cure", said), "cure") == ["procurement.opening.cure_over"]


@pytest.mark.parametrize("kind", ["protest", "cure"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\x30\x82", b"[]", b'{"protest": 1, "cures": []}', b'{"protest": "x", "cures": [1]}',
     b'{"cures": [{"cure": "x"}]}', b"x" * (4 * 1024 * 1024 + 1), b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_such_statement_is_told_as_that(lot, kind, content):
    close(lot)
    answer = hand_in(at_the_page(lot, "bidder1"), kind, content)
    assert refused(answer, kind) == ["procurement.opening.no_statement"]


def released(lot):
    """Every copy of the first bid is damaged, and k trustees have released."""
    close(lot)
    spoil_vault(lot)
    spoil_keeper(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    settle()


@pytest.mark.parametrize("method", ["post", "put"])
def test_a_lost_file_is_given_again_byte_for_byte(lot, method):
    released(lot)
    client = at_the_page(lot, "bidder1")
    assert shown(client)["give-again"] == ("needed", now().window_ends_at)
    assert shown(at_the_page(lot, "bidder2"))["give-again"][0] == "needless"
    url = reverse("procurement:bids-rescue", args=[LOT, "give-again"])
    data = lot.files["bidder1"]

    def give(content):
        if method == "post":
            return hand_in(client, "give-again", content)
        return client.put(url, content, "application/octet-stream")

    def codes(answer):
        if method == "post":
            return refused(answer, "give-again")
        assert answer.status_code >= 400
        return [reason["code"] for reason in answer.json()["refusals"]]

    assert codes(give(data[:-1] + b"x")) == ["procurement.bid.not_the_same"]
    assert codes(give(b"PK" + data[2:100])) == ["sealing.container.layout"]
    assert codes(give(lot.files["bidder2"])) == ["procurement.bid.unknown"]
    answer = give(data)
    assert answer.status_code == (302 if method == "post" else 200)
    if method == "put":
        assert answer.json() == {"page": f"/bids/mine/{LOT}/"}
    assert settle().state == "opened"
    assert Bid.objects.filter(state="opened").count() == 4


def test_after_the_window_no_file_is_taken(lot):
    released(lot)
    client = at_the_page(lot, "bidder1")
    lot.at(now().window_ends_at)
    assert shown(client)["give-again"][0] == "over"
    answer = hand_in(client, "give-again", lot.files["bidder1"])
    assert refused(answer, "give-again") == ["procurement.opening.window_over"]


def test_the_closing_is_a_file_for_those_whose_bid_it_is_and_nobody_else(lot):
    url = reverse("procurement:bids-closing", args=[LOT])
    assert at_the_page(lot, "bidder1").get(url).status_code == 404  # not closed yet
    close(lot)
    answer = at_the_page(lot, "bidder1").get(url)
    told = json.loads(answer.content)
    assert answer["Content-Disposition"] == f'attachment; filename="{LOT}.closing.json"'
    assert (told["list"], told["sealed_shares"]) == (now().list_text, {})
    assert at_the_page(lot, "bidder5").get(url).status_code == 403


def on_desk(lot, name):
    """What stands on somebody's desk of all this: act, where, whether an hour is told."""
    found = rescue_forms.rows(lot.people[name], clock.now())
    return [(row.act, row.url, row.due is not None) for row in found]


def test_what_must_be_done_stands_on_the_bidders_desk_until_it_is_done(curable):
    lot = curable
    page = f"/bids/mine/{LOT}/"
    assert on_desk(lot, "bidder1") == [("补发密钥份额", f"{page}#cure", True)]
    assert on_desk(lot, "bidder2") == on_desk(lot, "owner") == []
    assert "补发密钥份额" in at_the_page(lot, "bidder1").get("/desk/").content.decode()
    hand_in(at_the_page(lot, "bidder1"), "cure", {"cures": [cure(lot)]})
    assert on_desk(lot, "bidder1") == []


def test_a_protest_stands_on_the_desk_without_an_hour_and_so_does_a_lost_file(lot):
    drop(lot, "bidder4")
    close(lot)
    page = f"/bids/mine/{LOT}/"
    assert on_desk(lot, "bidder4") == [("对截标名单提出异议", f"{page}#protest", False)]
    watched = at_the_page(lot, "bidder1").get(reverse("procurement:bids-opening", args=[LOT]))
    assert f'href="{page}"' in watched.content.decode()
    hand_in(at_the_page(lot, "bidder4"), "protest", protest(lot, "bidder4"))
    assert on_desk(lot, "bidder4") == [("补交投标文件", f"{page}#give-again", False)]


def test_nothing_of_it_is_shown_to_whoever_has_no_bid(lot):
    close(lot)
    assert shown(at_the_page(lot, "bidder5")) == {}
    answer = at_the_page(lot, "bidder5").post(
        reverse("procurement:bids-rescue", args=[LOT, "escape"])
    )
    assert answer.status_code == 404
    assert rescues.of(LOT, None, now().closed_at) == ()
