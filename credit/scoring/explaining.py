"""A score explains itself: every fact with weight, article, paper and end, and what comes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from credit import citing
from credit.scoring import ahead as coming
from credit.scoring import formulas, rules, selectors
from kernel import clock
from kernel.errors import Refused

_FIRST, _AHEAD = date(2000, 1, 1), timedelta(days=3660)


def require_askable(valid_on: date, today: date) -> None:
    """Refuse (``credit.score.day_beyond``) a day before all records, or many years ahead.

    Looking ahead computes day by day: without an end to it one question would never be answered.
    """
    last = today + _AHEAD
    if not _FIRST <= valid_on <= last:
        raise Refused.because(
            "credit.score.day_beyond", field="valid_on",
            on=valid_on.isoformat(), first=_FIRST.isoformat(), last=last.isoformat(),
        )  # fmt: skip


def known_at(known_on: date | None, now: datetime) -> datetime:
    """The instant as which a question is answered: the end of a day, or now.

    Refused (``credit.score.known_ahead``) is a day to come: nobody knows what will be known then.
    """
    if known_on is None:
        return now
    if known_on > clock.legal_date(now):
        on = known_on.isoformat()
        raise Refused.because("credit.score.known_ahead", field="known_on", on=on)
    return min(clock.end_of(known_on), now)


def explain(
    uscc: str, valid_on: date, known_at: datetime, *, code: str = selectors.SCHEME,
    language: str = "zh", ahead: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """The score of a day as known at an instant, as plain values; points in millionths.

    ``base`` plus every ``millionths`` plus ``cut`` is ``score_millionths`` exactly; where there is
    no score that is None, grade is empty and ``unscored`` names the fact why. Contributions
    stand gravest first. ahead: whether to look for what comes, which takes longer. Whoever shows
    what a score is made of asks here, so that one fact has one article: that of the paper it stands
    in, else that of its item. Raises what :func:`credit.scoring.selectors.scheme` raises.
    """
    at = clock.start_of(valid_on)
    scheme = selectors.scheme(at, code)
    ledger, papers = selectors.papers(uscc)
    words = selectors.item_words(at, language, code)
    found = formulas.score(ledger, scheme, valid_on, known_at)
    facts = {entry.id: entry for entry in ledger}
    return {
        "uscc": uscc,
        "valid_on": valid_on.isoformat(),
        "known_at": known_at.isoformat(),
        "scheme": {"code": scheme.code, "version": scheme.version, "sha256": scheme.sha256},
        "score_millionths": found.told,
        "grade": found.grade,
        "unscored": found.unscored,
        "base": found.base,
        "cut": found.cut,
        "vetoed": found.vetoed,
        "held_back": found.held_back,
        "contributions": [
            {
                "entry": one.entry,
                "item": one.item,
                "label": words.get(one.item, (one.item, ""))[0],
                "category": one.category,
                "millionths": one.millionths,
                "article": citing.told(papers[one.entry].article, language)
                or words.get(one.item, ("", ""))[1],
                "document_number": papers[one.entry].document_number,
                "record": papers[one.entry].record,
                "ends_on": one.ends_on.isoformat(),
                **_fading(scheme.items[one.item], facts[one.entry]),
            }
            for one in sorted(found.contributions, key=lambda one: (one.millionths, one.entry))
        ],
        "ahead": [
            {
                "day": turn.day.isoformat(),
                "grade": turn.grade,
                "score_millionths": turn.millionths if turn.grade else None,
            }
            for turn in (coming.turns(ledger, scheme, valid_on, known_at) if ahead else ())
        ],
    }


def _fading(item: rules.Item, entry: rules.Entry) -> dict[str, Any]:
    """What a fact was entered with, how that fades, and what of it weighs on its last day.

    Millionths of a point, before any cap; cut_short: it is shown no longer before its term is over.
    """
    ends_on = rules.ends_on(item, entry)
    return {
        "entered": rules.points(item, entry) * rules.HUNDREDTH,
        "decay": item.decay,
        "half_life_days": item.half_life_days,
        "left": rules.weight(item, entry, ends_on - timedelta(days=1)),
        "cut_short": (ends_on - entry.effective_on).days < rules.term(item, entry),
    }


def last_day(told: dict[str, Any]) -> date:
    """The last day on which a fact weighs: pages say ends by it, as they say until when one is
    shown. (What is explained and certified names the first day after.)
    """
    return date.fromisoformat(told["ends_on"]) - timedelta(days=1)
