"""How a relation is shown and filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit import citing
from credit.conduct.pages import enterprise_url, known_codes
from credit.enterprises.relations.machine import RELATION
from kernel.regulation import selectors as law
from kernel.web import presenters
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Party


def kind_in_words(code: str, at: datetime) -> str:
    """A kind of relation as the list of a day calls it."""
    return dict(law.options("relation_kind", at, citing.language())).get(code, code)


class RelationPresenter(Presenter):
    """A relation's case page and act pages."""

    machine = RELATION
    fields = {
        "uscc": Words(gettext_lazy("单位"), suggest=known_codes),
        "other_uscc": Words(gettext_lazy("关联单位"), suggest=known_codes),
        "kind": Words(gettext_lazy("关系种类"), options="relation_kind"),
        "source": Words(
            gettext_lazy("依据"), help=gettext_lazy("登记机关资料或者文书的名称和编号")
        ),
        "file_sha256": Words(gettext_lazy("扫描件"), needed=True),
        "since": Words(gettext_lazy("起始日期")),
        "until": Words(gettext_lazy("终止日期"), help=gettext_lazy("不知何时终止的留空")),
        "last_day": Words(gettext_lazy("最后一日")),
    }

    def title(self, case: Any) -> str:
        """Which relation."""
        return kind_in_words(case.kind, case.opened_at)

    def search(self, text: str) -> Q:
        """By one of the two codes."""
        return Q(uscc__startswith=text.upper()) | Q(other_uscc__startswith=text.upper())

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Who with whom, since when."""
        return (
            Fact(_("单位"), case.uscc, "code", url=enterprise_url(case.uscc)),
            Fact(_("关联单位"), case.other_uscc, "code", url=enterprise_url(case.other_uscc)),
            Fact(_("起始日期"), case.since, "date"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What is on record, and what says so."""
        about = (
            Fact(_("关系种类"), kind_in_words(case.kind, case.opened_at)),
            Fact(_("依据"), case.source, "name"),
            Fact(_("起始日期"), case.since, "date"),
            *((Fact(_("终止日期"), case.until, "date"),) if case.until else ()),
            *((Fact(_("终止依据"), case.ending_source, "name"),) if case.ending_source else ()),
        )
        return (FactGroup(_("关联关系"), about),)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Both."""
        return (
            Party(_("单位"), case.uscc, case.uscc),
            Party(_("关联单位"), case.other_uscc, case.other_uscc),
        )


presenters.register(RelationPresenter())
