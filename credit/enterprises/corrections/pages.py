"""How a correction is shown and filled in, and how the enterprise is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.conduct.pages import enterprise_url
from credit.enterprises import entries, words
from credit.enterprises.corrections import coded, grave, selectors
from credit.enterprises.corrections.machine import CORRECTION
from credit.enterprises.corrections.rules import FIELDS
from credit.enterprises.models import Achievement, Enterprise
from kernel.access.actors import Actor
from kernel.web import desk_parts, presenters
from kernel.web.case_pages import case_url, chip, file_url
from kernel.web.presenters import REASON, ActForm, Presenter
from kernel.web.schema_forms import SchemaForm, Setting, Words
from kernel.web.together import of_all
from kernel.web.viewmodels import DeskRow, Fact, FactGroup, Party
from kernel.workflow.machines import Transition
from kernel.workflow.models import Case

EVIDENCE = {
    grave.LICENCE: gettext_lazy("营业执照"),
    grave.LINE: gettext_lazy("全国平台数据"),
    grave.REGISTRY: gettext_lazy("登记机关准予变更的通知书"),
}


def _field_options(_case: Any, _actor: Actor, _at: datetime) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys(name for names in FIELDS.values() for name in names):
        yield name, words.field(name)


def _entry(entry: str) -> str:
    """Which entry it is, in words, with what names it."""
    row = entries.find(entry)
    name = str(row) if row is not None and not isinstance(row, Achievement) else ""
    name = row.contract_number if isinstance(row, Achievement) else name
    return f"{words.entry(entry)} {name or entry.partition(':')[2]}"


def _name(case: Any) -> str:
    """What the enterprise is called; its code where the archive has not entered it yet."""
    return of_all(case, _names).get(case.uscc, str(case.uscc))


def _names(cases: Sequence[Case]) -> dict[str, str]:
    codes = {case.uscc for case in cases}  # type: ignore[attr-defined]
    return dict(Enterprise.objects.filter(uscc__in=codes).values_list("uscc", "name"))


def _labels(row: Any, at: datetime) -> Iterator[tuple[str, str]]:
    """What the coded fields of an entry may say, in words, with the field's name."""
    for field in FIELDS[entries.kind_of(entries.name_of(row))]:
        for _code, label in coded.options(row, field, at) or ():
            yield str(label), words.field(field)


def _with(data: Mapping[str, Any], name: str, value: str) -> Mapping[str, Any]:
    """The same entries with one of them otherwise."""
    copied: Any = data.copy()  # type: ignore[attr-defined]
    copied[name] = value
    return copied  # type: ignore[no-any-return]


class CorrectionPresenter(Presenter):
    """A correction's case page and act pages."""

    machine = CORRECTION
    fields = {
        "entry": Words(gettext_lazy("档案内容"), help=gettext_lazy("由企业页面的“申请更正”带入")),
        "field": Words(gettext_lazy("字段"), options=_field_options),
        "should_be": Words(gettext_lazy("应为")),
        "says": Words(gettext_lazy("说明"), help=gettext_lazy("写明哪里不对、依据什么")),
        "document_sha256": Words(gettext_lazy("证明材料")),
        "value": Words(
            gettext_lazy("更正为"),
            help=gettext_lazy("日期写作 2025-09-01，金额以元为单位"),
            initial=lambda case, _actor, _at: case.should_be if case else "",
            source=gettext_lazy("更正申请"),
        ),
        "evidence": Words(
            gettext_lazy("核对依据"),
            options=lambda *_asked: EVIDENCE.items(),
            initial=lambda *_asked: None,
            help=gettext_lazy("全国平台数据须已生效，且以此为企业名称"),
            needed=True,
        ),
    }

    def act_form(
        self,
        transition: Transition,
        case: Case | None,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> ActForm:
        """The act's form: what holds codes is chosen by its words."""
        if transition.code not in ("file", "accept", "propose"):
            return super().act_form(transition, case, actor, at, data, files)
        return self._form(transition, Setting(case, actor, at), data, files, data or {})

    def opening_form(
        self, transition: Transition, actor: Actor, at: datetime, address: Mapping[str, str]
    ) -> ActForm:
        """The request's form, with the entry and the field that its link names."""
        return self._form(transition, Setting(None, actor, at), None, None, address)

    def _form(
        self,
        transition: Transition,
        setting: Setting,
        data: Mapping[str, Any] | None,
        files: Any,
        known: Mapping[str, Any],
    ) -> ActForm:
        fields, case = REASON | dict(self.fields), setting.case
        entry = case.entry if case else str(known.get("entry", ""))
        field = case.field if case else str(known.get("field", ""))
        row = entries.find(entry)
        listed = coded.options(row, field, setting.at)
        name = "value" if case else "should_be"
        if transition.code == "propose":
            fields[name] = replace(fields[name], help="")  # a name: no date, no amount
        if listed is not None:
            meant = case.should_be if case else ""
            fields[name] = replace(
                fields[name],
                help="",
                options=lambda *_asked: listed,
                initial=lambda *_asked: coded.code_of(listed, meant),
            )
            if data is not None and name in data:
                data = _with(data, name, coded.code_of(listed, str(data[name])))
        if row is not None and not case:
            kind = entries.kind_of(entry)
            fields["entry"] = replace(fields["entry"], options=lambda *_a: [(entry, _entry(entry))])
            fields["field"] = replace(
                fields["field"], options=lambda *_a: [(n, words.field(n)) for n in FIELDS[kind]]
            )
            if listed is None:
                fields[name] = replace(fields[name], suggest=lambda *_a: _labels(row, setting.at))
        made = SchemaForm(transition.schema, fields, setting, data, files)
        return ActForm(made, made.groups(str(transition.label)))

    def title(self, case: Any) -> str:
        """Which entry, which field."""
        return f"{words.entry(case.entry)} {words.field(case.field)}"

    def party(self, case: Any) -> str:
        """The enterprise, by its name; by its code where it has none here."""
        return _name(case)

    def search(self, text: str) -> Q:
        """By number or the enterprise's code."""
        return Q(number__startswith=text) | Q(uscc__startswith=text.upper())

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Whose entry, what it says and should say."""
        return (
            Fact(_("统一社会信用代码"), case.uscc, "code", url=enterprise_url(case.uscc)),
            Fact(_("现有内容"), coded.said(case.field, case.was, at), "name"),
            Fact(_("应为"), coded.said(case.field, case.should_be, at), "name"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Everything that was said and decided."""
        asked = (
            Fact(_("档案内容"), _entry(case.entry)),
            Fact(_("字段"), words.field(case.field)),
            Fact(_("说明"), case.says, "name"),
            # Who proposes and who confirms decide by it.
            Fact(
                _("证明材料"), f"{case.document_sha256[:12]}…", "code",
                url=file_url(case, case.document_sha256),
            ),
        )  # fmt: skip
        decided = (
            Fact(_("更正为"), coded.said(case.field, case.value, at) or "—", "name"),
            *((Fact(_("核对依据"), EVIDENCE[case.evidence]),) if case.evidence else ()),
            Fact(_("处理理由"), case.reason or "—", "name"),
        )
        return (FactGroup(_("更正申请"), asked), FactGroup(_("处理"), decided))

    def parties(self, case: Any, at: datetime) -> tuple[Party, ...]:
        """Whose archive it is."""
        return (Party(_("企业"), _name(case), case.uscc),)


def _told(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """The enterprise learns who wants what of its archive put right, and what came of it."""
    if actor.role != "contractor_clerk" or not actor.uscc:
        return
    for case in selectors.concerning(actor.uscc, now):
        yield DeskRow(
            act=_("本单位档案的更正申请"),
            reference=case.number,
            title=f"{words.entry(case.entry)} {words.field(case.field)}",
            url=case_url(case),
            state=chip(CORRECTION, case.state),
            only_told=True,
        )


presenters.register(CorrectionPresenter())
desk_parts.add(rows=_told)
