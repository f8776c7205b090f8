"""The rules of corrections: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel import money
from kernel.errors import Refusal, Refused

# What of each kind of entry may be put right here; everything else has acts of its own.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "licence": (
        "number", "trade", "grade", "certificate", "holder", "issuer", "valid_from", "valid_to",
    ),
    "achievement": ("name", "manager", "price_fen", "signed_on", "filed_on"),
    "enterprise": ("name",),
    "claim": ("name", "owner", "manager", "price_fen", "signed_on", "completed_on"),
    "finance": ("revenue_fen", "assets_fen", "liabilities_fen", "net_profit_fen"),
}  # fmt: skip
EMPTY_MAY_BE = frozenset({"manager", "filed_on", "completed_on"})
LISTS = {"certificate": "person_certificate", "grade": "qualification_grade"}
_LONGEST = {"manager": 80}


@dataclass(frozen=True)
class CorrectionFacts:
    """All that the guards look at.

    kind: what the entry is (a key of FIELDS), "" where there is no such entry. field: the field
    at fault. now_says: what it says. codes: those that the field may hold, None where any text.
    brought: the one who files uploaded the document. pending: another request says the same.
    person: who acts; filed_by: who filed. as_whole: why the entry as it would be, with its other
    fields, is none that the archive takes. interested: who acts works for the enterprise, too.
    proposed_by: the officer who proposed a grave one. national_names: what lines of the national
    register call the enterprise.
    """

    kind: str
    field: str
    now_says: str
    codes: frozenset[str] | None
    brought: bool
    pending: bool
    articles: Mapping[str, str]
    person: int = 0
    filed_by: int = 0
    as_whole: tuple[Refusal, ...] = ()
    interested: bool = False
    proposed_by: int = 0
    national_names: frozenset[str] = frozenset()


def entry_is_there(facts: CorrectionFacts, payload: Any) -> Iterator[Refusal]:
    """The entry stands in the archive and has such a field."""
    if payload is None:
        return
    if not facts.kind:
        yield _refusal(facts, "entry_unknown", "entry", entry=payload.entry)
    elif facts.field not in FIELDS[facts.kind]:
        yield _refusal(facts, "field_unknown", "field", field=facts.field)


def something_is_said(facts: CorrectionFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever says that something is wrong says why."""
    if payload is not None and not payload.says:
        yield Refusal("workflow.reason.missing", {}, facts.articles["correction"], "says")


def document_is_there(facts: CorrectionFacts, payload: Any) -> Iterator[Refusal]:
    """A request comes with a document."""
    if payload is not None and not (payload.document_sha256 and facts.brought):
        yield _refusal(facts, "document_missing", "document_sha256")


def is_new(facts: CorrectionFacts, payload: Any) -> Iterator[Refusal]:
    """The same request is decided once."""
    if payload is not None and facts.pending:
        yield _refusal(facts, "pending", "entry")


def reason_is_given(facts: CorrectionFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever decides says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["correction"], "reason")


def value_fits(facts: CorrectionFacts, payload: Any) -> Iterator[Refusal]:
    """The new value is one that the field may hold, and another than it has."""
    if payload is None or not facts.kind:
        return
    try:
        read_value(facts.field, payload.value, facts.codes)
    except (Refused, ValueError):
        yield _refusal(facts, "value_invalid", "value", field=facts.field, value=payload.value)
        return
    if payload.value == facts.now_says:
        yield _refusal(facts, "value_same", "value", value=payload.value)


def entry_is_sound_as_a_whole(facts: CorrectionFacts, _payload: Any) -> Iterator[Refusal]:
    """What is put right agrees with the rest of its entry: period, number, holder."""
    yield from facts.as_whole


def entry_is_still_there(facts: CorrectionFacts, _payload: Any) -> Iterator[Refusal]:
    """An entry that lapsed or was taken back meanwhile is no longer put right."""
    if not facts.kind:
        yield _refusal(facts, "entry_gone", "")


def is_another_than_filed(facts: CorrectionFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody accepts the own request, in whatever role it was filed."""
    if facts.filed_by and facts.person == facts.filed_by:
        yield _refusal(facts, "own_request", "")


def is_nobody_of_the_enterprise(facts: CorrectionFacts, _payload: Any) -> Iterator[Refusal]:
    """An officer who works for the enterprise leaves its entries to another."""
    if facts.interested:
        yield Refusal("credit.officer.interested", {}, facts.articles["correction"])


def read_value(field: str, text: str, codes: frozenset[str] | None = None) -> Any:
    """A field's value out of text: fen, a day, a code, or the text.

    Raises ValueError or Refused for what the field cannot hold.
    """
    text = text.strip()
    if not text:
        if field in EMPTY_MAY_BE:
            return None if field.endswith("_on") else ""
        raise ValueError(field)
    if field.endswith("_fen"):
        fen = money.parse_yuan(text)
        if fen < 0 and field != "net_profit_fen":
            raise ValueError(text)
        return fen
    if field.endswith("_on") or field.startswith("valid_"):
        return date.fromisoformat(text)
    if codes is not None and text not in codes:
        raise ValueError(text)
    if len(text) > _LONGEST.get(field, 200):
        raise ValueError(text)
    return text


def _refusal(facts: CorrectionFacts, code: str, at: str, /, **told: Any) -> Refusal:
    return Refusal(f"credit.correction.{code}", told, facts.articles["correction"], at)


FILE = (entry_is_there, something_is_said, document_is_there, is_new)
ACCEPT = (
    is_another_than_filed,
    is_nobody_of_the_enterprise,
    entry_is_still_there,
    value_fits,
    entry_is_sound_as_a_whole,
    reason_is_given,
)
