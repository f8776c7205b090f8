"""Somebody who counts: nothing told before the opening says how many bids a lot has.

Stopped by: numbers of bids at random, log entries of receipts that are closed and stand among
covers of the same look, serial numbers and addresses in no order, files padded to Padmé sizes. The
same for bids that come in parts, for their stamps, and for whoever bids too; copies at the second
keeper, whose folder somebody else sees, are made at the closing and not before. Certificates of the
bidders' credit, taken at the closing, come among covers to one number whatever that of the bidders.
What sizes of public heads tell is tried in ``test_counting_heads.py``.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from credit.scoring.models import ScoreCertificate
from kernel import clock
from kernel.evidence.models import LogEntry
from kernel.parties.models import User
from kernel.sealing.bids import container
from kernel.sealing.bids.manifest import read_manifest
from kernel.sealing.bids.receipts import read_receipt
from procurement.bids import certifying, closing, credit, needs, receipts, stamps
from procurement.bids.models import BidVersion
from tests.procurement.bids import steps
from tests.procurement.bids.conftest import world  # noqa: F401
from tests.procurement.bids.dossiers import sign_head
from tests.procurement.bids.support import BIDDERS, LOT
from tests.procurement.bids.uploading import BASE, Uploader

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world):  # noqa: F811
    world.policy()
    return world


def test_entries_of_receipts_and_covers_look_the_same_to_strangers(lot):
    for name in BIDDERS[:2]:
        lot.bid(name)
    sign_head()
    pages = {}
    for row in LogEntry.objects.filter(kind__startswith="procurement."):
        if row.kind not in ("procurement.bid.receipt", "procurement.cover"):
            continue
        answer = Client().get(reverse("web:log-entry", args=[row.index]))
        # Leaves, times, numbers and nonces are each entry's own: the words and tags are compared.
        said = re.findall(r"<[a-z0-9]+|[一-鿿]+", answer.content.decode())
        pages.setdefault(row.kind, set()).add((answer.status_code, *said))
    assert set(pages) == {"procurement.bid.receipt", "procurement.cover"}
    assert pages["procurement.bid.receipt"] == pages["procurement.cover"]
    assert {status for status, *_words in pages["procurement.cover"]} == {200}


def test_a_second_receipt_does_not_tell_how_many_came_between(lot):
    """Two receipts of one bidder: between their indexes lie covers, as many as chance wills."""
    _v, manifest, _d = lot.bid("bidder1")
    gaps = set()
    for _ in range(6):
        before = LogEntry.objects.count()
        _version, manifest, _data = lot.bid("bidder1", before=manifest)
        gaps.add(LogEntry.objects.count() - before)
    assert len(gaps) > 1, "one receipt always takes the same number of entries"


def test_a_receipt_tells_its_bidder_nothing_of_others(lot):
    for name in BIDDERS:
        lot.bid(name)
    version, _manifest, _data = lot.bid("bidder1", before=_manifest_of(lot, "bidder1"))
    text, _p7s = receipts.of(version)
    receipt = read_receipt(text.encode())
    others = [lot.people[name] for name in BIDDERS[1:]]
    said = json.dumps(json.loads(text), ensure_ascii=False)
    for other in others:
        assert other.uscc not in said
        assert other.organisation_name not in said
    assert receipt.version == 2


def _manifest_of(lot, name):
    version = BidVersion.objects.get(bid__bidder_uscc=lot.people[name].uscc)
    return read_manifest(version.manifest.encode())


def test_two_bids_of_different_content_have_the_same_size(lot):
    """A longer offer is padded to the same size; only age's grease is of chance length."""
    sizes = set()
    for index, name in enumerate(BIDDERS, 3):
        data = lot.bid(name, price=10**index)[2]
        sizes.add(tuple(container.read_bid(io.BytesIO(data), 2**30).plain_sizes.values()))
    assert len(sizes) == 1


def test_before_the_opening_no_public_address_counts(lot):
    counts = {}
    for many, name in enumerate(BIDDERS):
        for address in (
            reverse("procurement:bids-policy", args=[LOT]),
            reverse("procurement:bids-policy-file", args=[LOT]),
        ):
            answer = Client().get(address)
            body = answer.content
            if address.endswith("file") or b'"time"' in body:
                told = json.loads(body)
                told.pop("time", None)
                body = json.dumps(told, sort_keys=True).encode()
            counts.setdefault(address, set()).add((answer.status_code, len(body)))
        lot.bid(name)
        assert many < len(BIDDERS)
    for address, seen in counts.items():
        assert len({status for status, _size in seen}) == 1, address
        sizes = [size for _status, size in seen]
        assert max(sizes) - min(sizes) < 64, address


PUBLIC = (
    ("procurement:bids-policy", LOT), ("procurement:bids-policy-file", LOT),
    ("procurement:bids-opening", LOT), ("procurement:bids-dossier", LOT),
    ("procurement:bids-record-file", LOT), ("procurement:bids-program", "seal.html"),
)  # fmt: skip


def seen_by(client):
    """Status and size of everything that somebody may ask for about a lot, times apart."""
    found = {}
    for name, word in PUBLIC:
        answer = client.get(reverse(name, args=[word]))
        body = answer.content
        if answer["Content-Type"] == "application/json":
            body = json.dumps({k: v for k, v in json.loads(body).items() if k != "time"}).encode()
        found[name] = answer.status_code, len(body)
    return found


def same(first, second):
    """Whether two looks tell the same; nonces and tokens of a page may differ by some bytes."""
    return all(
        first[name][0] == second[name][0] and abs(first[name][1] - second[name][1]) < 64
        for name in first
    )


def test_bids_in_parts_begun_broken_off_or_received_show_nowhere(lot):
    strangers = Client()
    before, entries = seen_by(strangers), LogEntry.objects.count()
    first = Uploader(lot, "bidder1")
    data = lot.seal("bidder1")[0]
    address = first.begun(len(data))
    first.part(address, 0, data[:5000])
    first.give_up(Uploader(lot, "bidder2").begun(9_000))
    assert LogEntry.objects.count() == entries  # what is not whole leaves no trace in the log
    assert same(before, seen_by(strangers))
    first.part(address, 5000, data[5000:])
    for name in ("bidder3", "bidder4"):
        Uploader(lot, name).whole(lot.seal(name)[0], 4000)
    assert BidVersion.objects.count() == 3
    BidVersion.objects.update(follow_up_at=clock.technical_now())
    stamps.follow_up()
    assert same(before, seen_by(strangers))
    assert not LogEntry.objects.filter(index__gte=entries, public=True).exists()


def test_another_bidders_upload_looks_like_one_that_never_was(lot):
    other, mine = Uploader(lot, "bidder1"), Uploader(lot, "bidder2")
    address = other.begun(20_000)
    made_up = f"{BASE}/{'ab' * 16}"
    told = [mine.ask(address), mine.ask(made_up)]
    assert {answer.status_code for answer in told} == {404}
    shown = [{k: v for k, v in a.json().items() if k != "request_id"} for a in told]
    assert shown[0] == shown[1]
    numbers = [address.rpartition("/")[2], *(other.begun(20_000).rpartition("/")[2] for _ in "ab")]
    assert len({number[:8] for number in numbers}) == 3  # at random, so in no order


def test_a_bidders_own_page_and_answers_do_not_grow_with_others_bids(lot):
    lot.bid("bidder1")
    client = Client()
    user = User.objects.get(person_id=lot.people["bidder1"].person_id)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("procurement:bids-lot", args=[LOT])
    sizes = {len(client.get(page).content)}
    before = seen_by(client)
    for name in BIDDERS[1:]:
        lot.bid(name)
        sizes.add(len(client.get(page).content))
    assert max(sizes) - min(sizes) < 64
    assert same(before, seen_by(client))


def test_the_second_keepers_folder_is_empty_until_the_closing(lot, settings):
    folder = Path(settings.STORAGES["second-keeper"]["OPTIONS"]["location"])
    for name in BIDDERS[:3]:
        lot.bid(name)
    assert not [each for each in folder.rglob("*") if each.is_file()]


@pytest.mark.parametrize("many", [3, 4, 5])
def test_certificates_of_any_number_of_bidders_are_as_many_entries_of_one_look(
    lot, monkeypatch, many
):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    monkeypatch.setattr(needs, "_certify", credit.certify)
    for name in BIDDERS[:many]:
        lot.bid(name)
    steps.close(lot)
    strangers = Client()
    before, entries = seen_by(strangers), LogEntry.objects.count()
    certifying.certify(steps.now().pk)
    assert ScoreCertificate.objects.count() == many
    new = LogEntry.objects.filter(index__gte=entries)
    assert new.count() == certifying.ROUND
    assert not new.filter(public=True).exists()
    assert not new.exclude(case="").exists()
    pages = {}
    for row in (
        *new.filter(kind="credit.certificate"),
        *new.exclude(kind="credit.certificate")[:5],
    ):
        answer = strangers.get(reverse("web:log-entry", args=[row.index]))
        said = re.findall(r"<[a-z0-9]+|[一-鿿]+", answer.content.decode())
        pages.setdefault(row.kind, set()).add((answer.status_code, *said))
    assert pages["credit.certificate"] == pages["procurement.cover"]
    assert same(before, seen_by(strangers))
