"""``manage.py access``: the access table as it stands, to be read whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from kernel.access.table import TABLE, Allow, Audience, Table

PARTS = ("roles", "pages", "acts", "readers")


class Command(BaseCommand):
    """Print the rows that every package added at start-up."""

    help = "Print who may do what: roles, pages, acts, readers of cases."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        with translation.override("zh-hans"):
            for part in PARTS:
                self.stdout.write("\n".join([part, *lines(TABLE, part), ""]))


def lines(table: Table, part: str) -> list[str]:
    """One part of a table as aligned lines: name, then who."""
    return _aligned(_ROWS[part](table))


def _roles(table: Table) -> Iterator[tuple[str, str]]:
    for role in table.roles.values():
        of = ", of a public authority only" if role.authority else ""
        yield role.code, f"{role.label}{of}{', speaks for its firm' if role.represents else ''}"


def _pages(table: Table) -> Iterator[tuple[str, str]]:
    for name, audience in table.pages.items():
        yield name, _audience(audience)


def _acts(table: Table) -> Iterator[tuple[str, str]]:
    for name, rows in table.acts.items():
        yield name, _allowed(rows)


def _readers(table: Table) -> Iterator[tuple[str, str]]:
    for name, rows in table.readers.items():
        yield name, _allowed(rows)


_ROWS = {"roles": _roles, "pages": _pages, "acts": _acts, "readers": _readers}


def _audience(audience: Audience) -> str:
    if audience.public:
        who = "everybody"
    elif audience.signed_in:
        who = "whoever is logged in"
    else:
        who = ", ".join(sorted(audience.roles))
    return f"{who}, in a sandbox only" if audience.sandbox else who


def _allowed(rows: Iterable[Allow]) -> str:
    found = [row.role if row.relation == "any" else f"{row.role} as {row.relation}" for row in rows]
    return ", ".join(found) or "nobody: the platform only"


def _aligned(rows: Iterable[tuple[str, str]]) -> list[str]:
    found = sorted(rows)
    width = max((len(name) for name, _ in found), default=0)
    return [f"  {name:{width}}  {who}" for name, who in found]
