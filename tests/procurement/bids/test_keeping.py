"""Every live bid has a second copy; what is damaged here comes from there, or from its bidder."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from django.core.files.storage import storages

from kernel import clock
from kernel.errors import Refused, Unavailable
from kernel.sealing.bids.opening import read_record
from procurement.bids import closing, copies, correcting, decrypting, keeper, pool, selectors, vault
from procurement.bids.models import Bid, BidVersion, OpenedEnvelope, Opening
from tests.procurement.bids.steps import close, finish, now, ready, settle, version_of
from tests.procurement.bids.support import LOT, told

pytestmark = pytest.mark.django_db
NAMES = ("bidder1", "bidder2", "bidder3")


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    world.files = {name: world.bid(name)[2] for name in NAMES}
    return world


def spoil(path):
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def spoil_vault(lot, name="bidder1"):
    spoil(vault.path_of(version_of(lot, name).vault))


def spoil_keeper(lot, name="bidder1"):
    spoil(Path(storages[keeper.ALIAS].path(version_of(lot, name).keeper)))


def release(lot):
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")


def test_at_the_close_every_live_bid_is_copied_and_compared(lot):
    close(lot)
    for name in NAMES:
        version = version_of(lot, name)
        with keeper.open_file(version.keeper) as file:
            assert file.read() == lot.files[name]
    assert keeper.keep_listed(now()) == 0


def test_a_file_damaged_before_the_close_is_not_copied(lot):
    spoil_vault(lot)
    close(lot)
    assert [version_of(lot, name).keeper == "" for name in NAMES] == [True, False, False]


def test_a_copy_damaged_here_is_opened_from_the_second_keepers(lot):
    close(lot)
    spoil_vault(lot)
    vault.delete(version_of(lot, "bidder2").vault)  # or it is gone
    release(lot)
    assert finish(lot).state == "opened"
    assert Bid.objects.filter(state="opened").count() == 3


def test_where_every_copy_is_damaged_the_bidder_gives_its_own_in_the_window(lot):
    close(lot)
    spoil_vault(lot)
    spoil_keeper(lot)
    release(lot)
    assert settle().state == "released"
    # No price is shown to whoever may still choose whether to give its bid.
    assert not Bid.objects.filter(state="opened").exists()
    assert not OpenedEnvelope.objects.filter(state="opened").exists()
    rows = version_of(lot, "bidder1").envelopes.all()
    assert {row.failure for row in rows} == {copies.NO_COPY}
    digest = version_of(lot, "bidder1").manifest_sha256

    def give(data):
        return correcting.give_again(
            LOT, digest, actor=lot.people["bidder1"], read=io.BytesIO(data).read, at=clock.now()
        )

    with pytest.raises(Refused) as refused:
        give(lot.files["bidder1"][:-1] + b"x")
    assert told(refused) == ["procurement.bid.not_the_same"]
    give(lot.files["bidder1"])
    assert settle().state == "opened"
    assert Bid.objects.filter(state="opened").count() == 3
    with pytest.raises(Refused) as refused:
        give(lot.files["bidder1"])
    assert told(refused) == ["procurement.opening.window_over"]


def test_a_bid_lost_by_its_keepers_is_deemed_withdrawn_and_not_revoked(lot):
    close(lot)
    spoil_vault(lot)
    spoil_keeper(lot)
    release(lot)
    settle()
    lot.at(now().window_ends_at)
    assert settle().state == "opened"
    assert Bid.objects.get(pk=version_of(lot, "bidder1").bid_id).state == "deemed_withdrawn"
    assert len(selectors.opened_bids(LOT)) == 2
    record = read_record(now().record_text.encode())
    assert {e.reason for e in record.bids[0].envelopes} & {copies.NO_COPY}
    assert OpenedEnvelope.objects.filter(state="failed").exists()


def test_a_decryption_that_was_killed_goes_on_where_it_stood(lot, monkeypatch):
    close(lot)
    release(lot)
    calls = []
    real = copies.adopted

    class Killed(BaseException):
        pass

    def killed(version, done, shares):
        rows = real(version, done, shares)
        calls.append(version.pk)
        if len(calls) == 2:
            raise Killed
        return rows

    monkeypatch.setattr(copies, "adopted", killed)
    with pytest.raises(Killed):
        decrypting.open_lot(now().pk, clock.now())
    assert (now().state, Bid.objects.filter(state="opened").count()) == ("released", 1)
    jobs = []
    run = pool.Pool.run

    def counted(self, line, size):
        jobs.append(line)
        return run(self, line, size)

    monkeypatch.setattr(pool.Pool, "run", counted)
    assert finish(lot).state == "opened"
    assert Bid.objects.filter(state="opened").count() == 3
    # Two bids were open whole; only the third's envelopes are decrypted now.
    assert len(jobs) == 4


def test_a_decrypting_process_that_dies_is_started_once_more(lot):
    with pool.running(1) as workers:
        process = workers._process()
        process.kill()
        process.wait()
        line = json.dumps({"manifest": "{}", "envelope": "price", "identity": "", "source": "/x",
                           "place": [0, 1], "to": "/x"})  # fmt: skip
        future = workers.threads.submit(workers.run, line, 1)
        assert future.result()["failure"].startswith("sealing.")


def test_a_bid_on_which_decryption_dies_holds_up_nobody_and_is_tried_again(lot, monkeypatch):
    close(lot)
    release(lot)
    bad = version_of(lot, "bidder1").manifest_sha256
    run = pool.Pool.run

    def dying(self, line, size):
        if json.loads(line)["to"].split("/")[-2] == bad[:32]:
            raise Unavailable.because(copies.CRASHED)
        return run(self, line, size)

    with monkeypatch.context() as broken:
        broken.setattr(pool.Pool, "run", dying)
        assert settle().state == "released"
    assert Bid.objects.filter(state="opened").count() == 2
    assert settle().state == "opened"
    assert Bid.objects.filter(state="opened").count() == 3


SLEEPER = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from kernel.sealing.bids import decrypter
for line in sys.stdin:
    if sys.argv[2] in line:
        print('{"files"', end="", flush=True)  # half an answer is none
        time.sleep(600)
    print(json.dumps(decrypter.done(json.loads(line))), flush=True)
"""


def test_a_decrypter_that_hangs_on_a_bid_holds_up_nobody_and_it_is_tried_again(
    lot, monkeypatch, settings
):
    close(lot)
    release(lot)
    bad = version_of(lot, "bidder1").manifest_sha256
    settings.DECRYPTION = {"least_seconds": 5, "least_bytes_per_second": 1024**2}
    sleeper = [sys.executable, "-c", SLEEPER, str(pool.ROOT), bad[:32]]
    with monkeypatch.context() as slow:
        slow.setattr(pool, "COMMAND", sleeper)
        assert settle().state == "released"
    assert Bid.objects.filter(state="opened").count() == 2
    rows = version_of(lot, "bidder1").envelopes.all()
    assert {row.failure for row in rows} == {copies.CRASHED}
    assert settle().state == "opened"
    assert Bid.objects.filter(state="opened").count() == 3


def test_a_decrypter_that_hangs_once_is_started_anew_and_answers(monkeypatch, settings, tmp_path):
    settings.DECRYPTION = {"least_seconds": 5, "least_bytes_per_second": 1024**2}
    once = """
import json, pathlib, sys, time
for line in sys.stdin:
    mark = pathlib.Path(sys.argv[1])
    if not mark.exists():
        mark.touch()
        time.sleep(600)
    print(json.dumps({"failure": "x"}), flush=True)
"""
    monkeypatch.setattr(pool, "COMMAND", [sys.executable, "-c", once, str(tmp_path / "mark")])
    with pool.running(1) as workers:
        assert workers.threads.submit(workers.run, "{}", 1).result() == {"failure": "x"}


def test_how_long_decryption_may_take_grows_with_the_size(settings):
    settings.DECRYPTION = {"least_seconds": 10, "least_bytes_per_second": 100}
    assert [pool.seconds_for(size) for size in (0, 100, 10_000)] == [10, 11, 110]


def test_the_sessions_key_is_gone_with_the_record_and_no_scratch_is_left(lot, tmp_path):
    close(lot)
    release(lot)
    case = finish(lot)
    case.session.refresh_from_db()
    assert bytes(case.session.private) == b""
    assert case.session.destroyed_at is not None
    assert list((tmp_path / "default" / "incoming").iterdir()) == []
    assert Opening.objects.count() == 1
    assert BidVersion.objects.exclude(vault="").count() == 3
