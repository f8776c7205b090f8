"""What a rule set is once it is read: dated, read-only, each row with its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any


class Fault(str):
    """One fault in words, and taken apart for a page that tells it in others.

    kind: which fault it is, a short word, empty where no page asks; facts: what its words name.
    row: the key of the row; key: the key in it that is at fault; line: where it stands.
    """

    kind: str
    facts: Mapping[str, Any]
    row: str
    key: str
    line: int

    def __new__(
        cls, text: str, kind: str = "", *, row: str = "", key: str = "", line: int = 0, **facts: Any
    ) -> Fault:
        """A text that knows what it says."""
        found = super().__new__(cls, text)
        found.kind, found.facts = kind, facts
        found.row, found.key, found.line = row, key, line
        return found

    @classmethod
    def of(cls, told: str, text: str, *, row: str = "", key: str = "", line: int = 0) -> Fault:
        """What was told, with its place, in a text that names it."""
        kind, facts = (told.kind, told.facts) if isinstance(told, Fault) else ("", {})
        return cls(text, kind, row=row, key=key, line=line, **facts)


class LawFault(ValueError):  # noqa: N818  (the law is at fault, not the program)
    """Rule sets that cannot be used; ``faults`` says each with file and line."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One rule with the article that it rests on.

    source: how sure it is, a word of ``schemas.SOURCES``. region: six digits, empty for the
    State. subject: facts that must be equal for the row to apply. fields: what the kind of rule
    set adds, defaults filled in. line: where it stands in its file.
    """

    key: str
    article: str
    article_en: str
    source: str
    region: str
    subject: Mapping[str, str]
    note: Mapping[str, str]
    fields: Mapping[str, Any]
    line: int

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]


@dataclass(frozen=True, eq=False)
class RuleSet:
    """One version of one rule set. ``valid_to`` is the last day, None while it is open.

    supersedes: the version that this one ends on the day before ``valid_from``.
    title, authority, notice: words by language (``zh``, ``en``). sha256: of the text, hex.
    """

    code: str
    version: str
    valid_from: date
    valid_to: date | None
    supersedes: str
    region: str
    authority: Mapping[str, str]
    title: Mapping[str, str]
    notice: Mapping[str, str]
    rows: tuple[Row, ...]
    text: str
    sha256: str

    @property
    def kind(self) -> str:
        """First word of the code; it says the shape of the rows."""
        return self.code.partition(".")[0]

    @cached_property
    def by_key(self) -> Mapping[str, tuple[Row, ...]]:
        """Rows by key, in the order of the file."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.key, []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}
