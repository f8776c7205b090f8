"""The engines that certificates name: each is replayed by the one that computed it. Pure.

An engine's number is raised when the same ledger and scheme would give another score. What the
former ones did otherwise is asked for here, so that no certificate ever comes to differ because the
engine was bettered.
"""

from __future__ import annotations

from dataclasses import replace

from credit.scoring import rules

# The second cut half-lives down, and took every day of a period's mean as known when it was asked.
# Certificates from before they were signed name no engine; it was that one.
_SECOND = ("2", "")


def as_of(scheme: rules.Scheme, engine: str) -> rules.Scheme:
    """A scheme as an engine computes it. Raises LookupError for one that never was."""
    if engine == rules.ENGINE:
        return scheme
    if engine not in _SECOND:
        raise LookupError(engine)
    items = {
        code: replace(item, decay="half_life_cut") if item.decay == "half_life" else item
        for code, item in scheme.items.items()
    }
    return replace(scheme, items=items, engine="2", mean_as_asked=True)
