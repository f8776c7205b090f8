"""Bytes handed aside: every one, in order, to each sink; after a fault nothing comes."""

from __future__ import annotations

import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sealing.bids import aside

sizes = st.lists(st.integers(0, 3 * 1024), max_size=40)


@given(sizes=sizes)
def test_every_sink_gets_every_byte_in_order(sizes):
    chunks = [bytes([i % 251]) * size for i, size in enumerate(sizes)]
    taken, hashed = bytearray(), hashlib.sha256()
    before, aside.PIECE = aside.PIECE, 512
    try:
        with aside.Aside(taken.extend, hashed.update) as sink:
            for chunk in chunks:
                assert sink.write(chunk) == len(chunk)
    finally:
        aside.PIECE = before
    assert bytes(taken) == b"".join(chunks)
    assert hashed.hexdigest() == hashlib.sha256(taken).hexdigest()


def test_a_full_disk_is_told_at_the_end_and_no_sink_gets_what_follows():
    seen = []

    def full(data):
        seen.append(data)
        raise OSError(28, "No space left on device")

    later = []
    with pytest.raises(OSError, match="No space"), aside.Aside(full, later.append) as sink:
        sink.write(b"x" * aside.PIECE)
    assert len(seen) == 1
    assert later == []


def test_a_fault_stops_a_long_stream_before_its_end():
    def full(_data):
        raise OSError(28, "No space left on device")

    written = 0
    with pytest.raises(OSError, match="No space"), aside.Aside(full) as sink:
        while written < 10**5:
            sink.write(b"x" * aside.PIECE)
            written += 1
    assert written < 10**5


def test_what_waits_is_bounded():
    free = threading.Event()
    held = []

    def slow(data):
        free.wait(10)
        held.append(data)

    def write(sink):
        for _ in range(64):
            sink.write(b"x" * aside.PIECE)

    with aside.Aside(slow) as sink:
        writer = threading.Thread(target=write, args=(sink,))
        writer.start()
        writer.join(0.3)
        assert writer.is_alive()  # it waits: no more than a few pieces are in memory
        free.set()
        writer.join(10)
    assert len(held) == 64


def test_the_writers_own_fault_ends_the_thread_and_is_the_one_told():
    before = threading.active_count()
    with pytest.raises(KeyError), aside.Aside(lambda _data: None) as sink:
        sink.write(b"x")
        raise KeyError("the bill")
    assert threading.active_count() == before
