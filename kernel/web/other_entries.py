"""Log entries of a case that are neither acts nor refused attempts: what clocks and papers did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.evidence.models import LogEntry
from kernel.queries import Prepared
from kernel.sealing import canonical
from kernel.web import spoken
from kernel.web.viewmodels import LogRow, TimelineItem
from kernel.workflow.machines import machines

SHOWN = 300
_ACTS = {"workflow.act", "workflow.refusal"}
# By the kind of entry, and whether something follows of itself when the time comes.
_CLOCKS: dict[tuple[str, bool], Promise] = {
    ("workflow.deadline_missed", False): _("逾期未办：%(clock)s"),
    ("workflow.deadline_missed", True): _("到期：%(clock)s"),
    ("workflow.deadline_confirmed", False): _("期限确定：%(clock)s"),
}
WORDS: dict[str, Promise] = {
    "workflow.deadline_missed": _("逾期未办"),
    "workflow.deadline_confirmed": _("期限确定"),
    "documents.issued": _("文件签发"),
    "documents.revoked": _("文件撤销"),
    "web.unmasked": _("查看隐藏信息"),
    "evidence.erased": _("清除日志内容"),
    "evidence.witness_registered": _("登记见证人"),
}


def name(kind: str, words: Promise) -> None:
    """Give a kind of entry its words; each package names its own at start-up."""
    WORDS[kind] = words


# What belongs to the life of a case, beside its acts.
_LIFE = {"workflow.deadline_missed", "documents.issued", "documents.revoked"}


def of_case(case_ref: str, *, public: bool = False) -> list[LogEntry]:
    """The other entries of a case, in the order of the log; ``public``: only everybody's."""
    found = [LogEntry.from_db(DEFAULT_DB_ALIAS, _names(), row) for row in _rows.rows(case_ref)]
    return [row for row in found if row.public or not public]


def _names() -> list[str]:
    return [f.attname for f in LogEntry._meta.concrete_fields if f.attname != "salt"]


_rows = Prepared(
    lambda slots: (
        LogEntry.objects.filter(case=slots.text(0))
        .exclude(kind__in=sorted(_ACTS))
        .order_by("index")
        .values_list(*_names())[:SHOWN]
    )
)


def timeline(rows: Sequence[LogEntry], url: Any) -> Iterable[TimelineItem]:
    """Those of them that are steps in the case's life. url: a log entry's address by index."""
    for row in rows:
        if row.kind not in _LIFE:
            continue
        said = _said(row)
        yield TimelineItem(
            "done",
            _what(row, said),
            at=row.at,
            role=spoken.role(str(said.get("role", ""))),
            note=str(said.get("title", "") or said.get("number", "")),
            log_index=row.index,
            log_url=url(row.index),
        )


def log_rows(rows: Sequence[LogEntry], url: Any) -> list[LogRow]:
    """All of them as rows of the case's log."""
    return [
        LogRow(
            index=row.index,
            at=row.at,
            what=_what(row, _said(row)),
            digest=bytes(row.leaf).hex(),
            url=url(row.index),
        )
        for row in rows
    ]


def _what(row: LogEntry, said: dict[str, Any]) -> str:
    """What happened; of a clock also which, and whether somebody is late or its time just came."""
    kind = machines().get(row.case.partition(":")[0])
    clocks = {rule.period_key: rule.label for rule in kind.deadlines} if kind else {}
    clock = clocks.get(str(said.get("period", "")))
    words = _CLOCKS.get((row.kind, bool(said.get("effect"))))
    if clock is None or words is None:
        return str(WORDS.get(row.kind, row.kind))
    return str(words % {"clock": clock})


def _said(row: LogEntry) -> dict[str, Any]:
    return dict(canonical.decode(row.body.encode())) if row.body else {}
