"""The library of rule sets: folders of TOML, read once, valid by the day, never overlapping."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kernel.regulation import rules, validity
from kernel.regulation.reading import parse
from kernel.regulation.rows import LawFault, Row, RuleSet

__all__ = ["LawFault", "Library", "Row", "RuleSet", "library", "register_folder"]

LAW = Path(__file__).parent / "law"


@dataclass(frozen=True, slots=True)
class _Shelf:
    sets: tuple[RuleSet, ...]
    by_code: Mapping[str, tuple[tuple[RuleSet, date | None], ...]]
    code_of_key: Mapping[tuple[str, str], str]


@dataclass(eq=False)
class Library:
    """Every rule set in its folders. Read once, at first use; a new folder has it read again."""

    folders: list[Path] = field(default_factory=list)
    _shelf: _Shelf | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def register(self, folder: Path) -> None:
        """Add a folder of ``*.toml`` files (its sub-folders too); twice is once."""
        with self._lock:
            if folder not in self.folders:
                self.folders.append(folder)
                self._shelf = None

    def _load(self) -> _Shelf:
        with self._lock:
            if self._shelf is None:
                self._shelf = _shelve(self.folders)
            return self._shelf

    @property
    def sets(self) -> tuple[RuleSet, ...]:
        """All rule sets. Raises LawFault with every fault of every file."""
        return self._load().sets

    def valid(self, code: str, day: date, region: str = "") -> tuple[RuleSet, ...]:
        """Sets of a code that are valid on a legal day there, narrowest region first."""
        chain = rules.region_chain(region)
        found = [
            rule_set
            for rule_set, end in self._load().by_code.get(code, ())
            if rule_set.region in chain
            and rule_set.valid_from <= day
            and (end is None or day <= end)
        ]
        return tuple(sorted(found, key=lambda rule_set: chain.index(rule_set.region)))

    def last_valid_day(self, rule_set: RuleSet) -> date | None:
        """Last day on which a set is valid, None while it is open."""
        return dict(self._load().by_code[rule_set.code])[rule_set]

    def is_corrected(self, rule_set: RuleSet) -> bool:
        """Whether a later version replaces a set from its first day on, so that it never stands.

        It stays in the tree: what was published is not taken back.
        """
        last = self.last_valid_day(rule_set)
        return last is not None and last < rule_set.valid_from

    def code_of(self, kind: str, key: str) -> str | None:
        """Which code of a kind holds a key; in one kind a key stands under one code only."""
        return self._load().code_of_key.get((kind, key))


def _shelve(folders: Iterable[Path]) -> _Shelf:
    sets = _read(path for folder in folders for path in sorted(folder.rglob("*.toml")))
    by_code: dict[str, list[tuple[RuleSet, date | None]]] = {}
    code_of_key: dict[tuple[str, str], str] = {}
    for one in sets:
        by_code.setdefault(one.code, []).append((one, validity.last_valid_day(one, sets)))
        code_of_key.update({(one.kind, key): one.code for key in one.by_key})
    if faults := [*_version_faults(sets), *_key_faults(sets, code_of_key)]:
        raise LawFault(faults)
    return _Shelf(sets, {code: tuple(group) for code, group in by_code.items()}, code_of_key)


def _version_faults(sets: Sequence[RuleSet]) -> Iterator[str]:
    names = [(one.code, one.version) for one in sets]
    for code, version in sorted(set(names)):
        if names.count((code, version)) > 1:
            yield f"{code}: two rule sets {version}"
    for one in sets:
        if one.supersedes and (one.code, one.supersedes) not in names:
            yield f"{one.code}: {one.version} supersedes {one.supersedes}, which is not there"
    for one, other in validity.overlaps(sets):
        day = other.valid_from
        yield f"{one.code}: {one.version} and {other.version} are both valid on {day}"


def _key_faults(
    sets: Sequence[RuleSet], code_of_key: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    # A period is asked for by its key alone; the keys of other kinds belong to their code.
    for one in sets:
        for key in one.by_key:
            holder = code_of_key[one.kind, key]
            if one.kind == "periods" and holder != one.code:
                yield f"{one.code}: {key} stands in {holder} too"


def _read(paths: Iterable[Path]) -> tuple[RuleSet, ...]:
    sets: list[RuleSet] = []
    faults: list[str] = []
    for path in paths:
        try:
            sets.append(parse(path.read_text(encoding="utf-8"), path.name))
        except LawFault as fault:
            faults += fault.faults
    if faults:
        raise LawFault(faults)
    return tuple(sets)


library = Library([LAW])


def register_folder(path: Path) -> None:
    """Let a package's own folder of rule sets take part (at start-up, in ``AppConfig.ready``)."""
    library.register(path)
