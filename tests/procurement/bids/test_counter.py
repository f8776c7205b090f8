"""The supervisor's counter is a second door to the same room: same checks, same receipt."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kernel.errors import NotFound, NotPermitted
from kernel.evidence.models import LogEntry
from kernel.parties.models import User
from kernel.sealing.bids.receipts import read_receipt
from kernel.sealing.bids.refusals import read_refusal
from kernel.workflow import binding
from kernel.workflow.firing import fire
from kernel.workflow.models import Act, RefusedAct
from procurement.bids import answers, bringing, receiving, tus, uploads
from procurement.bids.bid_machine import BID
from procurement.bids.models import Bid, BidVersion, ResumableUpload
from tests.conftest import member
from tests.procurement.bids.support import LOT
from tests.procurement.bids.test_signed_refusals import withdrawal
from tests.procurement.bids.uploading import Uploader, codes

pytestmark = pytest.mark.django_db
STRANGERS = ("owner", "agency", "trustee1", "auditor", "operator", "elsewhere", "bidder2")


@pytest.fixture
def lot(world):
    world.people["colleague"] = member(
        "colleague", "tender_supervisor", serial=3, region="230100", authority="city"
    )
    world.people["elsewhere"] = member(
        "elsewhere", "tender_supervisor", serial=4, region="230200", authority="city"
    )
    world.policy()
    return world


class Counter:
    """Somebody at a counter, for one bidder, as the page does it."""

    def __init__(self, lot, name="supervisor", bidder="bidder1"):
        self.lot, self.actor = lot, lot.people[name]
        self.bidder = lot.people[bidder].uscc if bidder in lot.people else bidder
        self.client = Client(headers={"Accept-Language": "zh-hans"})
        self.client.force_login(User.objects.get(person_id=self.actor.person_id))
        self.args = [LOT, self.bidder]
        self.number = ""

    def begin(self, length):
        url = reverse("procurement:bids-counter-uploads", args=self.args)
        answer = self.client.post(url, headers={"Upload-Length": str(length)})
        if answer.status_code == 201:
            self.number = answer["Location"].rpartition("/")[2]
        return answer

    def part(self, offset, data):
        url = reverse("procurement:bids-counter-upload", args=[*self.args, self.number])
        head = {"Upload-Offset": str(offset)}
        return self.client.patch(url, data, content_type=tus.CONTENT, headers=head)

    def take(self, data, size=0):
        """All of a file in parts of so many bytes; the last answer."""
        answer = self.begin(len(data))
        for start in range(0, len(data), size or len(data)):
            if answer.status_code not in (200, 201):
                break
            answer = self.part(start, data[start : start + (size or len(data))])
        return answer

    def page(self, upload=""):
        url = reverse("procurement:bids-counter-lot", args=self.args)
        return self.client.get(url, {"upload": upload} if upload else {})

    def receipt(self):
        url = reverse("procurement:bids-counter-receipt", args=[*self.args, self.number])
        return self.client.get(url)


def test_a_file_brought_to_the_counter_is_its_bidders_bid(lot):
    data, manifest = lot.seal("bidder1")
    counter = Counter(lot)
    assert counter.take(data, 1000).status_code == 200
    bid = Bid.objects.get()
    bidder = lot.people["bidder1"]
    assert (bid.bidder_uscc, bid.bidder_name) == (bidder.uscc, bidder.organisation_name)
    assert bid.manifest_sha256 == manifest.sha256
    act = Act.objects.get(machine=BID.code)
    assert (act.person_id, act.role) == (counter.actor.person_id, "tender_supervisor")
    entry = json.loads(LogEntry.objects.get(kind="workflow.act", case=bid.case_ref).body)
    assert entry["organisation"] == counter.actor.uscc
    assert binding.held(act).items() <= entry.items()
    receipt = read_receipt(json.loads(counter.receipt().content)["receipt"].encode())
    assert (receipt.bidder, receipt.manifest_sha256) == (bidder.uscc, manifest.sha256)
    page = counter.page(counter.number)
    assert page.context["received"] == BidVersion.objects.get()
    assert counter.receipt()["Content-Disposition"].endswith(f'"{LOT}-1.receipt.json"')


def test_the_bidder_has_the_receipt_at_its_own_desk_and_goes_on_there(lot):
    data, manifest = lot.seal("bidder1")
    counter = Counter(lot)
    counter.take(data)
    browser = Client()
    browser.force_login(User.objects.get(person_id=lot.people["bidder1"].person_id))
    told = browser.get(reverse("procurement:bids-receipt", args=[LOT, 1, "receipt"])).json()
    assert told == answers.receipt(BidVersion.objects.get())
    _version, manifest, _data = lot.bid("bidder1", before=manifest)  # and back again
    assert counter.take(lot.seal("bidder1", before=manifest)[0]).status_code == 200
    assert list(BidVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_after_a_withdrawal_the_counter_takes_a_new_version(lot):
    _version, manifest, _data = lot.bid("bidder1")
    one = Uploader(lot, "bidder1")
    answer = one.client.post(
        f"/api/v1/lots/{LOT}/bids/withdrawal", withdrawal(lot, manifest.sha256),
        content_type="application/json", headers={**one.head, "Idempotency-Key": "w"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert Counter(lot).take(lot.seal("bidder1", before=manifest)[0]).status_code == 200
    assert Bid.objects.get().state == "received"


def test_the_same_file_twice_is_the_same_receipt_by_either_door(lot):
    data, _manifest = lot.seal("bidder1")
    counter, again = Counter(lot), Counter(lot)
    counter.take(data)
    first = counter.receipt().content
    assert again.take(data).status_code == 200
    assert again.receipt().content == first
    version, new = lot.submit("bidder1", data)
    assert not new and BidVersion.objects.get() == version
    assert Act.objects.filter(machine=BID.code).count() == 1


def test_only_the_named_bidders_own_signature_is_taken(lot):
    data, _manifest = lot.seal("bidder2")
    counter = Counter(lot, bidder="bidder1")
    answer = counter.take(data)
    assert answer.status_code == 422 and codes(answer)
    said = read_refusal(answer.json()["refusal"].encode())
    assert (said.lot, said.bidder) == (LOT, counter.bidder)
    attempt = RefusedAct.objects.get()
    assert (attempt.person_id, attempt.about) == (counter.actor.person_id, LOT)
    assert not Bid.objects.exists()
    page = counter.page(counter.number)
    assert [reason.code for reason in page.context["refusals"]] == codes(answer)
    assert page.context["signed"]["refusal"] == answer.json()["refusal"]


def test_late_at_the_counter_is_late(lot):
    data, _manifest = lot.seal("bidder1")
    counter, slow = Counter(lot), Counter(lot, bidder="bidder2")
    slow.begin(len(data))
    slow.part(0, data[:500])
    lot.at(lot.lot.deadline + timedelta(milliseconds=1))
    answer = counter.begin(len(data))
    own = Uploader(lot, "bidder3").begin(len(data))
    assert (answer.status_code, codes(answer)) == (own.status_code, codes(own))
    assert read_refusal(answer.json()["refusal"].encode()).received_at > lot.lot.deadline
    answer = slow.part(500, data[500:])
    assert codes(answer) == ["sealing.bid.deadline"]
    assert read_refusal(answer.json()["refusal"].encode()).bidder == slow.bidder
    assert not Bid.objects.exists()


def test_what_is_not_whole_at_the_deadline_is_void_and_its_refusal_names_the_counter(lot):
    data, _manifest = lot.seal("bidder1")
    counter = Counter(lot)
    counter.begin(len(data))
    counter.part(0, data[:-1])
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    assert uploads.void_unfinished(LOT) == 1
    assert read_refusal(ResumableUpload.objects.get().refusal.encode()).bidder == counter.bidder
    attempt = RefusedAct.objects.get()
    assert (attempt.person_id, attempt.role) == (counter.actor.person_id, "tender_supervisor")


@pytest.mark.parametrize("name", STRANGERS)
def test_nobody_else_takes_bids_in(lot, name):
    data, _manifest = lot.seal("bidder1")
    counter = Counter(lot, name)
    assert counter.page().status_code == 403
    assert counter.begin(len(data)).status_code == 403
    with pytest.raises(NotPermitted):
        receiving.begin(LOT, counter.actor, counter.bidder)
    with pytest.raises(NotPermitted):
        uploads.begin(LOT, uploads.Wish(9), actor=counter.actor, bidder=counter.bidder)
    landing = counter.client.get(reverse("procurement:bids-counter"))
    if name == "elsewhere":  # at the counter of another city this lot is not there
        assert LOT not in landing.content.decode()
    else:
        assert landing.status_code == 403
    assert not ResumableUpload.objects.exists() and not Bid.objects.exists()


def test_a_supervisor_fires_no_receipt_by_itself(lot):
    payload = {"upload": "0" * 32, "lot_number": LOT, "manifest_sha256": "0" * 64}
    with pytest.raises(NotPermitted):
        fire(BID.code, None, "receive", actor=lot.people["supervisor"], payload=payload, key="k")
    lot.bid("bidder1")
    bid = Bid.objects.get()
    with pytest.raises(NotPermitted):
        fire(
            BID.code, bid.pk, "replace", actor=lot.people["supervisor"], payload=payload,
            key="k", seen_version=bid.version,
        )  # fmt: skip


def test_a_bidder_that_nobody_knows_is_told(lot):
    counter = Counter(lot, bidder="91230100MA1B2C3D4X")
    assert counter.page().status_code == 404
    with pytest.raises(NotFound):
        receiving.begin(LOT, counter.actor, counter.bidder)
    url = reverse("procurement:bids-counter")
    said = counter.client.get(url, {"lot": LOT, "bidder": counter.bidder})
    assert said.context["unknown"] == "bidder"
    assert counter.client.get(url, {"lot": "x", "bidder": "y"}).context["unknown"] == "lot"
    known = counter.client.get(url, {"lot": LOT, "bidder": lot.people["bidder1"].uscc})
    assert (known.status_code, known["Location"]) == (302, Counter(lot).page().request["PATH_INFO"])


def test_a_bidder_off_the_register_is_refused_by_its_code(lot):
    with pytest.raises(NotFound) as refused:
        bringing.whose(LOT, lot.people["supervisor"], "91230000000000000X")
    assert [one.code for one in refused.value.refusals] == ["procurement.counter.bidder_unknown"]


def test_the_counter_sees_the_bid_that_it_took_and_no_other(lot):
    data, _manifest = lot.seal("bidder1")
    before = len(Counter(lot).page().content)
    empty = len(Counter(lot, bidder="bidder2").page().content)
    counter = Counter(lot)
    counter.take(data)
    lot.bid("bidder2")
    secrets = [Bid.objects.get(bidder_uscc=counter.bidder).manifest_sha256]
    secrets += [str(pk) for pk in Bid.objects.values_list("pk", flat=True)]
    # Neither by another, nor by the same person who comes back later, nor of another bidder.
    for other in (Counter(lot), Counter(lot, "colleague"), Counter(lot, bidder="bidder2")):
        page = other.page()
        assert abs(len(page.content) - (empty if other.bidder != counter.bidder else before)) < 64
        assert not any(secret in page.content.decode() for secret in secrets)
    colleague = Counter(lot, "colleague")
    colleague.number = counter.number
    assert colleague.receipt().status_code == 404
    assert colleague.part(len(data), b"").status_code == 404
    assert "received" not in colleague.page(counter.number).context
    for name in ("colleague", "supervisor"):
        browser = Counter(lot, name).client
        bid = Bid.objects.get(bidder_uscc=counter.bidder)
        for address in (
            reverse("web:desk"), reverse("web:cases", args=[BID.code]),
            reverse("web:case", args=[BID.code, bid.pk]), reverse("procurement:bids-counter"),
        ):  # fmt: skip
            told = browser.get(address).content.decode()
            assert not any(secret in told for secret in secrets if secret not in address)


def test_what_a_counter_has_under_way_is_none_of_the_bidders_uploads(lot, settings):
    settings.UPLOADS = settings.UPLOADS | {"most_open": 1}
    counter, one = Counter(lot), Uploader(lot, "bidder1")
    assert counter.begin(9000).status_code == 201
    assert one.begin(9000).status_code == 201  # and takes nothing from them
    assert uploads.under_way(LOT, one.actor) == [ResumableUpload.objects.get(brought_by=None)]
    answer = one.part(f"/api/v1/lots/{LOT}/uploads/{counter.number}", 0, b"x")
    assert answer.status_code == 404
    assert ResumableUpload.objects.count() == 2
