"""A ZIP has one spelling; programs that read ZIPs agree with us, and no altered byte passes."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.sealing.bids import stored_zip
from tests.kernel.sealing.bids.support import codes

CONTENT = {
    "manifest.json": b"{}",
    "a.age": b"x" * 5000,
    "files/说明.txt": "说明".encode(),
    "e": b"",
}


def packed(content=CONTENT):
    entries = [stored_zip.Entry.of(name, data) for name, data in content.items()]
    return b"".join(stored_zip.stream(entries))


def unpack(data, content=CONTENT):
    reader = stored_zip.Reader(io.BytesIO(data))
    found = {name: reader.small(name, 10_000) for name in content}
    assert reader.finish() == len(data)
    return found


def test_what_was_written_is_read():
    assert unpack(packed()) == CONTENT


def test_another_program_reads_the_same():
    with zipfile.ZipFile(io.BytesIO(packed())) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == CONTENT
        for info in archive.infolist():
            assert (info.compress_type, info.date_time) == (0, (1980, 1, 1, 0, 0, 0))
            assert (info.extra, info.comment) == (b"", b"")


def test_the_same_content_written_by_another_program_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in CONTENT.items():
            archive.writestr(name, data)
    assert codes(unpack, target.getvalue()) == ["sealing.container.layout"]


GOOD = packed()


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_no_altered_byte_passes(position, difference):
    altered = bytearray(GOOD)
    altered[position] ^= difference
    with pytest.raises(Refused):
        unpack(bytes(altered))


@given(st.integers(0, len(GOOD) - 1))
def test_no_shortened_file_passes(length):
    assert codes(unpack, GOOD[:length]) == ["sealing.container.layout"]


@pytest.mark.parametrize("data", [b"x" + GOOD, GOOD + b"x", GOOD + GOOD, b""])
def test_nothing_stands_before_or_behind(data):
    assert codes(unpack, data) == ["sealing.container.layout"]


def test_an_entry_of_another_name_order_or_size_is_refused():
    assert codes(unpack, packed(dict(reversed(CONTENT.items())))) == ["sealing.container.layout"]
    renamed = {("b" if name == "a.age" else name): data for name, data in CONTENT.items()}
    assert codes(unpack, packed(renamed)) == ["sealing.container.layout"]
    reader = stored_zip.Reader(io.BytesIO(GOOD))
    reader.small("manifest.json", 10)
    assert codes(reader.copy, "a.age", 4999, print) == ["sealing.container.entry_size"]
    reader = stored_zip.Reader(io.BytesIO(GOOD))
    assert codes(reader.small, "manifest.json", 1) == ["sealing.container.entry_size"]


def test_a_file_that_changes_while_it_is_packed_stops_the_packing():
    entry = stored_zip.Entry("a", 3, 0, [b"abc"])
    with pytest.raises(ValueError, match="changed"):
        list(stored_zip.stream([entry]))


@given(st.lists(st.binary(max_size=50)), st.integers(1, 20))
def test_chunks_read_as_a_stream(parts, size):
    stream, found = stored_zip.Chunks(parts), b""
    while part := stream.read(size):
        assert len(part) <= size
        found += part
    assert found == b"".join(parts)
    assert stored_zip.Chunks(parts).read() == b"".join(parts)


class Drip(io.BytesIO):
    """Gives one byte at a time, as a socket may."""

    def read(self, size=-1):
        return super().read(min(size, 1))


def test_a_source_that_gives_little_at_a_time_is_read_whole():
    reader = stored_zip.Reader(Drip(GOOD))
    assert {name: reader.small(name, 10_000) for name in CONTENT} == CONTENT
    reader.finish()
