"""What the rule sets of a day say to a lot: numbers, articles, code lists, words to look for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from kernel import clock
from kernel.regulation import selectors as law
from kernel.regulation.citing import cited, language
from kernel.regulation.rows import Row
from procurement.tendering.facts import Limits, Thresholds
from procurement.tendering.lint import Suspicion

CODE_LISTS = (
    "tender_kind",
    "tender_method",
    "tender_file",
    "standard_text",
    "evaluation_method",
    "award_scope",
    "next_candidate_cause",
    "objection_stage",
    # Lists of the enterprise archive.
    "qualification_trade",
    "qualification_grade",
)
_KINDS = ("works", "goods", "services")
VALUES = "values.tendering"


@dataclass(frozen=True)
class LawOfDay:
    """The law of a day and a place, read once."""

    thresholds: Thresholds
    limits: Limits
    articles: dict[str, str]
    codes: dict[str, frozenset[str]]
    suspicions: tuple[Suspicion, ...]


def of(at: datetime, region: str, values: str = VALUES) -> LawOfDay:
    """The law at a legal moment; rule sets are frozen, so a day's answer is too.

    values: the rule set of a kind of procedure.
    """
    return _of(clock.legal_date(at).isoformat(), region, language(), values)


@lru_cache(maxsize=256)
def _of(day: str, region: str, words: str, values: str) -> LawOfDay:
    at = clock.start_of(date.fromisoformat(day))
    rule_set = law.resolve(values, at, region)
    rows = {row.key: row for row in rule_set.rows if not row.region}
    return LawOfDay(
        thresholds=_thresholds(rows, words),
        limits=_limits(rows, at, region, words, values),
        articles={
            key: cited(row, words)
            for row in rule_set.rows
            if (key := row.key.partition("cite.")[2])
        },
        codes={
            name: frozenset(code for code, _label in law.options(name, at)) for name in CODE_LISTS
        },
        suspicions=tuple(
            Suspicion(
                row.key,
                row["clause"],
                tuple(row["patterns"]),
                row["advice"][words],
                cited(row, words),
            )
            for row in law.resolve("lint.tendering", at, region).rows
        ),
    )


def _thresholds(rows: dict[str, Row], words: str) -> Thresholds:
    return Thresholds(
        single={kind: rows[f"must_tender.{kind}"]["value"] for kind in _KINDS},
        budget_fen=rows["must_tender.budget_fen"]["value"],
        budget_percent=rows["must_tender.budget_percent"]["value"],
        state_percent=rows["must_tender.state_percent"]["value"],
        state_sources=frozenset(rows["must_tender.state_sources"]["value"]),
        foreign_sources=frozenset(rows["must_tender.foreign_sources"]["value"]),
        public_classes=frozenset(rows["must_tender.public_classes"]["value"]),
        article=cited(rows["must_tender.works"], words),
    )


def _limits(rows: dict[str, Row], at: datetime, region: str, words: str, values: str) -> Limits:
    _, length = law.find_period("tender.publicity.length", at, region)
    drawings = _regional(values, "drawings.before_construction_tender", at, region)
    return Limits(
        invitees_least=rows["invitees.least"]["value"],
        bids_least=rows["bids.least"]["value"],
        candidates_most=rows["candidates.most"]["value"],
        security_percent=rows["security.percent"]["value"],
        security_caps={kind: rows[f"security.cap.{kind}"]["value"] for kind in _KINDS},
        failures_before_other_method=rows["failures.before_other_method"]["value"],
        points_total=rows["points.total"]["value"],
        publicity_days_least=length["amount"],
        drawings_first=bool(drawings and drawings["value"]),
        drawings_article=cited(drawings, words) if drawings else "",
    )


def _regional(values: str, key: str, at: datetime, region: str) -> Row | None:
    """The row of a place, or None where none of its rules says anything."""
    from kernel.errors import Refused

    try:
        return law.row(values, key, at, region)
    except Refused:
        return None


def options(name: str, at: datetime) -> list[tuple[str, str]]:
    """(code, label) of a list in force, in the active language."""
    return law.options(name, at, language())


def label(name: str, code: str, at: datetime) -> str:
    """A code's label in the active language; the code itself where the list has none."""
    return dict(options(name, at)).get(code, code)
