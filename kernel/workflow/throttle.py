"""How often somebody may be refused: every refusal is logged for ever, so nobody is refused without
end. Counted in technical time, in the cache; when the cache forgets, somebody may try again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

from kernel.access.actors import Actor
from kernel.errors import Refused

LIMIT = 300
WINDOW_SECONDS = 600


class TooMany(Refused):
    """So many attempts were refused that no more are taken for a while."""

    status = 429


@contextmanager
def refusals(actor: Actor) -> Iterator[None]:
    """Count what is refused inside; raises TooMany, unlogged, once there were too many of it."""
    key = f"refusals:{actor.person_id}:{actor.organisation_id}"
    if int(cache.get(key, 0)) >= LIMIT:
        raise TooMany.because("workflow.act.too_many_refused", minutes=WINDOW_SECONDS // 60)
    try:
        yield
    except Refused:
        if not cache.add(key, 1, WINDOW_SECONDS):
            try:
                cache.incr(key)
            except ValueError:
                cache.set(key, 1, WINDOW_SECONDS)  # it ran out in between
        raise
