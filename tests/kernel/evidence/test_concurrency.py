"""Several connections at once: nothing lost, nothing locked, no gap."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from kernel.evidence import audit, keys, merkle, selectors, services, storage, tasks
from kernel.evidence.models import LogEntry, TreeHead
from tests.kernel.evidence.support import AT, append, new_signer


def test_eight_threads_of_fifty_appends_lose_nothing(committed_log):
    start = threading.Barrier(8)

    def work(thread: int) -> list[int]:
        try:
            start.wait()
            return [append(n, case=f"thread:{thread}").index for n in range(50)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        indexes = list(pool.map(work, range(8)))
    assert sorted(index for own in indexes for index in own) == list(range(400))
    for thread, own in enumerate(indexes):
        rows = selectors.entries(case=f"thread:{thread}")
        assert [row.index for row in rows] == own == sorted(own)
        assert [row.body for row in rows] == [f'{{"n":{n}}}' for n in range(50)]
    root = storage.frontier().root()
    for row in LogEntry.objects.all():
        proof = services.prove(row.index, 400)
        assert merkle.verify_inclusion(bytes(row.leaf), row.index, 400, proof, root)
    assert audit.check({}).entries == 400


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only")
@pytest.mark.parametrize("locked", [True, False])
def test_the_lock_is_what_keeps_two_appends_apart(committed_log, monkeypatch, locked: bool):
    """Without it the second reads the tree that the first is about to change, and fails."""
    if not locked:
        monkeypatch.setattr(storage, "lock", lambda: None)

    def second() -> int:
        try:
            return append(2).index
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.append(kind="a.b", case="", at=AT, body={"n": 1})
            waiting = pool.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        if locked:
            assert waiting.result() == 1
        else:
            with pytest.raises(IntegrityError):
                waiting.result()


def test_threads_that_roll_back_leave_no_gap(committed_log):
    def work(thread: int) -> None:
        try:
            for n in range(20):
                try:
                    with transaction.atomic():
                        services.append(kind="a.b", case="", at=AT, body={"n": n})
                        if n % 3 == thread % 3:
                            raise LookupError
                except LookupError:
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    kept = sum(n % 3 != thread % 3 for thread in range(6) for n in range(20))
    assert audit.check({}).entries == kept == LogEntry.objects.count()


def test_signing_beside_appends_only_ever_signs_what_is_committed(committed_log):
    signer, stop = new_signer(), threading.Event()

    def sign() -> int:
        try:
            count = 0
            while not stop.is_set() or not count:
                services.sign_head(AT.replace(microsecond=count), signer)
                count += 1
            return count
        finally:
            connection.close()

    def work(thread: int) -> None:
        try:
            for n in range(30):
                append(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        signing = pool.submit(sign)
        list(pool.map(work, range(3)))
        stop.set()
        count = signing.result()
    summary = audit.check({signer.key_id: signer.spki})
    assert summary.entries == 90 and summary.heads == count == TreeHead.objects.count()


def test_append_outside_a_transaction_is_refused(committed_log):
    with pytest.raises(TransactionManagementError):
        services.append(kind="a.b", case="", at=AT, body={})
    assert selectors.log_size() == 0


def test_a_head_is_never_signed_inside_another_transaction(committed_log):
    with pytest.raises(RuntimeError), transaction.atomic():
        services.append(kind="a.b", case="", at=AT, body={})
        services.sign_head(AT, new_signer())
    assert TreeHead.objects.count() == 0 and selectors.log_size() == 0


def test_the_hourly_task_signs_only_a_log_that_grew(committed_log, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert tasks.sign_head() == 0 and TreeHead.objects.count() == 0
    assert not keys.known()
    append()
    assert tasks.sign_head() == 1 and tasks.sign_head() == 1
    assert TreeHead.objects.count() == 1
    append()
    assert tasks.sign_head() == 2 and TreeHead.objects.count() == 2
    assert audit.check(keys.known()).heads == 2
