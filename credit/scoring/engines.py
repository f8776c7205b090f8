"""The engines that certificates name: each is replayed by the one that computed it.

An engine's number is raised when the same ledger and scheme would give another score. What the
former ones did otherwise stands here and nowhere else, so that no certificate ever comes to differ
because the engine was bettered.
"""

from __future__ import annotations

from credit.scoring import rules

# By its number; those from before certificates were signed name none.
_FORMER = {"": rules.ENGINE}


def as_of(scheme: rules.Scheme, engine: str) -> rules.Scheme:
    """A scheme as an engine computes it. Raises LookupError for one that never was."""
    engine = _FORMER.get(engine, engine)
    if engine != rules.ENGINE:
        raise LookupError(engine)
    return scheme
