"""A dossier as it is read: every byte in its one place, every file hashed, none unlooked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kernel.errors import Refused
from kernel.evidence.dossiers import layout
from kernel.evidence.reading import Unsound
from kernel.sealing import cms
from kernel.sealing.bids import stored_zip
from kernel.sealing.bids.inner import tee

_MOST = 64 * 1024 * 1024


@dataclass
class Dossier:
    """The files of a dossier in a folder. used: those that a check has looked at."""

    folder: Path
    index_bytes: bytes
    seal: bytes
    index: layout.Index
    used: set[str] = field(default_factory=set)

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    def bytes(self, name: str) -> bytes:
        """A file's content. Raises Unsound ``d_missing``, ``d_size`` beyond 64 MiB."""
        if self._row(name).size > _MOST:
            raise Unsound("d_size", file=name)
        self.used.add(name)
        return (self.folder / name).read_bytes()

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file's content as a stream."""
        self._row(name)
        self.used.add(name)
        with (self.folder / name).open("rb") as file:
            yield file

    def row(self, name: str) -> layout.Row:
        """What the index says of a file that is looked at by its hash alone."""
        self.used.add(name)
        return self._row(name)

    def under(self, folder: str) -> list[str]:
        """The first parts of the names below a folder, in order."""
        prefix = folder + "/"
        return sorted({n[len(prefix) :].split("/")[0] for n in self._rows if n.startswith(prefix)})

    def unused(self) -> list[str]:
        """The files that no check has looked at."""
        return sorted(set(self._rows) - self.used)

    def _row(self, name: str) -> layout.Row:
        if name not in self._rows:
            raise Unsound("d_missing", file=name)
        return self._rows[name]

    @property
    def _rows(self) -> dict[str, layout.Row]:
        found = self.__dict__.get("_by_name")
        if found is None:
            found = self.__dict__["_by_name"] = {row.name: row for row in self.index.files}
        return found


def read(path: Path, folder: Path) -> Dossier:
    """Read a dossier's file into a folder. Raises Unsound for every byte that is out of place."""
    try:
        with path.open("rb") as file:
            return _read(file, folder)
    except Refused as refused:
        raise refusal(path.name, refused) from refused
    except OSError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault.strerror) from None


def refusal(name: str, refused: Refused) -> Unsound:
    """A refusal of the sealed bids' rooms as a finding about a file."""
    reason = refused.refusals[0]
    facts = " ".join(f"{key}={value}" for key, value in reason.facts.items())
    return Unsound("d_refused", file=name, reason=reason.code, facts=facts[:300])


def _read(file: BinaryIO, folder: Path) -> Dossier:
    reader = stored_zip.Reader(file)
    data = reader.small(layout.INDEX, layout.MAX_INDEX)
    seal = reader.small(layout.SEAL, cms.MAX_SIZE)
    index = layout.read_index(data)
    for row in index.files:
        target, hashed = folder / row.name, hashlib.sha256()
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            reader.copy(row.name, row.size, tee(hashed.update, out.write))
        if hashed.hexdigest() != row.sha256:
            raise Unsound("d_hash", file=row.name)
    reader.finish()
    return Dossier(folder, data, seal, index)
