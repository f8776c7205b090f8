"""The ZIP side of a workbook from outside: judged before anything is inflated, read under caps.

PKWARE APPNOTE 6.3.9; ECMA-376-2 (OPC) forbids most of what is refused here anyway.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from kernel.errors import Refused

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a workbook may be at most. Sizes in bytes, lengths in characters.

    file_bytes: as uploaded. directory_bytes, entries: of the ZIP directory. inflated_bytes: all
    parts together, as declared and as counted while reading. ratio: inflated to stored size of a
    part larger than one MiB. markup_bytes: the longest run from one ``<`` to the next, which
    bounds every tag with its attributes. elements: of one part, which bounds the time it takes.
    rows: with content, of one sheet. string_chars: all shared strings together.
    """

    file_bytes: int = 10 * _MIB
    directory_bytes: int = 128 * 1024
    entries: int = 500
    inflated_bytes: int = 60 * _MIB
    ratio: int = 200
    markup_bytes: int = 256 * 1024
    elements: int = 1_500_000
    rows: int = 2_001
    columns: int = 100
    strings: int = 100_000
    string_chars: int = 4_000_000
    cell_chars: int = 32_767


LIMITS = Limits()
_END = struct.Struct("<4s4H2LH")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PIECE = 64 * 1024
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000
_ZIP64_EXTRA = 0x0001
_FORBIDDEN_PARTS = (
    ("vbaproject", "documents.workbook.macros"),
    ("macrosheets/", "documents.workbook.macros"),
    ("activex/", "documents.workbook.macros"),
    ("externallinks/", "documents.workbook.external_links"),
    ("connections.xml", "documents.workbook.external_links"),
    ("querytables/", "documents.workbook.external_links"),
    ("embeddings/", "documents.workbook.embedded"),
)


class Archive:
    """A ZIP file whose directory was found harmless; its parts are read through counting pieces."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        """Judge the directory. Raises Refused ``documents.workbook.*``."""
        self.limits = limits
        self._read = 0
        self.directory_at = _judge_end(file, limits)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise Refused.because("documents.workbook.not_a_workbook") from error
        self._parts = _judge_entries(self._zip.infolist(), self.directory_at, limits)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def pieces(self, name: str) -> Iterator[bytes]:
        """An XML part in pieces, counted as they are inflated and searched for what is forbidden.

        Raises Refused ``documents.workbook.damaged`` where the part is missing or broken.
        """
        info = self._parts.get(name.lower())
        if info is None:
            raise Refused.because("documents.workbook.damaged", part=name)
        size, open_markup, tail = 0, 0, b""
        try:
            with self._zip.open(info) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    self._count(len(piece), size, info)
                    if _DOCTYPE.search(tail + piece):
                        raise Refused.because("documents.workbook.doctype", part=name)
                    tail = piece[-9:]
                    open_markup = _longest_markup(piece, open_markup, name, self.limits)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise Refused.because("documents.workbook.damaged", part=name) from error

    def _count(self, more: int, size: int, info: zipfile.ZipInfo) -> None:
        """What a directory declares may be a lie; what came out of it is not."""
        self._read += more
        if self._read > self.limits.inflated_bytes or size > info.file_size:
            raise _inflates(self.limits)


def _judge_end(file: IO[bytes], limits: Limits) -> int:
    """Check size and end record, so that no crafted directory is ever read; where it begins.

    The record must be the very last bytes, the directory end right before it, and both be plain
    ZIP: then there is one reading of the file and no other.
    """
    size = file.seek(0, 2)
    if size > limits.file_bytes:
        raise Refused.because("documents.workbook.file_too_large", limit=limits.file_bytes // _MIB)
    file.seek(0)
    head = file.read(8)
    if head == _OLE:
        raise Refused.because("documents.workbook.old_or_locked")
    if not head.startswith(b"PK\x03\x04") or size < _END.size:
        raise Refused.because("documents.workbook.not_a_workbook")
    file.seek(size - _END.size)
    mark, disk, first_disk, here, entries, length, offset, comment = _END.unpack(file.read())
    if mark != b"PK\x05\x06" or comment or disk or first_disk or here != entries:
        raise Refused.because("documents.workbook.not_a_workbook")
    if entries > limits.entries or length > limits.directory_bytes:
        raise Refused.because("documents.workbook.too_many_parts", limit=limits.entries)
    # Catches ZIP64 (all ones), data put before or between, and directories of another length.
    if offset + length + _END.size != size:
        raise Refused.because("documents.workbook.archive_forbidden", reason="directory")
    file.seek(0)
    return int(offset)


def _judge_entries(
    infos: list[zipfile.ZipInfo], directory_at: int, limits: Limits
) -> dict[str, zipfile.ZipInfo]:
    """All entries by lower-case name (OPC names differ in more than case), or a refusal."""
    if len(infos) > limits.entries:
        raise Refused.because("documents.workbook.too_many_parts", limit=limits.entries)
    parts: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.lower()
        if reason := _fault(info) or ("duplicate" if name in parts else ""):
            raise Refused.because("documents.workbook.archive_forbidden", reason=reason)
        for piece, code in _FORBIDDEN_PARTS:
            if piece in name:
                raise Refused.because(code, part=info.filename)
        if info.file_size > _MIB and info.file_size > info.compress_size * limits.ratio:
            raise _inflates(limits)
        parts[name] = info
    if sum(info.file_size for info in infos) > limits.inflated_bytes:
        raise _inflates(limits)
    # Entries that share their bytes are a bomb or a trick; thirty bytes is a header's least.
    ends_before = directory_at
    for info in sorted(infos, key=lambda i: i.header_offset, reverse=True):
        if info.header_offset + 30 + info.compress_size > ends_before:
            raise Refused.because("documents.workbook.archive_forbidden", reason="overlap")
        ends_before = info.header_offset
    return parts


def _fault(info: zipfile.ZipInfo) -> str:
    """What is wrong with an entry, in one word, or nothing."""
    path = PurePosixPath(info.filename)
    if info.flag_bits & _ENCRYPTED_FLAGS:
        return "encrypted"
    if info.orig_filename != info.filename or "\\" in info.filename or ":" in info.filename:
        return "name"
    if path.is_absolute() or ".." in path.parts or not path.parts:
        return "path"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "method"
    return "zip64" if _ZIP64_EXTRA in _extra_ids(info.extra) else ""


def _extra_ids(extra: bytes) -> Iterator[int]:
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        yield kind
        extra = extra[4 + length :]


def _longest_markup(piece: bytes, before: int, name: str, limits: Limits) -> int:
    """How many bytes since the last ``<``; refuses a run that is too long.

    A ``<`` stands in no attribute and no text, so a run holds at most one tag.
    """
    first = piece.find(b"<")
    if first < 0:
        run, after = before + len(piece), before + len(piece)
    else:
        # Pieces are smaller than the limit: only the run that crosses in can be too long.
        run, after = before + first, len(piece) - piece.rfind(b"<")
    if run > limits.markup_bytes:
        raise Refused.because("documents.workbook.markup_too_long", part=name)
    return after


def _inflates(limits: Limits) -> Refused:
    return Refused.because(
        "documents.workbook.inflates_too_far", limit=limits.inflated_bytes // _MIB
    )
