"""Those entitled try again why a bid did not open; who calls an honest bid bad is convicted."""

from __future__ import annotations

import pytest

from kernel.errors import Refused
from kernel.sealing.bids import opening as formats
from procurement.bids import closing, copies, dossier
from procurement.bids.models import Bid
from tests.procurement.bids.steps import close, finish, ready
from tests.procurement.bids.test_dossier_honest import verdict

__all__ = ["verdict"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    return world


def opened(lot, bidders=("bidder1", "bidder2", "bidder3")):
    for each in bidders:
        lot.bid(each)
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"


def bad_sheet(lot, monkeypatch):
    """bidder4's sheet is no canonical one."""
    real = formats.OpeningSheet.encode
    with monkeypatch.context() as patch:
        patch.setattr(formats.OpeningSheet, "encode", lambda sheet: real(sheet) + b" ")
        lot.bid("bidder4")


def test_a_bad_sheet_fails_again_for_those_entitled(lot, verdict, monkeypatch):
    bad_sheet(lot, monkeypatch)
    opened(lot)
    code, told = verdict()
    assert code == 0, told
    assert "not the public dossier" in told
    code, told = verdict("entitled")
    assert code == 0, told
    assert "tried again with the released shares, it fails the same way" in told


def refusing(lot, monkeypatch, reason):
    """An operator who saw a price says that the sheet is none."""
    victim, real = lot.people["bidder2"].uscc, copies.sheet_of

    def sheet_of(row, manifest):
        if manifest.bidder == victim:
            raise Refused.because(reason)
        return real(row, manifest)

    monkeypatch.setattr(copies, "sheet_of", sheet_of)


@pytest.mark.parametrize("reason", ["sealing.sheet.missing", "sealing.format.canonical"])
def test_an_honest_bid_that_was_called_bad_convicts(lot, verdict, monkeypatch, reason):
    refusing(lot, monkeypatch, reason)
    opened(lot)
    assert "deemed_revoked" in set(Bid.objects.values_list("state", flat=True))
    code, told = verdict("entitled")
    assert code == 1
    assert "the record says it failed" in told


def test_a_failure_of_another_kind_than_was_told_convicts(lot, verdict, monkeypatch):
    bad_sheet(lot, monkeypatch)
    real = copies.sheet_of

    def sheet_of(row, manifest):
        try:
            return real(row, manifest)
        except Refused as refused:
            raise Refused.because("sealing.sheet.missing", name="x") from refused

    monkeypatch.setattr(copies, "sheet_of", sheet_of)
    opened(lot)
    code, told = verdict("entitled")
    assert code == 1
    assert "tried again it is" in told


def test_who_leaves_out_what_shows_the_failure_convicts_himself(lot, verdict, monkeypatch):
    refusing(lot, monkeypatch, "sealing.sheet.missing")
    opened(lot)
    real = dossier._pieces
    victim = lot.people["bidder2"].uscc

    def without(case, scope):
        return {
            name: piece
            for name, piece in real(case, scope).items()
            if not (victim in name and name.endswith("opening_sheet.shares.json"))
        }

    monkeypatch.setattr(dossier, "_pieces", without)
    code, told = verdict("entitled")
    assert code == 1
    assert "is missing from the dossier" in told
