"""What a file that waits would change of the register: old and new values, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credit.enterprises.models import NationalImport, NationalRecord
from credit.enterprises.national import taking
from credit.enterprises.national.reading import Line
from credit.enterprises.national.tables import TABLES
from kernel.sealing import canonical


@dataclass(frozen=True)
class Difference:
    """A line that is new or says otherwise. changes: (standard's column, old, new) as JSON values.

    party: the enterprise that the line is about, by name and code; empty for none.
    """

    line: int
    key: str
    party: str
    new: bool
    changes: tuple[tuple[str, Any, Any], ...]


def differences(
    job: NationalImport, lines: Sequence[tuple[int, Line]], article: str
) -> list[Difference]:
    """Of the lines that may be brought those that change anything, in the file's order."""
    return list(_found(job, lines, article))


def digest(found: Sequence[Difference]) -> str:
    """Names what somebody looked at, so that nothing else is confirmed."""
    plain = [[d.line, d.key, d.new, [list(change) for change in d.changes]] for d in found]
    return canonical.digest(plain).hex()


def _found(
    job: NationalImport, lines: Sequence[tuple[int, Line]], article: str
) -> Iterator[Difference]:
    table = TABLES[job.table]
    for part in taking.parts(taking.within(job, lines, [], article)):
        keys = [line.key for _number, line in part]
        known = NationalRecord.objects.filter(table=job.table, key__in=keys)
        held = dict(known.values_list("key", "facts"))
        for number, line in part:
            before: Mapping[str, Any] = held.get(line.key, {})
            changes = tuple(
                (column.name, before.get(column.field), line.facts.get(column.field))
                for column in table.columns
                if before.get(column.field) != line.facts.get(column.field)
            )
            if changes:
                name = line.facts.get(table.subject.replace("_uscc", "_name"), "")
                party = f"{name} {line.uscc}".strip()
                yield Difference(number, line.key, party, line.key not in held, changes)
