"""Reads of scores: the scheme of a day, an enterprise's ledger, its score on any day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from credit.scoring import periods, rules
from credit.scoring.models import PointEntry, ScoreCertificate
from kernel import clock
from kernel.regulation import selectors as law
from kernel.regulation.rows import Row
from kernel.regulation.rule_sets import library

SCHEME = "schemes.heilongjiang"
REGION = "230000"


def scheme(at: datetime, code: str = SCHEME) -> rules.Scheme:
    """The scoring scheme of a code in force at a legal moment; as ``law.resolve`` raises."""
    return _scheme(clock.legal_date(at), code)


def home_of(code: str) -> str:
    """The region whose scheme a code is: another province's may be computed, to compare."""
    return next((s.region for s in library.sets if s.code == code and s.region), REGION)


@lru_cache(maxsize=256)
def _scheme(day: date, code: str) -> rules.Scheme:
    found = law.resolve(code, clock.start_of(day), home_of(code))
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
    found = law.resolve(of, at, home_of(of))
    words = {row.key: row["label"] for row in found.rows if row["label"]}
    return str(words.get(f"item.{code}", {}).get(language, code))


def item_row(code: str, at: datetime, of: str = SCHEME) -> Row:
    """An item's row of law in the scheme of a moment. Raises KeyError where it has none."""
    found = law.resolve(of, at, home_of(of))
    return {row.key: row for row in found.rows}[f"item.{code}"]


def entries(uscc: str) -> list[rules.Entry]:
    """An enterprise's whole ledger, in the order of its rows."""
    return _ledgers([uscc])[uscc]


def _ledgers(usccs: Iterable[str]) -> dict[str, list[rules.Entry]]:
    found: dict[str, list[rules.Entry]] = {uscc: [] for uscc in usccs}
    rows = PointEntry.objects.filter(uscc__in=list(found)).order_by("pk")
    for uscc, pk, item, group, effective_on, recorded_at, revokes, points, days in rows.values_list(
        "uscc", "pk", "item", "group", "effective_on", "recorded_at", "revokes_id", "points", "days"
    ):
        entry = rules.Entry(pk, item, group, effective_on, recorded_at, revokes or 0, points, days)
        found[uscc].append(entry)
    return found


def score(uscc: str, valid_on: date, known_at: datetime) -> rules.Score:
    """An enterprise's score on a day as known at an instant; who has no record has the base."""
    in_force = scheme(clock.start_of(valid_on))
    return periods.score(entries(uscc), in_force, valid_on, known_at)


def scores(usccs: Iterable[str], valid_on: date, known_at: datetime) -> Mapping[str, rules.Score]:
    """The scores of several enterprises, as :func:`score` has them, in one query."""
    in_force = scheme(clock.start_of(valid_on))
    return {
        uscc: periods.score(ledger, in_force, valid_on, known_at)
        for uscc, ledger in _ledgers(usccs).items()
    }


def certificate(number: str) -> ScoreCertificate | None:
    """A certificate by its number, or None."""
    return ScoreCertificate.objects.filter(number=number).first()
