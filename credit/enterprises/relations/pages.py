"""How a relation is shown and filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit import citing
from credit.conduct.pages import enterprise_url, known_codes
from credit.enterprises.relations import selectors
from credit.enterprises.relations.correcting import CHANGE, END, REOPEN, TAKE_BACK
from credit.enterprises.relations.machine import RELATION
from kernel.regulation import selectors as law
from kernel.web import presenters
from kernel.web.presenters import REASON, Presenter
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Party
from kernel.web.words import with_note


def kind_in_words(code: str, at: datetime) -> str:
    """A kind of relation as the list of a day calls it."""
    return dict(law.options("relation_kind", at, citing.language())).get(code, code)


def _as_it_says(field: str) -> Any:
    """A change begins with what the record says; a new record with nothing."""
    return lambda case, _actor, _at: getattr(case, field) if case else None


class RelationPresenter(Presenter):
    """A relation's case page and act pages."""

    machine = RELATION
    fields = {
        "uscc": Words(gettext_lazy("统一社会信用代码"), suggest=known_codes),
        "other_uscc": Words(gettext_lazy("关联单位的统一社会信用代码"), suggest=known_codes),
        "kind": Words(
            gettext_lazy("关系种类"), options="relation_kind", initial=_as_it_says("kind")
        ),
        "source": Words(
            gettext_lazy("依据"), help=gettext_lazy("登记机关资料或者文书的名称和编号")
        ),
        # Every act rests on a paper of its own, never on the one that is on record.
        "file_sha256": Words(gettext_lazy("扫描件"), needed=True, initial=lambda *_: None),
        "since": Words(gettext_lazy("起始日期"), initial=_as_it_says("since")),
        "until": Words(
            gettext_lazy("终止日期"),
            help=gettext_lazy("不知何时终止的留空"),
            initial=_as_it_says("until"),
        ),
        "last_day": Words(gettext_lazy("最后一日")),
        "public": Words(
            gettext_lazy("可公开"),
            help=gettext_lazy("依据是登记机关向社会公示的信息，在企业公开页面显示"),
            initial=_as_it_says("public"),
        ),
        **REASON,
    }

    def title(self, case: Any) -> str:
        """Which relation."""
        return kind_in_words(case.kind, case.opened_at)

    def search(self, text: str) -> Q:
        """By one of the two codes."""
        return Q(uscc__startswith=text.upper()) | Q(other_uscc__startswith=text.upper())

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Who with whom, since when."""
        one, other = selectors.names_of(case)
        return (
            Fact(_("单位"), one, "name", url=enterprise_url(case.uscc)),
            Fact(_("关联单位"), other, "name", url=enterprise_url(case.other_uscc)),
            Fact(_("起始日期"), case.since, "date"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What is on record, and what says so."""
        about = (
            Fact(_("关系种类"), kind_in_words(case.kind, case.opened_at)),
            Fact(_("依据"), case.source, "name"),
            Fact(_("起始日期"), case.since, "date"),
            *((Fact(_("确认时间"), case.confirmed_at, "moment"),) if case.confirmed_at else ()),
            *((Fact(_("终止日期"), case.until, "date"),) if case.until else ()),
            *((Fact(_("终止依据"), case.ending_source, "name"),) if case.ending_source else ()),
            Fact(_("可公开"), _("是") if case.public else _("否")),
            *(
                (Fact(_("不予确认的理由"), case.declined_because, "text"),)
                if case.declined_because
                else ()
            ),
        )
        groups = [FactGroup(_("关联关系"), about)]
        titles = {
            CHANGE: _("已提议更正"),
            REOPEN: _("已提议恢复存续"),
            TAKE_BACK: _("已提议撤销"),
            END: _("已提议终止"),
        }
        if title := titles.get(case.proposed):
            groups.append(FactGroup(title, _said(case.proposal, case.opened_at)))
        for number, before in enumerate(case.earlier, 1):
            title = with_note(_("更正前的记录"), number)
            groups.append(FactGroup(title, _said(before, case.opened_at)))
        return tuple(groups)

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Both."""
        one, other = selectors.names_of(case)
        return (
            Party(_("单位"), one, case.uscc),
            Party(_("关联单位"), other, case.other_uscc),
        )


def _said(told: Mapping[str, Any], at: datetime) -> tuple[Fact, ...]:
    """What a proposal or an earlier record says, as far as it says anything."""
    found = []
    if told.get("kind"):
        found.append(Fact(_("关系种类"), kind_in_words(told["kind"], at)))
    for name, label in (
        ("since", _("起始日期")), ("until", _("终止日期")), ("last_day", _("最后一日")),
        ("superseded_on", _("更正日期")),
    ):  # fmt: skip
        if told.get(name):
            found.append(Fact(label, date.fromisoformat(told[name]), "date"))
    if "public" in told:
        found.append(Fact(_("可公开"), _("是") if told["public"] else _("否")))
    found.append(Fact(_("依据"), told["source"], "name"))
    if told.get("ending_source"):
        found.append(Fact(_("终止依据"), told["ending_source"], "name"))
    if told.get("reason"):
        found.append(Fact(_("理由"), told["reason"], "text"))
    return tuple(found)


presenters.register(RelationPresenter())
