"""Somebody who counts: nothing told before the opening says how many bids a lot has.

Stopped by: numbers of bids at random, log entries of receipts that are closed and stand among
covers of the same look, serial numbers and addresses in no order, files padded to Padmé sizes.
"""

from __future__ import annotations

import io
import json

import pytest
from django.test import Client
from django.urls import reverse

from kernel.evidence.models import LogEntry
from kernel.sealing.bids import container
from kernel.sealing.bids.manifest import read_manifest
from kernel.sealing.bids.receipts import read_receipt
from procurement.bids import receipts
from procurement.bids.models import BidVersion
from tests.procurement.bids.conftest import world  # noqa: F401
from tests.procurement.bids.support import BIDDERS, LOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world):  # noqa: F811
    world.policy()
    return world


def test_entries_of_receipts_and_covers_look_the_same_to_strangers(lot):
    for name in BIDDERS[:2]:
        lot.bid(name)
    pages = {}
    for row in LogEntry.objects.filter(kind__startswith="procurement."):
        if row.kind not in ("procurement.bid.receipt", "procurement.cover"):
            continue
        answer = Client().get(reverse("web:log-entry", args=[row.index]))
        text = answer.content.decode().replace(str(row.index), "#")
        for secret in (bytes(row.leaf).hex(), row.at.isoformat()):
            text = text.replace(secret, "#")
        pages.setdefault(row.kind, set()).add((answer.status_code, len(text) // 200))
    assert set(pages) == {"procurement.bid.receipt", "procurement.cover"}
    assert pages["procurement.bid.receipt"] == pages["procurement.cover"]


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
