"""The change log of an enterprise's archive, in words."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from credit import citing
from credit.enterprises import selectors, words
from credit.enterprises.declarations.machine import CLAIM
from credit.enterprises.declarations.machine import SHOWN as STANDING
from credit.enterprises.machine import LICENCE
from credit.enterprises.models import AchievementClaim, FinanceSummary
from credit.enterprises.national.achieved import ENDED
from credit.enterprises.tables import Row, Section, level
from kernel.regulation import selectors as law
from kernel.web.viewmodels import Column

SHOWN = 50
_NOTHING = "—"

# Fields of the change log that hold codes -> the lists that name them.
_LISTS = {
    "kind": ("licence_kind",),
    "trade": ("qualification_trade", "person_trade"),
    "grade": ("qualification_grade",),
    "certificate": ("person_certificate",),
    "level": ("proof_level",),
}


def _named(at: datetime) -> dict[tuple[str, str], str]:
    """(field, code) -> its words today."""
    language = citing.language()
    states = {("state", ENDED): _("合同已变更，不再是该企业的业绩")}
    states |= {
        ("state", state.code): str(state.label)
        for machine in (CLAIM, LICENCE)
        for state in machine.states
    }
    return states | {
        (field, code): label
        for field, lists in _LISTS.items()
        for name in reversed(lists)
        for code, label in law.options(name, at, language)
    }


def section(uscc: str, levels: dict[str, str], at: datetime) -> Section:
    """What was changed, newest first; of what was refused or taken back only that it was."""
    names, gone = _named(at), _gone(uscc)

    def told(field: str, content: str, entry: str) -> str:
        if entry in gone and field != "state":
            return _NOTHING
        return names.get((field, content)) or words.content(field, content)

    return Section(
        "changes",
        _("变更记录"),
        (
            Column(_("变更时间"), "moment"), Column(_("档案内容")), Column(_("字段")),
            Column(_("原内容"), "name"), Column(_("新内容"), "name"), Column(_("来源"), "name"),
            level(),
        ),
        tuple(
            Row(
                (
                    row.changed_at, f"{words.entry(row.entry)} {row.title}",
                    words.field(row.field, row.title),
                    told(row.field, row.old, row.entry),
                    told(row.field, row.new, row.entry),
                    words.source(row.source),
                    levels.get(row.level, row.level),
                )
            )
            for row in selectors.changes(uscc)[:SHOWN]
        ),
        _("没有变更记录。"),
        _("最近 %(count)s 项；记录只增不改。") % {"count": SHOWN},
    )  # fmt: skip


def _gone(uscc: str) -> frozenset[str]:
    """Declarations that nobody stands behind any more, by their names in the log."""
    kinds = {"claim": AchievementClaim, "finance": FinanceSummary}
    return frozenset(
        f"{kind}:{pk}"
        for kind, model in kinds.items()
        for pk in model.objects.filter(uscc=uscc)
        .exclude(state__in=STANDING)
        .values_list("pk", flat=True)
    )
