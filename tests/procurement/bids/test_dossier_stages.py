"""The dossier also proves what went another way (stages, corrections, cures) and convicts liars."""

from __future__ import annotations

import json

import pytest

from kernel.sealing.bids import results
from kernel.sealing.bids.fields import b64
from procurement.bids import closing, dossier, receipts, staging
from tests.procurement.bids.dossiers import anchors_of, sign_head, status, write
from tests.procurement.bids.steps import (
    again,
    close,
    conclude,
    cure,
    drop,
    finish,
    give,
    later,
    mark_cured,
    protest,
    ready,
    rehearse_stage,
    settle,
    uncured,
    version_of,
)
from tests.procurement.bids.support import TRUSTEES

pytestmark = pytest.mark.django_db
NAMES = ("bidder1", "bidder2", "bidder3")


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    monkeypatch.setattr(staging, "machine", lambda _code: None)
    return world


@pytest.fixture
def verdict(lot, tmp_path, capsys):
    """Exit status of the verifier and what it said, of the dossier as it would be made now."""

    def look(scope="public", **anchors):
        sign_head()
        path, trust = write(tmp_path, scope), anchors_of(lot, tmp_path, **anchors)
        capsys.readouterr()
        return status(path, trust, "--lang", "en"), capsys.readouterr().out

    return look


def technical(lot):
    """The technical stage of a lot of two envelopes is open."""
    lot.policy(stages="two_envelopes")
    for index, name in enumerate(NAMES, start=1):
        lot.bid(name, price=index * 1_000_00)
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    finish(lot)


def price(lot, failed):
    """The price stage of those who passed is open."""
    conclude(lot, failed)
    settle()
    who = later(lot, "trustee1", "trustee3")
    rehearse_stage(lot, *who)
    lot.countersign(*who)
    lot.mark(*who)
    lot.release(*who)
    finish(lot)


def test_two_stages_with_their_result_hold(lot, verdict):
    technical(lot)
    price(lot, {"bidder2": "技术标不合格"})
    for scope in ("public", "entitled"):
        code, told = verdict(scope)
        assert code == 0, told
        for line in (
            "the closing list of stage technical has 3 live bids",
            "the list is exactly the 3 live bids",
            "the result of stage technical is signed by the entity and logged: 2 passed, 1 did not",
            "2 trustees rehearsed anew",
            "the closing list of stage price has 2 live bids",
        ):
            assert line in told, told
        assert told.count("ciphertext opens to what the record says") == 2


def test_a_lot_that_nothing_passed_ends_with_its_first_stage(lot, verdict):
    technical(lot)
    conclude(lot, dict.fromkeys(NAMES, "不合格"))
    settle()
    code, told = verdict()
    assert code == 0, told
    assert "0 passed, 3 did not" in told


def test_a_result_that_the_log_does_not_know_convicts(lot, verdict, monkeypatch):
    technical(lot)
    price(lot, {"bidder2": "技术标不合格"})
    real = dossier._opening

    def other(case):
        found = real(case)
        name = f"openings/{case.stage}/result.json"
        if name in found:
            result = results.read_result(found[name])
            failed = (results.Failed(result.failed[0].manifest_sha256, "换一个理由"),)
            text = results.StageResult(**{**vars(result), "failed": failed}).encode()
            p7s = lot.p7s("owner", text.decode())
            found[name] = text
            found[f"openings/{case.stage}/result.p7s"] = dossier.unpacked(p7s)
        return found

    monkeypatch.setattr(dossier, "_opening", other)
    code, told = verdict()
    assert code == 1
    assert "result" in told


def protested(lot):
    """A dropped bid came back by a protest, and all four are open."""
    lot.policy()
    files = {}
    for name in (*NAMES, "bidder4"):
        files[name] = lot.bid(name)[2]
        receipts.of(version_of(lot, name))
    drop(lot, "bidder4")
    close(lot)
    ready(lot, "trustee1", "trustee2")
    protest(lot, "bidder4", version_of(lot, "bidder4"))
    settle()
    give(lot, "bidder4", files["bidder4"])
    settle()
    lot.countersign("trustee3")
    again(lot, "trustee1", "trustee2")
    assert settle().state == "opened"


def test_a_corrected_list_holds_by_its_protest(lot, verdict):
    protested(lot)
    code, told = verdict()
    assert code == 0, told
    assert "adds 1 bids by founded protests, and changes nothing else" in told


def test_a_correction_without_its_protest_convicts(lot, verdict, monkeypatch):
    protested(lot)
    real = dossier._pieces

    def without(case, scope):
        return {n: p for n, p in real(case, scope).items() if "/protests/" not in n}

    monkeypatch.setattr(dossier, "_pieces", without)
    code, told = verdict()
    assert code == 1
    assert "sealing.closing.correction" in told


def test_a_cure_opens_what_its_bidder_committed_to(lot, verdict, monkeypatch):
    uncured(lot, monkeypatch)
    cure(lot, "bidder1", "price", lot.identities["price"])
    mark_cured(lot, *TRUSTEES[:2])
    lot.release("trustee1", "trustee2")
    assert settle().state == "opened"
    code, told = verdict("entitled")
    assert code == 0, told
    assert "1 envelopes were cured by their bidders; trustees signed 2 marks of cures" in told

    real = dossier._pieces

    def uncured_again(case, scope):
        return {n: p for n, p in real(case, scope).items() if "/cured/" not in n}

    monkeypatch.setattr(dossier, "_pieces", uncured_again)
    code, told = verdict("entitled")
    assert code == 1, told  # shares that only the cure explains are not the manifest's


def test_who_is_dropped_from_dossier_and_list_alike_is_missed_by_its_receipt(
    lot, verdict, tmp_path, monkeypatch, capsys
):
    lot.policy()
    for name in NAMES:
        lot.bid(name)
    version = version_of(lot, "bidder3")
    text, p7s = receipts.of(version)
    kept = tmp_path / "receipt.json"
    kept.write_text(json.dumps({"receipt": text, "p7s": b64(p7s)}))
    drop(lot, "bidder3")
    monkeypatch.setattr(closing.lots, "least_bids", lambda _at, _lot: 2)
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    finish(lot)
    real = dossier._versions
    gone = lot.people["bidder3"].uscc
    monkeypatch.setattr(
        dossier, "_versions", lambda number: real(number).exclude(bid__bidder_uscc=gone)
    )
    code, told = verdict()
    assert code == 0, told  # alone it is whole
    path, trust = write(tmp_path), anchors_of(lot, tmp_path)
    assert status(path, trust, "--receipt", str(kept), "--lang", "en") == 1
    assert "was hidden or dropped" in capsys.readouterr().out
