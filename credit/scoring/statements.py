"""What a score certificate says, as canonical JSON: pure, and the same whoever computes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from credit.scoring import formulas, rules
from kernel.evidence import merkle
from kernel.sealing import canonical

FORMAT = "zhuxin-score-certificate/2"
# Left out where they say nothing, so that certificates from before they existed say the same.
_LATER = ("points", "days", "section", "price_fen", "until")


@dataclass(frozen=True)
class Asked:
    """For whom, for what, of which day, as known when. number: empty in the first format."""

    uscc: str
    purpose: str
    valid_on: date
    known_at: datetime
    number: str = ""


def said(
    asked: Asked, scheme: rules.Scheme, result: rules.Score, ledger: Sequence[rules.Entry]
) -> dict[str, Any]:
    """The whole statement. Facts that the score rests on stand as their hash and Merkle root.

    The root (RFC 9162 §2.1.1 over the canonical JSON of each fact, by id) lets a single fact be
    shown to have weighed without showing the others.
    """
    weighed = formulas.weighed(ledger, scheme, asked.valid_on, asked.known_at)
    facts = [fact(entry) for entry in weighed]
    told = {
        "uscc": asked.uscc,
        "purpose": asked.purpose,
        "valid_on": asked.valid_on.isoformat(),
        "known_at": asked.known_at.astimezone(UTC).isoformat(),
        "scheme": {"code": scheme.code, "version": scheme.version, "sha256": scheme.sha256},
        "score_millionths": result.told,
        "grade": result.grade,
        "contributions": [
            {"entry": one.entry, "item": one.item, "millionths": one.millionths}
            for one in result.contributions
        ],
        "entries_sha256": canonical.digest(facts).hex(),
    }
    if result.unscored:  # of all others it says nothing, as before there was such a thing
        told["unscored"] = result.unscored
    if not asked.number:
        return told
    tree = merkle.Frontier()
    for one in facts:
        tree.append(merkle.leaf_hash(canonical.encode(one)))
    return told | {
        "format": FORMAT,
        "engine": scheme.engine,
        "number": asked.number,
        "base": result.base,
        "cut": result.cut,
        "vetoed": result.vetoed,
        "held_back": result.held_back,
        "facts": len(facts),
        "facts_root": tree.root().hex(),
    }


def fact(entry: rules.Entry) -> dict[str, Any]:
    """A row of the ledger as certificates hash it."""
    told = {name: value for name, value in asdict(entry).items() if value or name not in _LATER}
    dates = {"effective_on": entry.effective_on, "recorded_at": entry.recorded_at}
    if entry.until is not None:
        dates["until"] = entry.until
    return told | {name: value.isoformat() for name, value in dates.items()}
