"""The index itself, where the two databases differ: FTS5 here, a tsvector with GIN there.

Neither is asked to read Chinese. FTS5 gets pairs divided by spaces and its ``ascii`` tokenizer,
for which every character beyond ASCII is a letter; PostgreSQL gets lexemes in quotes, which no
parser and no locale takes apart. Kind and region are lexemes too, in private-use characters that
no folded text has, so that a rare kind among many hits is found in the index, not row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import connection, migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

    from kernel.search.models import SearchEntry

ENTRIES, GRAMS = "kernel_searchentry", "kernel_searchgrams"
_NEWEST = f"(SELECT * FROM {ENTRIES} ORDER BY position DESC LIMIT 500) AS newest"  # noqa: S608
_KIND, _REGION, _GAP, _UNDERSCORE = "\ue000", "\ue001", "\ue002", "\ue003"

_SQLITE = (
    # Without content: what to take out again follows from the entry's own row.
    f"CREATE VIRTUAL TABLE {GRAMS} USING fts5(grams, content='', tokenize='ascii')",
)
_POSTGRESQL = (
    f"ALTER TABLE {ENTRIES} ADD COLUMN grams tsvector",
    # Without a list of things still to be merged: reading stays as fast as it was measured.
    f"CREATE INDEX {GRAMS} ON {ENTRIES} USING gin (grams) WITH (fastupdate = off)",
)


def operations() -> list[migrations.RunPython]:
    """What the migration that makes the table ends with."""
    return [migrations.RunPython(_forwards, _backwards)]


def _forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    install(schema_editor.connection)


def _backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    uninstall(schema_editor.connection)


def install(on: BaseDatabaseWrapper) -> None:
    """Make the empty index."""
    with on.cursor() as cursor:
        for statement in _POSTGRESQL if on.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)


def uninstall(on: BaseDatabaseWrapper) -> None:
    """Take the index away, for the way back of a migration."""
    with on.cursor() as cursor:
        if on.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {ENTRIES} DROP COLUMN IF EXISTS grams")
        else:
            cursor.execute(f"DROP TABLE IF EXISTS {GRAMS}")


def kind_gram(code: str) -> str:
    """The lexeme that every entry of a kind has."""
    return _KIND + code.replace("_", _UNDERSCORE)


def region_gram(prefix: str) -> str:
    """The lexeme of everything in a region: its leading two, four or six digits."""
    return _REGION + prefix


def region_prefix(region: str) -> str:
    """The leading digits that a region shares with everything inside it (GB/T 2260)."""
    while len(region) > 2 and region.endswith("00"):
        region = region[:-2]
    return region


def _facets(entry: SearchEntry) -> list[str]:
    places = [region_gram(entry.region[:n]) for n in (2, 4, 6) if len(entry.region) >= n]
    return [kind_gram(entry.kind), *places]


def _pairs(run: str) -> list[str]:
    return [left + right for left, right in pairwise(run)]


def _document(entry: SearchEntry) -> str:
    """An entry as FTS5 reads it: pairs in their order, with a gap that no phrase crosses."""
    gap = f" {_GAP} "
    return gap.join([*(" ".join(_pairs(r)) for r in entry.folded.split("\n")), *_facets(entry)])


def _lexemes(entry: SearchEntry) -> str:
    """An entry as a tsvector is written: lexemes in quotes, which none of them contains."""
    found = {pair for run in entry.folded.split("\n") for pair in _pairs(run)}
    return " ".join(f"'{gram}'" for gram in found.union(_facets(entry)))


def add(entries: Iterable[SearchEntry]) -> None:
    """Enter rows that stand in the table, with their places, in the open transaction."""
    rows = list(entries)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "UPDATE kernel_searchentry SET position = %s, grams = %s::tsvector WHERE id = %s",
                [(entry.position, _lexemes(entry), entry.pk) for entry in rows],
            )
        else:
            cursor.executemany(
                "UPDATE kernel_searchentry SET position = %s WHERE id = %s",
                [(entry.position, entry.pk) for entry in rows],
            )
            cursor.executemany(
                "INSERT INTO kernel_searchgrams(rowid, grams) VALUES (%s, %s)",
                [(entry.position, _document(entry)) for entry in rows],
            )


def remove(entries: Iterable[SearchEntry]) -> None:
    """Take rows out, before they change or go."""
    if connection.vendor == "postgresql":
        return  # the lexemes go with the row
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO kernel_searchgrams(kernel_searchgrams, rowid, grams)"
            " VALUES ('delete', %s, %s)",
            [(entry.position, _document(entry)) for entry in entries],
        )


def clear() -> None:
    """Empty the index: before the table is emptied, to be made anew."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kernel_searchgrams(kernel_searchgrams) VALUES ('delete-all')"
            )


@dataclass(frozen=True)
class Asked:
    """What is looked for: folded words, all of them; any of the kinds; in a region."""

    words: Sequence[str] = ()
    kinds: Sequence[str] = ()
    region: str = ""

    def facets(self) -> list[list[str]]:
        """Lexemes of which one each must be there."""
        found = [[kind_gram(code) for code in self.kinds]] if self.kinds else []
        if self.region:
            found.append([region_gram(region_prefix(self.region))])
        return found


def positions(asked: Asked, *, limit: int, before: int | None = None) -> list[int]:
    """The places of the newest hits, newest first; ``before`` leaves out that place and newer."""
    if connection.vendor == "postgresql" and asked.words:
        return _near_then_far(asked, limit, before)
    select, values = _select(asked, before)
    return [row[0] for row in _rows(f"{select} ORDER BY 1 DESC LIMIT %s", [*values, limit])]


def _near_then_far(asked: Asked, limit: int, before: int | None) -> list[int]:
    """PostgreSQL takes pairs for independent and misjudges how many rows hold all of them.

    So it is not asked to choose: a word that is common stands among the newest entries already,
    and any other is rare enough for all of its rows to be fetched by the index and sorted.
    """
    near, near_values = _select(asked, before, _NEWEST)
    far, far_values = _select(asked, before)
    # How many are near is known before the first row is read: where it is enough, nothing far is.
    far = f"{far} AND (SELECT count(*) FROM near) < %s"  # noqa: S608
    both = "SELECT * FROM near UNION SELECT * FROM far ORDER BY 1 DESC LIMIT %s"
    sql = f"WITH near AS MATERIALIZED ({near}), far AS MATERIALIZED ({far}) {both}"
    return [row[0] for row in _rows(sql, [*near_values, *far_values, limit, limit])]


def count(asked: Asked, *, most: int) -> dict[str, int]:
    """How many hits each kind has among the first ``most`` that are met."""
    select, values = _select(asked, None, column="kind")
    counted = f"SELECT kind, count(*) FROM ({select} LIMIT %s) AS hits GROUP BY kind"  # noqa: S608
    return dict(_rows(counted, [*values, most]))


def _rows(sql: str, values: list[Any]) -> list[Any]:
    # A statement is made of our own words; what was asked for stands in its values.
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _select(
    asked: Asked, before: int | None, source: str = ENTRIES, column: str = ""
) -> tuple[str, list[Any]]:
    postgresql, place = connection.vendor == "postgresql", "position"
    wanted: list[str] = []
    values: list[Any] = []
    if asked.words or asked.facets():
        if postgresql:
            wanted.append("grams @@ %s::tsquery")
            values.append(_tsquery(asked))
        else:
            # FTS5 walks its rowids, which are the places, downwards, and stops at the limit.
            place = f"{GRAMS}.rowid"
            source = f"{GRAMS} CROSS JOIN {ENTRIES} ON position = {place}"
            wanted.append(f"{GRAMS} MATCH %s")
            values.append(_match(asked))
    if before is not None and source == _NEWEST:
        source = source.replace("ORDER", "WHERE position < %s ORDER")
        values.insert(0, before)
    elif before is not None:
        wanted.append(f"{place} < %s")
        values.append(before)
    for word in asked.words:
        wanted.append(f"{'strpos' if postgresql else 'instr'}(folded, %s) > 0")
        values.append(word)
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    return f"SELECT {column or place} FROM {source}{where}", values  # noqa: S608


def _match(asked: Asked) -> str:
    """FTS5: phrases in quotes; folded words have no character that means anything to it."""
    phrases = [f'"{" ".join(_pairs(word))}"' for word in asked.words]
    return " AND ".join([*phrases, *(_one_of(one, '"', " OR ") for one in asked.facets())])


def _tsquery(asked: Asked) -> str:
    """PostgreSQL: lexemes in quotes, cast to tsquery without a parser; order is checked after."""
    pairs = dict.fromkeys(pair for word in asked.words for pair in _pairs(word))
    facets = [_one_of(one, "'", " | ") for one in asked.facets()]
    return " & ".join([*(f"'{pair}'" for pair in pairs), *facets])


def _one_of(grams: list[str], quote: str, between: str) -> str:
    return f"({between.join(f'{quote}{gram}{quote}' for gram in grams)})"
