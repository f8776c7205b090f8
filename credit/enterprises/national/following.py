"""What lines of the national tables make of the archive: enterprises, achievements, changes.

Everything here is level A, and its source is the table and the file that brought it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from credit.enterprises import entries
from credit.enterprises.models import ArchiveChange, Enterprise, NationalImport, NationalRecord
from credit.enterprises.national.tables import TABLES
from credit.enterprises.rules import kept_in, registered_in


def archive(
    job: NationalImport,
    touched: Sequence[NationalRecord],
    before: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> None:
    """Enter enterprises and note what changed, in the caller's commit. before: key -> old facts."""
    _enter(job, touched, at)
    source, log = f"{job.table} #{job.pk}", []
    for row in touched:
        old = before.get(row.key, {})
        for field in sorted(set(old) | set(row.facts)) if row.uscc else ():
            was, now = entries.said(old.get(field)), entries.said(row.facts.get(field))
            if was != now and not field.endswith("_id"):
                log.append(
                    ArchiveChange(
                        uscc=row.uscc, entry=f"national:{row.pk}",
                        title=f"{job.table} {row.key}"[:200], field=field, old=was, new=now,
                        changed_at=at, source=source, level="A",
                    )
                )  # fmt: skip
    ArchiveChange.objects.bulk_create(log, ignore_conflicts=True)


def _enter(job: NationalImport, rows: Sequence[NationalRecord], at: datetime) -> None:
    """An enterprise is in the archive from the first line that is about it."""
    from credit.enterprises.findable import entry
    from kernel.search import services as search

    name_of = TABLES[job.table].subject.replace("_uscc", "_name")
    named = {row.uscc: row.facts[name_of] for row in rows if row.uscc}
    known = set(Enterprise.objects.filter(uscc__in=named).values_list("uscc", flat=True))
    made = Enterprise.objects.bulk_create(
        Enterprise(
            uscc=uscc, name=name, region=registered_in(uscc),
            kept_in=kept_in(uscc, job.region), entered_at=at,
        )
        for uscc, name in named.items()
        if uscc not in known
    )  # fmt: skip
    search.put_many(entry(one) for one in made)
