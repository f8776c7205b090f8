"""What an entry of the log says, in the reader's words, beside the codes that were hashed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.documents import forms
from kernel.errors import NotFound, Refusal
from kernel.evidence.models import LogEntry
from kernel.parties.models import Organisation
from kernel.sealing import canonical
from kernel.web import formats, spoken
from kernel.web.case_pages import refusals_of
from kernel.web.other_entries import WORDS
from kernel.web.refusals import in_words
from kernel.web.words import sentences, with_note
from kernel.workflow.machines import Machine, machines
from kernel.workflow.models import RefusedAct

# What the log's own kinds are called that stand on no case's page, beside ``other_entries.WORDS``.
_KINDS: dict[str, Promise] = {
    "workflow.act": _("办理"),
    "workflow.refusal": _("未获准的办理"),
    "workflow.sandbox_clock": _("调整沙箱时钟"),
    "workflow.sandbox_began": _("沙箱时钟开始"),
    "evidence.key_changed": _("更换日志密钥"),
}
_NAMES: dict[str, Promise] = {
    "act": _("事项"),
    "at": _("时间"),
    "authority": _("时间戳机构"),
    "before": _("此前"),
    "bidder": _("投标人"),
    "changes_sha256": _("变动内容的摘要"),
    "changes_salted_sha256": _("变动内容的加盐摘要"),
    "check_code": _("核验码"),
    "clocks": _("期限"),
    "calendar": _("工作日历版本"),
    "codes": _("未获准的理由"),
    "data_sha256": _("文书数据的摘要"),
    "cover": _("投标文件外层的摘要"),
    "due_at": _("期限届满"),
    "effect": _("届期办理"),
    "form": _("文书"),
    "form_version": _("文书版本"),
    "from": _("原为"),
    "key": _("公钥"),
    "lot": _("标段"),
    "manifest_sha256": _("密封清单的摘要"),
    "name": _("名称"),
    "number": _("编号"),
    "organisation": _("单位"),
    "payload_sha256": _("提交内容的摘要"),
    "payload_salted_sha256": _("提交内容的加盐摘要"),
    "period": _("期限"),
    "person": _("人员编号"),
    "person_salted_sha256": _("人员编号的加盐摘要"),
    "policy_sha256": _("开启方案的摘要"),
    "reason": _("理由"),
    "role": _("角色"),
    "rule": _("规则"),
    "rule_sha256": _("规则的摘要"),
    "sha256": _("文件的摘要"),
    "signature_sha256": _("签名的摘要"),
    "size": _("大小（字节）"),
    "stage": _("阶段"),
    "statement_sha256": _("撤回声明的摘要"),
    "title": _("标题"),
    "token_sha256": _("时间戳的摘要"),
    "to": _("变为"),
    "uscc": _("单位"),
    "version": _("版本"),
    "why": _("原因"),
    "witness": _("见证人"),
}


@dataclass(frozen=True)
class Said:
    """One thing that an entry says: what it is, in words, and as it was hashed."""

    key: str
    label: str
    words: str
    code: str


def kind_of(row: LogEntry) -> str:
    """What happened, by the entry's kind; empty for a kind that has no words."""
    return str(WORDS.get(row.kind) or _KINDS.get(row.kind) or "")


def case_of(row: LogEntry) -> str:
    """What kind of case it happened on; empty where on none."""
    found = _machine(row)
    return spoken.kind(found) if found else ""


def said(row: LogEntry) -> Iterator[Said]:
    """The entry's content, each value also as the canonical text that was hashed writes it."""
    body = canonical.decode(row.body.encode()) if row.body else {}
    for key, value in body.items():
        code = value if isinstance(value, str) else canonical.encode(value).decode()
        teller = _TELLERS.get(key)
        words = teller(row, value) if teller and value else ""
        yield Said(key, str(_NAMES.get(key, "")), "" if words == code else words, code)


def _machine(row: LogEntry) -> Machine | None:
    return machines().get(row.case.partition(":")[0])


def _act(_row: LogEntry, value: str) -> str:
    code, _dot, transition = value.rpartition(".")
    found = machines().get(code)
    return spoken.act(found, transition).label if found else ""


def _effect(row: LogEntry, value: str) -> str:
    found = _machine(row)
    return spoken.act(found, value).label if found else ""


def _state(row: LogEntry, value: str) -> str:
    # The sandbox's clock moves from an instant to an instant.
    found = _machine(row)
    if row.kind != "workflow.act" or found is None:
        return _instant(row, value)
    return spoken.chip(found, value).label if value in {s.code for s in found.states} else ""


def _instant(_row: LogEntry, value: str) -> str:
    try:
        return formats.second(datetime.fromisoformat(value))
    except ValueError:
        return ""


def _due(_row: LogEntry, value: str) -> str:
    try:
        return formats.deadline(datetime.fromisoformat(value))
    except ValueError:
        return ""


def _clocks(row: LogEntry, value: list[dict[str, Any]]) -> str:
    """Each clock that was set: what is to be done, and until when; nothing if one has no words."""
    found = _machine(row)
    labels = {rule.period_key: rule.label for rule in found.deadlines} if found else {}
    if any(clock.get("period") not in labels for clock in value):
        return ""
    return sentences(
        with_note(labels[clock["period"]], _due(row, str(clock.get("due_at", ""))))
        for clock in value
    )


def _reasons(row: LogEntry, value: list[str]) -> str:
    """Every reason in words; the attempt that was kept beside the log knows its facts."""
    kept = RefusedAct.objects.filter(log_index=row.index).first()
    reasons = refusals_of(kept) if kept else [Refusal(code) for code in value]
    return sentences(
        with_note(one.message, one.article) if one.article else one.message
        for one in in_words(reasons)
    )


def _form(_row: LogEntry, value: str) -> str:
    try:
        return str(forms.get(value).title)
    except NotFound:
        return ""


def _organisation(_row: LogEntry, value: str) -> str:
    return Organisation.objects.filter(uscc=value).values_list("name", flat=True).first() or ""


_TELLERS: dict[str, Callable[[LogEntry, Any], str]] = {
    "act": _act,
    "at": _instant,
    "before": _due,
    "bidder": _organisation,
    "clocks": _clocks,
    "codes": _reasons,
    "due_at": _due,
    "effect": _effect,
    "form": _form,
    "from": _state,
    "organisation": _organisation,
    "role": lambda _row, code: spoken.role(code),
    "to": _state,
    "uscc": _organisation,
}
