"""Reads of scores: the scheme of a day, an enterprise's ledger, its score on any day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import override

from credit import citing
from credit.scoring import formulas, rules
from credit.scoring.models import PointEntry, ScoreCertificate
from kernel import clock
from kernel.errors import Refused
from kernel.queries import Prepared
from kernel.regulation import selectors as law
from kernel.regulation.rows import RuleSet
from kernel.regulation.rule_sets import library

SCHEME = "schemes.heilongjiang"
REGION = "230000"


def scheme(at: datetime, code: str = SCHEME) -> rules.Scheme:
    """The scoring scheme of a code in force at a legal moment; as ``law.resolve`` raises.

    A code of another kind is no scheme: none of it is ever valid.
    """
    if not code.startswith("schemes."):
        day = clock.legal_date(at).isoformat()
        raise Refused.because("regulation.rule_set.none_valid", rule_set=code, day=day)
    return _scheme(clock.legal_date(at), code)


def named(name: str, at: datetime) -> rules.Scheme:
    """A scheme by its code, as :func:`scheme` has it, or by ``code@version``, in force or not.

    So a version is tried before its first day. Raises Refused ``credit.scheme.no_version`` for
    one that nobody holds.
    """
    code, _at, version = name.partition("@")
    if not version:
        return scheme(at, code)
    held = (s for s in library.sets if s.kind == "schemes" and s.code == code)
    found = next((one for one in held if one.version == version), None)
    if found is None:
        raise Refused.because("credit.scheme.no_version", scheme=code[:60], version=version[:40])
    return scheme_of(found)


def home_of(code: str) -> str:
    """The region whose scheme a code is: another province's may be computed, to compare."""
    return next((s.region for s in library.sets if s.code == code and s.region), REGION)


@lru_cache(maxsize=256)
def _scheme(day: date, code: str) -> rules.Scheme:
    return scheme_of(law.resolve(code, clock.start_of(day), home_of(code)))


def text_of(code: str, at: datetime) -> str:
    """The text of the scheme in force, to begin a draft with; as :func:`scheme` raises."""
    return law.resolve(code, at, home_of(code)).text


def scheme_of(found: RuleSet) -> rules.Scheme:
    """A rule set of kind ``schemes`` as the engine takes it."""
    values = {row.key: row["value"] for row in found.rows if row["value"] is not None}

    def under(prefix: str) -> dict[str, int]:
        return {k.partition(".")[2]: v for k, v in values.items() if k.startswith(f"{prefix}.")}

    caps = under("cap")
    return rules.Scheme(
        code=found.code,
        version=found.version,
        sha256=found.sha256,
        base=values["base"],
        lower=values.get("bound.lower"),
        upper=values.get("bound.upper"),
        good_cap=caps.pop("good", None),
        veto_cap=values.get("veto.cap", 0),
        mean_months=values.get("mean.months", 0),
        lag_days=values.get("lag.days", 0),
        formula=next((row["name"] for row in found.rows if row.key == "formula"), "ledger"),
        values=values,
        inertia_steps=values.get("inertia.steps", 0),
        inertia_months=values.get("inertia.months", 0),
        unscored=frozenset(
            fact for row in found.rows if (fact := row.key.partition("unscored.")[2])
        ),
        caps=caps,
        floors=under("floor"),
        bands=tuple(sorted(under("band").items(), key=lambda band: -band[1])),
        items={
            code: rules.Item(
                code=code,
                points=row["points"],
                category=row["category"],
                days=row["days"],
                decay=row["decay"],
                half_life_days=row["half_life_days"],
                severity=row["severity"],
                veto=row["veto"] == "yes",
                article=row.article,
                stated=row["stated"] == "yes",
            )
            for row in found.rows
            if (code := row.key.partition("item.")[2])
        },
    )


def item_label(code: str, at: datetime, language: str = "zh", of: str = SCHEME) -> str:
    """The words of an item in the scheme of a moment; the code where it has none."""
    return item_words(at, language, of).get(code, (code, ""))[0]


def item_words(
    at: datetime, language: str = "zh", of: str = SCHEME
) -> Mapping[str, tuple[str, str]]:
    """Every item of the scheme of a moment: its words, and its article as it is cited."""
    return _item_words(clock.legal_date(at), language, of)


@lru_cache(maxsize=256)
def _item_words(day: date, language: str, of: str) -> dict[str, tuple[str, str]]:
    found = law.resolve(of, clock.start_of(day), home_of(of))
    with override("en" if language == "en" else "zh-hans"):
        return {
            code: (
                str((row["label"] or {}).get(language, code)),
                str(citing.cited(row, language)),
            )
            for row in found.rows
            if (code := row.key.partition("item.")[2])
        }


def every_item(language: str = "zh") -> dict[str, str]:
    """The words of the items of every scheme that is held, whoever's and whenever in force."""
    home = sorted((s for s in library.sets if s.kind == "schemes"), key=lambda s: s.code == SCHEME)
    return {
        code: str((row["label"] or {}).get(language, code))
        for one in home
        for row in one.rows
        if (code := row.key.partition("item.")[2])
    }


@dataclass(frozen=True)
class Paper:
    """What stands behind a row of the ledger: article, document, the conduct record's key or 0."""

    article: str
    document_number: str
    record: int


def entries(uscc: str) -> list[rules.Entry]:
    """An enterprise's whole ledger, in the order of its rows."""
    return [_entry(row) for row in _rows.rows(uscc)]


def papers(uscc: str) -> tuple[list[rules.Entry], dict[int, Paper]]:
    """The same, and what stands behind each row, in one query."""
    rows = _rows.rows(uscc)
    return [_entry(row) for row in rows], {row[0]: Paper(*row[-3:]) for row in rows}


_COLUMNS = (
    "pk", "item", "group", "effective_on", "recorded_at", "revokes_id", "points", "days",
    "section", "price_fen", "until",
)  # fmt: skip
_rows = Prepared(
    lambda slots: (
        PointEntry.objects.filter(uscc=slots.text(0))
        .order_by("pk")
        .values_list(*_COLUMNS, "article", "document_number", "record_id")
    )
)


def _entry(row: Sequence[Any]) -> rules.Entry:
    pk, item, group, on, at, revokes, *more = row[: len(_COLUMNS)]
    return rules.Entry(pk, item, group, on, at, revokes or 0, *more)


def ledgers(usccs: Iterable[str]) -> dict[str, list[rules.Entry]]:
    """The whole ledgers of several enterprises, in one query."""
    found: dict[str, list[rules.Entry]] = {uscc: [] for uscc in usccs}
    rows = PointEntry.objects.filter(uscc__in=list(found)).order_by("pk")
    for uscc, *row in rows.values_list("uscc", *_COLUMNS):
        found[uscc].append(_entry(row))
    return found


def score(uscc: str, valid_on: date, known_at: datetime) -> rules.Score:
    """An enterprise's score on a day as known at an instant; who has no record has the base."""
    in_force = scheme(clock.start_of(valid_on))
    return formulas.score(entries(uscc), in_force, valid_on, known_at)


def scores(usccs: Iterable[str], valid_on: date, known_at: datetime) -> Mapping[str, rules.Score]:
    """The scores of several enterprises, as :func:`score` has them, in one query."""
    in_force = scheme(clock.start_of(valid_on))
    return {
        uscc: formulas.score(ledger, in_force, valid_on, known_at)
        for uscc, ledger in ledgers(usccs).items()
    }


def certificate(number: str) -> ScoreCertificate | None:
    """A certificate by its number, or None."""
    return ScoreCertificate.objects.filter(number=number).first()


def certificates(usccs: Iterable[str], purpose: str) -> dict[str, ScoreCertificate]:
    """The certificates of several enterprises for one purpose, by credit code, in one query."""
    found = ScoreCertificate.objects.filter(uscc__in=list(usccs), purpose=purpose)
    return {one.uscc: one for one in found}


def title_of(code: str, language: str = "zh") -> str:
    """A scheme's title in a language, as people call it; the code where nobody holds it.

    Of ``code@version`` with the version.
    """
    code, _at, version = code.partition("@")
    titles = (str(one.title[language]) for one in library.sets if one.code == code)
    return " ".join(filter(None, (next(titles, code), version)))


def codes(at: datetime, language: str = "zh") -> list[tuple[str, str]]:
    """Every scheme that is valid at a moment, home or not: code and title."""
    day = clock.legal_date(at)
    return sorted(
        {
            one.code: str(one.title[language])
            for one in library.sets
            if one.kind == "schemes" and library.valid(one.code, day, home_of(one.code))
        }.items()
    )


def to_come(at: datetime, language: str = "zh") -> list[tuple[str, str, date]]:
    """Every version that is held and not yet valid at a moment: ``code@version``, title, first day.

    Whoever would switch to it asks first whom that moves.
    """
    day = clock.legal_date(at)
    names = (
        (f"{one.code}@{one.version}", one.valid_from)
        for one in library.sets
        if one.kind == "schemes" and one.valid_from > day and not library.is_corrected(one)
    )
    return sorted((name, title_of(name, language), since) for name, since in names)
