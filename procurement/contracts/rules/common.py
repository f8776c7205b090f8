"""What the guards of a contract share: its facts, the articles, reasons and files. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kernel.errors import Refusal
from procurement.contracts.needs import Award
from procurement.contracts.schemas import ContractPayload

# Articles stand in the rule set ``values.contract``; a case cites those of its own moment.
ARTICLE_INVALID = "最高人民法院施工合同司法解释（一）第一条"
ARTICLE_VOID = "《招标投标法》第五十三条、第五十四条"
ARTICLE_SIGN = "《招标投标法》第四十六条"
ARTICLE_FORM = "《建设工程施工合同（示范文本）》（GF-2017-0201）"
ARTICLE_SETTLE = "《建设工程价款结算暂行办法》（财建〔2004〕369号）"
ARTICLE_RETENTION = "《建设工程质量保证金管理办法》（建质〔2017〕138号）"
ARTICLE_SUPPLEMENT = "《招标投标法实施条例》第五十七条"
ARTICLE_DEEMED = "最高人民法院施工合同司法解释（一）第二十一条"
ARTICLE_REGISTER = "合同信息登记（非备案，不设许可）"
ARTICLE_SUBCONTRACT = "《建筑法》第二十八条、第二十九条"
ARTICLE_PLATFORM = "平台规则"
ARTICLE_ACCEPT_AGAIN = "住房城乡建设部令第2号第八条"


@dataclass(frozen=True)
class ContractFacts:
    """All that the guards of a contract look at, loaded once per act. Money in fen.

    terms: those of the payload where an act brings them, else the case's. award: of its lot,
    None where there is none. limits: numbers of the law, by key. lpr_percent: the loan prime rate
    of the day, a year. bill_items: how many items the contract's bill has, 0 if it is not known.
    rivals: numbers of other live contracts of the lot. performance_fen, payment_fen: securities in
    force. used_receipts: bank and number of those that the owner brought before. missing_files:
    hashes that this actor did not upload. statement_signed: the settlement statement has all its
    signatures. retention_fen: held. open_payments: numbers not yet paid. lot_id, contractor_uscc:
    of the case, empty while it is opened. void_document: the decision by which the award is void.
    unpaid_fen: of what was settled, the retention not counted. retention_due_at: the end of the
    defect period; at: the legal moment of the act. settled_on: the day on which the settlement was
    agreed, None before it is. actor_person: key of who acts; investigator: of the officer who
    opened the investigation that is under way, 0 where none is.
    """

    at: datetime
    today: date
    actor_uscc: str
    terms: ContractPayload | None
    award: Award | None
    limits: Mapping[str, Decimal]
    articles: Mapping[str, str]
    codes: Mapping[str, frozenset[str]]
    lpr_percent: Decimal
    bill_items: int
    rivals: tuple[str, ...]
    performance_fen: int
    payment_fen: int
    missing_files: frozenset[str]
    statement_signed: bool
    claimed_fen: int
    retention_fen: int
    accepted_on: date | None
    open_payments: tuple[str, ...]
    unpaid_fen: int
    settled_on: date | None
    lot_id: int = 0
    contractor_uscc: str = ""
    used_receipts: frozenset[tuple[str, str]] = frozenset()
    void_document: str = ""
    retention_due_at: datetime | None = None
    actor_person: int = 0
    investigator: int = 0


def refusal(facts: Any, what: str, cite: str, field: str = "", **said: Any) -> Refusal:
    """A refusal of a contract's, with the article by which it stands at its moment."""
    return Refusal(f"procurement.contract.{what}", said, facts.articles[cite], field)


def reason_is_given(facts: Any, payload: Any) -> Iterator[Refusal]:
    """Whoever does this says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")


def files_are_there(facts: Any, _payload: Any) -> Iterator[Refusal]:
    """Files that an act names were uploaded by whoever does it."""
    if facts.missing_files:
        yield Refusal("procurement.contract.file_missing", {}, facts.articles["platform"])


def yuan(fen: int) -> str:
    """Fen as yuan with grouping, for the facts of a refusal."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
