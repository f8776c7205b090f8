"""Attacker: the operator, with database and files, after bids were received and before the close.

It swaps two bids, their files, their order in the log or their times, signs a new receipt with the
platform's own key, or takes a bid out whole. Stopped: a trustee's tool holds each bid of the list
against its signed manifest, its receipt and its entry of the log at `check`, and signs nothing; a
file that is not what was receipted opens nothing and is given again by its bidder; a lot that was
opened nonetheless is convicted by its dossier and the receipt that a bidder kept.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from django.db import connection

from procurement.bids import closing, receipts, stamps, vault
from procurement.bids.models import Bid, BidVersion
from tests.procurement.bids import steps, test_tasks_for_trustees
from tests.procurement.bids.conftest import world  # noqa: F401
from tests.procurement.bids.dossiers import anchors_of, sign_head, status, write
from tests.procurement.bids.test_dossier import repacked
from tests.procurement.bids.test_tasks_for_trustees import in_force

pytestmark = pytest.mark.django_db
NAMES = ("bidder1", "bidder2", "bidder3", "bidder4")


class Machine(test_tasks_for_trustees.Machine):
    """A trustee's own machine, whose tool may refuse."""

    def refusals(self, *words):
        """The codes that the tool refuses a step with; no answer is there then."""
        self.capsys.readouterr()
        (self.folder / "answer.json").unlink(missing_ok=True)
        with pytest.raises(AssertionError):
            self.answer(*words)
        assert not (self.folder / "answer.json").exists()
        return self.codes


@pytest.fixture
def machines(world, monkeypatch, tmp_path, capsys):  # noqa: F811
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.draw_up()
    made = {
        name: Machine(world, name, tmp_path / name, capsys)
        for name in test_tasks_for_trustees.PARTIES
    }
    in_force(world, made)
    received(world, tmp_path)
    return made


@pytest.fixture
def lot(world, monkeypatch, tmp_path):  # noqa: F811
    """The same, with trustees who do not look: what their tool would refuse they sign."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    received(world, tmp_path)
    return world


def received(world, folder):  # noqa: F811
    """Four bids, whose bidders keep file and receipt."""
    world.files = {}
    for name in NAMES:
        version, _manifest, world.files[name] = world.bid(name)
        text, p7s = receipts.of(version)
        kept = {"receipt": text, "p7s": base64.b64encode(p7s).decode()}
        (folder / f"{name}.receipt.json").write_text(json.dumps(kept))


def sql(words, *values):
    """What somebody does who has the database."""
    with connection.cursor() as cursor:
        cursor.execute(words.format(versions=BidVersion._meta.db_table), values)


def swap(world, *columns):  # noqa: F811
    """Two bids' values of some columns, one in the place of the other."""
    one, two = (steps.version_of(world, name) for name in NAMES[:2])
    words = ", ".join(f"{column} = (SELECT {column} FROM {{versions}} WHERE id = %s)"
                      for column in columns)  # fmt: skip
    copy = ", ".join(columns)
    sql("CREATE TEMP TABLE kept AS SELECT id, " + copy + " FROM {versions} WHERE id = %s", one.pk)
    if "bid_id" in columns:  # each bid has a version of a number once
        sql("UPDATE {versions} SET number = 9 WHERE id = %s", two.pk)
    sql(f"UPDATE {{versions}} SET {words} WHERE id = %s", *[two.pk] * len(columns), one.pk)
    words = words.replace("{versions}", "kept")
    sql(f"UPDATE {{versions}} SET {words} WHERE id = %s", *[one.pk] * len(columns), two.pk)
    if "bid_id" in columns:
        sql("UPDATE {versions} SET number = 1 WHERE id = %s", two.pk)
    sql("DROP TABLE kept")


def checked(world, machines):  # noqa: F811
    """What a trustee's tool says to the list that the platform makes of it all."""
    steps.close(world)
    stamps.stamp_lists()
    return machines["trustee1"].refusals("check")


def test_an_honest_list_is_signed(world, machines):  # noqa: F811
    steps.close(world)
    stamps.stamp_lists()
    machines["trustee1"].does("check")


def test_bids_that_were_given_to_one_another_are_not_signed(world, machines):  # noqa: F811
    """Each bidder has the other's whole version: manifest, signature, receipt and file."""
    swap(world, "bid_id")
    assert "sealing.closing.bid" in checked(world, machines)


def test_an_order_that_the_log_does_not_have_is_not_signed(world, machines):  # noqa: F811
    swap(world, "log_index")
    assert "sealing.closing.bid" in checked(world, machines)


def test_contents_that_were_swapped_are_not_signed(world, machines):  # noqa: F811
    """Manifest and hash of one bid under the receipt of another."""
    swap(world, "manifest", "manifest_sha256", "signature", "signature_sha256", "shares")
    found = checked(world, machines)
    assert set(found) & {"sealing.receipt.other", "sealing.closing.bid"}, found


@pytest.mark.parametrize("signed_anew", [False, True])
def test_a_back_dated_bid_is_not_signed(world, machines, signed_anew):  # noqa: F811
    """With the platform's key the receipt says the new time too; the log's entry does not."""
    version = steps.version_of(world, "bidder1")
    early = version.received_at - timedelta(hours=3)
    BidVersion.objects.filter(pk=version.pk).update(received_at=early)
    if signed_anew:
        BidVersion.objects.filter(pk=version.pk).update(receipt="", receipt_p7s=b"")
        forged = receipts.of(steps.version_of(world, "bidder1"))
        assert forged[0] != version.receipt
    wanted = "sealing.receipt.entry" if signed_anew else "sealing.closing.bid"
    assert wanted in checked(world, machines)


def test_swapped_files_open_nothing_and_are_given_again(lot):
    one, two = (vault.path_of(steps.version_of(lot, name).vault) for name in NAMES[:2])
    first, second = one.read_bytes(), two.read_bytes()
    for path, data in ((one, second), (two, first)):
        path.chmod(0o600)
        path.write_bytes(data)
    opened(lot)
    assert not Bid.objects.filter(state="opened").exists()  # nobody chooses knowing prices
    for name in NAMES[:2]:
        bid = Bid.objects.get(bidder_uscc=lot.people[name].uscc)
        assert (bid.state, bid.price_fen) == ("awaiting_decryption", None)
        steps.give(lot, name, lot.files[name])
    assert steps.settle().state == "opened"
    assert Bid.objects.filter(state="opened").count() == 4


def opened(lot):
    """What trustees who do not look open."""
    steps.close(lot)
    steps.ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    steps.finish(lot)


def test_a_bid_taken_out_whole_is_shown_by_the_receipt_that_its_bidder_kept(lot, tmp_path, capsys):
    version = steps.version_of(lot, "bidder4")
    vault.delete(version.vault)
    steps.drop(lot, "bidder4")
    opened(lot)
    sign_head()
    path, trust = write(tmp_path), anchors_of(lot, tmp_path)
    kept = str(tmp_path / "bidder4.receipt.json")
    honest = str(tmp_path / "bidder1.receipt.json")
    assert status(path, trust, "--lang", "en") == 1  # the log has a live bid that the list has not
    assert "leaves out" in capsys.readouterr().out
    path = repacked(path, tmp_path, lot, drop=f"bids/{lot.people['bidder4'].uscc}/")
    assert status(path, trust, "--receipt", honest) == 0
    capsys.readouterr()
    assert status(path, trust, "--receipt", kept, "--lang", "en") == 1
    assert "hidden or dropped" in capsys.readouterr().out


def test_a_receipt_back_dated_after_the_fact_convicts_the_dossier(lot, tmp_path, capsys):
    version = steps.version_of(lot, "bidder1")
    early = version.received_at - timedelta(hours=3)
    BidVersion.objects.filter(pk=version.pk).update(received_at=early, receipt="", receipt_p7s=b"")
    opened(lot)
    sign_head()
    path, trust = write(tmp_path), anchors_of(lot, tmp_path)
    assert status(path, trust, "--lang", "en") == 1
    assert "receipt" in capsys.readouterr().out
