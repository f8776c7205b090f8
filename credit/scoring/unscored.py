"""Where a scheme gives no score: the facts because of which there is none. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from credit.scoring import rules


def facts(
    entries: Iterable[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> list[rules.Entry]:
    """The facts because of which a scheme gives no score on a day, as then known, by id."""
    if not scheme.unscored:
        return []
    known = [entry for entry in entries if entry.recorded_at <= known_at]
    revoked = {entry.revokes for entry in known if entry.revokes}
    return sorted(
        (
            entry
            for entry in known
            if entry.item in scheme.unscored
            and not entry.revokes
            and entry.id not in revoked
            and entry.effective_on <= valid_on
            and (entry.until is None or valid_on < entry.until)
        ),
        key=lambda entry: entry.id,
    )


def none(because: str) -> rules.Score:
    """That there is no score, because of a fact."""
    return rules.Score(0, 0, 0, "", unscored=because)
