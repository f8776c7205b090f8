"""Several at once: the server's last byte decides, none is lost, none comes late, none twice."""

from __future__ import annotations

import io
import threading
from datetime import timedelta

import pytest
from django.db import connection

from kernel import clock
from kernel.documents import demo_pki
from kernel.documents import trust as documents
from kernel.errors import Refused
from kernel.sealing.bids.closing import read_list
from kernel.workflow import sandbox
from procurement.bids import believed, closing, correcting, lots, needs, receiving, vault
from procurement.bids.models import Bid, BidVersion, Opening
from tests.procurement.bids import steps, support
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.slow


@pytest.fixture
def lot(committed, settings, tmp_path, monkeypatch):
    from datetime import datetime

    settings.VAR_DIR = tmp_path
    believed.forget()
    documents.use(demo_pki.current)
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    made = support.make_world()
    lots.use(made.lot.find)
    monkeypatch.setattr(lots, "least_bids", lambda _at, _region: 3)
    monkeypatch.setattr(needs, "_barred", lambda _uscc, _lot, _at: ())
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    made.policy()
    yield made
    lots.use(None)
    believed.forget()


def together(*works) -> list[object]:
    """Run all at once; what each returned or raised."""
    gate, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        gate.wait()
        try:
            found[place] = work()
        except Refused as refused:
            found[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return found


def test_a_double_click_gives_one_receipt(lot, settings):
    data, _manifest = lot.seal("bidder1")
    found = together(*[lambda: lot.submit("bidder1", data)] * settings.UPLOADS["most_open"])
    assert BidVersion.objects.count() == 1
    assert {version.pk for version, _new in found} == {BidVersion.objects.get().pk}
    assert sorted(new for _version, new in found).count(True) <= 1


def test_two_clerks_of_one_bidder_do_not_both_succeed_with_different_bids(lot):
    one, _ = lot.seal("bidder1", price=1)
    two, _ = lot.seal("bidder1", price=2)
    found = together(
        lambda: lot.submit("bidder1", one), lambda: lot.submit("bidder1b", two)
    )  # fmt: skip
    assert sum(isinstance(each, Refused) for each in found) == 1
    refused = next(each for each in found if isinstance(each, Refused))
    assert refused.refusals[0].code == "sealing.manifest.version"
    assert BidVersion.objects.count() == 1


def test_uploads_that_race_the_deadline_are_in_or_out_by_their_last_byte(lot):
    """Last bytes from 3 ms before to 3 ms after, while the closing runs."""
    for name in ("bidder1", "bidder2", "bidder3"):
        lot.bid(name)
    deadline, rows = lot.lot.deadline, []
    for index, offset in enumerate((-3, -1, 0, 1, 3)):
        name = f"firm{index}"
        lot.people[name] = support.member(name, "contractor_clerk", serial=200 + index)
        data, _manifest = lot.seal(name)
        rows.append((name, offset, data, receiving.begin(LOT, lot.people[name])))
    lot.lot.state = "closing"

    def finish(name, offset, data, row):
        moment = deadline + timedelta(milliseconds=offset)
        whole = receiving.stream(row, io.BytesIO(data).read, len(data), last_byte=moment)
        return receiving.settle(whole, lot.people[name])

    works = [lambda row=row: finish(*row) for row in rows]
    lot.at(deadline + timedelta(seconds=1))
    found = together(lambda: closing.close(LOT), *works)
    case = found[0]
    assert not isinstance(case, Refused)
    listed = {bid.bidder for bid in read_list(case.list_text.encode()).bids}
    for (name, offset, _data, _row), outcome in zip(rows, found[1:], strict=True):
        inside = lot.people[name].uscc in listed
        assert inside == (offset <= 0), (name, offset, outcome)
        assert isinstance(outcome, Refused) == (not inside)
    assert Bid.objects.filter(state="awaiting_decryption").count() == len(listed) == 6


def test_a_file_that_is_given_again_twice_at_once_is_kept_once(lot, settings):
    files = {}
    for name in ("bidder1", "bidder2", "bidder3"):
        files[name], _manifest = lot.seal(name)
        lot.submit(name, files[name])
    steps.close(lot)
    vault.path_of(steps.version_of(lot, "bidder1").vault).unlink()
    for _round in range(3):
        at_once = [lambda: steps.give(lot, "bidder1", files["bidder1"])]
        found = together(*at_once * settings.UPLOADS["most_open"])
        assert not [each for each in found if not isinstance(each, Opening)]
        there = {file.name for file in (settings.VAR_DIR / "sealed").rglob("*") if file.is_file()}
        assert there == set(BidVersion.objects.values_list("vault", flat=True))
        with vault.open_file(steps.version_of(lot, "bidder1").vault) as file:
            assert file.read() == files["bidder1"]


def test_a_file_given_again_that_cannot_be_logged_leaves_nothing(lot, settings, monkeypatch):
    files = {}
    for name in ("bidder1", "bidder2", "bidder3"):
        files[name], _manifest = lot.seal(name)
        lot.submit(name, files[name])
    steps.close(lot)
    vault.path_of(steps.version_of(lot, "bidder1").vault).unlink()
    before = {file for file in (settings.VAR_DIR / "sealed").rglob("*") if file.is_file()}

    def full(_entries):
        raise OSError

    monkeypatch.setattr(correcting.evidence, "append_many", full)
    with pytest.raises(OSError):
        steps.give(lot, "bidder1", files["bidder1"])
    assert {file for file in (settings.VAR_DIR / "sealed").rglob("*") if file.is_file()} == before
